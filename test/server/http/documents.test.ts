// The documents of /api/v1, over real HTTP.

import { describe, expect, test } from 'vitest'
import type { DocumentResource } from '../../../server/src/http/documents.ts'
import { plainRequest, type RunningServer, startServer } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

function call(server: RunningServer, method: string, path: string, body?: unknown, headers: HeadersInit = {}) {
  return fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
}

async function make(server: RunningServer, fields: object = {}): Promise<DocumentResource> {
  const answer = await call(server, 'POST', '/documents', fields)
  expect(answer.status).toBe(201)
  return (await answer.json()) as DocumentResource
}

async function problem(answer: Response) {
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  return (await answer.json()) as { code: string; status: number; detail: string; field?: string; requestId: string }
}

describe('POST /documents', () => {
  test('makes a sheaf document with its title and text', async () => {
    const server = await startServer()
    const answer = await call(server, 'POST', '/documents', { title: 'The plan', text: 'Ship in May.\nThen rest.' })
    const made = (await answer.json()) as DocumentResource
    expect(answer.status).toBe(201)
    expect(answer.headers.get('location')).toBe(`/api/v1/documents/${made.id}`)
    expect(made).toMatchObject({ title: 'The plan', layout: 'sheaf', revision: 1, url: `${server.url}/d/${made.id}` })
    expect(made.id).toMatch(/^[0-9A-Za-z]{22}$/)
    expect(made.snippet).toContain('Ship in May.')
    expect(made.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    expect(made).not.toHaveProperty('deletedAt')
    expect(await (await call(server, 'GET', `/documents/${made.id}`)).json()).toEqual(made)
  })

  test('makes an empty one from {}', async () => {
    const server = await startServer()
    expect(await make(server)).toMatchObject({ title: '', snippet: '', layout: 'sheaf' })
  })

  test.each<[unknown, string]>([
    [{ titel: 'x' }, '/titel'],
    [{ title: 7 }, '/title'],
    [{ title: 'two\nlines' }, '/title'],
    [{ title: 'x'.repeat(501) }, '/title'],
    [{ text: null }, '/text'],
    [{ text: '\n'.repeat(10_000) }, '/text'],
    [[], ''],
  ])('refuses %# and points to the field', async (fields, field) => {
    const server = await startServer()
    const answer = await call(server, 'POST', '/documents', fields)
    expect(answer.status).toBe(400)
    expect(await problem(answer)).toMatchObject({ code: 'invalid-field', field })
    expect((await server.store.list()).items).toEqual([])
  })

  test('refuses what is no JSON, another type, and too much', async () => {
    const server = await startServer({ limits: { maxRequestBytes: 1_000 } })
    expect(await problem(await call(server, 'POST', '/documents', '{'))).toMatchObject({ code: 'invalid-json' })
    const typed = await call(server, 'POST', '/documents', '{}', { 'content-type': 'text/plain' })
    expect(await problem(typed)).toMatchObject({ code: 'unsupported-media-type', status: 415 })
    const large = await call(server, 'POST', '/documents', { text: 'x'.repeat(1_000) })
    expect(await problem(large)).toMatchObject({ code: 'too-large', status: 413, limit: 1_000 })
  })

  test('refuses too much that does not say how much it is', async () => {
    const server = await startServer({ limits: { maxRequestBytes: 1_000 } })
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(new Uint8Array(400))
      },
    })
    const answer = await fetch(`${server.url}/api/v1/documents`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half',
    } as RequestInit)
    expect(answer.status).toBe(413)
  })
})

