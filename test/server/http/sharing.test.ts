// Rights as they change under people who are in: links, roles, ends, and who one is to others.

import { decodeAwareness, encodeAwareness } from '@sheaf/protocol'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import type { Browser } from '../../helpers/browsers.ts'
import { startPlace } from '../../helpers/people.ts'

const emptyVector = Uint8Array.of(0)

async function newDocument(owner: Browser): Promise<string> {
  return String((await owner.ask('POST', '/documents', { title: 'Plan' })).body?.id)
}

function writing(text: string): Uint8Array {
  const ydoc = new Y.Doc()
  ydoc.getText('title').insert(0, text)
  return Y.encodeStateAsUpdate(ydoc)
}

/** @returns the secret of a link that was just copied. */
async function copyLink(owner: Browser, documentId: string): Promise<string> {
  const { body } = await owner.ask('POST', `/documents/${documentId}/sharing/secrets`, {})
  return /#key=([\w-]{27})$/.exec(String(body?.url))?.[1] ?? ''
}

describe('a right that changes', () => {
  test('R3: a lesser role is told and holds at once; a higher one too; no role closes the socket', async () => {
    const { owner, join } = await startPlace()
    const documentId = await newDocument(owner)
    const ana = await join('ana')
    const role = (name: string) =>
      owner.ask('PUT', `/documents/${documentId}/sharing/people/${ana.userId}`, { role: name })
    await role('editor')
    const socket = await ana.open(documentId)
    expect((await socket.next('hello')).hello.role).toBe('editor')
    socket.send({ type: 'sequenced', clientSeq: 0, message: { type: 'step2', update: Uint8Array.of(0, 0) } })
    await role('viewer')
    expect((await socket.next('notice')).notice).toEqual({ kind: 'role-changed', role: 'viewer' })
    socket.send({ type: 'sequenced', clientSeq: 1, message: { type: 'update', update: writing('no') } })
    expect(await socket.next('nack')).toMatchObject({ clientSeq: 1, code: 'read-only' })
    expect((await ana.ask('POST', `/documents/${documentId}/update`, writing('no'))).status).toBe(403)
    await role('editor')
    expect((await socket.next('notice')).notice).toEqual({ kind: 'role-changed', role: 'editor' })
    socket.send({ type: 'sequenced', clientSeq: 2, message: { type: 'update', update: writing('yes') } })
    expect(await socket.next('ack', ({ clientSeq }) => clientSeq === 2)).toBeDefined()
    await owner.ask('DELETE', `/documents/${documentId}/sharing/people/${ana.userId}`)
    expect(await socket.closed).toEqual({ code: 4403, reason: 'forbidden' })
    expect((await ana.ask('GET', `/documents/${documentId}/content`)).status).toBe(404)
  })

  test('a list tells what others made and gave one a role on, by themselves or with a folder, and nothing else', async () => {
    const { server, owner, join } = await startPlace()
    const [given, inFolder, hidden] = [await newDocument(owner), await newDocument(owner), await newDocument(owner)]
    const ana = await join('ana')
    await ana.ask('POST', '/documents', { title: 'Her own' })
    const shared = async () =>
      ((await ana.ask('GET', '/documents?shared=true')).body!.items as { id: string }[]).map(({ id }) => id).sort()
    expect(await shared()).toEqual([])
    await owner.ask('PUT', `/documents/${given}/sharing/people/${ana.userId}`, { role: 'viewer' })
    await owner.ask('PATCH', `/documents/${hidden}/sharing`, { reach: 'members', role: 'viewer' })
    const folder = String((await owner.ask('POST', '/folders', { name: 'Library' })).body?.id)
    await server.authority.sharing.give(`folder:${folder}`, ana.userId, 'viewer')
    await owner.ask('PATCH', `/documents/${inFolder}`, { folder })
    expect(await shared()).toEqual([given, inFolder].sort())
    expect((await owner.ask('GET', '/documents?shared=true')).body?.items).toEqual([])
  })

  test('R3: an ended session and a disabled account close their sockets, and no others', async () => {
    const { server, owner, join } = await startPlace()
    const documentId = await newDocument(owner)
    const [ana, bo] = [await join('ana'), await join('bo')]
    await owner.ask('PATCH', `/documents/${documentId}/sharing`, { reach: 'members', role: 'viewer' })
    const [own, first, second] = [await owner.open(documentId), await ana.open(documentId), await bo.open(documentId)]
    for (const socket of [own, first, second]) await socket.next('step1')
    await ana.ask('DELETE', '/sessions/current')
    expect((await first.closed).code).toBe(4401)
    await owner.ask('PATCH', `/users/${bo.userId}`, { disabled: true })
    expect((await second.closed).code).toBe(4401)
    await own.roundTrip()
    expect(own.isOpen).toBe(true)
    expect(server.authority.epoch).toBeGreaterThan(0)
  })

  test('R3: documents inherit from their folder, and lose it when they leave it', async () => {
    const { server, owner, join } = await startPlace()
    const documentId = await newDocument(owner)
    const ana = await join('ana')
    const folder = String((await owner.ask('POST', '/folders', { name: 'Library' })).body?.id)
    await server.authority.sharing.give(`folder:${folder}`, ana.userId, 'viewer')
    expect((await ana.ask('GET', `/documents/${documentId}`)).status).toBe(404)
    await owner.ask('PATCH', `/documents/${documentId}`, { folder })
    const socket = await ana.open(documentId)
    expect((await socket.next('hello')).hello.role).toBe('viewer')
    await owner.ask('PATCH', `/documents/${documentId}`, { folder: null })
    expect((await socket.closed).code).toBe(4403)
  })

  test('R4: an outage of the rights puts out nobody who is in, and tells newcomers to come again', async () => {
    const { server, owner, join } = await startPlace()
    const documentId = await newDocument(owner)
    const ana = await join('ana')
    await server.authority.sharing.give(documentId, ana.userId, 'editor')
    const socket = await ana.open(documentId)
    await socket.next('step1')
    const { records } = server.store
    const get = records.get
    records.get = () => Promise.reject(new Error('The disk of this test does not read.'))
    server.authority.changed({})
    expect((await ana.ask('GET', `/documents/${documentId}`)).status).toBe(503)
    expect((await (await ana.open(documentId)).closed).code).toBe(1013)
    socket.send({ type: 'step1', stateVector: emptyVector })
    await socket.next('step2')
    records.get = get
    await owner.ask('DELETE', `/documents/${documentId}/sharing/people/${ana.userId}`)
    expect((await socket.closed).code).toBe(4403)
  })
})

