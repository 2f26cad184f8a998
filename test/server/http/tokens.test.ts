// Tokens as programs and their owners meet them: shown once, narrowed by scopes and documents, ended at once.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openDocument } from '@sheaf/client'
import { describe, expect, test } from 'vitest'
import { run } from '../../../server/src/cli.ts'
import { rights, scopeOf } from '../../../server/src/http/rights.ts'
import { createLog } from '../../../server/src/log.ts'
import { type Browser, quickPasswords } from '../../helpers/browsers.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { openLevelStore } from '../../helpers/level-store.ts'
import { startPlace } from '../../helpers/people.ts'
import { startServer } from '../../helpers/running-server.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { TestTerminal } from '../../helpers/terminal.ts'

async function tokenOf(browser: Browser, fields: object): Promise<{ id: string; bearer: { authorization: string } }> {
  const made = await browser.ask('POST', '/tokens', fields)
  expect(made.status, made.text).toBe(201)
  const { id, token } = made.body as { id: string; token: string }
  expect(token).toMatch(/^sheaf_pat_[A-Za-z0-9]{16}_[\w-]{27}$/)
  return { id, bearer: { authorization: `Bearer ${token}` } }
}

describe('a token', () => {
  test('TK1, TK2, TK5: acts for its owner, is shown once, and is none when it was revoked, in open sockets too', async () => {
    const { owner, server, stranger } = await startPlace()
    await owner.ask('PUT', '/documents/plan', {}, { 'if-none-match': '*' })
    const { id, bearer } = await tokenOf(owner, { note: 'the bot', scopes: ['docs:write'] })
    const program = stranger()
    const renamed = await program.ask('PATCH', '/documents/plan', { title: 'By a bot' }, bearer)
    expect(renamed.status, renamed.text).toBe(200)
    expect((await program.ask('GET', '/me', undefined, bearer)).body).toMatchObject({
      kind: 'user',
      user: { name: 'Mira Halden' },
      token: { id, note: 'the bot', scopes: ['docs:write'] },
    })
    const listed = await owner.ask('GET', '/tokens')
    expect(listed.body).toMatchObject({ items: [{ id, note: 'the bot' }] })
    expect(listed.text).not.toContain(bearer.authorization.slice(-27))
    expect(JSON.stringify(await server.store.records.list('token'))).not.toContain(bearer.authorization.slice(-27))
    expect(program.cookie).not.toContain('sheaf_session')

    const socket = await program.open('plan', { authorization: bearer.authorization })
    await socket.next('step1')
    expect((await owner.ask('DELETE', `/tokens/${id}`)).status).toBe(204)
    expect((await socket.closed).code).toBe(4401)
    const refused = await program.ask('GET', '/documents', undefined, bearer)
    expect(refused).toMatchObject({ status: 401, body: { code: 'unauthorized', retry: 'never' } })
    // Nor does the cookie of somebody stand in for it.
    expect((await owner.ask('GET', '/documents', undefined, bearer)).status).toBe(401)
  })

  test('TK1: comes to the socket as a subprotocol from the SDK, as in a browser, which sets no header', async () => {
    const { owner, server } = await startPlace()
    await owner.ask('PUT', '/documents/plan', {}, { 'if-none-match': '*' })
    const { bearer } = await tokenOf(owner, { scopes: ['docs:write'] })
    const token = bearer.authorization.slice('Bearer '.length)
    const options = { url: server.url, documentId: 'plan', identity: { id: 'bot', name: 'The bot' }, offline: null }
    const document = openDocument({ ...options, token })
    await document.synced
    document.ydoc.getText('title').insert(0, 'By the bot')
    await document.saved()
    await document.close()
    const record = await server.registry.withRoom('plan', room => room.ydoc.getText('title').toString())
    expect(record).toBe('By the bot')
    expect(JSON.stringify(server.logLines)).not.toContain(token)
    const stranger = openDocument({ ...options, token: `${token.slice(0, -27)}${'x'.repeat(27)}` })
    await expect(stranger.ready).rejects.toMatchObject({ code: 'unauthorized' })
    await stranger.close()
  })

  test('TK3: reaches no further than its scopes: every route says which it needs, or that no token may', async () => {
    const { owner, stranger } = await startPlace()
    await owner.ask('PUT', '/documents/plan', {}, { 'if-none-match': '*' })
    const { bearer } = await tokenOf(owner, { scopes: ['docs:read'] })
    for (const route of Object.keys(rights)) {
      const [method = '', path = ''] = route.split(' ')
      const needed = scopeOf(route)
      if (needed === 'any' || needed === 'docs:read') continue
      const body = method === 'GET' || method === 'DELETE' ? undefined : {}
      const real = path.replace(':id', 'plan').replace(/:\w+/g, 'nothing')
      const answer = await stranger().ask(method, real, body, { 'if-none-match': '*', ...bearer })
      expect(answer.status, route).toBe(403)
      const code = needed === 'none' ? 'forbidden' : 'insufficient-scope'
      expect(answer.body, route).toMatchObject({ code, ...(needed !== 'none' && { scope: needed }) })
    }
    expect((await stranger().ask('GET', '/documents/plan/content', undefined, bearer)).status).toBe(200)
  })

  test('TK4: for one document sees no other, makes none, and lists that one alone', async () => {
    const { owner, stranger } = await startPlace()
    for (const id of ['plan', 'other']) await owner.ask('PUT', `/documents/${id}`, {}, { 'if-none-match': '*' })
    const { bearer } = await tokenOf(owner, { scopes: ['docs:manage'], documents: ['plan'] })
    const ask = (method: string, path: string, body?: object) => stranger().ask(method, path, body, bearer)
    expect((await ask('GET', '/documents')).body).toMatchObject({ items: [{ id: 'plan' }] })
    expect((await ask('PATCH', '/documents/plan', { title: 'Mine' })).status).toBe(200)
    expect((await ask('GET', '/documents/other')).status).toBe(404)
    expect((await ask('DELETE', '/documents/other')).status).toBe(404)
    expect((await ask('POST', '/documents', {})).body).toMatchObject({ code: 'insufficient-scope' })
    expect((await owner.ask('GET', '/documents')).body).toMatchObject({ items: [{}, {}] })
  })

  test('TK1: never does what its owner may not, and ends with the account', async () => {
    const place = await startPlace()
    const bo = await place.join('bo')
    await place.owner.ask('PUT', '/documents/plan', {}, { 'if-none-match': '*' })
    const { bearer } = await tokenOf(bo, { scopes: ['docs:manage', 'search', 'export'] })
    expect((await place.stranger().ask('GET', '/documents/plan', undefined, bearer)).status).toBe(404)
    await place.server.authority.sharing.give('plan', bo.userId, 'viewer')
    expect((await place.stranger().ask('GET', '/documents/plan', undefined, bearer)).status).toBe(200)
    expect((await place.stranger().ask('PATCH', '/documents/plan', { title: 'x' }, bearer)).status).toBe(403)
    await place.server.authority.disable(bo.userId)
    expect((await place.stranger().ask('GET', '/documents', undefined, bearer)).status).toBe(401)
  })

  test('ends after its days', async () => {
    const clock = new ManualClock()
    const server = await startServer({ openMode: false, passwords: quickPasswords(), clock })
    const { userId } = await server.authority.users.create({
      name: 'Bo',
      login: 'bo',
      password: 'correct horse battery',
    })
    const { tokens } = server.authority
    const untilMs = clock.nowMs() + 1_000
    const { text } = await tokens.create({ userId, note: '', scopes: ['docs:read'], untilMs })
    expect((await server.authority.identifyToken(text)).principal).toBe(`user:${userId}`)
    clock.advance(1_000)
    expect((await server.authority.identifyToken(text)).kind).toBe('anonymous')
    expect(await tokens.listOf(userId)).toEqual([])
    clock.advance(60_000)
  })

  test('is no part of a log line', async () => {
    const lines: string[] = []
    const log = createLog({ level: 'debug', format: 'json', write: line => lines.push(line) })
    const server = await startServer({ openMode: false, passwords: quickPasswords(), log })
    const authorization = `Bearer sheaf_pat_${'A'.repeat(16)}_${'b'.repeat(27)}`
    expect((await fetch(`${server.url}/api/v1/documents`, { headers: { authorization } })).status).toBe(401)
    expect(lines.join('')).not.toContain('sheaf_pat_')
  })
})

