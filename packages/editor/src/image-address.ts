// What the address of an image says besides where it is. `upload:<id>/<name>`: it is on its way, from somebody of this name; no browser
// loads such an address and every format leaves it out, so it does no harm where the upload never ends.

export interface PendingUpload {
  readonly id: string
  /** Who uploads; may be empty. */
  readonly name: string
}

const longestName = 80

export function pendingAddress({ id, name }: PendingUpload): string {
  return `upload:${id}/${encodeURIComponent([...name].slice(0, longestName).join(''))}`
}

/** Null for the address of something that is there. */
export function pendingIn(address: string): PendingUpload | null {
  const match = /^upload:([\w-]{1,40})\/([^#]*)/.exec(address)
  if (match === null) return null
  try {
    return { id: match[1]!, name: decodeURIComponent(match[2]!).slice(0, longestName) }
  } catch {
    return { id: match[1]!, name: '' }
  }
}

/** The address with the size of its picture in it; see `imageSize`. */
export function withImageSize(address: string, { width, height }: { width: number; height: number }): string {
  return `${address.replace(/#.*$/, '')}#${width}x${height}`
}
