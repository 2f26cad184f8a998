// The cookie of a session. Behind TLS its name begins with `__Host-`: no subdomain and no page without TLS can set one of that name
// (RFC 6265bis section 4.1.3). On loopback there is no TLS, and browsers would refuse it.

import { sessionMs } from '../accounts/sessions.ts'

const plainName = 'sheaf_session'

function nameOf(isSecure: boolean): string {
  return isSecure ? `__Host-${plainName}` : plainName
}

/** @returns the token in a `Cookie` header; undefined when there is none. */
export function sessionTokenOf(cookieHeader: string | undefined, isSecure: boolean): string | undefined {
  const wanted = nameOf(isSecure)
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=', 2)
    if (name === wanted) return value
  }
  return undefined
}

/** The value of a `Set-Cookie` header; without a token the one that takes it away. */
export function sessionCookie(token: string | undefined, isSecure: boolean): string {
  const maxAgeS = token === undefined ? 0 : sessionMs / 1000
  const secure = isSecure ? '; Secure' : ''
  return `${nameOf(isSecure)}=${token ?? ''}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`
}
