// Uploads into a document, over real HTTP.

import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import type { AssetResource } from '../../../server/src/http/assets.ts'
import { plainRequest, type RunningServer, startServer } from '../../helpers/running-server.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const script = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'

describe('POST /documents/{id}/assets', () => {
  test('stores the body under its hash, and gives it back as it was', async () => {
    const server = await serverWith('notes')
    const answer = await upload(server, 'notes', png, { type: 'image/png', name: 'south front.png' })
    expect(answer.status).toBe(201)
    const asset = (await answer.json()) as AssetResource
    expect(answer.headers.get('location')).toBe(asset.url)
    expect(asset).toMatchObject({ type: 'image/png', size: png.length, name: 'south front.png' })
    expect(asset.hash).toMatch(/^[0-9a-f]{64}$/)
    const served = await fetch(server.url + asset.url)
    expect(Buffer.from(await served.arrayBuffer())).toEqual(png)
    expect(await (await upload(server, 'notes', png, { name: 'again.png' })).json()).toEqual(asset)
    expect(await (await fetch(`${server.url}/api/v1/documents/notes/assets`)).json()).toEqual({ items: [asset] })
  })

  test('takes the file of a form', async () => {
    const server = await serverWith('notes')
    const form = new FormData()
    form.append('about', 'a plan')
    form.append('file', new Blob([png], { type: 'text/html' }), 'plan.png')
    const answer = await fetch(`${server.url}/api/v1/documents/notes/assets`, { method: 'POST', body: form })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({ type: 'image/png', name: 'plan.png', size: png.length })
  })

  test.each<[string, Uint8Array, string]>([
    ['image/png', png, 'image/png'],
    ['text/html', Buffer.concat([Buffer.from('\xff\xd8\xff\xe0', 'latin1'), Buffer.alloc(40)]), 'image/jpeg'],
    ['', Buffer.from('GIF89a, and so on'), 'image/gif'],
    ['', Buffer.from('RIFF\x10\0\0\0WEBPVP8 ', 'latin1'), 'image/webp'],
    ['', Buffer.from('\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf', 'latin1'), 'image/avif'],
    ['image/svg+xml', Buffer.from(script), 'application/octet-stream'],
    ['image/png', Buffer.from(`<!doctype html>${script}`), 'application/octet-stream'],
    ['image/png', Buffer.from('\x89PNG'), 'application/octet-stream'],
    ['image/avif', Buffer.from('\0\0\0\x14ftypheic\0\0\0\0mif1', 'latin1'), 'application/octet-stream'],
    ['application/pdf', Buffer.from('%PDF-1.7'), 'application/octet-stream'],
  ])('P11: whatever %s says, the bytes say what it is (%#)', async (said, bytes, type) => {
    const server = await serverWith('notes')
    const asset = (await (await upload(server, 'notes', bytes, { type: said })).json()) as AssetResource
    const { headers } = await fetch(server.url + asset.url)
    expect(asset.type).toBe(type)
    expect(headers.get('content-type')).toBe(type)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
    expect(headers.get('content-disposition')).toMatch(type.startsWith('image/') ? /^inline;/ : /^attachment;/)
  })

  test('a name is one line of a header, whatever it was', async () => {
    const server = await serverWith('notes')
    const name = '../../etc/x"\r\nset-cookie: a=b; Überblick’s.png'
    const asset = (await (await upload(server, 'notes', png, { name })).json()) as AssetResource
    expect(asset.name).toBe('x"set-cookie: a=b; Überblick’s.png')
    const { headers } = await fetch(server.url + asset.url)
    expect(headers.get('content-disposition')).toBe(
      `inline; filename="x_set-cookie_ a_b_ _berblick_s.png"; filename*=UTF-8''${'x%22set-cookie%3A%20a%3Db%3B%20%C3%9Cberblick%E2%80%99s.png'}`,
    )
    expect(headers.get('set-cookie') ?? '').not.toContain('a=b')
  })

  test('refuses what is too large: when it is announced, when it comes, and when the document is full', async () => {
    const server = await serverWith('notes', { maxUploadBytes: 1_000, maxDocumentUploadBytes: 1_500 })
    const announced = await upload(server, 'notes', Buffer.alloc(1_001))
    expect([announced.status, await codeOf(announced)]).toEqual([413, 'too-large'])
    const chunked = await fetch(`${server.url}/api/v1/documents/notes/assets`, {
      method: 'POST',
      body: new Blob([Buffer.alloc(1_001)]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect([chunked.status, await codeOf(chunked)]).toEqual([413, 'too-large'])
    expect((await upload(server, 'notes', Buffer.alloc(1_000, 1))).status).toBe(201)
    const full = await upload(server, 'notes', Buffer.alloc(501, 2))
    expect([full.status, ((await full.json()) as { detail: string }).detail]).toEqual([
      413,
      'With this upload the document would hold more than 1500 bytes of files.',
    ])
    expect((await upload(server, 'notes', Buffer.alloc(500, 2))).status).toBe(201)
    expect((await items(server, 'notes')).length).toBe(2)
  })

  test('refuses an empty body, a form without a file, a document that is not there or in the trash', async () => {
    const server = await serverWith('notes')
    expect((await upload(server, 'notes', Buffer.alloc(0))).status).toBe(400)
    const form = new FormData()
    form.append('about', 'nothing')
    const without = await fetch(`${server.url}/api/v1/documents/notes/assets`, { method: 'POST', body: form })
    expect([without.status, await codeOf(without)]).toEqual([400, 'invalid-field'])
    expect((await upload(server, 'nowhere', png)).status).toBe(404)
    const asset = (await (await upload(server, 'notes', png)).json()) as AssetResource
    await fetch(`${server.url}/api/v1/documents/notes`, { method: 'DELETE' })
    expect((await fetch(server.url + asset.url)).status).toBe(404)
    expect((await upload(server, 'notes', png)).status).toBe(404)
  })

  test('an upload that breaks off leaves nothing', async () => {
    const server = await serverWith('notes')
    const socket = connect(server.port, '127.0.0.1')
    const head = `POST /api/v1/documents/notes/assets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n`
    socket.write(head + 'x'.repeat(500))
    await new Promise<void>(resolve => socket.once('ready', resolve))
    const ended = new Promise(resolve => socket.once('close', resolve))
    socket.destroy()
    await ended
    expect((await upload(server, 'notes', png)).status).toBe(201)
    expect((await items(server, 'notes')).length).toBe(1)
  })

  test('says that the disk is full, and works when it is not any more', async () => {
    const server = await serverWith('notes')
    const store = server.store as typeof server.store & { breakDisk(cause: 'full'): void; mendDisk(): void }
    store.breakDisk('full')
    const answer = await upload(server, 'notes', png)
    expect([answer.status, await codeOf(answer)]).toEqual([503, 'storage-failed'])
    store.mendDisk()
    expect((await upload(server, 'notes', png)).status).toBe(201)
  })
})

describe('GET /documents/{id}/assets/{hash}', () => {
  test('P3: the right to a file is the right to a document that has it', async () => {
    const server = await serverWith('notes')
    await fetch(`${server.url}/api/v1/documents/other`, { method: 'PUT', headers: { 'if-none-match': '*' } })
    const { hash } = (await (await upload(server, 'notes', png)).json()) as AssetResource
    expect((await fetch(`${server.url}/api/v1/documents/other/assets/${hash}`)).status).toBe(404)
    for (const name of ['0'.repeat(64), 'x', '..%2f..%2fstore', `${hash}0`]) {
      expect((await fetch(`${server.url}/api/v1/documents/notes/assets/${name}`)).status, name).toBe(404)
    }
  })

  test('is kept by a browser for good, and asked for by its tag', async () => {
    const server = await serverWith('notes')
    const { url, hash } = (await (await upload(server, 'notes', png)).json()) as AssetResource
    const { headers } = await fetch(server.url + url)
    expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(headers.get('etag')).toBe(`"${hash}"`)
    const again = await plainRequest(server.url + url, {
      headers: { host: '127.0.0.1', 'if-none-match': `W/"x", "${hash}"` },
    })
    expect([again.status, again.text]).toEqual([304, ''])
    const head = await fetch(server.url + url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(png.length)])
  })

  test.each([
    ['bytes=0-9', 206, 'bytes 0-9/100', 10],
    ['bytes=90-', 206, 'bytes 90-99/100', 10],
    ['bytes=-5', 206, 'bytes 95-99/100', 5],
    ['bytes=50-500', 206, 'bytes 50-99/100', 50],
    ['bytes=-500', 206, 'bytes 0-99/100', 100],
    ['bytes=100-', 416, 'bytes */100', 0],
    ['bytes=-0', 416, 'bytes */100', 0],
    ['bytes=9-0', 200, null, 100],
    ['bytes=0-1,5-6', 200, null, 100],
    ['pages=1', 200, null, 100],
  ])('Range: %s is answered with %i', async (range, status, contentRange, size) => {
    const server = await serverWith('notes')
    const bytes = Buffer.from(Array.from({ length: 100 }, (_, index) => index))
    const { url } = (await (await upload(server, 'notes', bytes)).json()) as AssetResource
    const answer = await fetch(server.url + url, { headers: { range } })
    expect([answer.status, answer.headers.get('content-range')]).toEqual([status, contentRange])
    const got = Buffer.from(await answer.arrayBuffer())
    if (status !== 416) {
      const from = contentRange === null ? 0 : Number(/\d+/.exec(contentRange)![0])
      expect(got).toEqual(bytes.subarray(from, from + size))
    }
  })

  test('from files, over a restart', async () => {
    const data = await tempDirectory()
    const first = await serverWith('notes', {}, data)
    const { url } = (await (await upload(first, 'notes', png)).json()) as AssetResource
    await first.close({ atOnce: true })
    const second = await startServer({ memory: false, data })
    const served = await fetch(second.url + url, { headers: { range: 'bytes=1-3' } })
    expect(await served.text()).toBe('PNG')
  })
})

async function serverWith(
  documentId: string,
  limits: { maxUploadBytes?: number; maxDocumentUploadBytes?: number } = {},
  data?: string,
): Promise<RunningServer> {
  const server = await startServer({ limits, ...(data === undefined ? {} : { data, memory: false }) })
  const made = await fetch(`${server.url}/api/v1/documents/${documentId}`, {
    method: 'PUT',
    headers: { 'if-none-match': '*' },
  })
  expect(made.status).toBe(201)
  return server
}

function upload(
  server: RunningServer,
  documentId: string,
  bytes: Uint8Array,
  { type = '', name }: { type?: string; name?: string } = {},
): Promise<Response> {
  const query = name === undefined ? '' : `?name=${encodeURIComponent(name)}`
  return fetch(`${server.url}/api/v1/documents/${documentId}/assets${query}`, {
    method: 'POST',
    headers: type === '' ? {} : { 'content-type': type },
    body: Buffer.from(bytes),
  })
}

async function items(server: RunningServer, documentId: string): Promise<readonly AssetResource[]> {
  const answer = await fetch(`${server.url}/api/v1/documents/${documentId}/assets`)
  return ((await answer.json()) as { items: AssetResource[] }).items
}

async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { code: string }).code
}