describe('a link', () => {
  test('R5: opens for anyone who shows its secret, once; copies have secrets of their own; ending it ends all of them', async () => {
    const { server, owner, stranger } = await startPlace()
    const documentId = await newDocument(owner)
    expect((await owner.ask('POST', `/documents/${documentId}/sharing/secrets`, {})).status).toBe(412)
    await owner.ask('PATCH', `/documents/${documentId}/sharing`, { reach: 'anyone', role: 'editor' })
    const [one, two] = [await copyLink(owner, documentId), await copyLink(owner, documentId)]
    expect(one).not.toBe(two)
    const [guest, other] = [stranger(), stranger()]
    const open = (who: Browser, secret: string) => who.ask('POST', `/documents/${documentId}/link`, { secret })
    expect((await open(guest, one)).status).toBe(204)
    expect((await open(other, two)).status).toBe(204)
    expect((await open(stranger(), 'x'.repeat(27))).status).toBe(404)
    const socket = await guest.open(documentId)
    expect((await socket.next('hello')).hello.role).toBe('editor')
    await owner.ask('PATCH', `/documents/${documentId}/sharing`, { reach: 'restricted' })
    expect((await socket.closed).code).toBe(4403)
    await owner.ask('PATCH', `/documents/${documentId}/sharing`, { reach: 'anyone' })
    expect((await open(other, two)).status).toBe(404)
    const kept = JSON.stringify([server.logLines, await server.store.records.list('grant')])
    for (const secret of [one, two]) expect(kept).not.toContain(secret)
  })

  test('R5: asks for its password, and a new one shuts out who came before', async () => {
    const { owner, stranger } = await startPlace()
    const documentId = await newDocument(owner)
    const set = (password: string | null) =>
      owner.ask('PATCH', `/documents/${documentId}/sharing`, { reach: 'anyone', role: 'viewer', password })
    await set('felt tables')
    const secret = await copyLink(owner, documentId)
    const guest = stranger()
    const open = (password?: string) =>
      guest.ask('POST', `/documents/${documentId}/link`, { secret, ...(password !== undefined && { password }) })
    expect(await open()).toMatchObject({ status: 401, body: { reason: 'password' } })
    expect((await open('wrong words')).status).toBe(401)
    expect((await open('felt tables')).status).toBe(204)
    const socket = await guest.open(documentId)
    await socket.next('step1')
    await set('other words')
    expect((await socket.closed).code).toBe(4403)
    expect((await open('felt tables')).status).toBe(401)
    for (let i = 0; i < 8; i++) await open('guess')
    expect((await open('other words')).status).toBe(429)
  })

  test('R3, R5: ends by itself within a second', async () => {
    const { owner, stranger } = await startPlace()
    const documentId = await newDocument(owner)
    const untilMs = Date.now() + 700
    await owner.ask('PATCH', `/documents/${documentId}/sharing`, {
      reach: 'anyone',
      untilAt: new Date(untilMs).toISOString(),
    })
    const guest = stranger()
    await guest.ask('POST', `/documents/${documentId}/link`, { secret: await copyLink(owner, documentId) })
    const socket = await guest.open(documentId)
    expect((await socket.closed).code).toBe(4403)
    expect(Date.now() - untilMs).toBeLessThan(1_000)
  })
})

