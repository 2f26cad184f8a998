// The command line in this process, with a small terminal: what it prints where, and with what it ends.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { run } from '../../../server/src/cli.ts'
import { makeCertificate, noOpenssl } from '../../helpers/certificates.ts'
import { TestTerminal } from '../../helpers/terminal.ts'
import { WireClient } from '../../helpers/wire-client.ts'

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sheaf-cli-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

async function serving(terminal: TestTerminal, args: readonly string[] = []) {
  const data = await temporaryDirectory()
  const ended = run(['serve', '--open', '--listen', '127.0.0.1:0', '--data', data, ...args], terminal)
  await expect.poll(() => terminal.output).toContain('\n')
  return { data, ended, url: /http:\/\/127\.0\.0\.1:\d+/.exec(terminal.output)?.[0] ?? '' }
}

describe('sheaf', () => {
  test.each([[[]], [['help']], [['--help']], [['-h']]])('%j shows the commands', async args => {
    const terminal = new TestTerminal()
    expect(await run(args, terminal)).toBe(0)
    expect(terminal.output).toContain('sheaf serve --open')
  })

  test.each([[['help', 'serve']], [['serve', '--help']]])('%j shows every option', async args => {
    const terminal = new TestTerminal()
    expect(await run(args, terminal)).toBe(0)
    for (const option of ['--listen', '--data', '--open', '--limits', '--drain-seconds', '--log-level', '--json']) {
      expect(terminal.output).toContain(option)
    }
  })

  test('version is a line, or JSON', async () => {
    const [plain, json] = [new TestTerminal(), new TestTerminal()]
    await run(['version'], plain)
    await run(['version', '--json'], json)
    expect(plain.output).toMatch(/^sheaf \d+\.\d+\.\d+\n$/)
    expect(JSON.parse(json.output)).toEqual({ version: plain.output.slice(6, -1), runtime: 'node 0.0.0' })
  })

  test('a command that does not exist ends with 2, and says which was probably meant', async () => {
    const terminal = new TestTerminal()
    expect(await run(['serv'], terminal)).toBe(2)
    expect(terminal.errors).toContain('Did you mean serve?')
    expect(terminal.output).toBe('')
    expect(await run(['constructor'], terminal)).toBe(2)
  })

  test('an error is JSON for who asked for JSON', async () => {
    const terminal = new TestTerminal()
    expect(await run(['serve', '--lisen', '1', '--json'], terminal)).toBe(2)
    expect(JSON.parse(terminal.errors)).toMatchObject({ event: 'failed', code: 'usage' })
  })
})

describe('sheaf healthcheck', () => {
  test('ends with 0 while the server that has these options turns, and else says why not', async () => {
    const terminal = new TestTerminal()
    const { ended, url } = await serving(terminal)
    const args = ['healthcheck', '--open', '--listen', new URL(url).host]
    expect(await run(args, new TestTerminal())).toBe(0)
    terminal.stop('SIGTERM')
    await ended
    const asker = new TestTerminal()
    expect(await run(args, asker)).toBe(1)
    expect(asker.errors).toContain('ECONNREFUSED')
    expect(await run(['healthcheck', '--listen', '127.0.0.1:0'], asker)).toBe(2)
  })

  test.runIf(noOpenssl === undefined)('asks by TLS, whatever name the certificate is for', async () => {
    const { cert, key } = makeCertificate(await temporaryDirectory(), 'docs.example')
    const tls = ['--tls-cert', cert, '--tls-key', key]
    const terminal = new TestTerminal()
    const { ended } = await serving(terminal, tls)
    const { host } = new URL(terminal.output.trim().split(' ').at(-1)!)
    expect(await run(['healthcheck', '--listen', host, ...tls], terminal)).toBe(0)
    expect(await run(['healthcheck', '--listen', host], new TestTerminal())).toBe(1)
    terminal.stop('SIGTERM')
    expect(await ended).toBe(0)
  })
})

