// How much of the API somebody may use: so much a second for long, more at once. Who asks too fast is told when to go on, and costs nobody
// else anything. What is left stands in the head of each answer, as draft-ietf-httpapi-ratelimit-headers-10 writes it.

import { isIPv6 } from 'node:net'
import { type Limits, SheafError } from '@sheaf/protocol'
import type { Context, MiddlewareHandler } from 'hono'
import type { Identity } from '../accounts/authority.ts'
import type { Clock } from '../clock.ts'
import type { MetricsRegistry } from '../metrics.ts'
import { Bucket } from '../room/bucket.ts'
import type { AppEnv } from './routes.ts'

/** What a route costs where it is not 1, by method and route. */
const costs: Readonly<Record<string, number>> = {
  'GET /search': 5,
  'POST /documents': 5,
  'PUT /documents/:id': 5,
  'POST /documents/:id/duplicate': 10,
  'PUT /documents/:id/content': 5,
  'POST /documents/:id/writers': 10,
  'POST /documents/:id/revert': 5,
  'GET /documents/:id/export': 10,
  'POST /imports': 20,
  'GET /exports': 100,
  // As many as somebody's keys; these have the rates of a socket.
  'POST /documents/:id/sync': 0,
}

/** What changes a document has a rate for each document besides. */
const edits: ReadonlySet<string> = new Set([
  'PUT /documents/:id/content',
  'POST /documents/:id/edits',
  'POST /documents/:id/writers/:writer',
  'POST /documents/:id/revert',
  'POST /documents/:id/update',
])

/** Buckets that are remembered; the one that has not been used for longest is forgotten first. */
const maxRemembered = 20_000

interface Quota {
  readonly policy: 'requests' | 'edits'
  readonly bucket: Bucket
}

export interface RatesOptions {
  readonly limits: Limits
  readonly clock: Clock
  readonly metrics: MetricsRegistry
}

export class Rates {
  readonly #options: RatesOptions
  readonly #buckets = new Map<string, Bucket>()

  constructor(options: RatesOptions) {
    this.#options = options
  }

  /** Lets routes charge what they cost, and tells in each answer what is left. */
  readonly middleware: MiddlewareHandler<AppEnv> = async (c, next) => {
    let quotas: readonly Quota[] = []
    c.set('charge', route => {
      quotas = this.#quotasOf(c, route)
      this.#charge(quotas, route)
    })
    await next()
    if (quotas.length === 0) return
    c.header('ratelimit-policy', quotas.map(policyOf).join(', '))
    c.header('ratelimit', quotas.map(leftOf).join(', '))
  }

  /** What the request is charged to; nothing where it is free. */
  #quotasOf(c: Context<AppEnv>, route: string): readonly Quota[] {
    const { requestsPerSecond, requestsBurst, editsPerSecond, editsBurst } = this.#options.limits
    if (costs[route] === 0 || requestsPerSecond === Number.MAX_SAFE_INTEGER) return []
    const asker = keyOf(c.get('identity'), c.get('address'))
    const requests: Quota = { policy: 'requests', bucket: this.#bucket(asker, requestsPerSecond, requestsBurst) }
    if (!edits.has(route)) return [requests]
    const bucket = this.#bucket(`${asker} ${c.req.param('id')}`, editsPerSecond, editsBurst)
    return [requests, { policy: 'edits', bucket }]
  }

  /** @throws SheafError `rate-limited`, with nothing charged. */
  #charge(quotas: readonly Quota[], route: string): void {
    const empty = quotas.find(({ bucket }) => bucket.waitMs > 0)
    if (empty !== undefined) {
      const { policy, bucket } = empty
      this.#options.metrics.count('sheaf_http_rate_limited_total', 1, { policy })
      const retryAfterS = Math.ceil(bucket.waitMs / 1000)
      const of = policy === 'edits' ? 'edits of this document' : 'requests'
      throw new SheafError('rate-limited', `Too many ${of} at once. Go on in ${retryAfterS} s, and more slowly.`, {
        details: { policy, retryAfterS },
      })
    }
    for (const { policy, bucket } of quotas) bucket.take(policy === 'requests' ? costs[route] : 1)
  }

  #bucket(key: string, perSecond: number, burst: number): Bucket {
    const known = this.#buckets.get(key)
    const bucket = known ?? new Bucket(this.#options.clock, perSecond, burst)
    // Anew at the end: the first is the one that has not been used for longest.
    if (known !== undefined) this.#buckets.delete(key)
    this.#buckets.set(key, bucket)
    if (this.#buckets.size > maxRemembered) this.#buckets.delete(this.#buckets.keys().next().value!)
    return bucket
  }
}

/** A token by itself, else the account, else where the request comes from: of IPv6 the network, in which one machine has addresses without number. */
function keyOf({ token, user }: Identity, address: string): string {
  if (token !== undefined) return `token ${token.tokenId}`
  if (user !== undefined) return `user ${user.userId}`
  return `address ${isIPv6(address) ? networkOf(address) : address}`
}

/** The first 64 bits. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::')
  const groups = head.split(':')
  if (tail !== undefined) while (groups.length < 8 - tail.split(':').length) groups.push('0')
  return groups.slice(0, 4).join(':')
}

/** `"requests";q=3000;w=30`: so many at once, and as many again in so many seconds. */
function policyOf({ policy, bucket }: Quota): string {
  return `"${policy}";q=${bucket.burst};w=${Math.ceil(bucket.burst / bucket.perSecond)}`
}

/** `"requests";r=2999;t=1`: so many are left, and all of them again in so many seconds. */
function leftOf({ policy, bucket }: Quota): string {
  const { level, burst, perSecond } = bucket
  return `"${policy}";r=${Math.max(0, Math.floor(level))};t=${Math.ceil((burst - level) / perSecond)}`
}
