// Documents that begin with something: Markdown, HTML, JSON, a Yjs update, what another document says.

import { seedUpdate } from '@sheaf/model'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { newDevice } from '../../../server/src/http/device.ts'
import type { DocumentResource } from '../../../server/src/http/documents.ts'
import { startPlace } from '../../helpers/people.ts'
import { RemoteEditor } from '../../helpers/remote-editor.ts'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'

const markdown = '# Plan\n\nShip **in May**.\n\n- [ ] Money\n\n| a | b |\n| - | - |\n| 1 | 2 |'

async function post(
  { url }: { url: string },
  path: string,
  body: string | Uint8Array | object,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: DocumentResource & { code?: string; field?: string }; headers: Headers }> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const response = await fetch(`${url}/api/v1/documents${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: isRaw ? (body as string) : JSON.stringify(body),
  })
  return { status: response.status, body: await response.json(), headers: response.headers }
}

async function read(server: RunningServer, documentId: string, accept = 'text/markdown'): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/documents/${documentId}/content`, { headers: { accept } })
  expect(response.status).toBe(200)
  return (await response.text()).trimEnd()
}

describe('contract 9: a document begins with', () => {
  test('Markdown as the body itself, and says it again', async () => {
    const server = await startServer()
    const made = await post(server, '?title=The%20plan', markdown, { 'content-type': 'text/markdown; charset=utf-8' })
    expect(made.status).toBe(201)
    expect(made.headers.get('location')).toBe(`/api/v1/documents/${made.body.id}`)
    expect(made.body).toMatchObject({ title: 'The plan', revision: 1 })
    const said = await read(server, made.body.id)
    const again = await post(server, '?title=', said, { 'content-type': 'text/markdown' })
    expect(await read(server, again.body.id)).toBe(said)
    expect(said).toContain('Ship **in May**.')
  })

  test('Markdown whose one heading of level 1 is its title, where none is given', async () => {
    const server = await startServer()
    const { body } = await post(server, '', markdown, { 'content-type': 'text/markdown' })
    expect(body.title).toBe('Plan')
    expect(await read(server, body.id)).not.toContain('# Plan')
  })

  test('so much of it that it is read elsewhere', async () => {
    const server = await startServer()
    const { body } = await post(server, '', 'word '.repeat(20_000), { 'content-type': 'text/markdown' })
    expect((await read(server, body.id)).length).toBeGreaterThan(90_000)
  })

  test('HTML, cleaned', async () => {
    const server = await startServer()
    const html = '<h2>One</h2><script>alert(1)</script><p>Two <b>bold</b></p>'
    const { body } = await post(server, '', html, { 'content-type': 'text/html' })
    expect(await read(server, body.id)).toBe('## One\n\nTwo **bold**')
  })

  test('any of them in a field, and the JSON that content is given in', async () => {
    const server = await startServer()
    const first = await post(server, '', { title: 'Plan', markdown: 'Ship *soon*.' })
    const { doc } = JSON.parse(await read(server, first.body.id, 'application/json'))
    for (const fields of [{ json: doc }, { html: '<p>Ship <em>soon</em>.</p>' }]) {
      const { status, body } = await post(server, '', { title: 'Plan', ...fields })
      expect([status, body.title]).toEqual([201, 'Plan'])
      expect(await read(server, body.id)).toBe('Ship *soon*.')
    }
  })

  test('a Yjs update, whose author goes on under the same client id', async () => {
    const server = await startServer()
    const update = seedUpdate({ title: 'From afar', text: 'Hello' })
    const [own, other] = [newDevice(), newDevice()].map(device => ({ cookie: `sheaf_device=${device}` }))
    const made = await post(server, '', update, { 'content-type': 'application/vnd.yjs.update', ...own })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({ title: 'From afar', layout: 'sheaf' })
    const ydoc = new Y.Doc()
    Y.applyUpdate(ydoc, update)
    const [client] = Y.decodeStateVector(Y.encodeStateVector(ydoc)).keys()
    const before = Y.encodeStateVector(ydoc)
    ydoc.clientID = client!
    ydoc.getText('title').insert(9, '!')
    const type = { 'content-type': 'application/octet-stream' }
    const more = Y.encodeStateAsUpdate(ydoc, before)
    const foreign = await post(server, `/${made.body.id}/update`, more, { ...type, ...other })
    expect([foreign.status, foreign.body.code]).toEqual([422, 'invalid-update'])
    expect((await post(server, `/${made.body.id}/update`, more, { ...type, ...own })).status).toBe(200)
  })

  test.each<[string, string | Uint8Array | object, Record<string, string>, number, string]>([
    ['two contents', { text: 'a', markdown: 'b' }, {}, 400, 'invalid-field'],
    ['JSON that is no document', { json: { type: 'nothing' } }, {}, 400, 'invalid-field'],
    [
      'bytes that are no update',
      Uint8Array.of(7, 7),
      { 'content-type': 'application/vnd.yjs.update' },
      422,
      'invalid-update',
    ],
    ['another type', 'a', { 'content-type': 'text/csv' }, 415, 'unsupported-media-type'],
  ])('nothing where %s came', async (_name, body, headers, status, code) => {
    const server = await startServer()
    expect(await post(server, '', body, headers)).toMatchObject({ status, body: { code } })
    expect((await server.store.list()).items).toEqual([])
  })
})