describe('sheaf serve', () => {
  test('prints one line with its address, and ends with 0 when it is told to stop', async () => {
    const terminal = new TestTerminal()
    const { ended, url } = await serving(terminal)
    expect(terminal.output).toBe(`sheaf listening on ${url}\n`)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    terminal.stop('SIGTERM')
    expect(await ended).toBe(0)
    expect(terminal.output).toBe(`sheaf listening on ${url}\n`)
    for (const line of terminal.errors.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg')
  })

  test('prints the line as JSON with --json', async () => {
    const terminal = new TestTerminal(true)
    const { data, ended, url } = await serving(terminal, ['--json'])
    expect(JSON.parse(terminal.output)).toEqual({
      event: 'listening',
      url,
      port: Number(new URL(url).port),
      data,
      pid: 4711,
    })
    terminal.stop('SIGINT')
    expect(await ended).toBe(0)
  })

  test('greets a person', async () => {
    const terminal = new TestTerminal(true)
    const { ended, url } = await serving(terminal)
    expect(terminal.errors).toContain(`Sheaf is ready:  ${url}`)
    terminal.stop('SIGINT')
    expect(await ended).toBe(0)
  })

  test('A1: shows a person the set-up link, and writes it into no log', async () => {
    const [person, log] = [new TestTerminal(true), new TestTerminal()]
    const [first, second] = [await serving(person), await serving(log, ['--log-level', 'debug'])]
    expect(person.errors).toMatch(new RegExp(`\\n {4}${first.url}/setup#[\\w-]{27}\\n`))
    expect(log.errors).not.toContain('setup')
    for (const terminal of [person, log]) terminal.stop('SIGINT')
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0])
  })

  test('says that the port is taken, or takes the next one when it may', async () => {
    const first = new TestTerminal()
    const { ended, url } = await serving(first)
    const address = url.slice('http://'.length)
    const args = ['serve', '--open', '--listen', address, '--data', await temporaryDirectory()]
    const second = new TestTerminal()
    expect(await run(args, second)).toBe(1)
    expect(second.errors).toContain('is taken')
    expect(second.output).toBe('')
    const third = new TestTerminal(true)
    const thirdEnded = run([...args, '--next-port'], third)
    await expect.poll(() => third.output).toContain('\n')
    expect(third.output).not.toContain(url)
    expect(third.errors).toContain('is taken, so this is')
    for (const terminal of [first, third]) terminal.stop('SIGTERM')
    expect(await Promise.all([ended, thirdEnded])).toEqual([0, 0])
  })

  test('says that the directory belongs to another server', async () => {
    const first = new TestTerminal()
    const { data, ended } = await serving(first)
    const second = new TestTerminal()
    expect(await run(['serve', '--open', '--listen', '127.0.0.1:0', '--data', data], second)).toBe(1)
    expect(second.errors).toContain(data)
    first.stop('SIGTERM')
    expect(await ended).toBe(0)
  })

  test('keeps what was made over a stop and a start', async () => {
    const first = new TestTerminal()
    const { data, ended, url } = await serving(first)
    const headers = { 'if-none-match': '*', 'content-type': 'application/json' }
    await fetch(`${url}/api/v1/documents/plan`, { method: 'PUT', headers, body: '{"title":"The plan"}' })
    const client = await WireClient.open(url, 'plan')
    first.stop('SIGTERM')
    expect((await client.closed).code).toBe(1012)
    expect(await ended).toBe(0)
    const second = new TestTerminal()
    const again = run(['serve', '--open', '--listen', '127.0.0.1:0', '--data', data], second)
    await expect.poll(() => second.output).toContain('\n')
    const secondUrl = /http:\S+/.exec(second.output)?.[0]
    const answer = await fetch(`${secondUrl}/api/v1/documents/plan`)
    expect(await answer.json()).toMatchObject({ title: 'The plan' })
    second.stop('SIGTERM')
    expect(await again).toBe(0)
  })

  test('ends with 1 after an error that nobody caught, says so, and leaves the directory usable', async () => {
    const terminal = new TestTerminal()
    const { data, ended } = await serving(terminal)
    terminal.crash(new Error('A bug for this test'))
    expect(await ended).toBe(1)
    expect(terminal.errors).toContain('An error that nobody caught')
    expect(terminal.errors).toContain('A bug for this test')
    const second = new TestTerminal()
    const again = run(['serve', '--open', '--listen', '127.0.0.1:0', '--data', data], second)
    await expect.poll(() => second.output).toContain('\n')
    second.stop('SIGTERM')
    expect(await again).toBe(0)
  })
})

describe('sheaf user', () => {
  test('A9: makes, lists, disables accounts and sets passwords, with a server that runs and without', async () => {
    const server = new TestTerminal()
    const { data, ended, url } = await serving(server)
    const passwordFile = join(data, '..', `${basename(data)}.password`)
    await writeFile(passwordFile, 'correct horse battery\n')
    onTestFinished(() => rm(passwordFile))
    const user = async (...args: string[]) => {
      const terminal = new TestTerminal()
      const code = await run(['user', ...args, '--data', data, '--json'], terminal)
      return { ...JSON.parse(terminal.output || terminal.errors), code }
    }
    const signIn = (login: string) =>
      fetch(`${url}/api/v1/sessions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login, password: 'correct horse battery' }),
      }).then(({ status }) => status)
    expect(await user('add', 'mira', '--name', 'Mira', '--owner', '--password-file', passwordFile)).toMatchObject({
      code: 0,
      users: [{ login: 'mira', name: 'Mira', isOwner: true, isDisabled: false }],
    })
    expect(await signIn('mira')).toBe(204)
    expect((await fetch(`${url}/api/v1/documents`)).status).toBe(401)
    const bo = await user('add', 'bo', '--url', 'https://docs.example')
    expect(bo.link).toMatch(/^https:\/\/docs\.example\/reset#[\w-]{27}$/)
    expect(await signIn('bo')).toBe(401)
    expect(await user('add', 'BO')).toMatchObject({ code: 5, event: 'failed' })
    expect(await user('disable', 'mira')).toMatchObject({ code: 5 })
    expect(await user('disable', 'nobody')).toMatchObject({ code: 3 })
    server.stop('SIGTERM')
    expect(await ended).toBe(0)
    expect(await user('password', 'bo', '--password-file', passwordFile)).toMatchObject({ code: 0 })
    expect(await user('disable', 'bo')).toMatchObject({ code: 0, users: [{ login: 'bo', isDisabled: true }] })
    expect(await user('list')).toMatchObject({ users: [{ login: 'mira' }, { login: 'bo', isDisabled: true }] })
    expect(await user('remove', 'bo')).toMatchObject({ code: 2 })
  })
})