describe('who one is', () => {
  test('P8, R6: a name and an id in presence are those that the server knows; guests are marked', async () => {
    const { owner, join, stranger } = await startPlace()
    const documentId = await newDocument(owner)
    await owner.ask('PATCH', `/documents/${documentId}/sharing`, { reach: 'anyone', role: 'viewer' })
    const ana = await join('ana')
    await owner.ask('PUT', `/documents/${documentId}/sharing/people/${ana.userId}`, { role: 'editor' })
    const guest = stranger()
    await guest.ask('POST', `/documents/${documentId}/link`, { secret: await copyLink(owner, documentId) })
    const [watching, forging, visiting] = [
      await owner.open(documentId),
      await ana.open(documentId),
      await guest.open(documentId),
    ]
    watching.send({ type: 'step1', stateVector: emptyVector })
    const show = (clientId: number, user: object) =>
      encodeAwareness([{ clientId, clock: 1, state: JSON.stringify({ user, caret: null }) }])
    forging.send({
      type: 'awareness',
      update: show(7, { id: 'user:mira', name: 'Mira Halden', color: 3, guest: false }),
    })
    visiting.send({ type: 'awareness', update: show(8, { id: `user:${ana.userId}`, name: 'Blue Heron', color: 4 }) })
    const seen = new Map<number, { user: Record<string, unknown> }>()
    while (seen.size < 2) {
      const { update } = await watching.next('awareness')
      for (const { clientId, state } of decodeAwareness(update))
        if (state !== 'null') seen.set(clientId, JSON.parse(state))
    }
    expect(seen.get(7)?.user).toEqual({ id: `user:${ana.userId}`, name: 'ana', color: 3 })
    expect(seen.get(8)?.user).toEqual({
      id: expect.stringMatching(/^guest:/),
      name: 'Blue Heron',
      color: 4,
      guest: true,
    })
  })

  test('R7: asking for access gives one answer, and the owner can let in or decline', async () => {
    const { owner, join } = await startPlace()
    const documentId = await newDocument(owner)
    const [ana, bo] = [await join('ana'), await join('bo')]
    const answers = await Promise.all([
      ana.ask('POST', `/documents/${documentId}/requests`, { role: 'editor', message: 'I’m doing the lamps.' }),
      ana.ask('POST', '/documents/never-was/requests', {}),
      bo.ask('POST', `/documents/${documentId}/requests`, {}),
    ])
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [202, ''],
      [202, ''],
      [202, ''],
    ])
    const requests = async () => (await owner.ask('GET', `/documents/${documentId}/sharing`)).body?.requests
    expect(await requests()).toHaveLength(2)
    await owner.ask('DELETE', `/documents/${documentId}/requests/${bo.userId}`)
    expect(await requests()).toMatchObject([{ person: { name: 'ana' }, message: 'I’m doing the lamps.' }])
    await owner.ask('PUT', `/documents/${documentId}/sharing/people/${ana.userId}`, { role: 'editor' })
    expect(await requests()).toEqual([])
    expect((await ana.ask('GET', `/documents/${documentId}`)).status).toBe(200)
  })

  test('somebody has to own a document', async () => {
    const { server, owner } = await startPlace()
    const documentId = await newDocument(owner)
    const { userId } = await server.authority.requireLogin('mira@example.org')
    const path = `/documents/${documentId}/sharing/people/${userId}`
    expect((await owner.ask('PUT', path, { role: 'viewer' })).status).toBe(412)
    expect((await owner.ask('DELETE', path)).status).toBe(412)
  })
})

