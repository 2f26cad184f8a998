// The matrix of rights: everybody who could ask × everything that can be asked, over HTTP and over the socket. What is asked is read
// from the server's own table of routes and from the list of messages, so that a new one without a row is a fault here. Who may do
// it stands here a second time, on purpose.

import { createHash } from 'node:crypto'
import { encodeMessage, type Message, messageType } from '@sheaf/protocol'
import * as Y from 'yjs'
import { rights } from '../../server/src/http/rights.ts'
import { Browser, type Place } from '../helpers/browsers.ts'

const roles = ['owner', 'editor', 'commenter', 'viewer'] as const
const parties = [
  ...roles,
  'guestEditor',
  'guestViewer',
  'stranger',
  'revoked',
  'admin',
  'disabled',
  'signedOut',
  'anonymous',
] as const
export type Party = (typeof parties)[number]

const readers: readonly Party[] = ['owner', 'editor', 'commenter', 'viewer', 'guestEditor', 'guestViewer']
const editors: readonly Party[] = ['owner', 'editor', 'guestEditor']
const owners: readonly Party[] = ['owner']
const accounts: readonly Party[] = [...roles, 'stranger', 'revoked', 'admin']
const sessions: readonly Party[] = [...accounts, 'guestEditor', 'guestViewer']
const admins: readonly Party[] = ['admin']
const nobodyKnown: readonly Party[] = ['disabled', 'signedOut', 'anonymous']

/** Who gets through to each route. */
const expected: Readonly<Record<string, readonly Party[]>> = {
  'GET /': parties,
  'GET /d/:id': parties,
  'GET /setup': parties,
  'GET /signin': parties,
  'GET /invite': parties,
  'GET /reset': parties,
  'GET /admin': parties,
  'GET /devices': parties,
  'GET /healthz': parties,
  'GET /readyz': parties,
  // All of these ask from this machine.
  'GET /metrics': parties,
  'POST /mcp': sessions,
  'GET /openapi.json': parties,
  'GET /me': parties,
  'PATCH /me': accounts,
  'POST /me/password': accounts,
  'POST /setup': parties,
  'POST /setup/look': parties,
  'GET /sessions': accounts,
  'POST /sessions': parties,
  'DELETE /sessions/:session': sessions,
  'POST /oidc': parties,
  'GET /oidc/callback': parties,
  'GET /tokens': accounts,
  'POST /tokens': accounts,
  'DELETE /tokens/:token': accounts,
  'GET /invites': admins,
  'POST /invites': admins,
  'POST /invites/look': parties,
  'POST /invites/accept': parties,
  'DELETE /invites/:invite': admins,
  'POST /resets': parties,
  'POST /resets/mail': parties,
  'GET /admin/overview': admins,
  'GET /admin/live': admins,
  'GET /admin/links': admins,
  'GET /admin/audit': admins,
  'GET /users': accounts,
  'PATCH /users/:user': admins,
  'POST /users/:user/reset': admins,
  'GET /documents': accounts,
  'POST /documents': accounts,
  'GET /documents/:id': readers,
  'PUT /documents/:id': accounts,
  'PATCH /documents/:id': editors,
  'DELETE /documents/:id': owners,
  'POST /documents/:id/restore': owners,
  // Guests make no documents.
  'POST /documents/:id/duplicate': roles,
  'PUT /documents/:id/star': readers,
  'DELETE /documents/:id/star': readers,
  'PUT /documents/:id/visit': readers,
  'GET /documents/:id/sharing': editors,
  'PATCH /documents/:id/sharing': owners,
  'PUT /documents/:id/sharing/people/:user': owners,
  'DELETE /documents/:id/sharing/people/:user': owners,
  'POST /documents/:id/sharing/secrets': owners,
  'POST /documents/:id/link': parties,
  'POST /documents/:id/requests': accounts,
  'DELETE /documents/:id/requests/:user': owners,
  'GET /documents/:id/content': readers,
  'PUT /documents/:id/content': editors,
  'POST /documents/:id/edits': editors,
  'POST /documents/:id/writers': editors,
  'POST /documents/:id/writers/:writer': editors,
  'DELETE /documents/:id/writers/:writer': editors,
  'POST /documents/:id/revert': editors,
  'POST /documents/:id/find': readers,
  'GET /documents/:id/changes': readers,
  'GET /documents/:id/authors': readers,
  'GET /documents/:id/events': readers,
  'GET /documents/:id/sync/stream': readers,
  'POST /documents/:id/sync': readers,
  'GET /documents/:id/presence': readers,
  'PUT /documents/:id/presence/:session': readers,
  'DELETE /documents/:id/presence/:session': readers,
  'GET /documents/:id/outline': readers,
  'GET /documents/:id/blocks': readers,
  'GET /documents/:id/blocks/:block': readers,
  'GET /documents/:id/update': readers,
  'POST /documents/:id/update': editors,
  'GET /documents/:id/assets': readers,
  'POST /documents/:id/assets': editors,
  'GET /documents/:id/assets/:hash': readers,
  'GET /search': accounts,
  'POST /imports': accounts,
  'GET /exports': accounts,
  'GET /documents/:id/export': readers,
  'GET /folders': accounts,
  'POST /folders': accounts,
  'GET /folders/:id': accounts,
  'PATCH /folders/:id': admins,
  'DELETE /folders/:id': admins,
  'POST /folders/:id/restore': admins,
  'GET /folders/:id/sharing': admins,
  'PATCH /folders/:id/sharing': admins,
  'PUT /folders/:id/sharing/people/:user': admins,
  'DELETE /folders/:id/sharing/people/:user': admins,
}

