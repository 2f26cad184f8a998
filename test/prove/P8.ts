// P8: presence and authorship cannot be forged. Somebody with an account, and a guest, say that they are others, take others' client
// ids, remove others, and write under their ids; a bystander counts what they see of it.

import { decodeAwareness, defaultLimits, encodeAwareness, limitsOff } from '@sheaf/protocol'
import * as Y from 'yjs'
import { accountsServer, type Browser, settle } from '../helpers/browsers.ts'
import { sync } from '../helpers/documents.ts'
import { seededRandom } from '../helpers/random.ts'
import type { WireClient } from '../helpers/wire-client.ts'

const victimId = 1_111
const forgerId = 2_222

export async function prove({ full, forgeries = full ? 10_000 : 1_000 }: { full: boolean; forgeries?: number }) {
  const server = await accountsServer({ limits: { ...limitsOff, maxAwarenessBytes: defaultLimits.maxAwarenessBytes } })
  const place = await settle(server)
  const made = await place.owner.ask('POST', '/documents', { title: 'Plan' })
  const documentId = String(made.body?.id)
  const { sharing, sessions } = server.authority
  const [victim, forger, bystander] = [
    await place.join('victim'),
    await place.join('forger'),
    await place.join('bystander'),
  ]
  for (const { userId } of [victim, forger, bystander]) await sharing.give(documentId, userId, 'editor')
  await sharing.changeReach(documentId, { reach: 'anyone', reachRole: 'editor' })
  const guest = place.stranger()
  const opened = await sharing.openLink(documentId, await sharing.newLinkSecret(documentId), undefined)
  const { signedIn, token } = await sessions.begin({ agent: '' })
  await sessions.open(signedIn, documentId, opened)
  guest.cookie = `sheaf_session=${token}`

  const watching = await enter(bystander, documentId)
  const own = new Y.Doc()
  own.clientID = victimId
  own.getText('body').insert(0, 'victim')
  const honest = await victim.open(documentId)
  await sync(honest, own, 1)
  await honest.next('ack')
  honest.send({
    type: 'awareness',
    update: encodeAwareness([entry(victimId, 1, { user: { id: 'x', name: 'Mallory' } })]),
  })
  const isOfVictim = ({ clientId }: { clientId: number }) => clientId === victimId
  const shown = await watching.next('awareness', ({ update }) => decodeAwareness(update).some(isOfVictim))
  const truth = decodeAwareness(shown.update).find(isOfVictim)!.state

  const random = seededRandom(8)
  let visible = 0
  /** Of the victim nothing has changed; of the forgers is shown only what the server knows of them, or what a guest is called. */
  const isTrue = (state: string): boolean => {
    const { user } = (JSON.parse(state) ?? {}) as { user?: { id?: unknown; name?: unknown; guest?: unknown } }
    if (user === undefined || state === truth) return true
    if (user.id === `user:${forger.userId}`) return user.name === 'forger'
    return user.id === `guest:${signedIn.sessionId}` && user.guest === true
  }
  let looked = 0
  const look = (): void => {
    const told = watching.received.splice(0).flatMap(message => {
      return message.type === 'awareness' ? decodeAwareness(message.update) : []
    })
    visible += told.filter(({ clientId, state }) => clientId === victimId && state !== truth).length
    const states = [...told.map(({ state }) => state), ...server.registry.presenceIn(documentId)]
    visible += states.filter(state => !isTrue(state)).length
    if (!states.includes(truth)) visible += 1
    looked += states.length
  }
  let tried = 0
  let refusedWrites = 0
  let writes = 0
  for (const browser of [forger, guest]) {
    let client = await enter(browser, documentId)
    const clientId = browser === forger ? forgerId : forgerId + 1
    for (let i = 0; i < forgeries / 2; i++) {
      tried += 1
      const user = random.pick(lies(victim.userId))
      const kind = i % 50 === 49 ? 4 : random.below(4)
      if (kind === 0) say(client, [entry(clientId, 2 + i, { user })])
      else if (kind === 1) say(client, [entry(victimId, 2 + random.below(1_000_000), { user })])
      else if (kind === 2) say(client, [{ clientId: victimId, clock: 2 + random.below(1_000_000), state: 'null' }])
      else if (kind === 3) say(client, [entry(clientId, 2 + i, { user }), entry(victimId, 9_000_000 + i, { user })])
      else {
        writes += 1
        const forged = new Y.Doc()
        Y.applyUpdate(forged, await server.registry.withRoom(documentId, room => Y.encodeStateAsUpdate(room.ydoc)))
        forged.clientID = victimId
        const since = Y.encodeStateVector(forged)
        forged.getText('body').insert(0, 'forged')
        const update = Y.encodeStateAsUpdate(forged, since)
        client.send({ type: 'sequenced', clientSeq: 1, message: { type: 'step2', update } })
        const { code } = await client.closed
        if (code === 4422) refusedWrites += 1
        client = await enter(browser, documentId)
      }
      if (client.isOpen && i % 5 === 0) {
        await client.roundTrip()
        look()
      }
      if (!client.isOpen) client = await enter(browser, documentId)
    }
    if (client.isOpen) await client.roundTrip()
    await client.close()
  }
  await watching.roundTrip()
  look()
  const text = await server.registry.withRoom(documentId, room => room.ydoc.getText('body').toString())
  const authors = await server.registry.authorshipOf(documentId)
  const isOwned = authors
    .filter(({ client }) => client === victimId)
    .every(row => row.principal === `user:${victim.userId}`)
  const ok = visible === 0 && text === 'victim' && isOwned && refusedWrites === writes
  await server.close({ atOnce: true })
  return { promise: 'P8', ok, forgeries: tried, looked, visible, writes, refusedWrites }
}

/** Under the extension, and in step with the document. */
async function enter(browser: Browser, documentId: string): Promise<WireClient> {
  const client = await browser.open(documentId)
  await sync(client, new Y.Doc())
  return client
}

function say(client: WireClient, entries: Parameters<typeof encodeAwareness>[0]): void {
  client.send({ type: 'awareness', update: encodeAwareness(entries) })
}

function entry(clientId: number, clock: number, state: object) {
  return { clientId, clock, state: JSON.stringify(state) }
}

function lies(userId: string): readonly object[] {
  const id = `user:${userId}`
  return [
    { id, name: 'victim' },
    { id, name: 'victim', guest: false },
    { name: 'victim', color: 3 },
    { id: 'server', name: 'Sheaf' },
    { id, name: 'victim', __proto__: { guest: false } },
    { id: [id], name: { toString: 'victim' } },
  ]
}
