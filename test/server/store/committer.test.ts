// The committer on a real LevelDB behind a disk that fails, waits or dies (docs/storage.md S12, S13, S40 to S45).

import { readdir } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { StoreState } from '../../../server/src/store/store.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { FaultyDriver, ioError } from '../../helpers/faulty-driver.ts'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { Author, count, createEmpty, rowOf, Sink, textOf } from './contract.ts'

const start = async (options: Parameters<typeof openStore>[1] = {}) => {
  const driver = new FaultyDriver()
  const directory = await tempDirectory()
  const store = await openStore(directory, { driver, ...options })
  return { driver, store, directory }
}

/** Lets writes through one by one. */
function gate() {
  const waiting: (() => void)[] = []
  let arrived: () => void = () => undefined
  return {
    fault: () => {
      arrived()
      return new Promise<undefined>(resolve => waiting.push(() => resolve(undefined)))
    },
    get waiting() {
      return waiting.length
    },
    next: () => (waiting.length > 0 ? Promise.resolve() : new Promise<void>(resolve => (arrived = resolve))),
    open: () => waiting.shift()?.(),
  }
}

describe('S40: group commit', () => {
  test('S40: what comes while a batch is being synced is one next batch, over all documents', async () => {
    const { driver, store } = await start()
    const authors = await Promise.all(count(1, 10).map(async i => new Author(store, await createEmpty(store, `d${i}`))))
    const before = driver.writes
    const syncs: boolean[] = []
    const door = gate()
    driver.fault = ({ sync }) => {
      syncs.push(sync)
      return door.fault()
    }
    authors[0]!.hand(1)
    await door.next()
    for (let round = 0; round < 20; round++) for (const author of authors) author.hand(1)
    expect(door.waiting).toBe(1)
    door.open()
    await Promise.resolve()
    const flushed = store.flush()
    await door.next()
    door.open()
    await flushed
    expect(driver.writes - before).toBe(2)
    expect(syncs).toEqual([true, true])
    for (const author of authors.slice(1)) expect(author.sink.seqs).toEqual(count(1, 20))
    expect(authors[0]!.sink.seqs).toEqual(count(1, 21))
  })

  test('S40: a sink is called once for its document and commit', async () => {
    const { store } = await start()
    const record = await createEmpty(store, 'doc')
    const calls: number[][] = []
    const sink = { durable: (rows: readonly { seq: number }[]) => void calls.push(rows.map(row => row.seq)) }
    for (const seq of count(1, 30)) store.append({ number: record.number, row: rowOf(seq, new Uint8Array(2)), sink })
    await store.flush()
    expect(calls).toEqual([count(1, 30)])
  })

  test('S40: much at once goes in batches of 4 MiB, in order', async () => {
    const { driver, store } = await start()
    const record = await createEmpty(store, 'doc')
    const before = driver.writes
    const sink = new Sink()
    const update = new Uint8Array(1024 * 1024)
    for (const seq of count(1, 12)) store.append({ number: record.number, row: rowOf(seq, update), sink })
    await store.flush()
    expect(driver.writes - before).toBe(3)
    expect(sink.seqs).toEqual(count(1, 12))
  })

  test('S40: durability os writes without a sync, and says so', async () => {
    const { driver, store } = await start({ durability: 'os' })
    const author = new Author(store, await createEmpty(store, 'doc'))
    const syncs = new Set<boolean>()
    driver.fault = ({ sync }) => void syncs.add(sync)
    await author.write(5)
    expect(store.durability).toBe('os')
    expect([...syncs]).toEqual([false])
  })
})

