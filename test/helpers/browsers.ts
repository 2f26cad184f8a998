// People who use a server with accounts: each a browser of their own, with its cookie. For tests and for proofs.

import { defaultLimits, type Limits } from '@sheaf/protocol'
import { Passwords } from '../../server/src/auth/passwords.ts'
import { type Log, silentLog } from '../../server/src/log.ts'
import { createServer, type SheafServer } from '../../server/src/server.ts'
import { WireClient, type WireClientOptions } from './wire-client.ts'

/** Cheap: what is tested is who gets in, not how long a guess takes. */
export const quickPasswords = () => new Passwords({ parameters: { cost: 4, blockSize: 8, parallelization: 1 } })

/** A server with accounts, in memory, that nobody has set up. */
export function accountsServer({ limits = defaultLimits, log = silentLog }: { limits?: Limits; log?: Log } = {}) {
  const listen = { host: '127.0.0.1', port: 0 }
  return createServer({ data: '', memory: true, listen, openMode: false, passwords: quickPasswords(), log, limits })
}

export const goodPassword = 'correct horse battery'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Undefined where the answer is no JSON. */
  readonly body: Record<string, unknown> | undefined
  readonly text: string
}

export class Browser {
  readonly url: string
  /** What it would send as its `Cookie` header. */
  cookie: string

  constructor(url: string, cookie = '') {
    this.url = url
    this.cookie = cookie
  }

  /** @param path below /api/v1. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const isBytes = body instanceof Uint8Array
    const type = isBytes ? 'application/octet-stream' : 'application/json'
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.cookie !== '' && { cookie: this.cookie }),
        ...(body !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
    })
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : undefined, text }
  }

  /** Opens the socket of a document under `sheaf.v1`. */
  open(documentId: string, options: WireClientOptions = {}): Promise<WireClient> {
    return WireClient.open(this.url, documentId, { extension: true, cookie: this.cookie, origin: this.url, ...options })
  }

  async signIn(login: string, password = goodPassword): Promise<Answer> {
    return this.ask('POST', '/sessions', { login, password })
  }

  #keep(setCookie: string): void {
    const [pair = ''] = setCookie.split(';')
    const [name] = pair.split('=')
    const others = this.cookie.split('; ').filter(other => other !== '' && !other.startsWith(`${name}=`))
    this.cookie = [...others, ...(pair.endsWith('=') ? [] : [pair])].join('; ')
  }
}

export interface Place<S extends SheafServer = SheafServer> {
  readonly server: S
  /** The browser of the owner, Mira. */
  readonly owner: Browser
  /** Somebody who has never been here. */
  stranger(): Browser
  /** Makes an account and signs in with it. */
  join(login: string): Promise<Browser & { readonly userId: string }>
}

/** Sets a server up by its link. */
export async function settle<S extends SheafServer>(server: S): Promise<Place<S>> {
  const owner = new Browser(server.url)
  const secret = server.authority.invitations.beginSetUp()
  const fields = {
    secret,
    name: 'Mira Halden',
    login: 'mira@example.org',
    password: goodPassword,
    site: 'Reading Room',
  }
  const made = await owner.ask('POST', '/setup', fields)
  if (made.status !== 204) throw new Error(`The server could not be set up: ${made.text}`)
  return {
    server,
    owner,
    stranger: () => new Browser(server.url),
    async join(login) {
      const { userId } = await server.authority.users.create({ name: login, login, password: goodPassword })
      const browser = new Browser(server.url)
      const answer = await browser.signIn(login)
      if (answer.status !== 204) throw new Error(`${login} could not sign in: ${answer.text}`)
      return Object.assign(browser, { userId })
    },
  }
}