type ClientMessage = Extract<keyof typeof messageType, 'sync' | 'awareness' | 'queryAwareness' | 'sequenced' | 'chunk'>
/** What each kind of message is, in the hands of somebody who wants to write; undefined: no client may send it. */
const messages: Readonly<Record<keyof typeof messageType, ((update: Uint8Array) => Message[]) | undefined>> = {
  sync: update => [
    { type: 'step1', stateVector: Uint8Array.of(0) },
    { type: 'step2', update },
    { type: 'update', update },
  ],
  awareness: () => [{ type: 'awareness', update: Uint8Array.of(0) }],
  queryAwareness: () => [{ type: 'query-awareness' }],
  sequenced: update => [
    { type: 'sequenced', clientSeq: 1, message: { type: 'update', update } },
    { type: 'sequenced', clientSeq: 1, message: { type: 'step2', update } },
  ],
  chunk: update => {
    const bytes = encodeMessage({ type: 'sequenced', clientSeq: 1, message: { type: 'step2', update } })
    return [{ type: 'chunk', offset: 0, total: bytes.byteLength, bytes }]
  },
  auth: undefined,
  hello: undefined,
  ack: undefined,
  token: undefined,
  notice: undefined,
  nack: undefined,
}
const writing: readonly ClientMessage[] = ['sync', 'sequenced', 'chunk']

export interface MatrixFigure {
  readonly cells: number
  /** What was not as it must be; empty when all is well. */
  readonly wrong: readonly string[]
}

/** Asks everything as everybody. @param place a server that was just set up. */
export async function runMatrix(place: Place): Promise<MatrixFigure> {
  const cast = await Cast.gather(place)
  const wrong = [...missing(Object.keys(rights), Object.keys(expected))]
  let cells = 0
  for (const [route, allowed] of Object.entries(expected)) {
    for (const party of parties) {
      cells += 1
      const fault = await cast.ask(route, party, allowed.includes(party))
      if (fault !== undefined) wrong.push(`${party} ${route}: ${fault}`)
    }
  }
  // Who is turned away again and again is answered later and later, so those wait together.
  const waiting: Promise<void>[] = []
  for (const kind of Object.keys(messageType) as (keyof typeof messageType)[]) {
    if (!(kind in messages)) wrong.push(`There is no row for the message ${kind}.`)
    const make = messages[kind]
    if (make === undefined) continue
    for (const party of parties) {
      for (const extension of [true, false]) {
        cells += 1
        const sent = cast.send(kind as ClientMessage, make, party, extension).then(fault => {
          if (fault !== undefined) wrong.push(`${party} sends ${kind}: ${fault}`)
        })
        if (mayRead(party)) await sent
        else waiting.push(sent)
      }
    }
  }
  await Promise.all(waiting)
  return { cells, wrong }
}

