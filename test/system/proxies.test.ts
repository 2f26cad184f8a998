// The recipes of docs/running.md, in the real programs: people come by TLS to Caddy or nginx, and from there to Sheaf.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ConnectionOptions } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { goodPassword, quickPasswords } from '../helpers/browsers.ts'
import { isThere, makeCertificate, noOpenssl } from '../helpers/certificates.ts'
import { sync } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { plainRequest, type RunningServer, startServer } from '../helpers/running-server.ts'
import { repositoryRoot } from '../helpers/sources.ts'
import { WireClient } from '../helpers/wire-client.ts'

const noCaddy = isThere('caddy', ['version']) ? undefined : 'no Caddy: install Debian’s package caddy'
const noNginx = isThere('nginx', ['-v']) ? noOpenssl : 'no nginx: install Debian’s package nginx-light'

const json = { 'content-type': 'application/json' }
const running = readFileSync(join(repositoryRoot, 'docs/running.md'), 'utf8')

/** The block of code of a language in the documents, with what differs here put in its place. */
function recipe(language: string, changes: Readonly<Record<string, string>>): string {
  const found = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(running)?.[1]
  if (found === undefined) throw new Error(`There is no recipe for ${language}.`)
  return Object.entries(changes).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The recipe for ${language} has no ${from}.`)
    return text.replaceAll(from, to)
  }, found)
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** A Sheaf with an owner, to be reached at `https://docs.example:<port>` through a proxy on this machine. */
async function behind(port: number): Promise<RunningServer> {
  const server = await startServer({
    openMode: false,
    passwords: quickPasswords(),
    publicUrl: new URL(`https://docs.example:${port}`),
    trustedProxies: ['127.0.0.1'],
  })
  await server.authority.users.create({ name: 'Mira', login: 'mira', password: goodPassword, isOwner: true })
  return server
}

async function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<void> {
  const child: ChildProcess = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } })
  onTestFinished(async () => {
    if (child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    await ended
  })
}

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sheaf-proxy-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** What a browser somewhere else would meet. */
async function expectAllThrough(url: string): Promise<void> {
  const { host, hostname } = new URL(url)
  // As if it came from another machine, which is at 127.0.0.2.
  const from = (localAddress: string): ConnectionOptions & { localAddress: string } => ({
    rejectUnauthorized: false,
    servername: hostname,
    localAddress,
    lookup: (_name, options, found) =>
      options.all
        ? (found as unknown as (error: null, all: object[]) => void)(null, [{ address: '127.0.0.1', family: 4 }])
        : found(null, '127.0.0.1', 4),
  })
  const connect = from('127.0.0.2')
  const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string | Uint8Array) =>
    plainRequest(`${url}/api/v1${path}`, {
      method,
      headers: { ...json, host, origin: url, ...headers },
      connect,
      ...(body !== undefined && { body }),
    })

  // It is up when it answers.
  const page = () => plainRequest(`${url}/signin`, { headers: { host }, connect })
  await expect
    .poll(
      () =>
        page().then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 20_000 },
    )
    .toBe(200)
  expect((await page()).headers['strict-transport-security']).toBe('max-age=31536000')

  const signedIn = await ask('POST', '/sessions', {}, JSON.stringify({ login: 'mira', password: goodPassword }))
  expect(signedIn.status, signedIn.text).toBe(204)
  const [setCookie = ''] = (signedIn.headers['set-cookie'] as string[]).filter(cookie => cookie.includes('session'))
  expect(setCookie).toMatch(/^__Host-sheaf_session=.*; Secure$/)
  const cookie = setCookie.split(';', 1)[0]!
  const { id } = JSON.parse((await ask('POST', '/documents', { cookie }, '{"title":"Plan"}')).text)

  // Two people on one document, by wss:.
  const open = () => WireClient.open(url, id, { extension: true, cookie, origin: url, connect })
  const [one, other] = [await open(), await open()]
  const ydoc = new Y.Doc()
  ydoc.getText('title').insert(0, 'Written behind a proxy')
  await sync(other, new Y.Doc())
  await sync(one, ydoc, 1)
  await one.next('ack')
  await other.next('update')
  await Promise.all([one.close(), other.close()])

  // Pages of other sites, and those that came without TLS, get nothing.
  for (const origin of ['https://evil.example', url.replace('https:', 'http:')]) {
    await expect(WireClient.open(url, id, { cookie, origin, connect })).rejects.toThrow('403')
    expect((await ask('POST', '/documents', { cookie, origin }, '{}')).status).toBe(403)
  }

  // What is longer than many proxies take by themselves.
  const picture = new Uint8Array(3 * 1024 * 1024)
  const bytes = { cookie, 'content-type': 'application/octet-stream' }
  expect((await ask('POST', `/documents/${id}/assets?name=large.bin`, bytes, picture)).status).toBe(201)

  // Who guesses passwords is shut out; their neighbour behind the same proxy is not, whatever anybody says of themselves.
  const guess = (localAddress: string, login: string) =>
    plainRequest(`${url}/api/v1/sessions`, {
      method: 'POST',
      headers: { ...json, host, 'x-forwarded-for': `203.0.113.${login.length}` },
      body: JSON.stringify({ login, password: 'not the password' }),
      connect: from(localAddress),
    }).then(({ status }) => status)
  for (let tries = 1; tries <= 10; tries++) expect(await guess('127.0.0.3', 'x'.repeat(tries))).toBe(401)
  expect(await guess('127.0.0.3', 'somebody-else')).toBe(429)
  expect(await guess('127.0.0.4', 'somebody-else')).toBe(401)
}

describeUnless(noCaddy, 'behind Caddy', () => {
  test('people write together by TLS, each from an address of their own', { timeout: 30_000 }, async () => {
    const [directory, port, plainPort] = [await scratch(), await freePort(), await freePort()]
    const server = await behind(port)
    const global = `{\n  https_port ${port}\n  http_port ${plainPort}\n  admin off\n  local_certs\n  skip_install_trust\n}\n`
    const config = join(directory, 'Caddyfile')
    await writeFile(config, global + recipe('caddy', { '127.0.0.1:4747': `127.0.0.1:${server.port}` }))
    const home = { HOME: directory, XDG_DATA_HOME: directory, XDG_CONFIG_HOME: directory }
    await run('caddy', ['run', '--adapter', 'caddyfile', '--config', config], home)
    await expectAllThrough(`https://docs.example:${port}`)
  })
})

describeUnless(noNginx, 'behind nginx', () => {
  test('people write together by TLS, each from an address of their own', { timeout: 30_000 }, async () => {
    const [directory, port] = [await scratch(), await freePort()]
    const server = await behind(port)
    const { cert, key } = makeCertificate(directory, 'docs.example')
    const site = recipe('nginx', {
      'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
      '/etc/ssl/docs.example.pem': cert,
      '/etc/ssl/docs.example.key': key,
      '127.0.0.1:4747': `127.0.0.1:${server.port}`,
    })
    const kept = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(name => join(directory, name))
    for (const path of kept) await mkdir(path)
    const paths = kept.map(path => `${path.slice(directory.length + 1)}_temp_path ${path};`).join('\n')
    const user = process.getuid?.() === 0 ? 'user root;\n' : ''
    const config = join(directory, 'nginx.conf')
    const own = `daemon off;\npid ${directory}/pid;\nerror_log ${directory}/error.log;\n${user}events {}\n`
    await writeFile(config, `${own}http {\naccess_log off;\n${paths}\n${site}\n}\n`)
    await run('nginx', ['-p', directory, '-c', config])
    await expectAllThrough(`https://docs.example:${port}`)
  })
})
