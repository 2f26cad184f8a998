// Everything that is no document: the web app's files, health, readiness, metrics.

import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { directoryFiles } from '../../../server/src/http/static.ts'
import type { MemoryStore } from '../../../server/src/store/memory.ts'
import { plainRequest, type RunningServer, startServer } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

const script = `export const words = ${JSON.stringify('one two three '.repeat(200))}`

async function withPages(): Promise<{ server: RunningServer; root: string }> {
  const root = await mkdtemp(join(tmpdir(), 'sheaf-pages-'))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  await mkdir(join(root, 'assets'))
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Sheaf</title>')
  await writeFile(join(root, 'assets', 'index-AbC123.js'), script)
  await writeFile(join(root, 'sw.js'), '// worker')
  await writeFile(join(root, '.stamp'), 'secret')
  await writeFile(join(root, 'assets', '.hidden.js'), 'secret')
  return { server: await startServer({ web: directoryFiles(root) }), root }
}

describe('the pages', () => {
  test.each(['/', '/d/plan', '/d/plan?x=1'])('%s is the app, asked for again every time', async path => {
    const { server } = await withPages()
    const answer = await fetch(server.url + path)
    expect(answer.status).toBe(200)
    expect(await answer.text()).toContain('<title>Sheaf</title>')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  })

  test('an address that is none is a page with a way out for who looks at it, and a problem for a program', async () => {
    const { server } = await withPages()
    const [looked, asked, api] = await Promise.all([
      fetch(`${server.url}/nowhere`, { headers: { accept: 'text/html,*/*' } }),
      fetch(`${server.url}/nowhere`),
      fetch(`${server.url}/api/v1/nowhere`, { headers: { accept: 'text/html' } }),
    ])
    expect([looked.status, looked.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    expect(await looked.text()).toContain('<title>Sheaf</title>')
    for (const answer of [asked, api]) {
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
    }
  })

  test('P11: a page runs our scripts only, and stands in no foreign frame', async () => {
    const { server } = await withPages()
    const { headers } = await fetch(`${server.url}/d/plan`)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('unsafe')
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'self'"]) {
      expect(policy.split('; ')).toContain(part)
    }
    expect(policy).toContain(`ws://127.0.0.1:${server.port}`)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('same-origin')
  })

  test('what has a hash in its name is kept for ever, the rest is not', async () => {
    const { server } = await withPages()
    const asset = await fetch(`${server.url}/assets/index-AbC123.js`)
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect((await fetch(`${server.url}/sw.js`)).headers.get('cache-control')).toBe('no-cache')
  })

  test.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('files are sent as %s to who takes it', async (encoding, decompress) => {
    const { server } = await withPages()
    const url = `${server.url}/assets/index-AbC123.js`
    const answer = await rawBytes(url, { 'accept-encoding': encoding })
    expect(answer.headers['content-encoding']).toBe(encoding)
    expect(answer.bytes.byteLength).toBeLessThan(script.length / 4)
    expect(decompress(answer.bytes).toString()).toBe(script)
    const plain = await rawBytes(url, {})
    expect(plain.headers['content-encoding']).toBeUndefined()
    expect(plain.bytes.toString()).toBe(script)
    expect(plain.headers.etag).not.toBe(answer.headers.etag)
  })

  test('what the build has compressed is sent as it is, unless the file is newer', async () => {
    const { server, root } = await withPages()
    const path = join(root, 'assets/index-AbC123.js')
    await writeFile(`${path}.br`, brotliCompressSync('built'))
    const sent = async () =>
      brotliDecompressSync((await rawBytes(`${server.url}/assets/index-AbC123.js`, { 'accept-encoding': 'br' })).bytes)
    expect((await sent()).toString()).toBe('built')
    const later = new Date(Date.now() + 60_000)
    await utimes(path, later, later)
    expect((await sent()).toString()).toBe(script)
  })

  test('a file that has not changed is 304, one that has is read again', async () => {
    const { server, root } = await withPages()
    const first = await fetch(`${server.url}/`)
    const etag = first.headers.get('etag') ?? ''
    const again = await plainRequest(`${server.url}/`, { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
    await writeFile(join(root, 'index.html'), '<!doctype html><title>Newer</title>')
    expect(await (await fetch(`${server.url}/`)).text()).toContain('Newer')
  })

  test.each(['/.stamp', '/assets/.hidden.js', '/..%2f..%2fpackage.json', '/assets/..%2f.stamp', '/assets', '/x.js'])(
    '%s is not there',
    async path => {
      const { server } = await withPages()
      const answer = await plainRequest(server.url + path)
      expect(answer.status).toBe(404)
      expect(answer.text).not.toContain('secret')
    },
  )

  test('a server without built pages says how to build them', async () => {
    const server = await startServer({ web: directoryFiles(join(tmpdir(), 'sheaf-no-pages')) })
    const answer = await fetch(`${server.url}/`)
    expect(answer.status).toBe(503)
    expect(await answer.text()).toContain('npm start')
  })
})

describe('health', () => {
  test('is told while the process turns', async () => {
    const server = await startServer()
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'alive' })
  })

  test('readiness asks the disk', async () => {
    const server = await startServer()
    const answer = await fetch(`${server.url}/readyz`)
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({
      ready: true,
      draining: false,
      store: { state: 'ok', durability: 'memory', damaged: 0 },
      canary: { ok: true },
    })
  })

  test('a server whose disk fails is alive, and not ready', async () => {
    const server = await startServer()
    const store = server.store as MemoryStore
    store.breakDisk('full')
    const answer = await fetch(`${server.url}/readyz`)
    expect(answer.status).toBe(503)
    expect(await answer.json()).toMatchObject({ ready: false, canary: { ok: false } })
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    store.mendDisk()
    await expect.poll(async () => (await fetch(`${server.url}/readyz`)).status).toBe(200)
  })
})

describe('metrics', () => {
  test('count sockets, frames, documents and requests, without their names', async () => {
    const server = await startServer()
    const client = await WireClient.open(server.url, 'secret-plan')
    await client.next('step1')
    await fetch(`${server.url}/api/v1/documents/secret-plan`)
    const answer = await fetch(`${server.url}/metrics`)
    expect(answer.headers.get('content-type')).toContain('text/plain')
    const text = await answer.text()
    expect(text).toMatch(/^sheaf_ws_connections 1$/m)
    expect(text).toMatch(/^sheaf_ws_opened_total 1$/m)
    expect(text).toMatch(/^sheaf_ws_messages_total\{direction="out"\} [1-9]/m)
    expect(text).toMatch(/^sheaf_documents_open 1$/m)
    expect(text).toMatch(/^sheaf_http_requests_total\{route="\/documents\/:id",method="GET",status="200"\} 1$/m)
    expect(text).toMatch(/^sheaf_build_info\{version="/m)
    expect(text).not.toContain('secret')
    await client.close()
    await expect
      .poll(async () => (await fetch(`${server.url}/metrics`)).text())
      .toMatch(/^sheaf_ws_closed_total\{code="1005"\} 1$/m)
  })
})

async function rawBytes(url: string, headers: Record<string, string>) {
  const { get } = await import('node:http')
  return new Promise<{ headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
    get(url, { headers, agent: false }, response => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(parts) }))
    }).on('error', reject)
  })
}
