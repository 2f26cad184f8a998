// Text that a program writes bit by bit beside people: what is there meanwhile, what is sent again, and whom it belongs to.

import { connect } from '@sheaf/client/http'
import { describe, expect, test } from 'vitest'
import { Browser, goodPassword } from '../../helpers/browsers.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { startPlace } from '../../helpers/people.ts'
import { settle } from '../../helpers/room-client.ts'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

async function start(server?: RunningServer) {
  const running = server ?? (await startServer())
  const browser = new Browser(running.url)
  // With its cookie from here on.
  await browser.ask('GET', '/me')
  const made = await fetch(`${running.url}/api/v1/documents`, {
    method: 'POST',
    headers: { 'content-type': 'text/markdown' },
    body: 'First.\n\n## Costs\n\nNone.',
  })
  const { id } = (await made.json()) as { id: string }
  const writers = `/documents/${id}/writers`
  const markdown = async () =>
    (await fetch(`${running.url}/api/v1/documents/${id}/content`, { headers: { accept: 'text/markdown' } })).text()
  const piece = (writer: string, at: number, text: string, end = '') =>
    browser.ask('POST', `${writers}/${writer}?at=${at}${end}`, new TextEncoder().encode(text), {
      'content-type': 'text/markdown',
    })
  const open = async (fields: object = {}) => {
    const { status, body, text } = await browser.ask('POST', writers, fields)
    expect(status, text).toBe(201)
    return body?.writer as string
  }
  return { server: running, browser, id, writers, markdown, piece, open }
}

