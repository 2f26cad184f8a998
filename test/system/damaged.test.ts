// Promise P6 on real files: a store with flipped bytes and cut files opens its good documents, says which are not, and shows
// none as blank. What is damaged is read from the disk and never written over.

import { cp, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { updateKey } from '../../server/src/store/keys.ts'
import { createDocument, edit, readDocument, sync } from '../helpers/documents.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { WireClient } from '../helpers/wire-client.ts'

const documentIds = ['one', 'two', 'three', 'four', 'five', 'six']
const words = 300

/** A data directory as a server that was stopped, and one as a server that was killed, have left it. */
let stopped: string
let killed: string
const copies: string[] = []

beforeAll(async () => {
  stopped = await fill('stop')
  killed = await fill('kill')
})

afterAll(async () => {
  await Promise.all([stopped, killed, ...copies].map(path => rm(path, { recursive: true, force: true })))
})

describe('a damaged store', () => {
  test.each(damages('stopped'))('P6: flipped bytes after a stop, seed %i: no document is blank', async seed => {
    await expectNoneBlank(await damaged(stopped, flipBytes, seededRandom(seed)))
  })

  test.each(damages('killed'))('P6: flipped bytes after kill -9, seed %i: no document is blank', async seed => {
    await expectNoneBlank(await damaged(killed, flipBytes, seededRandom(seed)))
  })

  // After a stop the sizes of all files are known. After a crash the end of a file may be a write that was interrupted, and a
  // file that was cut later looks the same: what nobody can tell is not asked for (docs/storage.md).
  test.each(damages('cut'))('P6: cut files after a stop, seed %i: no document is blank', async seed => {
    await expectNoneBlank(await damaged(stopped, cutFile, seededRandom(seed)))
  })

  test('W9: without damage every document is whole, and none is reported', async () => {
    const found = await expectNoneBlank(await copyOf(killed))
    expect(found).toEqual({ whole: documentIds.length, partial: 0, refused: 0 })
  })

  test('W4, W9: a damaged document is read-only or closed with 4503, is never blank, and takes no change', async () => {
    // In the middle of the third of six documents, over the key of a row: that row and its neighbours of one commit are gone.
    const data = await copyOf(killed)
    const [path] = await filesOf(join(data, 'store'), /\.log$/)
    const bytes = await readFile(path!)
    const at = bytes.lastIndexOf(updateKey(documentIds.indexOf('three') + 1, words / 2))
    expect(at).toBeGreaterThan(0)
    await writeFile(path!, bytes.fill(0xa5, at, at + 64))
    const server = await ServerProcess.start({ data })
    try {
      const ready = (await (await fetch(`${server.url}/readyz`)).json()) as { store: { damaged: number } }
      let told = 0
      for (const documentId of documentIds) {
        const client = await WireClient.open(server.url, documentId, { extension: true })
        const ydoc = new Y.Doc()
        try {
          await sync(client, ydoc, 0)
        } catch {
          // Refused: told with a code, and served nothing.
          expect(await client.closed).toEqual({ code: 4503, reason: 'damaged' })
          told += 1
          continue
        }
        const before = ydoc.getText('body').length
        if (before === 1 + words) {
          await client.close()
          continue
        }
        expect(before).toBeGreaterThan(1)
        await client.next('notice', ({ notice }) => notice.kind === 'read-only')
        const update = edit(ydoc, doc => doc.getText('body').insert(1, 'y'))
        client.send({ type: 'sequenced', clientSeq: 1, message: { type: 'update', update } })
        expect(await client.next('nack')).toMatchObject({ clientSeq: 1, code: 'read-only' })
        const stock = await WireClient.open(server.url, documentId)
        await sync(stock, new Y.Doc())
        stock.send({ type: 'update', update })
        expect((await stock.next('denied')).reason).toBe('read-only')
        expect((await readDocument(server.url, documentId)).getText('body').length).toBe(before)
        await Promise.all([client.close(), stock.close()])
        told += 1
      }
      expect(told).toBeGreaterThan(0)
      expect(ready.store.damaged).toBeGreaterThan(0)
      expect(server.log).toMatch(/damage/i)
    } finally {
      await server.dispose()
    }
  })
})

function damages(kind: 'stopped' | 'killed' | 'cut'): number[] {
  const first = { stopped: 100, killed: 200, cut: 300 }[kind]
  return Array.from({ length: 4 }, (_, i) => first + i)
}

/** Makes a store of six documents, each with `words` keystrokes of which the server said that they are on disk. */
async function fill(end: 'stop' | 'kill'): Promise<string> {
  const data = await mkdtemp(join(tmpdir(), 'sheaf-damage-'))
  const server = await ServerProcess.start({ data, args: ['--limits', 'off'] })
  for (const documentId of documentIds) {
    await createDocument(server.url, documentId, { title: `Document ${documentId}` })
    const client = await WireClient.open(server.url, documentId, { extension: true })
    const ydoc = new Y.Doc()
    await sync(client, ydoc, 0)
    for (let clientSeq = 1; clientSeq <= words; clientSeq++) {
      // Before the last one, for keystrokes that go on where another has ended share its row (W24).
      const update = edit(ydoc, doc => doc.getText('body').insert(1, 'x'))
      client.send({ type: 'sequenced', clientSeq, message: { type: 'update', update } })
    }
    await client.next('ack', ack => ack.clientSeq === words)
    await client.close()
  }
  if (end === 'stop') await server.stop()
  else await server.kill()
  return data
}

async function copyOf(data: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'sheaf-damage-'))
  copies.push(copy)
  // What a killed server leaves behind of its socket cannot be copied.
  await cp(data, copy, { recursive: true, filter: source => !source.endsWith('.sock') })
  return copy
}

