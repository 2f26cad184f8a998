// The thread that looks at large updates: it gives what the same thread would, and what it cannot bear ends with it.

import { fileURLToPath } from 'node:url'
import { defaultLimits } from '@sheaf/protocol'
import { build } from 'esbuild'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { type Cutter, inlineCutter, workerCutter } from '../../../server/src/room/gate-cutter.ts'
import type { CutRequest } from '../../../server/src/room/gate-pieces.ts'
import { readCorpus } from '../../corpus/corpus.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { craft, text } from './craft.ts'

let workerUrl: URL
beforeAll(async () => {
  const entry = fileURLToPath(new URL('../../../server/src/room/gate-worker.ts', import.meta.url))
  const bundle = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire('file:///')" },
  })
  workerUrl = inline(bundle.outputFiles[0]!.text)
})

function inline(source: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`)
}

function start(url: URL, options: Parameters<typeof workerCutter>[1] = {}): Cutter {
  const cutter = workerCutter(url, options)
  onTestFinished(() => cutter.close())
  return cutter
}

function request(update: Uint8Array, options: Partial<CutRequest> = {}): CutRequest {
  return { update, kind: 'step2', layout: 'sheaf', limits: defaultLimits, clocks: new Map(), ...options }
}

const long = craft([{ client: 7, structs: [text({ root: 'body' }, 'x'.repeat(300_000))] }])

describe('the thread', () => {
  test('cuts as it is cut in place, and leaves the caller its bytes', async () => {
    const ydoc = new Y.Doc()
    for (let i = 0; i < 2_000; i++) ydoc.getText('body').insert(0, `${i} `)
    ydoc.getText('body').delete(100, 3_000)
    const update = Y.encodeStateAsUpdate(ydoc)
    const kept = update.slice()
    const cutter = start(workerUrl)
    const cut = await cutter.cut('plan', request(update))
    expect(cut).toEqual(await inlineCutter.cut('plan', request(update)))
    expect(cut.kind === 'pieces' && cut.pieces.length).toBeGreaterThan(30)
    expect(update).toEqual(kept)
  })

  test('says of every input of the corpus what it is in place', async () => {
    const cutter = start(workerUrl)
    for (const { name, layout, update } of readCorpus()) {
      const outcome = (by: Cutter) => by.cut('plan', request(update, { layout })).catch((error: unknown) => error)
      const [there, here] = [await outcome(cutter), await outcome(inlineCutter)]
      if (here instanceof Error) expect(there, name).toMatchObject({ ...here })
      else expect(there, name).toEqual(here)
    }
  })

  test('takes the documents in turn, so that one with many does not keep the others waiting', async () => {
    const cutter = start(workerUrl)
    const order: string[] = []
    const cut = (documentId: string) => cutter.cut(documentId, request(long)).then(() => order.push(documentId))
    await Promise.all([...Array.from({ length: 6 }, () => cut('busy')), cut('plan'), cut('notes')])
    expect(order.slice(0, 4).sort()).toEqual(['busy', 'busy', 'notes', 'plan'])
  })

  test('has so much waiting and no more', async () => {
    const cutter = start(workerUrl, { maxWaitingBytes: 700_000 })
    const cuts = Array.from({ length: 5 }, () => cutter.cut('plan', request(long)))
    const results = await Promise.allSettled(cuts)
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'])
    await expect(cuts[3]).rejects.toMatchObject({ code: 'overloaded' })
    // It is transient.
    expect((await cutter.cut('plan', request(long))).kind).toBe('pieces')
  })
})

describe('U15: an update that the thread cannot bear', () => {
  const reads = (then: string) =>
    inline(`import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { ${then} })`)

  test.each([
    ['takes too much memory', 'const all = []; for (;;) all.push(new Array(10_000).fill(0.5))'],
    ['ends it', 'process.exit(3)'],
    ['throws in it', "throw new Error('no')"],
  ])('U15: %s, is refused, and the next one gets a new thread', async (_what, then) => {
    const cutter = start(reads(then), { maxHeapMiB: 32 })
    for (let i = 0; i < 2; i++) {
      await expect(cutter.cut('plan', request(long))).rejects.toMatchObject({
        code: 'too-large',
        details: { rule: 'U15' },
      })
    }
  })

  test('U15: takes too long, is refused, and what waited behind it gets a new thread', async () => {
    const clock = new ManualClock()
    const cutter = start(reads('for (;;);'), { clock, timeoutMs: 1_000 })
    const cuts = [cutter.cut('plan', request(long)), cutter.cut('notes', request(long))]
    const results = Promise.allSettled(cuts)
    clock.advance(1_000)
    await expect(cuts[0]).rejects.toMatchObject({ code: 'too-large', details: { rule: 'U15' } })
    clock.advance(1_000)
    await expect(cuts[1]).rejects.toMatchObject({ details: { rule: 'U15' } })
    await results
  })

  test('ends with its server: what waits is told that it restarts', async () => {
    const cutter = workerCutter(reads('for (;;);'))
    const results = Promise.allSettled([cutter.cut('plan', request(long)), cutter.cut('plan', request(long))])
    await cutter.close()
    for (const result of await results) {
      expect(result.status === 'rejected' && result.reason).toMatchObject({ code: 'restarting' })
    }
    await expect(cutter.cut('plan', request(long))).rejects.toMatchObject({ code: 'restarting' })
  })
})