test('contract 4: a key makes one document, also over a crash of the server', async () => {
  const data = await tempDirectory()
  const first = await startServer({ memory: false, data })
  const headers = {
    'content-type': 'text/markdown',
    'idempotency-key': 'seven',
    cookie: 'sheaf_device=abcdefghijklmnop',
  }
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(first, '', 'Once.', headers)))
  const made = answers.filter(({ status }) => status === 201)
  expect(made.length).toBeGreaterThan(0)
  await first.close({ atOnce: true })
  const second = await startServer({ memory: false, data })
  const replay = await post(second, '', 'Once.', headers)
  expect(replay.headers.get('idempotency-replayed')).toBe('true')
  expect(new Set([...made, replay].map(({ body }) => body.id)).size).toBe(1)
  expect((await second.store.list()).items).toHaveLength(1)
  expect((await post(second, '', 'Twice.', headers)).body.code).toBe('idempotency-key-reused')
})

describe('a copy', () => {
  test('says what the document says, keeps its blocks, and goes its own way', async () => {
    const server = await startServer()
    const { body: plan } = await post(server, '', { title: 'Plan', markdown })
    const copy = await post(server, `/${plan.id}/duplicate`, { title: 'Plan B' })
    expect(copy.status).toBe(201)
    expect(copy.body.title).toBe('Plan B')
    expect(await read(server, copy.body.id)).toBe(await read(server, plan.id))
    const blocks = (id: string) =>
      fetch(`${server.url}/api/v1/documents/${id}/blocks`).then(answer => answer.json()) as Promise<{ items: object[] }>
    expect((await blocks(copy.body.id)).items).toEqual((await blocks(plan.id)).items)
    const edits = [{ op: 'replaceText', target: { quote: 'May' }, text: 'June' }]
    expect((await post(server, `/${copy.body.id}/edits`, { edits })).status).toBe(200)
    expect(await read(server, plan.id)).toContain('in May')
    const person = await RemoteEditor.open(server.url, copy.body.id)
    person.type(1, 0, 'Soon: ')
    await person.document.saved()
    await person.document.close()
    expect(await read(server, copy.body.id)).toContain('Soon: Ship')
  })

  test('of a revision is of that revision', async () => {
    const server = await startServer()
    const { body: plan } = await post(server, '', { title: 'Plan', markdown: 'In May.' })
    const content = await fetch(`${server.url}/api/v1/documents/${plan.id}/content`)
    const rev = content.headers.get('document-revision')
    await post(server, `/${plan.id}/edits`, { edits: [{ op: 'delete', target: { document: 'all' } }] })
    const { body } = await post(server, `/${plan.id}/duplicate`, { rev })
    expect(await read(server, body.id)).toBe('In May.')
    expect((await post(server, `/${plan.id}/duplicate`, { rev: 'abcdefgh.1' })).body.code).toBe('epoch-mismatch')
  })

  test('has its images for itself, and its maker owns it', async () => {
    const place = await startPlace()
    const bo = await place.join('bo')
    await place.owner.ask('PUT', '/documents/plan', { title: 'Plan' }, { 'if-none-match': '*' })
    const png = Uint8Array.from(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'))
    const { body: asset } = await place.owner.ask('POST', '/documents/plan/assets?name=a.png', png)
    const edits = [{ op: 'insert', target: { document: 'end' }, markdown: `![A](${asset!.url})` }]
    expect((await place.owner.ask('POST', '/documents/plan/edits', { edits })).status).toBe(200)
    await place.owner.ask('PUT', `/documents/plan/sharing/people/${bo.userId}`, { role: 'viewer' })
    const { status, body } = await bo.ask('POST', '/documents/plan/duplicate')
    expect(status).toBe(201)
    const copy = body!.id as string
    await place.owner.ask('DELETE', `/documents/plan/sharing/people/${bo.userId}`)
    const content = await bo.ask('GET', `/documents/${copy}/content`, undefined, { accept: 'text/markdown' })
    expect(content.text).toContain(`/api/v1/documents/${copy}/assets/${asset!.hash}`)
    expect((await bo.ask('GET', `/documents/${copy}/assets/${asset!.hash}`)).status).toBe(200)
    expect((await bo.ask('PATCH', `/documents/${copy}/sharing`, { reach: 'anyone' })).status).toBe(200)
    expect((await bo.ask('POST', '/documents/plan/duplicate')).status).toBe(404)
  })
})
