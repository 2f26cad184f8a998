// Reading Snappy, the compression of LevelDB's blocks (format_description.txt of google/snappy); for damaged tables only,
// where LevelDB itself does not read any more.

/** What the bytes hold, up to the first that is not sound Snappy; `whole` when there is none. */
export function uncompress(bytes: Uint8Array): { readonly whole: boolean; readonly bytes: Uint8Array } {
  let at = 0
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++]
    if (byte === undefined || shift > 28) return nothing
    length += (byte & 127) * 2 ** shift
    if (byte < 128) break
  }
  // Three bytes make at most 64; more is no Snappy, and not worth the memory.
  if (length > bytes.length * 64) return nothing
  const out = new Uint8Array(length)
  let end = 0
  const little = (count: number) => {
    let value = 0
    for (let i = 0; i < count; i++) value += (bytes[at++] ?? 0) * 2 ** (8 * i)
    return value
  }
  while (at < bytes.length) {
    const tag = bytes[at++]!
    if ((tag & 3) === 0) {
      const short = tag >> 2
      const size = 1 + (short < 60 ? short : little(short - 59))
      if (at + size > bytes.length || end + size > length) break
      out.set(bytes.subarray(at, at + size), end)
      at += size
      end += size
      continue
    }
    const kind = tag & 3
    const size = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const offset = kind === 1 ? (tag >> 5) * 256 + little(1) : little(kind === 2 ? 2 : 4)
    if (offset === 0 || offset > end || end + size > length) break
    // Byte by byte: a copy may reach into what it has just written.
    for (let i = 0; i < size; i++, end++) out[end] = out[end - offset]!
  }
  return { whole: end === length && at === bytes.length, bytes: out.subarray(0, end) }
}

const nothing = { whole: false, bytes: new Uint8Array(0) }
