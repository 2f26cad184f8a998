// The rights of sockets that are open, over days.

import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { Authority } from '../../../server/src/accounts/authority.ts'
import { LiveGrants } from '../../../server/src/http/live.ts'
import { silentLog } from '../../../server/src/log.ts'
import { memoryRecords } from '../../../server/src/store/record-keeping.ts'
import { goodPassword, quickPasswords } from '../../helpers/browsers.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { startPlace } from '../../helpers/people.ts'

const dayMs = 24 * 60 * 60_000

async function signIn() {
  const clock = new ManualClock()
  const records = memoryRecords(() => undefined)
  const authority = await Authority.open({
    records,
    clock,
    log: silentLog,
    openMode: false,
    passwords: quickPasswords(),
  })
  const { userId } = await authority.users.create({ name: 'Ana', login: 'ana', password: goodPassword })
  await authority.sharing.give('plan', userId, 'editor')
  const { token } = await authority.sessions.begin({ userId, agent: '' })
  const live = new LiveGrants({ authority, clock, log: silentLog })
  return { clock, authority, live, userId, token }
}

test('A5: a document that stays open keeps its session from ending for want of use, for 30 days at most', async () => {
  const { clock, authority, live, userId, token } = await signIn()
  const grant = live.begin({ identity: await authority.identify(token), documentId: 'plan', extension: true }, 'none')
  await live.judge(grant)
  for (let day = 4; day < 30; day += 4) {
    clock.advance(4 * dayMs)
    await expect.poll(async () => (await authority.sessions.listOf(userId))[0]?.seenMs).toBe(clock.nowMs())
    await expect.poll(() => grant.role).toBe('editor')
  }
  expect((await authority.identify(token)).kind).toBe('user')
  clock.advance(3 * dayMs)
  await expect.poll(() => grant.role).toBe('none')
  live.stop()
})

test('A5: a session that nothing is open in ends after seven days', async () => {
  const { clock, authority, live, token } = await signIn()
  live.stop()
  clock.advance(7 * dayMs)
  expect((await authority.identify(token)).kind).toBe('anonymous')
})

test('R9: who asks for a lesser role gets no more than that, and less when they may less', async () => {
  const { server, join } = await startPlace()
  const ana = await join('ana')
  await ana.ask('PUT', '/documents/plan', { title: 'Plan' }, { 'if-none-match': '*' })
  const socket = await ana.open('plan', { query: '?as=viewer' })
  expect((await socket.next('hello')).hello.role).toBe('viewer')
  await socket.next('step1')
  const forged = new Y.Doc()
  forged.getText('title').insert(0, 'x')
  const update = Y.encodeStateAsUpdate(forged)
  socket.send({ type: 'sequenced', clientSeq: 1, message: { type: 'update', update } })
  expect((await socket.next('nack')).code).toBe('read-only')
  await server.authority.sharing.give('plan', (await join('bo')).userId, 'owner')
  await server.authority.sharing.give('plan', ana.userId, 'commenter')
  await socket.roundTrip()
  expect(socket.received.filter(({ type }) => type === 'notice')).toEqual([])
  await server.authority.sharing.give('plan', ana.userId, 'none')
  expect((await socket.closed).code).toBe(4403)
  const strange = await ana.open('plan', { query: '?as=owner' })
  expect((await strange.closed).code).toBe(4400)
})
