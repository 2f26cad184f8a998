// `npm run binary`: the file alone, in a directory of its own, with no PATH and no workspace around it, does what a user wants of
// Sheaf. Built here once, from what the run has built.

import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless, longRunOnly } from '../helpers/requirements.ts'
import { repositoryRoot } from '../helpers/sources.ts'

const isTarget = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
const noBinary = isTarget ? longRunOnly : 'the single file is made for Linux on x64 and arm64'
/** The sentence without a mount is tried in test/server/store/addon.test.ts. */
const noMount =
  spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0
    ? undefined
    : 'to mount a noexec directory takes root'

describeUnless(noBinary, 'sheaf as one file', () => {
  let home = ''
  let sheaf = ''

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'sheaf-binary-'))
    execFileSync('npm', ['run', '-s', 'binary', '--', '--out', join(home, 'made')], { cwd: repositoryRoot })
    await mkdir(join(home, 'alone'))
    sheaf = join(home, 'alone', 'sheaf')
    await cp(join(home, 'made', `sheaf-linux-${process.arch}`), sheaf)
  }, 300_000)

  afterAll(() => rm(home, { recursive: true, force: true }))

  /** Nothing of the machine but the file: neither a PATH nor a directory with anything in it. */
  const alone = (env: Record<string, string> = {}) => ({ cwd: join(home, 'alone'), env })

  const command = (args: readonly string[], env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(sheaf, args, { ...alone(env), encoding: 'utf8' })
    return { status, stdout, stderr }
  }

  const serve = async (data: string, args: readonly string[] = []): Promise<{ url: string; child: ChildProcess }> => {
    const child = spawn(sheaf, ['serve', '--open', '--json', '--listen', '127.0.0.1:0', '--data', data, ...args], {
      ...alone(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    child.stderr!.resume()
    const [line] = (await once(child.stdout!.setEncoding('utf8'), 'data')) as [string]
    return { url: (JSON.parse(line) as { url: string }).url, child }
  }

  const stop = async (child: ChildProcess) => {
    const ended = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await ended)[0]).toBe(0)
  }

  const open = (url: string, room: string) => {
    const ydoc = new Y.Doc()
    const provider = new WebsocketProvider(`${url.replace('http', 'ws')}/ws`, room, ydoc, {
      WebSocketPolyfill: WebSocket as never,
      disableBc: true,
    })
    onTestFinished(() => provider.destroy())
    return { provider, ydoc, text: ydoc.getText('text') }
  }

  test('says what it can do, and which build it is, and nothing else', () => {
    const help = command(['--help'])
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toContain('sheaf serve --open')
    expect(command(['version', '--json'])).toMatchObject({ status: 0, stderr: '' })
    expect(command(['serv'])).toMatchObject({ status: 2, stdout: '' })
    expect(command(['user', 'list', '--data', 'none'])).toMatchObject({ status: 3 })
  })

  test('serves pages, keeps what a stock y-websocket client writes, large updates too, and has it after a restart', async () => {
    const data = join(home, 'alone', 'data')
    const first = await serve(data)
    const page = await fetch(first.url)
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await page.text())![1]!
    const asset = await fetch(first.url + script, { headers: { 'accept-encoding': 'br' } })
    expect([asset.status, asset.headers.get('content-encoding')]).toEqual([200, 'br'])
    expect((await asset.text()).length).toBeGreaterThan(1_000)
    expect(await readdir(data)).not.toContainEqual(expect.stringContaining('engine'))

    const ada = open(first.url, 'plan')
    const ben = open(first.url, 'plan')
    ada.text.insert(0, 'Ship in May. ')
    await expect.poll(() => ben.text.toString()).toBe('Ship in May. ')
    // One update of many pieces: the gate has it cut by its worker.
    const words = Array.from({ length: 40_000 }, (_, i) => `word ${i} `)
    ada.ydoc.transact(() => {
      for (const word of words) ada.text.insert(0, word)
    })
    const whole = ada.text.toString()
    await expect.poll(() => ben.text.toString() === whole, { timeout: 30_000 }).toBe(true)
    await stop(first.child)

    const second = await serve(data)
    const cleo = open(second.url, 'plan')
    await expect.poll(() => cleo.text.toString() === whole, { timeout: 30_000 }).toBe(true)
    await stop(second.child)
  })

  test('writes and reads Word, merges logs, and works on its data at rest', async () => {
    const data = join(home, 'alone', 'more')
    const { url, child } = await serve(data)
    await createDocument(url, 'notes', { title: 'Plan', text: 'Ship in May' })
    const word = await fetch(`${url}/api/v1/documents/notes/export?format=docx`)
    const imported = await fetch(`${url}/api/v1/imports?name=Plan.docx`, { method: 'POST', body: await word.blob() })
    expect([word.status, imported.status]).toEqual([200, 201])
    const { documents } = (await imported.json()) as { documents: { id: string }[] }
    const content = await fetch(`${url}/api/v1/documents/${documents[0]!.id}/content`, {
      headers: { accept: 'text/plain' },
    })
    expect(await content.text()).toContain('Ship in May')
    expect(command(['compact', '--data', data, '--json'])).toMatchObject({ status: 0, stderr: '' })
    expect(command(['healthcheck', '--open', '--listen', new URL(url).host])).toMatchObject({ status: 0, stderr: '' })
    await stop(child)
    expect(command(['healthcheck', '--open', '--listen', new URL(url).host])).toMatchObject({ status: 1, stdout: '' })
    expect(command(['backup', 'all.backup', '--data', data])).toMatchObject({ status: 0, stderr: '' })
    expect(command(['restore', 'all.backup', '--data', 'elsewhere'])).toMatchObject({ status: 0, stderr: '' })
    expect(command(['user', 'add', 'mira', '--owner', '--data', 'elsewhere']).stdout).toMatch(/\/[a-z-]+#\S+/)
    expect(command(['verify', '--data', 'elsewhere'])).toMatchObject({ status: 0, stderr: '' })
  })

  describeUnless(noMount, 'where the temporary directory is noexec', () => {
    test('loads its engine from the data, or says what to do', async () => {
      const data = join(home, 'alone', 'seen')
      await mkdir(data)
      const script = [
        'mount -t tmpfs -o noexec none /mnt && export TMPDIR=/mnt',
        '"$0" restore seen.backup --data unseen; echo $?',
        '"$0" restore seen.backup --data /mnt/data; echo $?',
      ].join('\n')
      const { child } = await serve(data)
      await stop(child)
      expect(command(['backup', 'seen.backup', '--data', data])).toMatchObject({ status: 0 })
      const { stdout, stderr } = spawnSync('unshare', ['-m', 'sh', '-c', script, sheaf], {
        cwd: join(home, 'alone'),
        encoding: 'utf8',
      })
      expect(stdout).toMatch(/\n0\n6\n/)
      expect(stderr).toContain('/mnt (is mounted noexec)')
      expect(stderr).toContain('TMPDIR=')
    })
  })
})
