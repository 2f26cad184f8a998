import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { compactionDue, mergeInline } from '../../../server/src/store/compaction.ts'
import { type Snapshot, updateOf } from '../../../server/src/store/snapshot.ts'
import { workerCompactor } from '../../../server/src/store/worker-compactor.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { seededRandom } from '../../helpers/random.ts'
import { typeInto } from '../../helpers/typing.ts'

const KiB = 1024

describe('S20: when compaction is due', () => {
  test.each([
    ['nothing new', { rows: 0, bytes: 0, snapshotBytes: 0 }, true, false],
    ['1,000 rows', { rows: 1_000, bytes: 1_000, snapshotBytes: 10_000_000 }, false, true],
    ['999 rows', { rows: 999, bytes: 1_000, snapshotBytes: 10_000_000 }, false, false],
    ['256 KiB', { rows: 1, bytes: 256 * KiB, snapshotBytes: 0 }, false, true],
    ['256 KiB after a large snapshot', { rows: 1, bytes: 256 * KiB, snapshotBytes: 1024 * KiB }, false, false],
    ['half the snapshot', { rows: 1, bytes: 512 * KiB, snapshotBytes: 1024 * KiB }, false, true],
    ['idle after 16 rows', { rows: 16, bytes: 100, snapshotBytes: 10_000_000 }, true, true],
    ['idle after one row of a small document', { rows: 1, bytes: 100, snapshotBytes: 5_000 }, true, true],
    ['idle after one row of a large document', { rows: 1, bytes: 100, snapshotBytes: 10_000_000 }, true, false],
  ])('S20: %s', (_, log, idle, due) => {
    expect(compactionDue(log, idle)).toBe(due)
  })
})

describe('S21: merging', () => {
  test('S21: gives the state of all updates, without the content that was deleted', () => {
    const ydoc = new Y.Doc()
    const updates = recorded(ydoc, () => {
      ydoc.getText('body').insert(0, 'x'.repeat(50_000))
      ydoc.getText('body').delete(10, 49_980)
      ydoc.getMap('meta').set('format', 1)
    })
    const merged = mergeInline(null, updates)
    expect(merged.deflated.length).toBeLessThan(200)
    expect(stateOf(merged)).toEqual({ text: 'x'.repeat(20), vector: Y.encodeStateVector(ydoc) })
  })

  test('S21: from a snapshot on it gives the same as from the first row', () => {
    const random = seededRandom(7)
    const peers = [new Y.Doc(), new Y.Doc(), new Y.Doc()]
    const updates: Uint8Array[] = []
    for (const ydoc of peers) {
      ydoc.on('update', (update: Uint8Array, origin: unknown) => origin !== 'remote' && updates.push(update))
    }
    let delivered = 0
    for (let i = 0; i < 400; i++) {
      const ydoc = random.pick(peers)
      const text = ydoc.getText('body')
      if (text.length > 5 && random.chance(1 / 3)) text.delete(random.below(text.length - 2), 2)
      else text.insert(random.below(text.length + 1), `<${i}>`)
      if (random.chance(1 / 2)) ydoc.getMap('meta').set(`k${random.below(3)}`, i)
      if (random.chance(1 / 4)) {
        for (const update of updates.slice(delivered)) for (const peer of peers) Y.applyUpdate(peer, update, 'remote')
        delivered = updates.length
      }
    }
    const whole = mergeInline(null, updates)
    let stepwise: Snapshot | null = null
    for (let i = 0; i < updates.length; i += 60) stepwise = mergeInline(stepwise, updates.slice(i, i + 60))
    expect(stateOf(stepwise!)).toEqual(stateOf(whole))
    const ydoc = new Y.Doc()
    for (const update of updates) Y.applyUpdate(ydoc, update)
    expect(stateOf(whole)).toEqual({ text: ydoc.getText('body').toString(), vector: Y.encodeStateVector(ydoc) })
  })

  test('S21: refuses rows with one missing among them', () => {
    const updates = typeInto('abcd')
    expect(() => mergeInline(null, [updates[0]!, updates[2]!])).toThrow('build on changes')
  })

  test('S21: refuses a deletion of what is not there', () => {
    const ydoc = new Y.Doc()
    const updates = recorded(ydoc, () => {
      ydoc.getText('body').insert(0, 'abc')
      ydoc.getText('body').delete(0, 1)
    })
    expect(() => mergeInline(null, [updates[1]!])).toThrow('build on changes')
  })

  test('S21: refuses bytes that are no update', () => {
    expect(() => mergeInline(null, [Uint8Array.of(1, 2, 3)])).toThrow()
  })
})