describe('a text that is written bit by bit', () => {
  test('is in the document word by word, on disk when it is answered, and whole with its end', async () => {
    const { markdown, piece, open } = await start()
    const writer = await open({ target: { heading: 'Costs' } })
    const first = await piece(writer, 0, 'The **gut')
    expect(first).toMatchObject({ status: 200, body: { at: 9, written: 4 } })
    expect(await markdown()).toBe('First.\n\n## Costs\n\nNone.\n\nThe\n')
    const second = await piece(writer, 9, 'ter** leaks')
    expect(second.body).toMatchObject({ at: 20, written: 15 })
    expect(second.headers.get('document-revision')).toBe((second.body as { rev: string }).rev)
    expect(await markdown()).toContain('The **gutter**')
    const last = await piece(writer, 20, '.\n\n- now', '&end=1')
    expect(last.body).toMatchObject({ at: 28, written: 28, blocks: [expect.any(String), expect.any(String)] })
    expect(await markdown()).toBe('First.\n\n## Costs\n\nNone.\n\nThe **gutter** leaks.\n\n- now\n')
    expect((await piece(writer, 28, 'x')).status).toBe(404)
  })

  test('takes a piece that is sent again once, and says from where to go on', async () => {
    const { markdown, piece, open } = await start()
    const writer = await open()
    await Promise.all([piece(writer, 0, 'one two '), piece(writer, 0, 'one two ')])
    await piece(writer, 4, 'two three ')
    expect(await piece(writer, 40, 'late')).toMatchObject({ status: 412, body: { at: 14 } })
    await piece(writer, 14, 'four', '&end=1')
    expect((await markdown()).trim()).toMatch(/None\.\n\none two three four$/)
  })

  test('is taken away again without what others wrote into it', async () => {
    const { browser, id, markdown, piece, open } = await start()
    const writer = await open()
    await piece(writer, 0, 'one two three ')
    const edit = { op: 'insert', target: { quote: 'two', edge: 'after' }, text: ' and a half' }
    expect((await browser.ask('POST', `/documents/${id}/edits`, { edits: [edit] })).status).toBe(200)
    expect((await browser.ask('DELETE', `/documents/${id}/writers/${writer}`)).status).toBe(204)
    const left = await markdown()
    expect(left).toContain('and a half')
    expect(left).not.toMatch(/\bone\b|three/)
  })

  test('is shown by a caret that stands behind the last word', async () => {
    const { server, id, piece, open } = await start()
    const ana = await WireClient.open(server.url, id, { extension: true })
    await ana.next('step1')
    const writer = await open({ name: 'Release bot' })
    await piece(writer, 0, 'one two ')
    await expect
      .poll(async () => {
        const states = await server.registry.withRoom(id, room => room.presence.states)
        return states.map(state => JSON.parse(state) as { user?: { name: string }; caret?: { head: string } | null })
      })
      .toContainEqual(
        expect.objectContaining({
          user: expect.objectContaining({ name: 'Release bot' }),
          caret: { anchor: expect.any(String), head: expect.any(String) },
        }),
      )
    await ana.close()
  })

  test('ends by itself after a minute without a piece, and with the server, with all that has come', async () => {
    const clock = new ManualClock()
    const { server, markdown, piece, open } = await start(await startServer({ clock }))
    const writer = await open()
    await piece(writer, 0, 'half a wo')
    clock.advance(61_000)
    await expect.poll(markdown).toContain('half a wo')
    expect((await piece(writer, 9, 'rd')).status).toBe(404)
    const other = await open()
    await piece(other, 0, 'the last wo')
    const stopped = server.close({ atOnce: true })
    clock.advance(1_000)
    await stopped
  })

  test('belongs to who began it, and ends with the right to edit', async () => {
    const { owner, server, stranger } = await startPlace()
    const made = await owner.ask('POST', '/documents', { title: 'Plan', text: 'First.' })
    const { id } = made.body as { id: string }
    const token = async () => {
      const { body } = await owner.ask('POST', '/tokens', { scopes: ['docs:write'] })
      return { id: body?.id as string, bearer: { authorization: `Bearer ${body?.token as string}` } }
    }
    const [one, two] = [await token(), await token()]
    const program = stranger()
    const begun = await program.ask('POST', `/documents/${id}/writers`, {}, one.bearer)
    const path = `/documents/${id}/writers/${begun.body?.writer as string}`
    const piece = (at: number, text: string, bearer: Record<string, string>) =>
      program.ask('POST', `${path}?at=${at}`, new TextEncoder().encode(text), {
        'content-type': 'text/markdown',
        ...bearer,
      })
    expect((await piece(0, 'one ', two.bearer)).status).toBe(404)
    expect((await piece(0, 'one ', {})).status).toBe(401)
    expect((await piece(0, 'one ', one.bearer)).status).toBe(200)
    await owner.ask('DELETE', `/tokens/${one.id}`)
    expect((await piece(4, 'two ', one.bearer)).status).toBe(401)
    expect(server.url).toMatch(/^http/)
  })

  test('refuses what is no target, too much, and more texts than one may write at once', async () => {
    const { browser, writers, piece, open } = await start()
    expect(await browser.ask('POST', writers, { target: { heading: 'Nowhere' } })).toMatchObject({
      status: 422,
      body: { code: 'target-not-found' },
    })
    expect((await browser.ask('POST', writers, { target: { quote: 'First' } })).body).toMatchObject({
      field: '/target',
    })
    const writer = await open()
    expect((await piece(writer, 0, 'x'.repeat(256 * 1024 + 1))).status).toBe(413)
    expect(
      (await browser.ask('POST', `${writers}/${writer}`, new Uint8Array(), { 'content-type': 'text/markdown' })).body,
    ).toMatchObject({ field: '/at' })
    for (let i = 1; i < 8; i++) await open()
    expect((await browser.ask('POST', writers, {})).status).toBe(429)
  })

  test('whose writer may not edit any more is not ended with what waited', async () => {
    const clock = new ManualClock()
    const { owner, server, stranger } = await startPlace({ clock })
    const { id } = (await owner.ask('POST', '/documents', { text: 'First.' })).body as { id: string }
    const ana = stranger()
    const invited = await owner.ask('POST', '/invites', {})
    const secret = String(invited.body?.url).split('#')[1]
    await ana.ask('POST', '/invites/accept', { secret, name: 'Ana', login: 'ana', password: goodPassword })
    const userId = ((await ana.ask('GET', '/me')).body as { user: { id: string } }).user.id
    await owner.ask('PUT', `/documents/${id}/sharing/people/${userId}`, { role: 'editor' })
    const begun = await ana.ask('POST', `/documents/${id}/writers`, {})
    const path = `/documents/${id}/writers/${begun.body?.writer as string}?at=0`
    const sent = await ana.ask('POST', path, new TextEncoder().encode('one tw'), { 'content-type': 'text/markdown' })
    expect(sent.status).toBe(200)
    await owner.ask('PUT', `/documents/${id}/sharing/people/${userId}`, { role: 'viewer' })
    clock.advance(61_000)
    await settle()
    const text = await server.registry.withRoom(id, room => room.ydoc.getText('body').toString())
    expect(text).toContain('one')
    expect(text).not.toContain('tw')
  })

  test('writes no more than what was added, however much was deleted before', async () => {
    const { server, browser, id, piece, open } = await start()
    for (let i = 0; i < 30; i++) {
      const edit = { op: 'insert', target: { quote: 'First' }, text: ` w${i}` }
      await browser.ask('POST', `/documents/${id}/edits`, { edits: [edit] })
      await browser.ask('POST', `/documents/${id}/edits`, { edits: [{ op: 'delete', target: { quote: ` w${i}` } }] })
    }
    const writer = await open()
    await piece(writer, 0, 'one ')
    const before = await server.registry.withRoom(id, room => room.revision)
    await piece(writer, 4, 'tw')
    expect(await server.registry.withRoom(id, room => room.revision)).toBe(before)
  })

  test('grows the state vector by one, however many texts are written', async () => {
    const { server, id, piece, open } = await start()
    const clients = () => server.registry.withRoom(id, room => room.ydoc.store.clients.size)
    const before = await clients()
    for (let i = 0; i < 6; i++) {
      const writer = await open()
      await piece(writer, 0, `text ${i}`, '&end=1')
    }
    expect(await clients()).toBeLessThanOrEqual(before + 1)
  })

  test('comes from a stream with the SDK, and a lost answer writes nothing twice', async () => {
    const { server, id, markdown } = await start()
    let count = 0
    const unreliable: typeof fetch = async (...args) => {
      const response = await fetch(...args)
      if (String(args[0]).includes('?at=') && ++count % 2 === 1) throw new TypeError('The answer was lost.')
      return response
    }
    await using place = connect(server.url, { fetch: unreliable })
    const writer = await place.edits.writer(id, { run: { id: 'r-1' } })
    for (const part of ['The ', 'gut', 'ter ', 'lea', 'ks.']) await writer.write(part)
    const { rev, blocks } = await writer.close()
    expect(rev).toMatch(/^\w{8}\.\d+$/)
    expect(blocks).toHaveLength(1)
    expect((await markdown()).trim()).toMatch(/None\.\n\nThe gutter leaks\.$/)
    await expect(writer.write('more')).rejects.toThrow('ended')
    await place.edits.edit(id, edits => edits.append('By hand.'))
    const taken = await new Browser(server.url).ask('POST', `/documents/${id}/revert`, { run: 'r-1' })
    expect(taken.status).toBe(200)
    expect((await markdown()).trim()).toMatch(/None\.\n\nBy hand\.$/)
  })
})
