// What an operator does to a store (docs/storage.md S61 to S63): backup, restore, repair.

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { systemClock } from '../../../server/src/clock.ts'
import { silentLog } from '../../../server/src/log.ts'
import { addAsset } from '../../../server/src/store/assets.ts'
import { type BackupSummary, readBackup } from '../../../server/src/store/backup.ts'
import { type Disk, type DiskDriver, levelDriver } from '../../../server/src/store/disk.ts'
import { chunkKey, headKey, historyKey, updateKey } from '../../../server/src/store/keys.ts'
import type { LevelStore } from '../../../server/src/store/level.ts'
import { restoreBackup } from '../../../server/src/store/restoring.ts'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { Author, createEmpty, found, listAll, readRows, rowOf, textOf } from './contract.ts'

describe('S61: backup', () => {
  test('S61: holds everything that is durable when it begins, and what is written meanwhile is not torn', async () => {
    const { store, authors } = await written()
    const before = authors.map(author => author.text)
    const parts: Uint8Array[] = []
    let summary: BackupSummary | undefined
    const reading = store.backup()
    for (let next = await reading.next(); ; next = await reading.next()) {
      if (next.done) {
        summary = next.value
        break
      }
      parts.push(next.value)
      for (const author of authors) await author.write(3)
      await store.compact('b')
    }
    expect(summary).toMatchObject({ documents: 3, damaged: 0 })
    expect(await readBackup(streamOf(Buffer.concat(parts)))).toEqual(summary)
    const restored = await restore(Buffer.concat(parts))
    for (const [index, author] of authors.entries()) {
      expect(textOf(await restored.load(author.record.documentId))).toBe(before[index])
    }
  })

  test('S61: cut anywhere, or with a byte changed, it is refused whole', async () => {
    const bytes = await backupOf((await written()).store)
    for (let at = 0; at < bytes.length; at += 97) {
      await expect(readBackup(streamOf(bytes.subarray(0, at))), `cut at ${at}`).rejects.toMatchObject({
        code: 'damaged',
      })
      const changed = Uint8Array.from(bytes)
      changed[at]! ^= 4
      await expect(readBackup(streamOf(changed)), `changed at ${at}`).rejects.toMatchObject({ code: 'damaged' })
    }
    await expect(readBackup(streamOf(Buffer.concat([bytes, bytes])))).rejects.toMatchObject({ code: 'damaged' })
  })

  test('S61: of a damaged store it says how much in it is not what was written', async () => {
    const { store, directory, authors } = await written()
    await store.close()
    await edit(directory, disk => flip(disk, headKey(authors[0]!.record.number)))
    const bytes = await backupOf(await openStore(directory))
    expect(await readBackup(streamOf(bytes))).toMatchObject({ damaged: 1 })
  })
})

describe('S62: restore', () => {
  test('S62: gives back uploaded files, but for those that are damaged, and verify names them', async () => {
    const { store, directory } = await written()
    const bytes = [Buffer.from('first file'), Buffer.from('second file')]
    const hashes: string[] = []
    for (const content of bytes) hashes.push(await attach(store, 'a', content))
    expect((await store.verify()).findings).toEqual([])
    const sound = await restore(await backupOf(store))
    for (const [index, hash] of hashes.entries()) expect(await bytesOf(sound, hash)).toEqual(bytes[index])
    expect((await sound.verify()).findings).toEqual([])

    await writeFile(join(directory, 'assets', hashes[1]!.slice(0, 2), hashes[1]!), 'second fi1e')
    expect((await store.verify()).findings.map(({ damage }) => damage.what)).toEqual(['blob', 'blob'])
    const backup = await backupOf(store)
    expect(await readBackup(streamOf(backup))).toMatchObject({ blobs: 2, damaged: 1 })
    const into = join(await tempDirectory(), 'data')
    const { verified } = await restoreInto(into, backup)
    expect(verified.findings).toMatchObject([{ documentId: 'a', damage: { what: 'blob' } }])
    expect(await bytesOf(await openStore(into), hashes[0]!)).toEqual(bytes[0])
  })

  test('S62: gives back every document with its history, each in a new epoch', async () => {
    const { store, authors } = await written()
    await store.setDeleted('c', 5_000)
    const restored = await restore(await backupOf(store))
    expect(await listAll(restored)).toEqual(await listAll(store))
    expect(await listAll(restored, { trashed: true })).toEqual(await listAll(store, { trashed: true }))
    for (const { record } of authors) {
      const [then, now] = [await store.load(record.documentId), await restored.load(record.documentId)]
      expect(textOf(now)).toBe(textOf(then))
      expect(now.epoch).not.toBe(then.epoch)
      expect(await readRows(restored, record.number, 1, now.revision)).toEqual(
        await readRows(store, record.number, 1, then.revision),
      )
    }
    const next = await createEmpty(restored, 'next')
    expect(next.number).toBeGreaterThan(Math.max(...authors.map(({ record }) => record.number)))
  })

  test('S62: a directory with documents is refused, and with force they are kept aside', async () => {
    const bytes = await backupOf((await written()).store)
    const directory = join(await tempDirectory(), 'data')
    const other = await openStore(directory)
    await createEmpty(other, 'precious')
    await expect(restoreInto(directory, bytes, { force: true })).rejects.toMatchObject({ message: /in use/ })
    await other.close()
    await expect(restoreInto(directory, bytes)).rejects.toMatchObject({ code: 'already-exists' })
    expect(await namesIn(directory)).toEqual(['precious'])

    const { replaced, verified } = await restoreInto(directory, bytes, { force: true })
    expect(verified).toEqual({ documents: 3, sound: 3, findings: [] })
    expect(await namesIn(directory)).toEqual(['a', 'b', 'c'])
    expect(await readdir(join(directory, replaced!))).toContain('CURRENT')
  })

  test('S62: a backup that is not whole changes nothing', async () => {
    const bytes = await backupOf((await written()).store)
    const directory = join(await tempDirectory(), 'data')
    const store = await openStore(directory)
    await createEmpty(store, 'precious')
    await store.close()
    const cut = bytes.subarray(0, bytes.length - 1)
    await expect(restoreInto(directory, cut, { force: true })).rejects.toMatchObject({ code: 'damaged' })
    expect(await namesIn(directory)).toEqual(['precious'])
  })

  test('S62: a crash at any step leaves the documents from before or those of the backup, whole', async () => {
    const { store, authors } = await written()
    const bytes = await backupOf(store)
    const outcomes = new Set<string>()
    for (let step = 1; !outcomes.has('done'); step++) {
      const directory = join(await tempDirectory(), 'data')
      const other = await openStore(directory)
      await createEmpty(other, 'precious')
      await other.close()
      const crashed = await restoreInto(directory, bytes, { force: true, driver: dyingAt(step) }).then(
        () => false,
        () => true,
      )
      const left = await openStore(directory)
      expect(left.report).toEqual([])
      const isBefore = (await left.find('precious')) !== undefined
      if (!isBefore) {
        for (const { record, text } of authors) expect(textOf(await left.load(record.documentId))).toBe(text)
      }
      outcomes.add(isBefore ? 'before' : 'restored')
      if (!crashed) outcomes.add('done')
      await left.close()
    }
    expect(outcomes).toEqual(new Set(['before', 'restored', 'done']))
  }, 60_000)
})