async function damaged(data: string, damage: (path: string, random: Random) => Promise<void>, random: Random) {
  const copy = await copyOf(data)
  const files = await filesOf(join(copy, 'store'), /\.(log|ldb)$|MANIFEST/)
  await damage(random.pick(files), random)
  return copy
}

async function filesOf(data: string, matches: RegExp): Promise<string[]> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true })
  const files = entries.filter(entry => entry.isFile() && matches.test(entry.name))
  const paths = files.map(entry => join(entry.parentPath, entry.name)).sort()
  const sizes = await Promise.all(paths.map(async path => (await stat(path)).size))
  return paths.filter((_, index) => sizes[index]! > 0)
}

async function flipBytes(path: string, random: Random): Promise<void> {
  const { size } = await stat(path)
  const file = await open(path, 'r+')
  for (let i = 0; i < 4; i++) {
    const at = random.below(size)
    const byte = Buffer.alloc(1)
    await file.read(byte, 0, 1, at)
    byte[0]! ^= 1 << random.below(8)
    await file.write(byte, 0, 1, at)
  }
  await file.close()
}

async function cutFile(path: string, random: Random): Promise<void> {
  await truncate(path, random.below((await stat(path)).size))
}

interface Found {
  readonly whole: number
  readonly partial: number
  readonly refused: number
}

/**
 * Starts a server on the data. It must start, or refuse to with a sentence that says so; each document must be there whole,
 * or in part and marked as damaged, or refused.
 */
async function expectNoneBlank(data: string): Promise<Found> {
  let server: ServerProcess
  try {
    server = await ServerProcess.start({ data })
  } catch (error) {
    expect(String(error)).toMatch(/damage|corrupt/i)
    return { whole: 0, partial: 0, refused: documentIds.length }
  }
  const found = { whole: 0, partial: 0, refused: 0 }
  try {
    for (const documentId of documentIds) {
      const response = await fetch(`${server.url}/api/v1/documents/${documentId}/update`)
      if (!response.ok) {
        // A document whose very name was lost is not found; then the server must have said that something was.
        expect(['damaged', 'not-found']).toContain(((await response.json()) as { code: string }).code)
        found.refused += 1
        continue
      }
      const ydoc = new Y.Doc()
      Y.applyUpdate(ydoc, new Uint8Array(await response.arrayBuffer()))
      const text = ydoc.getText('body').toString()
      if (text.length === words) {
        found.whole += 1
        continue
      }
      // A good state of before. It says so itself where its rows are known to be missing; where a file was damaged beyond
      // telling whose rows it held, the server says that. With nothing left of its text it must say so itself.
      expect(text).toMatch(/^x*$/)
      if (text === '') expect(response.headers.get('document-damage')).not.toBeNull()
      found.partial += 1
    }
    const ready = (await (await fetch(`${server.url}/readyz`)).json()) as { store: { damaged: number } }
    if (found.partial + found.refused > 0) expect(ready.store.damaged).toBeGreaterThan(0)
    return found
  } finally {
    await server.dispose()
  }
}