describe('S41: nothing is acknowledged that is not on disk', () => {
  test('S41: while the disk waits nobody is told', async () => {
    const { driver, store } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'))
    const door = gate()
    driver.fault = door.fault
    author.hand(3)
    await door.next()
    for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve))
    expect(author.sink.seqs).toEqual([])
    expect(store.state).toEqual({ state: 'ok' })
    door.open()
    await store.flush()
    expect(author.sink.seqs).toEqual([1, 2, 3])
  })

  test.each(['ENOSPC', 'EIO'] as const)(
    'S41: %s at any write: 0 false acknowledgements, order kept, nothing lost',
    async code => {
      for (let failing = 1; failing <= 8; failing++) {
        const driver = new FaultyDriver()
        const directory = await tempDirectory()
        const store = await openStore(directory, { driver })
        const authors = await Promise.all(
          count(1, 3).map(async i => new Author(store, await createEmpty(store, `d${i}`))),
        )
        const first = driver.writes
        let succeeded = 0
        driver.fault = ({ index }) => {
          // Two writes in a row fail, so the first attempt to come back fails as well.
          if (index === first + failing || index === first + failing + 1) return ioError(code)
          if (index > 0) succeeded++
          return undefined
        }
        for (let round = 0; round < 10; round++) {
          for (const author of authors) author.hand(2)
          await new Promise(resolve => setImmediate(resolve))
          const told = authors.reduce((sum, author) => sum + author.sink.seqs.length, 0)
          if (succeeded === 0) expect(told).toBe(0)
        }
        await store.flush()
        for (const author of authors) expect(author.sink.seqs).toEqual(count(1, 20))
        await store.close()
        const again = await openStore(directory)
        for (const [i, author] of authors.entries()) {
          const loaded = await again.load(`d${i + 1}`)
          expect(loaded).toMatchObject({ revision: 20, damage: [] })
          expect(textOf(loaded)).toBe(author.text)
        }
        expect(again.report).toEqual([])
      }
    },
  )

  test('S41: a batch that failed after it had reached the disk is acknowledged once, after the next try', async () => {
    const { driver, store, directory } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'))
    await author.write(3)
    driver.failAfterWriting = ioError('EIO')
    author.hand(4)
    await store.probe().catch(() => undefined)
    expect(author.sink.seqs).toEqual([1, 2, 3])
    author.hand(2)
    driver.failAfterWriting = undefined
    await store.flush()
    expect(author.sink.seqs).toEqual(count(1, 9))
    const { rows } = await store.load('doc')
    expect(rows.map(row => row.seq)).toEqual(count(1, 9))
    await store.close()
    expect(textOf(await (await openStore(directory)).load('doc'))).toBe(author.text)
  })

  test('S41: a creation that failed is refused, and its name stays free or whole', async () => {
    const { driver, store } = await start()
    driver.fault = () => ioError('ENOSPC')
    await expect(createEmpty(store, 'doc')).rejects.toMatchObject({ code: 'storage-failed' })
    const mended = healthy(store)
    driver.fault = () => undefined
    await mended
    expect(await store.find('doc')).toBeUndefined()
    await createEmpty(store, 'doc')
    expect(await store.load('doc')).toMatchObject({ revision: 0, damage: [] })
  })
})

describe('S42: coming back', () => {
  test('S42: the disk is opened again only when it takes bytes again, and can be read until then', async () => {
    const { driver, store } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'))
    await author.write(3)
    const opens = driver.opens
    driver.fault = () => ioError('ENOSPC')
    author.hand(1)
    await failing(store)
    for (let i = 0; i < 3; i++) expect((await store.load('doc')).revision).toBe(3)
    expect(driver.opens).toBe(opens)
    const mended = healthy(store)
    driver.fault = () => undefined
    await mended
    expect(driver.opens).toBe(opens + 1)
    await store.flush()
    expect(author.sink.seqs).toEqual([1, 2, 3, 4])
  })

  test('S42: each state is told once, with since when and how many wait', async () => {
    const { driver, store } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'))
    const states: StoreState[] = []
    store.onState(state => states.push(state))
    driver.fault = () => ioError('EIO')
    author.hand(2)
    await failing(store)
    expect(store.state).toMatchObject({ state: 'failing', cause: 'error', pendingRows: 2 })
    author.hand(3)
    expect(store.state).toMatchObject({ pendingRows: 5 })
    const mended = healthy(store)
    driver.fault = () => undefined
    await mended
    await store.flush()
    expect(states.map(({ state }) => state)).toEqual(['failing', 'ok'])
  })

  test('S42: acknowledged rows that are gone when it is opened again raise the alarm', async () => {
    const { driver, store } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'))
    await author.write(3)
    driver.pretend = true // the disk says yes and writes nothing
    await author.write(2)
    driver.pretend = false
    driver.fault = () => ioError('EIO')
    await store.probe().catch(() => undefined)
    const mended = healthy(store)
    driver.fault = () => undefined
    await mended
    expect(store.report).toMatchObject([{ documentId: 'doc', damage: { what: 'gap', fromSeq: 4, toSeq: 5 } }])
    await author.write(1)
    const loaded = await store.load('doc')
    expect(loaded.revision).toBe(3)
    expect(loaded.damage).toMatchObject([{ what: 'gap', fromSeq: 4, toSeq: 5 }])
  })

  test('S42: a document that is read while the disk is opened again is told to come later, or whole', async () => {
    const { driver, store } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'), { remember: false })
    await author.write(1_000)
    const outcomes: Promise<unknown>[] = []
    for (let round = 0; round < 5; round++) {
      driver.fault = ({ index }) => {
        if (index > 0) driver.fault = () => undefined
        return index > 0 ? ioError('EIO') : undefined
      }
      author.hand(1)
      const mended = failing(store).then(() => healthy(store))
      for (let i = 0; i < 40; i++) {
        outcomes.push(store.load('doc').catch(error => error))
        await new Promise(resolve => setImmediate(resolve))
      }
      await mended
    }
    await store.flush()
    for (const outcome of await Promise.all(outcomes)) {
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'storage-failed' })
      else expect(outcome).toMatchObject({ damage: [] })
    }
    expect(store.report).toEqual([])
    expect(await store.load('doc')).toMatchObject({ revision: 1_005, damage: [] })
  })
})

