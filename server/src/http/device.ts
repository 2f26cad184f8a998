// Which browser is asking, in open mode: a cookie with a random name for the device, which scripts cannot read and other sites
// cannot make it send with what they start. It gives no rights; it tells one guest from another, so that nobody writes under
// somebody else's client id or speaks for them in presence (promise P8). The log and the API know its hash only.

import { createHash, randomBytes } from 'node:crypto'

/** Programs without a cookie are one principal together. */
export const openPrincipal = 'open'

/** Not `__Host-`, which wants TLS; a server in open mode has loopback only. */
const cookieName = 'sheaf_device'
const secretBytes = 16
const secretPattern = /^[\w-]{22}$/

/** As long as browsers keep one (RFC 6265bis section 5.5): 400 days, from the last page on. */
const maxAgeS = 400 * 24 * 60 * 60

/** The device's secret in a `Cookie` header; undefined when there is none that was made here. */
export function deviceOf(cookieHeader: string | undefined): string | undefined {
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=', 2)
    if (name === cookieName && secretPattern.test(value)) return value
  }
  return undefined
}

export function newDevice(): string {
  return randomBytes(secretBytes).toString('base64url')
}

/** The value of a `Set-Cookie` header. */
export function deviceCookie(secret: string): string {
  return `${cookieName}=${secret}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax`
}

/** Who a device is to everybody else. */
export function principalOf(secret: string | undefined): string {
  if (secret === undefined) return openPrincipal
  return `device:${createHash('sha256').update(secret).digest('base64url').slice(0, 22)}`
}