describe('S22: the worker', () => {
  let workerUrl: URL
  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [fileURLToPath(new URL('../../../server/src/store/compaction-worker.ts', import.meta.url))],
      write: false,
      bundle: true,
      platform: 'node',
      format: 'esm',
    })
    workerUrl = moduleUrl(outputFiles[0]!.text)
  })
  const start = (options: Parameters<typeof workerCompactor>[1] = {}, url = workerUrl) => {
    const compactor = workerCompactor(url, options)
    onTestFinished(() => compactor.close())
    return compactor
  }

  test('S22: merges as the calling thread does, many at once', async () => {
    const compactor = start()
    const texts = ['', 'a', 'hello', 'x'.repeat(2_000)]
    const merged = await Promise.all(texts.map(text => compactor.merge(null, typeInto(text))))
    expect(merged.map(snapshot => stateOf(snapshot).text)).toEqual(texts)
    const more = await compactor.merge(merged[2]!, [])
    expect(stateOf(more)).toEqual(stateOf(merged[2]!))
    // What was handed over is still the caller's.
    expect(merged[2]!.deflated.length).toBeGreaterThan(0)
  })

  test('S22: a compaction that fails is that one only', async () => {
    const compactor = start()
    const [bad, good] = await Promise.allSettled([
      compactor.merge(null, [Uint8Array.of(1, 2, 3)]),
      compactor.merge(null, typeInto('good')),
    ])
    expect(bad.status).toBe('rejected')
    expect(good.status === 'fulfilled' && stateOf(good.value).text).toBe('good')
  })

  test('S22: a worker that runs out of memory is started again', async () => {
    const compactor = start({ maxHeapMiB: 16 })
    const ydoc = new Y.Doc()
    const large = recorded(ydoc, () => {
      for (let i = 0; i < 200_000; i++) ydoc.getText('body').insert(0, 'ab')
    })
    const [bad, good] = await Promise.allSettled([
      compactor.merge(null, large),
      compactor.merge(null, typeInto('still here')),
    ])
    expect(bad.status === 'rejected' && (bad.reason as NodeJS.ErrnoException).code).toBe('ERR_WORKER_OUT_OF_MEMORY')
    expect(good.status === 'fulfilled' && stateOf(good.value).text).toBe('still here')
  })

  test('S22: a worker that takes too long is given up, and the next document gets another', async () => {
    const clock = new ManualClock()
    const compactor = start({ clock, timeoutMs: 5_000 }, moduleUrl('setInterval(() => undefined, 1_000)'))
    const [first, second] = [compactor.merge(null, []), compactor.merge(null, [])]
    const refusal = expect(first).rejects.toThrow('longer than 5000 ms')
    clock.advance(5_000)
    await refusal
    const refusedToo = expect(second).rejects.toThrow('longer than 5000 ms')
    clock.advance(5_000)
    await refusedToo
  })

  test('S22: a worker that cannot be started fails its compaction', async () => {
    const compactor = start({}, new URL('file:///nowhere/compaction-worker.mjs'))
    await expect(compactor.merge(null, [])).rejects.toThrow()
    await expect(compactor.merge(null, [])).rejects.toThrow()
  })

  test('S22: closing refuses what waits', async () => {
    const compactor = start()
    const waiting = Promise.allSettled([compactor.merge(null, typeInto('a')), compactor.merge(null, typeInto('b'))])
    await compactor.close()
    expect((await waiting).map(result => result.status === 'rejected' && result.reason.code)).toEqual([
      'going-away',
      'going-away',
    ])
    await expect(compactor.merge(null, [])).rejects.toMatchObject({ code: 'going-away' })
  })
})

function moduleUrl(source: string): URL {
  return new URL(`data:text/javascript;base64,${Buffer.from(source).toString('base64')}`)
}

function recorded(ydoc: Y.Doc, edit: () => void): Uint8Array[] {
  const updates: Uint8Array[] = []
  const note = (update: Uint8Array) => updates.push(update)
  ydoc.on('update', note)
  edit()
  ydoc.off('update', note)
  return updates
}

function stateOf(merged: Snapshot): { text: string; vector: Uint8Array } {
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, updateOf(merged))
  return { text: ydoc.getText('body').toString(), vector: Y.encodeStateVector(ydoc) }
}