describe('S44: a slow disk', () => {
  test('S44: a write that takes more than a second is told, and nothing of it is acknowledged before its end', async () => {
    const clock = new ManualClock()
    const { driver, store } = await start({ clock })
    const author = new Author(store, await createEmpty(store, 'doc'))
    const states: string[] = []
    store.onState(state => states.push(state.state === 'failing' ? state.cause : state.state))
    const door = gate()
    driver.fault = door.fault
    author.hand(2)
    await door.next()
    clock.advance(900)
    expect(states).toEqual([])
    clock.advance(100)
    author.hand(3)
    expect(states).toEqual(['slow'])
    expect(store.state).toMatchObject({ cause: 'slow', pendingRows: 5 })
    expect(author.sink.seqs).toEqual([])
    driver.fault = () => undefined
    door.open()
    await store.flush()
    expect(states).toEqual(['slow', 'ok'])
    expect(author.sink.seqs).toEqual(count(1, 5))
    expect(clock.timers).toBe(0)
  })

  test('S44: one that fails after all is a failing disk', async () => {
    const clock = new ManualClock()
    const { driver, store } = await start({ clock })
    const author = new Author(store, await createEmpty(store, 'doc'))
    const states: string[] = []
    store.onState(state => states.push(state.state === 'failing' ? state.cause : state.state))
    let fail: (error: Error) => void = () => undefined
    driver.fault = () => new Promise(resolve => (fail = resolve))
    author.hand(1)
    await expect.poll(() => driver.writes).toBeGreaterThan(1)
    clock.advance(1_500)
    driver.fault = () => undefined
    fail(ioError('EIO'))
    await expect.poll(() => states).toEqual(['slow', 'error'])
    clock.advance(60)
    await store.flush()
    expect(states).toEqual(['slow', 'error', 'ok'])
    expect(author.sink.seqs).toEqual([1])
  })
})

describe('S43: closing', () => {
  test('S43: a disk that works again in time saves what waited', async () => {
    const { driver, store, directory } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'))
    driver.fault = () => ioError('ENOSPC')
    author.hand(4)
    await failing(store)
    driver.fault = () => undefined
    await store.close()
    expect(author.sink.seqs).toEqual([1, 2, 3, 4])
    expect((await (await openStore(directory)).load('doc')).revision).toBe(4)
  })

  test('S43: rows handed over just before are on disk after', async () => {
    const { store, directory } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'))
    author.hand(500)
    await store.close()
    expect(author.sink.seqs).toEqual(count(1, 500))
    expect(textOf(await (await openStore(directory)).load('doc'))).toBe(author.text)
  })

  test('S43: after a write that failed half-way the stop is not a clean one, also when no row waits', async () => {
    const { driver, store, directory } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'))
    await author.write(3)
    driver.fault = () => ioError('EIO')
    await expect(store.probe()).rejects.toMatchObject({ code: 'storage-failed' })
    await store.close()
    expect(await readdir(directory)).not.toContain('clean-stop.json')
    const again = await openStore(directory)
    expect(again.report).toEqual([])
    expect(textOf(await again.load('doc'))).toBe(author.text)
  })

  test('S43: a disk that stays broken frees the directory all the same', async () => {
    const { driver, store, directory } = await start()
    const author = new Author(store, await createEmpty(store, 'doc'))
    await author.write(2)
    driver.fault = () => ioError('EIO')
    author.hand(3)
    await expect(store.close()).rejects.toMatchObject({ code: 'storage-failed' })
    expect(await (await openStore(directory)).load('doc')).toMatchObject({ revision: 2, damage: [] })
  })
})

function failing(store: { state: StoreState; onState(f: (state: StoreState) => void): () => void }): Promise<void> {
  if (store.state.state === 'failing') return Promise.resolve()
  return new Promise(resolve => store.onState(({ state }) => state === 'failing' && resolve()))
}

function healthy(store: { state: StoreState; onState(f: (state: StoreState) => void): () => void }): Promise<void> {
  if (store.state.state === 'ok') return Promise.resolve()
  return new Promise(resolve => store.onState(({ state }) => state === 'ok' && resolve()))
}
