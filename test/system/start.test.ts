// Two commands on a machine: what a person types, as processes of their own. The build is there (test/helpers/build.ts).

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { describeUnless, longRunOnly } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { repositoryFiles, repositoryRoot } from '../helpers/sources.ts'
import { WireClient } from '../helpers/wire-client.ts'

const readyPattern = /^sheaf listening on (http:\/\/127\.0\.0\.1:\d+)\n$/

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sheaf-start-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

interface Started {
  readonly child: ChildProcess
  readonly output: () => string
  readonly errors: () => string
  /** Resolves with the address once the ready line came. */
  readonly ready: Promise<string>
  readonly ended: Promise<number | null>
}

function start(command: string, args: readonly string[], cwd: string = repositoryRoot): Started {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let errors = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]
      if (url !== undefined && output.endsWith('\n')) resolve(url)
    })
    ended.then(code => reject(new Error(`It ended with ${code} before it was ready.\n${output}${errors}`)))
  })
  // Who waits for it gets the error; a command that is meant to fail has no address.
  ready.catch(() => undefined)
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, output: () => output, errors: () => errors, ready, ended }
}

async function isUp(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    () => true,
    () => false,
  )
}

const bin = join(repositoryRoot, 'server', 'bin')

describe('npm start', () => {
  test('again, with nothing changed, neither installs nor builds, and is quick', async () => {
    const data = await temporaryDirectory()
    const startedMs = performance.now()
    const { child, output, errors, ready, ended } = start(process.execPath, [
      join(bin, 'start.mjs'),
      ...['--listen', '127.0.0.1:0', '--data', data],
    ])
    const url = await ready
    const tookMs = performance.now() - startedMs
    expect(output()).toMatch(readyPattern)
    expect(errors()).not.toMatch(/Installing|Building/)
    await expect.poll(errors).toContain(`Sheaf is ready:  ${url}`)
    const page = await fetch(url)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('<script')
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
    // Half a second on an idle machine; the bound leaves room for a busy one, and none for an install.
    expect(tookMs).toBeLessThan(5_000)
  })

  test('ends when npm, which started it, is told to end', async () => {
    const data = await temporaryDirectory()
    const npm = start('npm', ['start', '--', '--listen', '127.0.0.1:0', '--data', data])
    const url = await npm.ready
    const client = await WireClient.open(url, 'plan')
    npm.child.kill('SIGTERM')
    expect(await client.closed).toMatchObject({ code: 1012 })
    await expect.poll(() => isUp(url)).toBe(false)
  })

  test('takes the next free port when its own is taken', async () => {
    const first = await ServerProcess.start()
    onTestFinished(() => first.dispose())
    const data = await temporaryDirectory()
    const second = start(process.execPath, [
      join(bin, 'start.mjs'),
      ...['--listen', `127.0.0.1:${first.port}`, '--data', data],
    ])
    expect(Number(new URL(await second.ready).port)).toBeGreaterThan(first.port)
    second.child.kill('SIGINT')
    expect(await second.ended).toBe(0)
  })
})