describe('S63: repair', () => {
  test.each([
    ['a row', (number: number) => updateKey(number, 23), 22, 1],
    ['a row and the snapshot', (number: number) => [updateKey(number, 23), chunkKey(number, 2, 0)], 22, 1],
    ['both snapshots and old history', (number: number) => [chunkKey(number, 2, 0), historyKey(number, 11)], 10, 1],
    ['the head', (number: number) => headKey(number), 25, 1],
    ['old history alone', (number: number) => historyKey(number, 1), 25, 11],
  ] as const)(
    'S63: with %s damaged it goes on from the last good state',
    async (_what, keys, revision, historyStart) => {
      const { directory, author, number } = await compactedTwice()
      await edit(directory, async disk => {
        for (const key of [keys(number)].flat() as Uint8Array[]) await flip(disk, key)
      })
      const store = await openStore(directory)
      const epoch = await store.load('doc').then(
        loaded => loaded.epoch,
        () => '',
      )
      const repaired = await store.repair('doc')
      expect(repaired).toMatchObject({ revision, historyStart })
      const loaded = await store.load('doc')
      expect(loaded).toMatchObject({ revision, damage: [] })
      expect(loaded.epoch).not.toBe(epoch)
      expect(textOf(loaded)).toBe(author.textAt(revision))
      expect((await store.verify()).findings).toEqual([])
      expect(await readRows(store, number, 1, revision)).toHaveLength(revision - historyStart + 1)
      // It can be written again, also after a start.
      const next = new Author(store, await found(store, 'doc'))
      next.catchUp(loaded)
      await next.write(20)
      await store.compact('doc')
      await store.close()
      const again = await openStore(directory)
      expect(again.report).toEqual([])
      expect(textOf(await again.load('doc'))).toBe(next.text)
      // Everything that there was is in the export, damaged or not.
      expect(await readBackup(streamOf(await readFile(join(directory, repaired!.exported))))).toMatchObject({
        documents: 1,
      })
    },
  )

  test('S63: who wrote what is known still, and nobody has a claim on what is not there any more', async () => {
    const { directory, number } = await compactedTwice()
    const opened = await openStore(directory)
    const { snapshot } = await opened.load('doc')
    const [client] = Y.decodeStateVector(snapshot!.stateVector).keys()
    const late = new Y.Doc()
    late.clientID = 9
    late.getText('body').insert(0, 'late')
    const claims = [
      [client!, 0],
      [client!, 500],
      [9, 0],
    ].map(
      ([client, clock]) =>
        ({ client: client!, clock: clock!, principal: 'ann', origin: 'socket', wallTimeMs: 1 }) as const,
    )
    await new Promise<void>(resolve => {
      const row = rowOf(26, Y.encodeStateAsUpdate(late))
      opened.append({ number, row, claims, sink: { durable: () => resolve() } })
    })
    await opened.close()
    await edit(directory, disk => flip(disk, updateKey(number, 23)))
    const store = await openStore(directory)
    expect((await store.load('doc')).claims).toHaveLength(3)
    await store.repair('doc')
    expect((await store.load('doc')).claims).toMatchObject([{ client, clock: 0 }])
    expect((await store.verify()).findings).toEqual([])
  })

  test('S63: a sound document stays as it is', async () => {
    const { directory } = await compactedTwice()
    const store = await openStore(directory)
    const { epoch } = await store.load('doc')
    expect(await store.repair('doc')).toBeUndefined()
    expect((await store.load('doc')).epoch).toBe(epoch)
    await expect(store.repair('other')).rejects.toMatchObject({ code: 'not-found' })
  })

  test('S63: where nothing is left there is nothing to go on from, and the bytes are exported all the same', async () => {
    const directory = join(await tempDirectory(), 'data')
    const written = await openStore(directory)
    const record = await createEmpty(written, 'doc')
    await new Author(written, record).write(2)
    await written.close()
    await edit(directory, disk => flip(disk, updateKey(record.number, 1)))
    const store = await openStore(directory)
    await expect(store.repair('doc')).rejects.toMatchObject({ code: 'damaged' })
    expect(await readdir(join(directory, 'damaged'))).toHaveLength(1)
    await expect(store.load('doc')).rejects.toMatchObject({ code: 'damaged' })
  })
})