test('sheaf token makes, lists and revokes tokens on a directory that no server holds', async () => {
  const data = await tempDirectory()
  const password = join(data, 'password')
  const store = await openLevelStore(join(data, 'store'))
  await store.close()
  await writeFile(password, 'correct horse battery\n')
  const command = async (...args: string[]): Promise<{ code: number; output: string }> => {
    const terminal = new TestTerminal()
    const code = await run([...args, '--data', join(data, 'store')], terminal)
    return { code, output: terminal.output + terminal.errors }
  }
  await command('user', 'add', 'mira', '--owner', '--password-file', password)
  const made = await command('token', 'create', 'mira', '--scope', 'docs:read,docs:write', '--note', 'the bot')
  expect(made.code, made.output).toBe(0)
  const [, text, tokenId] = /^(sheaf_pat_(\w{16})_\S{27})\n/.exec(made.output) ?? []
  expect(text).toBeDefined()
  expect((await command('token', 'list', 'mira')).output).toBe(`${tokenId}  docs:read,docs:write  the bot\n`)
  expect((await command('token', 'revoke', 'mira', tokenId!)).code).toBe(0)
  expect((await command('token', 'revoke', 'mira', tokenId!)).code).toBe(3)
  expect((await command('token', 'list', 'mira')).output.trim()).toBe('')
  expect((await command('token', 'create', 'mira', '--scope', 'docs:everything')).code).toBe(2)
  expect((await command('token', 'create', 'mira')).code).toBe(2)
})
