// Document ids: what may stand in `/ws/<documentId>`. Stock clients do not encode room names, so the alphabet is URL-safe.

const documentIdPattern = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/

export function isDocumentId(value: string): boolean {
  return documentIdPattern.test(value)
}

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Random bytes are taken from the system some at a time: asking for them costs far more than an id does. */
const random = new Uint8Array(1_024)
let used = random.length
let source: unknown

function randomByte(): number {
  // A simulation puts its own source in the place of the system's, and must not be handed what is left of another one.
  if (used === random.length || source !== crypto.getRandomValues) {
    source = crypto.getRandomValues
    crypto.getRandomValues(random)
    used = 0
  }
  return random[used++]!
}

/** A random string over [0-9A-Za-z]; 22 characters hold 131 bits. */
export function randomId(length: number): string {
  let id = ''
  while (id.length < length) {
    // 248 = 4 * 62: bytes above are thrown away, so that every character is equally likely.
    const byte = randomByte()
    if (byte < 248) id += base62[byte % 62]
  }
  return id
}

export function newDocumentId(): string {
  return randomId(22)
}
