// The description of the API, before outside judges: a validator of OpenAPI documents, and a client that is made of nothing else.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { errorKinds, requestErrorKinds } from '@sheaf/protocol'
import { OpenAPIClientAxios } from 'openapi-client-axios'
import { expect, test } from 'vitest'
import { described, openApi } from '../../../server/src/http/openapi.ts'
import { rights } from '../../../server/src/http/rights.ts'
import { startServer } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

test('every route of the API is described, and nothing else', () => {
  const pages = /^GET \/(d\/:id|setup|signin|invite|reset|admin|devices|healthz|readyz|metrics)?$/
  const routes = Object.keys(rights).filter(route => !pages.test(route) && route !== 'POST /mcp')
  expect(Object.keys(described).sort()).toEqual(routes.sort())
  const ids = Object.values(described).map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('the description is valid OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate(openApi('0.1.0') as Record<string, unknown>)
  expect(result.errors ?? []).toEqual([])
  expect(result.valid).toBe(true)
  expect(validator.version).toBe('3.1')
})

test('a client that is made of the description makes, reads, finds, edits and writes', async () => {
  const server = await startServer()
  const definition = await (await fetch(`${server.url}/api/v1/openapi.json`)).json()
  const api = new OpenAPIClientAxios({ definition, withServer: { url: `${server.url}/api/v1` } })
  // biome-ignore lint/suspicious/noExplicitAny: made at run time
  const client = (await api.init()) as any
  const made = await client.makeDocument(null, { title: 'Plan', markdown: '# Costs\n\nShip in May.' })
  expect(made.status).toBe(201)
  const { id } = made.data
  expect((await client.listDocuments({ q: 'pla' })).data.items).toMatchObject([{ id, title: 'Plan' }])
  const content = await client.readContent({ id }, null, { headers: { accept: 'text/markdown' } })
  expect(content.data).toContain('Ship in May.')
  const found = await client.find({ id }, { quote: 'May' })
  expect(found.data.matches).toHaveLength(1)
  const edit = { op: 'replaceText', target: { handle: found.data.matches[0].handle }, text: 'June' }
  const edited = await client.edit({ id }, { base: content.headers['document-revision'], edits: [edit] })
  expect(edited.data.results).toMatchObject([{ status: 'applied', after: 'Costs\nShip in June.' }])
  const { writer } = (await client.beginWriter({ id }, { target: { heading: 'Costs' } })).data
  const text = { headers: { 'content-type': 'text/markdown' } }
  expect((await client.writePiece({ id, writer, at: 0, end: '1' }, 'Twelve.', text)).data.blocks).toHaveLength(1)
  expect((await client.outline({ id })).data.items).toMatchObject([{ text: 'Costs', level: 1 }])
  expect((await client.listChanges({ id })).data.items.length).toBeGreaterThan(2)
  const refused = await client.edit({ id }, { edits: [] }, { validateStatus: () => true })
  expect(refused).toMatchObject({ status: 400, data: { code: 'invalid-field', field: '/edits' } })
  await client.deleteDocument({ id })
  expect((await client.listDocuments({ trashed: 'true' })).data.items).toHaveLength(1)
})

test('a wrong method, another editor’s document, and a base whose rows are gone are refused by name', async () => {
  const server = await startServer()
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(`${server.url}/api/v1${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  expect(await ask('DELETE', '/documents')).toMatchObject({ status: 405, body: { code: 'method-not-allowed' } })

  const stock = await WireClient.open(server.url, 'theirs')
  await stock.next('step1')
  await stock.close()
  const edits = [{ op: 'setTitle', text: 'Mine' }]
  expect(await ask('POST', '/documents/theirs/edits', { edits })).toMatchObject({
    status: 422,
    body: { code: 'unsupported-op' },
  })

  const { id } = (await ask('POST', '/documents', { text: 'one' })).body as { id: string }
  const first = (await ask('POST', `/documents/${id}/edits`, { edits })).body.rev as string
  await ask('POST', `/documents/${id}/edits`, { edits: [{ op: 'setTitle', text: 'Ours' }] })
  const { store } = server
  const readRows = store.readRows.bind(store)
  store.readRows = (number, from, to) => readRows(number, Math.max(from, 2), to)
  expect(await ask('POST', `/documents/${id}/edits`, { base: first, edits })).toMatchObject({
    status: 410,
    body: { code: 'revision-expired', retry: 'after-refresh' },
  })
})

test('every error that it names is met by a test', () => {
  const root = new URL('../../', import.meta.url).pathname
  const tests = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.(ts|tsx)$/.test(path))
    .map(path => readFileSync(join(root, path), 'utf8'))
    .join('\n')
  const codes = [...Object.keys(errorKinds), ...Object.keys(requestErrorKinds)]
  expect(codes.filter(code => !tests.includes(`'${code}'`))).toEqual([])
})