describe('PUT /documents/{id}', () => {
  test('makes a document once', async () => {
    const server = await startServer()
    const once = { 'if-none-match': '*' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call(server, 'PUT', '/documents/plan', { title: 'Plan' }, once)),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual([201, ...Array(7).fill(412)])
    expect(await problem(await call(server, 'PUT', '/documents/plan', {}, once))).toMatchObject({
      code: 'already-exists',
    })
    expect((await server.store.find('plan'))?.revision).toBe(1)
  })

  test('needs no body', async () => {
    const server = await startServer()
    expect((await call(server, 'PUT', '/documents/plan', undefined, { 'if-none-match': '*' })).status).toBe(201)
  })

  test('without If-None-Match gets 428 and changes nothing', async () => {
    const server = await startServer()
    const answer = await call(server, 'PUT', '/documents/plan', { title: 'Plan' })
    expect(answer.status).toBe(428)
    expect(await problem(answer)).toMatchObject({ code: 'precondition-required' })
    expect(await server.store.find('plan')).toBeUndefined()
  })

  test('refuses an id that no document can have', async () => {
    const server = await startServer()
    const answer = await call(server, 'PUT', '/documents/-plan', {}, { 'if-none-match': '*' })
    expect(answer.status).toBe(400)
    expect(await problem(answer)).toMatchObject({ code: 'malformed' })
  })
})

describe('PATCH /documents/{id}', () => {
  test('renames, and those who have it open see the new name', async () => {
    const server = await startServer()
    const { id } = await make(server, { title: 'The old plan' })
    const client = await WireClient.open(server.url, id)
    client.send({ type: 'step1', stateVector: new Uint8Array([0]) })
    await client.next('step2')
    const answer = await call(server, 'PATCH', `/documents/${id}`, { title: 'The new plan' })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ id, title: 'The new plan', revision: 2 })
    await client.next('update')
    await client.close()
  })

  test('takes a merge patch, leaves alone what it does not name, and makes no revision of nothing', async () => {
    const server = await startServer()
    const { id } = await make(server, { title: 'Plan 🌍 b' })
    const headers = { 'content-type': 'application/merge-patch+json' }
    expect(await (await call(server, 'PATCH', `/documents/${id}`, {}, headers)).json()).toMatchObject({ revision: 1 })
    const same = await call(server, 'PATCH', `/documents/${id}`, { title: 'Plan 🌍 b' }, headers)
    expect(await same.json()).toMatchObject({ title: 'Plan 🌍 b', revision: 1 })
    const changed = await call(server, 'PATCH', `/documents/${id}`, { title: 'Plan 🌎 b' }, headers)
    expect(await changed.json()).toMatchObject({ title: 'Plan 🌎 b', revision: 2 })
  })

  test('does not name a document that another editor wrote', async () => {
    const server = await startServer()
    const client = await WireClient.open(server.url, 'foreign')
    await client.next('step1')
    const answer = await call(server, 'PATCH', '/documents/foreign', { title: 'x' })
    expect(await problem(answer)).toMatchObject({ code: 'invalid-field', field: '/title' })
    await client.close()
  })
})

describe('the trash', () => {
  test('takes a document away from everybody, and gives it back', async () => {
    const server = await startServer()
    const { id } = await make(server, { title: 'Plan' })
    const client = await WireClient.open(server.url, id)
    await client.next('step1')

    expect((await call(server, 'DELETE', `/documents/${id}`)).status).toBe(204)
    expect((await client.closed).code).toBe(4404)
    const gone = await call(server, 'GET', `/documents/${id}`)
    expect(gone.status).toBe(404)
    expect(await problem(gone)).toMatchObject({ code: 'document-deleted' })
    expect((await call(server, 'GET', `/documents/${id}/content`)).status).toBe(404)
    expect((await call(server, 'DELETE', `/documents/${id}`)).status).toBe(404)
    expect(await (await call(server, 'GET', '/documents')).json()).toEqual({ items: [] })
    const trashed = (await (await call(server, 'GET', '/documents?trashed=true')).json()) as {
      items: DocumentResource[]
    }
    expect(trashed.items).toMatchObject([{ id, title: 'Plan' }])
    expect(trashed.items[0]?.deletedAt).toMatch(/Z$/)

    const back = await call(server, 'POST', `/documents/${id}/restore`)
    expect(await back.json()).toMatchObject({ id, title: 'Plan' })
    expect((await call(server, 'GET', `/documents/${id}`)).status).toBe(200)
  })

  test('knows what never was', async () => {
    const server = await startServer()
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/restore'],
    ] as const) {
      const answer = await call(server, method, `/documents/nowhere${path}`)
      expect(await problem(answer)).toMatchObject({ code: 'not-found', status: 404 })
    }
  })
})

