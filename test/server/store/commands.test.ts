// The commands about a data directory (docs/storage.md S64, docs/running.md): with a server that holds it, and without.

import { chmod, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../../server/src/cli.ts'
import { levelDriver } from '../../../server/src/store/disk.ts'
import { updateKey } from '../../../server/src/store/keys.ts'
import { createDocument } from '../../helpers/documents.ts'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { TestTerminal } from '../../helpers/terminal.ts'
import { Author, createEmpty, textOf } from './contract.ts'

describe('S64: commands on a directory that nobody holds', () => {
  test('S64: verify, compact, backup and restore do it here', async () => {
    const { data, text } = await written()
    expect(await sheaf('verify', '--data', data, '--json')).toEqual({
      code: 0,
      json: { documents: 1, sound: 1, findings: [] },
    })
    expect(await sheaf('compact', '--data', data, '--json')).toEqual({ code: 0, json: { documents: 1, damaged: [] } })
    const file = join(data, '..', 'all.sheafbackup')
    expect(await sheaf('backup', file, '--data', data, '--json')).toMatchObject({ code: 0, json: { documents: 1 } })
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const other = join(data, '..', 'other')
    expect(await sheaf('restore', file, '--data', other, '--json')).toMatchObject({ code: 0, json: { documents: 1 } })
    expect(textOf(await (await openStore(other)).load('doc'))).toBe(text)
  })

  test('S64: damage is told with exit code 1, and mended by repair', async () => {
    const { data, number } = await written()
    await flip(data, updateKey(number, 7))
    expect(await sheaf('verify', '--data', data, '--json')).toMatchObject({
      code: 1,
      json: { documents: 1, sound: 0, findings: [{ documentId: 'doc', damage: { what: 'row', fromSeq: 7 } }] },
    })
    expect(await sheaf('compact', '--data', data, '--json')).toMatchObject({ code: 1 })
    expect(await sheaf('repair', 'doc', '--data', data, '--json')).toMatchObject({
      code: 0,
      json: { repaired: true, revision: 6, reached: 10 },
    })
    expect(await sheaf('verify', '--data', data, '--json')).toMatchObject({ code: 0 })
    expect(await sheaf('repair', 'doc', '--data', data, '--json')).toMatchObject({ code: 0, json: { repaired: false } })
  })

  test('S64: what cannot be done says so with its exit code, and changes nothing', async () => {
    const { data } = await written()
    const base = join(data, '..')
    const file = join(base, 'some.sheafbackup')
    expect(await sheaf('verify', '--data', join(base, 'nowhere'), '--json')).toMatchObject({ code: 3 })
    expect(await readdir(base)).toEqual(['data'])
    expect(await sheaf('repair', 'nothing', '--data', data, '--json')).toMatchObject({ code: 3 })
    expect(await sheaf('restore', file, '--data', data, '--json')).toMatchObject({ code: 3 })
    expect(await sheaf('backup', file, '--data', data, '--json')).toMatchObject({ code: 0 })
    expect(await sheaf('backup', file, '--data', data, '--json')).toMatchObject({ code: 5 })
    expect(await sheaf('restore', file, '--data', data, '--json')).toMatchObject({ code: 5 })
    await truncate(file, (await stat(file)).size - 1)
    expect(await sheaf('restore', file, '--data', join(base, 'new'), '--json')).toMatchObject({ code: 1 })
    for (const args of [['backup'], ['verify', 'word'], ['restore', file, '--forse'], ['compact', '--data']]) {
      expect(await sheaf(...args, '--json')).toMatchObject({ code: 2, failure: { code: 'usage' } })
    }
  })

  test('S64: people get sentences', async () => {
    const { data, number } = await written()
    await flip(data, updateKey(number, 7))
    const terminal = new TestTerminal()
    expect(await run(['verify', '--data', data], terminal)).toBe(1)
    expect(terminal.output).toBe('doc: Row 7 fails its checksum.\n0 of 1 documents are sound.\n')
  })
})

describe('S64: commands on a directory that a server holds', () => {
  test('S64: go through a socket that only its user may open, while people edit', async () => {
    const { data, url, stop } = await serving()
    for (let i = 0; i < 5; i++) await createDocument(url, `doc-${i}`)
    expect((await stat(join(data, 'admin.sock'))).mode & 0o777).toBe(0o600)
    expect(await sheaf('verify', '--data', data, '--json')).toMatchObject({ code: 0, json: { documents: 5, sound: 5 } })
    expect(await sheaf('compact', '--data', data, '--json')).toMatchObject({ code: 0, json: { documents: 5 } })
    const file = join(data, '..', 'online.sheafbackup')
    expect(await sheaf('backup', file, '--data', data, '--json')).toMatchObject({ code: 0, json: { documents: 5 } })
    expect(await sheaf('repair', 'doc-1', '--data', data, '--json')).toMatchObject({ code: 6 })
    expect(await sheaf('restore', file, '--data', data, '--force', '--json')).toMatchObject({ code: 6 })
    expect(await stop()).toBe(0)
    expect(await readdir(data)).not.toContain('admin.sock')
    const other = join(data, '..', 'other')
    expect(await sheaf('restore', file, '--data', other, '--json')).toMatchObject({ code: 0, json: { documents: 5 } })
  })

  test('S64: a socket that a killed server has left is in nobody’s way', async () => {
    const { data } = await written()
    await writeFile(join(data, 'admin.sock'), '')
    expect(await sheaf('verify', '--data', data, '--json')).toMatchObject({ code: 0 })
    const { stop } = await serving(data)
    expect(await sheaf('verify', '--data', data, '--json')).toMatchObject({ code: 0 })
    expect(await stop()).toBe(0)
  })

  test('S64: one that may not be opened is told from one that is not there', async () => {
    const { data, stop } = await serving()
    // As it is for another user; root is let in by every system.
    await chmod(join(data, 'admin.sock'), 0)
    const { code } = await sheaf('verify', '--data', data, '--json')
    expect(code).toBe(process.getuid?.() === 0 ? 0 : 6)
    expect(await stop()).toBe(0)
  })
})

/** Runs a command that ends. */
async function sheaf(...args: string[]): Promise<{ code: number; json?: unknown; failure?: unknown }> {
  const terminal = new TestTerminal()
  const code = await run(args, terminal)
  return {
    code,
    ...(terminal.output === '' ? {} : { json: JSON.parse(terminal.output) }),
    ...(terminal.errors === '' ? {} : { failure: JSON.parse(terminal.errors) }),
  }
}

/** A store with one document of ten rows, closed. */
async function written() {
  const data = join(await tempDirectory(), 'data')
  const store = await openStore(data)
  const author = new Author(store, await createEmpty(store, 'doc'))
  await author.write(10)
  await store.close()
  return { data, number: author.record.number, text: author.text }
}

async function serving(existing?: string) {
  const data = existing ?? join(await tempDirectory(), 'data')
  const terminal = new TestTerminal()
  const args = ['serve', '--open', '--listen', '127.0.0.1:0', '--data', data, '--log-level', 'silent']
  const ended = run(args, terminal)
  await expect.poll(() => terminal.output).toContain('\n')
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(terminal.output)![0]
  return {
    data,
    url,
    stop: () => {
      terminal.stop('SIGTERM')
      return ended
    },
  }
}

async function flip(data: string, key: Uint8Array): Promise<void> {
  const disk = await levelDriver.open(join(data, 'store'), { create: false })
  const value = Buffer.from((await disk.get(key))!)
  value[value.length >> 1]! ^= 0x20
  const batch = disk.batch()
  batch.put(key, value)
  await batch.write(true)
  await disk.close()
  await levelDriver.files.remove(join(data, 'clean-stop.json'))
  expect(await readFile(join(data, 'store', 'CURRENT'), 'utf8')).toContain('MANIFEST')
}
