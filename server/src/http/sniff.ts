// What bytes are, by their first ones. A header or a file's name is what somebody says; these are what a browser would draw. Only images
// that can hold no script are known by name.

const binary = 'application/octet-stream'

/** @param head at least 32 bytes, where there are as many. @returns the media type; `application/octet-stream` for all that is no such image. */
export function sniff(head: Uint8Array): string {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength)
  const at = (start: number, text: string): boolean => bytes.toString('latin1', start, start + text.length) === text
  if (at(0, '\x89PNG\r\n\x1a\n')) return 'image/png'
  if (at(0, '\xff\xd8\xff')) return 'image/jpeg'
  if (at(0, 'GIF87a') || at(0, 'GIF89a')) return 'image/gif'
  if (at(0, 'RIFF') && at(8, 'WEBP')) return 'image/webp'
  return isAvif(bytes) ? 'image/avif' : binary
}

/** True for what `sniff` knows: a page may show it. */
export function isRaster(type: string): boolean {
  return type.startsWith('image/')
}

/** ISO 14496-12: a box `ftyp` with its length, the major brand, a version, and the brands that it is compatible with. */
function isAvif(bytes: Buffer): boolean {
  if (bytes.length < 16 || bytes.toString('latin1', 4, 8) !== 'ftyp') return false
  const end = Math.min(bytes.readUInt32BE(0), bytes.length)
  for (let start = 8; start + 4 <= end; start += 4) {
    // Where the major brand would be followed by another one stands the version.
    if (start !== 12 && ['avif', 'avis'].includes(bytes.toString('latin1', start, start + 4))) return true
  }
  return false
}