function* missing(routes: readonly string[], rows: readonly string[]): Generator<string> {
  for (const route of routes) if (!rows.includes(route)) yield `There is no row for ${route}.`
  for (const row of rows) if (!routes.includes(row)) yield `There is no route ${row}.`
}

/** Everybody, each in a browser of their own. */
class Cast {
  readonly #place: Place
  readonly #browsers: Map<Party, Browser>
  readonly #ids: ReadonlyMap<Party, string>
  #made = 0

  private constructor(place: Place, browsers: Map<Party, Browser>, ids: ReadonlyMap<Party, string>) {
    this.#place = place
    this.#browsers = browsers
    this.#ids = ids
  }

  static async gather(place: Place): Promise<Cast> {
    const browsers = new Map<Party, Browser>([['admin', place.owner]])
    const ids = new Map<Party, string>()
    for (const party of parties) {
      if (party === 'admin') continue
      if (party.startsWith('guest') || party === 'anonymous') {
        browsers.set(party, place.stranger())
        continue
      }
      const browser = await place.join(party)
      browsers.set(party, browser)
      ids.set(party, browser.userId)
    }
    await place.server.authority.users.setDisabled(ids.get('disabled')!, true)
    const signedOut = browsers.get('signedOut')!
    const kept = new Browser(signedOut.url, signedOut.cookie)
    await signedOut.ask('DELETE', '/sessions/current')
    browsers.set('signedOut', kept)
    return new Cast(place, browsers, ids)
  }

