// Programs that show themselves in a document over HTTP, and who is there.

import { expect, test } from 'vitest'
import { Browser } from '../../helpers/browsers.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { startPlace } from '../../helpers/people.ts'
import { startServer } from '../../helpers/running-server.ts'

async function start() {
  const clock = new ManualClock()
  const server = await startServer({ clock })
  const browser = new Browser(server.url)
  await browser.ask('GET', '/me')
  const { id } = (await browser.ask('POST', '/documents', { markdown: 'Ship in May.\n\nThen rest.' })).body as {
    id: string
  }
  const path = `/documents/${id}/presence`
  const here = async () => (await browser.ask('GET', path)).body?.items as Record<string, unknown>[]
  return { server, clock, browser, id, path, here }
}

test('contract 13: a program is there with its words selected, and gone when its time is over or it says so; nothing of it is stored', async () => {
  const { server, clock, browser, id, path, here } = await start()
  const stored = await server.registry.withRoom(id, room => room.revision)
  const fields = {
    name: 'Release bot',
    status: 'composing',
    note: 'updating the date',
    caret: { quote: 'May' },
    ttlS: 15,
  }
  expect((await browser.ask('PUT', `${path}/one`, fields)).status).toBe(204)
  const [block] = (await browser.ask('GET', `/documents/${id}/blocks`)).body!.items as { id: string }[]
  expect(await here()).toMatchObject([
    {
      user: { name: 'Release bot' },
      kind: 'agent',
      status: 'composing',
      note: 'updating the date',
      caret: { block: block!.id, offset: 11 },
    },
  ])
  clock.advance(10_000)
  await browser.ask('PUT', `${path}/one`, { ...fields, caret: { block: block!.id, edge: 'start' } })
  expect(await here()).toMatchObject([{ caret: { block: block!.id, offset: 0 } }])
  clock.advance(14_000)
  expect(await here()).toHaveLength(1)
  clock.advance(1_500)
  expect(await here()).toEqual([])

  await browser.ask('PUT', `${path}/two`, {})
  expect(await here()).toMatchObject([{ user: { name: 'Agent' }, caret: null }])
  expect((await browser.ask('DELETE', `${path}/two`)).status).toBe(204)
  expect(await here()).toEqual([])
  expect(await server.registry.withRoom(id, room => room.revision)).toBe(stored)
})

test('what is no place, no name, and too many are refused', async () => {
  const { browser, path, here } = await start()
  expect((await browser.ask('PUT', `${path}/one`, { caret: { quote: 'nowhere' } })).body).toMatchObject({
    code: 'target-not-found',
  })
  expect((await browser.ask('PUT', `${path}/one`, { caret: { quote: 'e' } })).body).toMatchObject({
    code: 'ambiguous-target',
  })
  expect((await browser.ask('PUT', `${path}/one`, { ttlS: 3_000 })).body).toMatchObject({ field: '/ttlS' })
  expect((await browser.ask('PUT', `${path}/a%20b`, {})).status).toBe(400)
  for (let i = 0; i < 20; i++) expect((await browser.ask('PUT', `${path}/s${i}`, {})).status).toBe(204)
  expect((await browser.ask('PUT', `${path}/more`, {})).status).toBe(429)
  expect(await here()).toHaveLength(20)
})

test('a token bears its note, and nobody hides what somebody else shows', async () => {
  const { owner, stranger } = await startPlace()
  const { id } = (await owner.ask('POST', '/documents', { text: 'Plan' })).body as { id: string }
  const tokenOf = async (note: string) => {
    const { body } = await owner.ask('POST', '/tokens', { note, scopes: ['docs:read'] })
    return { authorization: `Bearer ${body?.token as string}` }
  }
  const [one, two] = [await tokenOf('The bot'), await tokenOf('Another')]
  const path = `/documents/${id}/presence`
  const program = stranger()
  expect((await program.ask('PUT', `${path}/s`, { name: 'Somebody else' }, one)).status).toBe(204)
  expect((await program.ask('DELETE', `${path}/s`, undefined, two)).status).toBe(204)
  expect((await owner.ask('GET', path)).body).toMatchObject({ items: [{ user: { name: 'The bot' } }] })
  expect((await program.ask('PUT', `${path}/s`, {})).status).toBe(401)
})
