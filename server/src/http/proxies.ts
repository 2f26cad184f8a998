// Who a request comes from when proxies stand between: what they say of it is believed of those alone that the server was told to trust
// (`--trust-proxy`). Anybody can write such a header, so for everybody else it is as if there were none.

import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'

export interface Sender {
  /** Without the prefix of an IPv4 address that was written as IPv6. */
  readonly address: string
  /** True when it says that somebody has passed it on, whether that is to be believed or not. */
  readonly isForwarded: boolean
  /** It came by TLS, to this server or to a trusted proxy. */
  readonly isSecure: boolean
}

export class Proxies {
  readonly #trusted = new BlockList()
  /** Most servers trust none, and looking into an empty list takes a tenth of a millisecond. */
  readonly #trustsAny: boolean

  /** @param trusted addresses and networks: `10.0.0.1`, `10.0.0.0/8`, `::1`, `fd00::/8`. @throws RangeError for anything else. */
  constructor(trusted: readonly string[] = []) {
    for (const text of trusted) this.#trust(text)
    this.#trustsAny = trusted.length > 0
  }

  /** The nearest address that is not a trusted proxy's; what is written behind it could be anything. */
  senderOf({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): Sender {
    const { 'x-forwarded-for': forwardedFor, 'x-forwarded-proto': forwardedProto, forwarded } = headers
    let address = plainAddress(socket.remoteAddress ?? '')
    const isForwarded = forwardedFor !== undefined || forwarded !== undefined
    const isEncrypted = (socket as Partial<TLSSocket>).encrypted === true
    if (!this.#isTrusted(address)) return { address, isForwarded, isSecure: isEncrypted }
    const isSecure = forwardedProto === undefined ? isEncrypted : lastOf(forwardedProto) === 'https'
    for (const hop of hopsOf(forwardedFor).reverse()) {
      const before = addressOfHop(hop)
      if (before === undefined) break
      address = before
      if (!this.#isTrusted(address)) break
    }
    return { address, isForwarded, isSecure }
  }

  #isTrusted(address: string): boolean {
    if (!this.#trustsAny) return false
    const version = isIP(address)
    return version !== 0 && this.#trusted.check(address, version === 4 ? 'ipv4' : 'ipv6')
  }

  #trust(text: string): void {
    const [address = '', prefix, more] = text.split('/')
    const version = isIP(address)
    const bits = prefix === undefined ? undefined : Number(prefix)
    const isNetwork = bits === undefined || (/^\d{1,3}$/.test(prefix!) && bits <= (version === 4 ? 32 : 128))
    if (version === 0 || !isNetwork || more !== undefined)
      throw new RangeError(`“${text}” is no address and no network.`)
    const family = version === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) this.#trusted.addAddress(address, family)
    else this.#trusted.addSubnet(address, bits, family)
  }
}

function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, '')
}

/** Nearest proxy last. Node joins a header that came several times. */
function hopsOf(header: string | string[] | undefined): string[] {
  return String(header ?? '')
    .split(',')
    .map(hop => hop.trim())
    .filter(hop => hop !== '')
}

function lastOf(header: string | string[]): string | undefined {
  return hopsOf(header).at(-1)?.toLowerCase()
}

/** `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1`, `[2001:db8::1]:4711`; undefined for `unknown` and made-up names. */
function addressOfHop(hop: string): string | undefined {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(hop)?.[1] ?? /^([\d.]+):\d+$/.exec(hop)?.[1] ?? hop
  const address = plainAddress(bare)
  return isIP(address) === 0 ? undefined : address
}