  /** @returns what is wrong. */
  async ask(route: string, party: Party, isAllowed: boolean): Promise<string | undefined> {
    const documentId = await this.#newDocument(party)
    const before = await this.#stateOf(documentId)
    const browser = this.#browsers.get(party)!
    const [method = '', path = ''] = route.split(' ')
    const real = path.replace(':id', documentId).replace(/:\w+/g, 'nothing')
    const answer = await this.#send(browser, method, real)
    const isThrough =
      answer.status !== 401 && answer.status !== 403 && !(answer.status === 404 && isPlainAbsence(answer.text))
    const isOwnDenial = /\/(setup|invites|resets|sessions)/.test(path) || path.endsWith('/link')
    if (isAllowed) return isThrough || isOwnDenial ? undefined : `is turned away with ${answer.status} ${answer.text}`
    if (isThrough) return `gets through, with ${answer.status}`
    if ((await this.#stateOf(documentId)) !== before) return 'has changed something'
    const status = nobodyKnown.includes(party) ? 401 : path.startsWith('/documents/:id') && !mayRead(party) ? 404 : 403
    if (!sessions.includes(party) || status !== 404)
      return answer.status === status ? undefined : `gets ${answer.status}, not ${status}`
    // What is forbidden looks like what never was; the owners of the server have what nobody has.
    if (party === 'admin') return undefined
    const absent = await this.#send(browser, method, path.replace(':id', 'never-was').replace(/:\w+/g, 'nothing'))
    return blurred(absent.text) === blurred(answer.text)
      ? undefined
      : `can tell it from what is not there: ${answer.text}`
  }

  /** @returns what is wrong. */
  async send(
    kind: ClientMessage,
    make: (update: Uint8Array) => Message[],
    party: Party,
    extension: boolean,
  ): Promise<string | undefined> {
    const documentId = await this.#newDocument(party)
    const before = await this.#stateOf(documentId)
    const client = await this.#browsers.get(party)!.open(documentId, { extension })
    if (!mayRead(party)) {
      const { code } = await client.closed
      const wanted = nobodyKnown.includes(party) ? 4401 : 4404
      return code === wanted ? undefined : `is closed with ${code}, not ${wanted}`
    }
    await client.next('step1')
    const ydoc = new Y.Doc()
    ydoc.getText('title').insert(0, 'forged')
    for (const message of make(Y.encodeStateAsUpdate(ydoc))) client.send(message)
    // A message that was no client's to send has closed the socket.
    await Promise.race([client.roundTrip(), client.closed])
    if (client.isOpen) await client.close()
    // Whatever was taken is in the room by now; what is read waits for it.
    const isChanged = (await this.#stateOf(documentId)) !== before
    const mayChange = editors.includes(party) && writing.includes(kind)
    if (isChanged && !mayChange) return 'has changed the document'
    const mustChange = mayChange && (extension || kind === 'sync')
    return mustChange && !isChanged ? 'could not write' : undefined
  }

  /** A document that each party has their role on, or had. */
  async #newDocument(party: Party): Promise<string> {
    const { server } = this.#place
    const { sharing, sessions } = server.authority
    this.#made += 1
    const documentId = `plan-${this.#made}`
    await server.registry.create(documentId, { updates: [], title: 'Plan', snippet: '' })
    for (const role of roles) await sharing.give(documentId, this.#ids.get(role)!, role)
    for (const former of ['revoked', 'disabled', 'signedOut'] as const) {
      await sharing.give(documentId, this.#ids.get(former)!, 'editor')
    }
    await sharing.give(documentId, this.#ids.get('revoked')!, 'none')
    if (!party.startsWith('guest')) return documentId
    await sharing.changeReach(documentId, { reach: 'anyone', reachRole: party === 'guestEditor' ? 'editor' : 'viewer' })
    const link = await sharing.openLink(documentId, await sharing.newLinkSecret(documentId), undefined)
    const { signedIn, token } = await sessions.begin({ agent: '' })
    await sessions.open(signedIn, documentId, link)
    this.#browsers.set(party, new Browser(server.url, `sheaf_session=${token}`))
    return documentId
  }

  async #send(browser: Browser, method: string, path: string) {
    const isPage =
      method === 'GET' && /^\/($|d\/|setup|signin|invite$|reset|admin$|devices|healthz|readyz|metrics)/.test(path)
    if (isPage) {
      const response = await fetch(browser.url + path, { headers: { cookie: browser.cookie } })
      return { status: response.status, text: await response.text() }
    }
    if (/\/(events|stream)$/.test(path)) return opened(browser, path)
    const hasBody = method !== 'GET' && method !== 'DELETE'
    const headers: Record<string, string> = method === 'PUT' ? { 'if-none-match': '*' } : {}
    const kept = new Browser(browser.url, browser.cookie)
    // Browsers ask below /api/v1.
    return kept.ask(method, path === '/mcp' ? '/../../mcp' : path, hasBody ? {} : undefined, headers)
  }

  async #stateOf(documentId: string): Promise<string> {
    const { server } = this.#place
    const bytes = await server.registry
      .withRoom(documentId, room => Y.encodeStateAsUpdate(room.ydoc))
      .catch(() => 'gone')
    const share = await server.authority.sharing.find(documentId)
    const record = await server.store.find(documentId)
    const rest = JSON.stringify([share, record?.deletedMs, await server.authority.sharing.requests(documentId)])
    return createHash('sha256').update(bytes).update(rest).digest('hex')
  }
}

/** An answer that would go on for ever is over when it has begun. */
async function opened(browser: Browser, path: string) {
  const abort = new AbortController()
  const headers = { cookie: browser.cookie }
  const response = await fetch(`${browser.url}/api/v1${path}`, { headers, signal: abort.signal })
  const text = response.ok ? '' : await response.text()
  abort.abort()
  return { status: response.status, text }
}

function mayRead(party: Party): boolean {
  return readers.includes(party)
}

function isPlainAbsence(text: string): boolean {
  return text.includes('"detail":"There is no such document."')
}

function blurred(text: string): string {
  return text.replace(/"requestId":"\w+"/, '')
}