async function written() {
  const directory = join(await tempDirectory(), 'data')
  const store = await openStore(directory)
  const authors: Author[] = []
  for (const documentId of ['a', 'b', 'c']) {
    const author = new Author(store, await createEmpty(store, documentId))
    await author.write(12)
    authors.push(author)
  }
  await store.compact('a')
  await authors[0]!.write(5)
  return { directory, store, authors }
}

/** Compacted after rows 10 and 20, with five rows after that; closed. */
async function compactedTwice() {
  const directory = join(await tempDirectory(), 'data')
  const store = await openStore(directory)
  const record = await createEmpty(store, 'doc')
  const author = new Author(store, record)
  for (let round = 0; round < 2; round++) {
    await author.write(10)
    await store.compact('doc')
  }
  await author.write(5)
  await store.close()
  return { directory, author, number: record.number }
}

async function backupOf(store: LevelStore): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const part of store.backup()) parts.push(part)
  return Buffer.concat(parts)
}

async function restore(bytes: Uint8Array): Promise<LevelStore> {
  const directory = join(await tempDirectory(), 'data')
  const { verified } = await restoreInto(directory, bytes)
  expect(verified.findings).toEqual([])
  return openStore(directory)
}

function restoreInto(
  directory: string,
  bytes: Uint8Array,
  { force = false, driver = levelDriver }: { force?: boolean; driver?: DiskDriver } = {},
) {
  return restoreBackup({ directory, open: () => streamOf(bytes), force, driver, clock: systemClock, log: silentLog })
}

/** What a sound store holds. */
async function namesIn(directory: string): Promise<string[]> {
  const store = await openStore(directory)
  expect(store.report).toEqual([])
  const names = (await listAll(store)).map(record => record.documentId).sort()
  await store.close()
  return names
}

/** In pieces whose ends have nothing to do with what is in them. */
async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000)
}

/** A file system in which nothing happens any more from the so-many-th change on. */
function dyingAt(step: number): DiskDriver {
  let steps = 0
  const { files } = levelDriver
  const counted =
    <Args extends unknown[]>(f: (...args: Args) => Promise<void>) =>
    async (...args: Args): Promise<void> => {
      if (++steps >= step) throw new Error('the process is dead')
      await f(...args)
    }
  return {
    ...levelDriver,
    files: {
      ...files,
      rename: counted(files.rename),
      remove: counted(files.remove),
      removeDirectory: counted(files.removeDirectory),
      syncDirectory: counted(files.syncDirectory),
    },
  }
}

async function edit(directory: string, change: (disk: Disk) => Promise<void>): Promise<void> {
  const disk = await levelDriver.open(join(directory, 'store'), { create: false })
  await change(disk)
  await disk.close()
  await levelDriver.files.remove(join(directory, 'clean-stop.json'))
}

async function flip(disk: Disk, key: Uint8Array): Promise<void> {
  const value = Buffer.from((await disk.get(key))!)
  value[value.length >> 1]! ^= 0x20
  const batch = disk.batch()
  batch.put(key, value)
  await batch.write(true)
}

/** Uploads a file into a document. @returns its hash. */
async function attach(store: LevelStore, documentId: string, bytes: Uint8Array): Promise<string> {
  const { hash, size } = await store.blobs.put(streamOf(bytes), { maxBytes: bytes.length })
  const asset = { hash, size, type: 'application/octet-stream', name: '', createdMs: 0, principal: '' }
  await addAsset(store.records, documentId, asset)
  return hash
}

async function bytesOf(store: LevelStore, hash: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of store.blobs.read(hash)) parts.push(part)
  return Buffer.concat(parts)
}