test('R8: a folder is shared with people, and what lies in it with them, at every depth and live', async () => {
  const place = await startPlace()
  const { owner } = place
  const [ana, bo] = [await place.join('ana'), await place.join('bo')]
  const folder = async (name: string, parent: string | null) =>
    String((await owner.ask('POST', '/folders', { name, parent })).body?.id)
  const outer = await folder('Outer', null)
  const inner = await folder('Inner', outer)
  const { id } = (await owner.ask('POST', '/documents', { title: 'Plan', folder: inner })).body as { id: string }
  const status = async (browser: typeof ana) => (await browser.ask('GET', `/documents/${id}`)).status
  expect([await status(ana), await status(bo)]).toEqual([404, 404])
  const given = await owner.ask('PUT', `/folders/${outer}/sharing/people/${ana.userId}`, { role: 'viewer' })
  expect(given.body).toMatchObject({ people: [{ name: 'ana', role: 'viewer' }], reach: 'restricted' })
  expect([await status(ana), await status(bo)]).toEqual([200, 404])
  const socket = await ana.open(id)
  await socket.next('step1')
  await owner.ask('PATCH', `/folders/${inner}/sharing`, { reach: 'members', role: 'editor' })
  expect((await socket.next('notice', ({ notice }) => notice.kind === 'role-changed')).notice).toMatchObject({
    role: 'editor',
  })
  expect(await status(bo)).toBe(200)
  // Who looks at the document, or at a folder, sees where a right comes from.
  const outerGives = { folder: { name: 'Outer' }, people: [{ name: 'ana', role: 'viewer' }], reach: 'restricted' }
  const innerGives = { folder: { id: inner, name: 'Inner' }, people: [], reach: 'members', reachRole: 'editor' }
  expect((await owner.ask('GET', `/documents/${id}/sharing`)).body).toMatchObject({
    people: [{ name: 'Mira Halden', role: 'owner' }],
    inherited: [innerGives, outerGives],
  })
  expect((await owner.ask('GET', `/folders/${inner}/sharing`)).body).toMatchObject({ inherited: [outerGives] })
  expect((await owner.ask('GET', `/folders/${outer}/sharing`)).body).toMatchObject({ inherited: [] })
  await owner.ask('PATCH', `/folders/${inner}/sharing`, { reach: 'restricted' })
  await owner.ask('DELETE', `/folders/${outer}/sharing/people/${ana.userId}`)
  expect((await socket.closed).code).toBe(4403)
  expect([await status(ana), await status(bo)]).toEqual([404, 404])
  // A folder is not shared with who has no account, and nobody owns one.
  expect((await owner.ask('PATCH', `/folders/${inner}/sharing`, { reach: 'anyone' })).status).toBe(400)
  expect((await owner.ask('PUT', `/folders/${inner}/sharing/people/${bo.userId}`, { role: 'owner' })).status).toBe(400)
  expect((await owner.ask('GET', '/folders/nothing/sharing')).status).toBe(404)
  expect((await ana.ask('PUT', `/folders/${inner}/sharing/people/${ana.userId}`, { role: 'editor' })).status).toBe(403)
})
