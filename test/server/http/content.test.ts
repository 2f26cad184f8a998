// What a document says, over HTTP: formats, entity tags, and Yjs both ways.

import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

const once = { 'if-none-match': '*', 'content-type': 'application/json' }

async function withPlan(): Promise<{ server: RunningServer; url: string }> {
  const server = await startServer()
  const url = `${server.url}/api/v1/documents/plan`
  const made = await fetch(url, {
    method: 'PUT',
    headers: once,
    body: JSON.stringify({ title: 'The plan', text: 'Ship in May.' }),
  })
  expect(made.status).toBe(201)
  return { server, url }
}

async function replicaOf(url: string): Promise<Y.Doc> {
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, new Uint8Array(await (await fetch(`${url}/update`)).arrayBuffer()))
  return ydoc
}

describe('GET …/content', () => {
  test('is ProseMirror JSON with title and revision', async () => {
    const { url } = await withPlan()
    const answer = await fetch(`${url}/content`)
    expect(answer.headers.get('content-type')).toBe('application/json')
    const content = (await answer.json()) as { revision: string; title: string; doc: { type: string } }
    expect(content.title).toBe('The plan')
    expect(content.doc.type).toBe('doc')
    expect(JSON.stringify(content.doc)).toContain('Ship in May.')
    expect(answer.headers.get('document-revision')).toBe(content.revision)
    expect(content.revision).toMatch(/^[0-9A-Za-z]{8}\.1$/)
  })

  test('is plain text for who asks for it', async () => {
    const { url } = await withPlan()
    const answer = await fetch(`${url}/content`, { headers: { accept: 'text/plain' } })
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await answer.text()).toContain('Ship in May.')
  })

  test.each(['application/octet-stream', 'application/vnd.yjs.update'])('is the whole state as %s', async type => {
    const { url } = await withPlan()
    const answer = await fetch(`${url}/content`, { headers: { accept: type } })
    expect(answer.headers.get('content-type')).toBe(type)
    const ydoc = new Y.Doc()
    Y.applyUpdate(ydoc, new Uint8Array(await answer.arrayBuffer()))
    expect(ydoc.getText('title').toString()).toBe('The plan')
  })

  test('in no format that exists is 406, with those that do', async () => {
    const { url } = await withPlan()
    const answer = await fetch(`${url}/content`, { headers: { accept: 'image/png' } })
    expect(answer.status).toBe(406)
    expect(await answer.json()).toMatchObject({ code: 'not-acceptable', detail: expect.stringContaining('text/plain') })
  })

  test('is 304 while nothing has changed, and new after a change', async () => {
    const { url } = await withPlan()
    const first = await fetch(`${url}/content`)
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toBe(`"${first.headers.get('document-revision')}.json"`)
    const same = await fetch(`${url}/content`, { headers: { 'if-none-match': etag } })
    expect(same.status).toBe(304)
    expect(same.headers.get('etag')).toBe(etag)
    const text = await fetch(`${url}/content`, { headers: { 'if-none-match': etag, accept: 'text/plain' } })
    expect(text.status).toBe(200)
    await fetch(url, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: '{"title":"New"}' })
    const changed = await fetch(`${url}/content`, { headers: { 'if-none-match': etag } })
    expect(changed.status).toBe(200)
    expect(await changed.json()).toMatchObject({ title: 'New' })
  })

  test('HEAD tells revision and size without the content', async () => {
    const { url } = await withPlan()
    const [head, whole] = [await fetch(`${url}/content`, { method: 'HEAD' }), await fetch(`${url}/content`)]
    expect(await head.text()).toBe('')
    for (const name of ['content-length', 'etag', 'document-revision']) {
      expect(head.headers.get(name)).toBe(whole.headers.get(name))
      expect(head.headers.get(name)).not.toBeNull()
    }
  })

  test('of a document that another editor wrote is its bytes only', async () => {
    const server = await startServer()
    const client = await WireClient.open(server.url, 'foreign')
    await client.next('step1')
    const url = `${server.url}/api/v1/documents/foreign/content`
    expect((await fetch(url, { headers: { accept: 'text/plain' } })).status).toBe(406)
    expect((await fetch(url)).headers.get('content-type')).toBe('application/octet-stream')
    await client.close()
  })

  test('leaves the document as it was, byte for byte', async () => {
    const { server, url } = await withPlan()
    const before = Y.encodeStateAsUpdate(await replicaOf(url))
    for (const accept of ['application/json', 'text/plain']) await fetch(`${url}/content`, { headers: { accept } })
    expect(Y.encodeStateAsUpdate(await replicaOf(url))).toEqual(before)
    expect((await server.store.find('plan'))?.revision).toBe(1)
  })
})

describe('…/update', () => {
  test('takes an update, which the others see, and gives the difference to a state', async () => {
    const { server, url } = await withPlan()
    const ydoc = await replicaOf(url)
    const known = Y.encodeStateVector(ydoc)
    const client = await WireClient.open(server.url, 'plan')
    client.send({ type: 'step1', stateVector: new Uint8Array([0]) })
    await client.next('step2')

    ydoc.getText('title').insert(8, ', revised')
    const update = Y.encodeStateAsUpdate(ydoc, known)
    const answer = await fetch(`${url}/update`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream' },
      body: update as Uint8Array<ArrayBuffer>,
    })
    expect(answer.status).toBe(200)
    expect(((await answer.json()) as { revision: string }).revision).toMatch(/\.2$/)
    expect(answer.headers.get('document-revision')).toMatch(/\.2$/)
    await client.next('update')
    await client.close()

    const since = Buffer.from(known).toString('base64url')
    const difference = new Uint8Array(await (await fetch(`${url}/update?since=${since}`)).arrayBuffer())
    expect(difference.byteLength).toBeLessThan(Y.encodeStateAsUpdate(ydoc).byteLength)
    const other = new Y.Doc()
    Y.applyUpdate(other, new Uint8Array(await (await fetch(`${url}/update`)).arrayBuffer()))
    expect(other.getText('title').toString()).toBe('The plan, revised')
  })

  test('refuses what is no update, and nothing changes', async () => {
    const { server, url } = await withPlan()
    for (const body of [new Uint8Array(), new Uint8Array([1, 2, 3]), new Uint8Array(100).fill(255)]) {
      const answer = await fetch(`${url}/update`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body,
      })
      expect(answer.status).toBe(422)
      expect(await answer.json()).toMatchObject({ code: 'invalid-update' })
    }
    expect((await server.store.find('plan'))?.revision).toBe(1)
  })

  test('refuses a state vector that is none', async () => {
    const { url } = await withPlan()
    const answer = await fetch(`${url}/update?since=____`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ code: 'invalid-field', field: '/since' })
  })
})