describe('sheaf serve', () => {
  test('ends on SIGTERM with 0: sockets are told, and what is left behind is the store alone', async () => {
    const server = await ServerProcess.start()
    onTestFinished(() => server.dispose())
    const client = await WireClient.open(server.url, 'plan')
    await client.next('step1')
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    expect(await client.closed).toEqual({ code: 1012, reason: 'restarting' })
    const left = await readdir(server.data, { recursive: true })
    expect(left.filter(name => /\.(tmp|sock|pid)$/.test(name))).toEqual([])
    await server.start()
    expect((await fetch(`${server.url}/api/v1/documents/plan`)).status).toBe(200)
  })

  test('compacts a document in its worker, and serves it whole after a restart', async () => {
    const server = await ServerProcess.start({ args: ['--limits', 'off'] })
    onTestFinished(() => server.dispose())
    const compactions = async () =>
      /^sheaf_compactions_total\{result="(\w+)"\} [1-9]/m.exec(await (await fetch(`${server.url}/metrics`)).text())?.[1]
    const ydoc = new Y.Doc()
    const client = await WireClient.open(server.url, 'plan')
    await client.next('step1')
    const updates: Uint8Array[] = []
    ydoc.on('update', (update: Uint8Array) => updates.push(update))
    for (let i = 0; i < 1_100; i++) ydoc.getText('text').insert(0, `${i} `)
    client.send({ type: 'step2', update: Y.encodeStateAsUpdate(new Y.Doc()) })
    for (const update of updates) client.send({ type: 'update', update })
    await expect.poll(compactions, { timeout: 20_000, interval: 200 }).toBe('done')
    await server.stop()
    await server.start()
    const answer = await fetch(`${server.url}/api/v1/documents/plan/update`)
    const restored = new Y.Doc()
    Y.applyUpdate(restored, new Uint8Array(await answer.arrayBuffer()))
    expect(restored.getText('text').toString()).toBe(ydoc.getText('text').toString())
  })

  test('starts again after kill -9', async () => {
    const server = await ServerProcess.start()
    onTestFinished(() => server.dispose())
    const headers = { 'if-none-match': '*', 'content-type': 'application/json' }
    const url = () => `${server.url}/api/v1/documents/plan`
    expect((await fetch(url(), { method: 'PUT', headers, body: '{"title":"The plan"}' })).status).toBe(201)
    await server.kill()
    await server.start()
    expect(await (await fetch(url())).json()).toMatchObject({ title: 'The plan' })
  })

  test('fails with a sentence on a taken port, on a directory that is in use and on one that cannot be made', async () => {
    const first = await ServerProcess.start()
    onTestFinished(() => first.dispose())
    const sheaf = (...args: string[]) =>
      start(process.execPath, [join(bin, 'sheaf.mjs'), 'serve', '--open', '--data', ...args])
    const taken = sheaf(await temporaryDirectory(), '--listen', `127.0.0.1:${first.port}`)
    expect(await taken.ended).toBe(1)
    expect(taken.errors()).toContain(`Port ${first.port} of 127.0.0.1 is taken`)
    const inUse = sheaf(first.data, '--listen', '127.0.0.1:0')
    expect(await inUse.ended).toBe(1)
    expect(inUse.errors()).toContain(first.data)
    // Neither is a directory that anything can be made in; /proc says so in a way that Node's mkdir tries for ever.
    const nowhere = sheaf(
      process.platform === 'linux' ? '/proc/sheaf/data' : process.execPath,
      '--listen',
      '127.0.0.1:0',
    )
    expect(await nowhere.ended).toBe(1)
    expect(nowhere.errors()).toContain('cannot be used')
    for (const { output, errors } of [taken, inUse, nowhere]) {
      expect(output()).toBe('')
      expect(errors()).not.toMatch(/^\s+at /m)
    }
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200)
  })

  test('refuses to be open to others, and to be reached from elsewhere by no name', async () => {
    for (const args of [['--open'], []]) {
      const data = await temporaryDirectory()
      const serve = [join(bin, 'sheaf.mjs'), 'serve', '--listen', '0.0.0.0:0', '--data', data, ...args]
      const { ended, output } = start(process.execPath, serve)
      expect(await ended).toBe(2)
      expect(output()).toBe('')
    }
  })

  test('without --open it lets nobody in before there is an account, and says how to make the first', async () => {
    const data = await temporaryDirectory()
    const serve = [join(bin, 'sheaf.mjs'), 'serve', '--listen', '127.0.0.1:0', '--data', data, '--log-format', 'pretty']
    const { child, ready, errors, ended } = start(process.execPath, serve)
    const url = await ready
    expect((await fetch(`${url}/api/v1/documents`)).status).toBe(401)
    await expect.poll(errors).toMatch(/#[\w-]{22,}/)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })
})

describeUnless(longRunOnly, 'a fresh clone', () => {
  test('serves after npm start alone', async () => {
    const clone = await temporaryDirectory()
    for (const { path } of repositoryFiles(() => true)) {
      await cp(join(repositoryRoot, path), join(clone, path), { recursive: true })
    }
    const args = ['start', '--', '--listen', '127.0.0.1:0']
    const first = start('npm', args, clone)
    const url = await first.ready
    expect(first.errors()).toContain('Installing packages')
    expect((await fetch(url)).status).toBe(200)
    first.child.kill('SIGTERM')
    await expect.poll(() => isUp(url)).toBe(false)
    const second = start('npm', args, clone)
    const secondUrl = await second.ready
    expect(second.errors()).not.toMatch(/Installing|Building/)
    second.child.kill('SIGTERM')
    await expect.poll(() => isUp(secondUrl)).toBe(false)
  })
})