describe('GET /documents', () => {
  test('gives every document once, page by page', async () => {
    const server = await startServer()
    const made = []
    for (let i = 0; i < 5; i++) made.push((await make(server, { title: `Document ${i}` })).id)
    const found: string[] = []
    let path: string | undefined = '/api/v1/documents?limit=2&sort=id'
    while (path !== undefined) {
      const answer: Response = await fetch(server.url + path)
      const page = (await answer.json()) as { items: DocumentResource[]; next?: string }
      found.push(...page.items.map(item => item.id))
      path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
      expect(path === undefined).toBe(page.next === undefined)
    }
    expect(found).toEqual(made.sort())
  })

  test('finds titles', async () => {
    const server = await startServer()
    await make(server, { title: 'Budget 2031' })
    await make(server, { title: 'Minutes' })
    const page = (await (await call(server, 'GET', '/documents?q=budget')).json()) as { items: DocumentResource[] }
    expect(page.items.map(item => item.title)).toEqual(['Budget 2031'])
  })

  test.each([
    ['limit=0', '/limit'],
    ['limit=201', '/limit'],
    ['limit=many', '/limit'],
    ['sort=colour', '/sort'],
    ['trashed=1', '/trashed'],
    ['page=2', '/page'],
  ])('refuses ?%s', async (query, field) => {
    const server = await startServer()
    const answer = await call(server, 'GET', `/documents?${query}`)
    expect(answer.status).toBe(400)
    expect(await problem(answer)).toMatchObject({ code: 'invalid-field', field })
  })
})

describe('every answer', () => {
  test('bears the id of its request, which the log has too', async () => {
    const server = await startServer()
    const answer = await call(server, 'GET', '/documents/nowhere?key=secret')
    const { requestId } = await problem(answer)
    expect(answer.headers.get('x-request-id')).toBe(requestId)
    expect(server.logLines.some(line => line.requestId === requestId && line.route === '/documents/:id')).toBe(true)
    expect(JSON.stringify(server.logLines)).not.toContain('secret')
  })

  test('is not kept and not guessed at', async () => {
    const server = await startServer()
    const answer = await call(server, 'GET', '/documents')
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('names the methods that exist', async () => {
    const server = await startServer()
    const answer = await call(server, 'PATCH', '/documents', {})
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
  })

  test('an address that does not exist is a problem too', async () => {
    const server = await startServer()
    expect(await problem(await call(server, 'GET', '/nothing'))).toMatchObject({ code: 'not-found' })
  })

  test('P13: no other site gets one, nor changes anything', async () => {
    const server = await startServer()
    const url = `${server.url}/api/v1/documents`
    const json = { 'content-type': 'application/json' }
    const rebound = await plainRequest(url, { headers: { host: 'evil.example:4747' } })
    expect(rebound.status).toBe(421)
    for (const origin of ['http://evil.example', 'null']) {
      const posted = await plainRequest(url, { method: 'POST', headers: { ...json, origin }, body: '{}' })
      expect(posted.status).toBe(403)
    }
    const simple = await plainRequest(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'sec-fetch-site': 'cross-site' },
      body: '{}',
    })
    expect(simple.status).toBe(403)
    expect((await server.store.list()).items).toEqual([])
    const own = await plainRequest(url, { method: 'POST', headers: { ...json, origin: server.url }, body: '{}' })
    expect(own.status).toBe(201)
  })

  test('/me says who is asking and within which limits', async () => {
    const server = await startServer()
    const me = (await (await call(server, 'GET', '/me')).json()) as { limits: { maxUpdateBytes: number } }
    expect(me).toMatchObject({ kind: 'guest', role: 'editor', mode: 'open' })
    expect(me.limits.maxUpdateBytes).toBe(1_048_576)
  })
})
