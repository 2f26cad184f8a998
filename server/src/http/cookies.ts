// The cookies of a session, and of a sign-in that is under way at an OpenID provider. Behind TLS its name begins with `__Host-`: no subdomain and no page without TLS can set one of that name
// (RFC 6265bis section 4.1.3). On loopback there is no TLS, and browsers would refuse it.

import { sessionMs } from '../accounts/sessions.ts'

const sessionName = 'sheaf_session'
const flowName = 'sheaf_oidc'

/** As long as somebody may take to sign in at a provider. */
const flowS = 600

/** @returns the token in a `Cookie` header; undefined when there is none. */
export function sessionTokenOf(cookieHeader: string | undefined, isSecure: boolean): string | undefined {
  return valueIn(cookieHeader, nameOf(sessionName, isSecure))
}

/** The value of a `Set-Cookie` header; without a token the one that takes it away. */
export function sessionCookie(token: string | undefined, isSecure: boolean): string {
  return cookie({ name: sessionName, value: token, lastsS: sessionMs / 1000, isSecure })
}

/** What {@link flowCookie} has kept. */
export function flowOf(cookieHeader: string | undefined, isSecure: boolean): string | undefined {
  return valueIn(cookieHeader, nameOf(flowName, isSecure))
}

/** As {@link sessionCookie}. @param flow as base64url. */
export function flowCookie(flow: string | undefined, isSecure: boolean): string {
  return cookie({ name: flowName, value: flow, lastsS: flowS, isSecure })
}

function valueIn(cookieHeader: string | undefined, wanted: string): string | undefined {
  for (const pair of (cookieHeader ?? '').split(';')) {
    const [name, value = ''] = pair.trim().split('=', 2)
    if (name === wanted) return value
  }
  return undefined
}

function cookie(options: { name: string; value: string | undefined; lastsS: number; isSecure: boolean }): string {
  const { name, value, lastsS, isSecure } = options
  const maxAgeS = value === undefined ? 0 : lastsS
  const secure = isSecure ? '; Secure' : ''
  return `${nameOf(name, isSecure)}=${value ?? ''}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Lax${secure}`
}

function nameOf(name: string, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name
}
