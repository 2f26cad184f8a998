// Who may speak to this server at all, decided from the head of a request before anything else: the Host check against
// DNS rebinding and the Origin check against other web sites (promise P13). Pure functions.

/** The parts of a request's head that the checks read; absent headers are undefined. */
export interface RequestHead {
  readonly method: string
  readonly host: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`: browsers tell where a request comes from and scripts cannot change it. */
  readonly fetchSite: string | undefined
  readonly upgrade: boolean
  /** The page that may ask came by TLS. */
  readonly isSecure: boolean
}

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/** True for a Host header that names this machine's loopback, with any port (open mode answers to nothing else). */
export function isLoopbackHost(host: string | undefined): boolean {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:@/\s]+)(?::\d{1,5})?$/.exec(host ?? '')
  return match !== null && loopbackNames.has(match[1]!.toLowerCase())
}

/** True for a Host header that is an address and no name. */
export function isIpHost(host: string | undefined): boolean {
  return /^(?:\[[0-9a-fA-F:.]+\]|\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/.test(host ?? '')
}

/** True for an address to listen on that only this machine reaches. */
export function isLoopbackAddress(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}

/**
 * True when the request is no browser's, or comes from a page of this very server. Reads are left alone: they change
 * nothing, and without a CORS header no other site can see the answer.
 */
export function isSameOrigin(head: RequestHead): boolean {
  if (!head.upgrade && safeMethods.has(head.method)) return true
  if (head.fetchSite === 'cross-site') return false
  if (head.origin === undefined) return head.fetchSite !== 'same-site'
  // Whoever stands in the way of a page without TLS has written it.
  if (head.isSecure && !/^https:/i.test(head.origin)) return false
  return hostOfOrigin(head.origin) === head.host?.toLowerCase()
}

/** Host and port of an origin as a Host header writes them; undefined for `null` and what is no http origin. */
function hostOfOrigin(origin: string): string | undefined {
  const match = /^https?:\/\/([^/?#@\s]+)$/i.exec(origin)
  return match?.[1]?.toLowerCase()
}
