// What runs in the process of a subject; process.ts starts it.

import type { Size } from './measure.ts'
import type { Answers, Request, Weight } from './process.ts'
import { type Act, Session, seedOf } from './session.ts'
import { type Subject, subjects } from './subjects.ts'

const subject = subjects.find(({ name }) => name === process.argv[2])!
let session: Session | null = null

process.on('message', (request: Request) => process.send!(answer(request)))
process.send!('ready')

function answer(request: Request): Answers[Request['do']] {
  if (request.do === 'open') {
    const seed = seedOf(subject, request.size)
    // The first time is that of the code itself.
    const heapMB = subject.isShared ? repeat(4, () => heapOf(subject, seed)).slice(1) : []
    session = new Session(subject, seed, request.size.blocks)
    return { heapMB }
  }
  if (request.do === 'weigh') return weigh(request.size)
  if (request.do === 'act') return { samples: repeat(request.times, () => session!.act(request.act)) }
  if (request.do === 'warm up') warmUp(request.times)
  else {
    session!.close()
    session = null
  }
  return {}
}

/** What runs for the first time is slow: everything, many times over, in a small document. */
function warmUp(times: number): void {
  const count = 300
  const small = new Session(subject, seedOf(subject, { blocks: count, isBold: true }), count)
  for (const act of ['key', 'caret move', 'caret message', 'retype', 'Enter'] satisfies Act[]) {
    repeat(act === 'Enter' ? Math.min(times, count) : times, () => small.act(act))
  }
  small.close()
}

/** Once in a process that did nothing else: nothing is warm, and nothing is left over. */
function weigh(size: Size): Weight {
  const seed = seedOf(subject, size)
  const small = subject.open(seedOf(subject, { ...size, blocks: 20 }), 1000)
  const ydocMB = heapOf(subject, seed)
  const before = usedHeap()
  const editor = subject.open(seed, 1000)
  const editorMB = (usedHeap() - before) / 2 ** 20
  for (const open of [editor, small]) open.close()
  return { stateBytes: seed.length, ydocMB, editorMB }
}

function heapOf(subject: Subject, seed: Uint8Array): number {
  const before = usedHeap()
  const ydoc = subject.load(seed)
  const used = usedHeap() - before
  ydoc.destroy()
  return used / 2 ** 20
}

/** Bytes in use once all garbage is collected. */
function usedHeap(): number {
  globalThis.gc!()
  globalThis.gc!()
  return process.memoryUsage().heapUsed
}

function repeat<T>(times: number, make: () => T): T[] {
  return Array.from({ length: times }, make)
}
