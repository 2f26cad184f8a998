// Document ids: what may stand in `/ws/<documentId>`. Stock clients do not encode room names, so the alphabet is URL-safe.

const documentIdPattern = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/

export function isDocumentId(value: string): boolean {
  return documentIdPattern.test(value)
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** A random string over [0-9A-Za-z]; 22 characters hold 131 bits. */
export function randomId(length: number): string {
  let id = ''
  while (id.length < length) {
    // 248 = 4 * 62: bytes above are thrown away, so that every character is equally likely.
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      if (byte < 248 && id.length < length) id += base62[byte % 62]
    }
  }
  return id
}

export function newDocumentId(): string {
  return randomId(22)
}
