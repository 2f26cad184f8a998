// The audit log, and what else the owners of a server see of it.

import { describe, expect, test } from 'vitest'
import { audited } from '../../../server/src/http/audited.ts'
import { rights } from '../../../server/src/http/rights.ts'
import { goodPassword } from '../../helpers/browsers.ts'
import { startPlace } from '../../helpers/people.ts'

interface Item {
  readonly act: string
  readonly by?: string
  readonly whom?: string
  readonly title?: string
  readonly address: string
  readonly fields?: Record<string, unknown>
}

describe('the audit log', () => {
  test('A10: says who did what to whom, when and from where, and holds nothing that lets anybody in', async () => {
    const place = await startPlace()
    const { owner, server } = place
    const ana = await place.join('ana')
    const { id } = (await owner.ask('POST', '/documents', { title: 'Plan' })).body as { id: string }
    await owner.ask('PUT', `/documents/${id}/sharing/people/${ana.userId}`, { role: 'editor' })
    await owner.ask('PATCH', `/documents/${id}/sharing`, { reach: 'anyone', password: 'winter morning' })
    const { url } = (await owner.ask('POST', `/documents/${id}/sharing/secrets`)).body as { url: string }
    const secret = url.split('#key=')[1]!
    const guest = place.stranger()
    await guest.ask('POST', `/documents/${id}/link`, { secret })
    await guest.ask('POST', `/documents/${id}/link`, { secret, password: 'summer' })
    await guest.ask('POST', `/documents/${id}/link`, { secret, password: 'winter morning' })
    await place.stranger().signIn('ana', 'a wrong password')
    await place.stranger().signIn('a password in the wrong field', 'ana')
    await owner.ask('PATCH', `/users/${ana.userId}`, { disabled: true })

    const found = (await owner.ask('GET', '/admin/audit')).body?.items as Item[]
    const items = found.map(({ act, by, whom, title, fields }) => ({
      act,
      ...(by !== undefined && { by }),
      ...(whom !== undefined && { whom }),
      ...(title !== undefined && { title }),
      ...(fields !== undefined && { fields }),
    }))
    const [by, whom, title] = ['Mira Halden', 'ana', 'Plan']
    expect(items.reverse()).toEqual([
      { act: 'set-up', by },
      { act: 'signed-in', by: 'ana' },
      { act: 'role-given', by, whom, title, fields: { role: 'editor' } },
      { act: 'reach-changed', by, title, fields: { reach: 'anyone', hasPassword: true } },
      { act: 'link-copied', by, title },
      { act: 'link-refused', title },
      { act: 'link-opened', title },
      { act: 'sign-in-failed', whom },
      { act: 'sign-in-failed' },
      { act: 'user-changed', by, whom, fields: { disabled: true } },
    ])
    expect(new Set(found.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']))
    const kept = JSON.stringify(await server.store.records.list('audit'))
    const cookies = [owner, ana, guest].flatMap(({ cookie }) => cookie.split(/[;=.]/))
    for (const word of [secret, goodPassword, 'winter', 'summer', 'a wrong password', 'wrong field', ...cookies]) {
      if (word.length > 16 || word.includes(' ') || word.startsWith('w')) expect(kept).not.toContain(word)
    }
  })

  test('A10: is read page by page, by the owners of the server alone', async () => {
    const place = await startPlace()
    const ana = await place.join('ana')
    for (let i = 0; i < 5; i++) await place.owner.ask('POST', '/invites', { note: `n${i}` })
    const first = await place.owner.ask('GET', '/admin/audit?limit=4')
    const next = first.body?.next as string
    const rest = await place.owner.ask('GET', `/admin/audit?limit=4&before=${next}`)
    expect([first, rest].flatMap(({ body }) => body?.items)).toHaveLength(7)
    expect(rest.body?.next).toBeUndefined()
    expect((await ana.ask('GET', '/admin/audit')).status).toBe(403)
  })

  test('every route that can change something says whether it is noted', () => {
    const changing = Object.keys(rights).filter(route => !/^(GET|HEAD) /.test(route))
    expect(changing.filter(route => !(route in audited))).toEqual([])
    expect(Object.keys(audited).filter(route => !(route in rights))).toEqual([])
  })
})

test('owners see how the server does, what is open, and what anyone could open; of private documents not the name', async () => {
  const place = await startPlace()
  const ana = await place.join('ana')
  const { id } = (await ana.ask('POST', '/documents', { title: 'Secret plan' })).body as { id: string }
  const client = await ana.open(id)
  await client.next('step1')
  const live = await place.owner.ask('GET', '/admin/live')
  expect(live.body?.items).toMatchObject([{ id, title: null, sockets: 1 }])
  expect((await place.owner.ask('GET', '/admin/overview')).body).toMatchObject({
    people: { all: 2, disabled: 0 },
    documents: { all: 1, lately: 1, open: 1 },
    sockets: 1,
    health: { ready: true },
  })
  expect((await place.owner.ask('GET', '/admin/links')).body?.items).toEqual([])
  await ana.ask('PATCH', `/documents/${id}/sharing`, { reach: 'anyone', role: 'editor' })
  const links = await place.owner.ask('GET', '/admin/links')
  expect(links.body?.items).toEqual([{ id, title: 'Secret plan', role: 'editor', hasPassword: false }])
  await client.close()
})
