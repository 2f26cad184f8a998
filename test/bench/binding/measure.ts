// Measures documents of several sizes. Each subject has a process to itself, as it has a page to itself, with two people in one document; the
// subjects take turns, a few acts at a time, so that a slow moment of the machine falls on all of them.

import { BenchProcess, type SubjectName } from './process.ts'
import type { Act, Sample } from './session.ts'

export interface Size {
  readonly blocks: number
  readonly isBold: boolean
}

/** The median over so many times. */
export interface Figure {
  /** Milliseconds, or megabytes. */
  readonly value: number
  /** A tenth was below this: what it takes where nothing else is in the way. */
  readonly fastest: number
  /** CPU time of the process in milliseconds; null where it is no time. */
  readonly cpuMs: number | null
  readonly times: number
}

export interface Row {
  readonly act: string
  readonly unit: 'ms' | 'MB'
  readonly figures: ReadonlyMap<SubjectName, Figure>
}

export interface Measurement {
  readonly size: Size
  readonly rows: readonly Row[]
}

export interface Effort {
  /** How often a key is measured; the rest, and a peer that needs long for one, does fewer. */
  readonly times: number
  readonly isQuick: boolean
}

const plan: readonly { act: Act; share: number; rows: readonly (keyof Sample)[] }[] = [
  { act: 'key', share: 1, rows: ['local', 'remote'] },
  { act: 'Enter', share: 0.3, rows: ['local', 'remote'] },
  { act: 'retype', share: 0.3, rows: ['local', 'remote'] },
  { act: 'caret move', share: 1, rows: ['local'] },
  { act: 'caret message', share: 1, rows: ['local', 'remote'] },
  { act: 'applyUpdate + read', share: 0.025, rows: ['local'] },
]
/** Acts of one subject before the next one has its turn. */
const inARow = 200

/** One measurement after the other, as they are made. */
export async function* measureSizes(
  sizes: readonly Size[],
  names: readonly SubjectName[],
  effort: Effort,
): AsyncGenerator<Measurement> {
  const subjects = await Promise.all(names.map(name => BenchProcess.start(name)))
  try {
    for (const subject of subjects) {
      // What loops over the document is warm early.
      await subject.ask({ do: 'warm up', times: effort.isQuick ? 1 : isTree(subject.name) ? 200 : 2_000 })
    }
    for (const size of sizes) yield await measureSize(size, subjects, effort)
  } finally {
    for (const subject of subjects) subject.stop()
  }
}

async function measureSize(size: Size, subjects: readonly BenchProcess[], effort: Effort): Promise<Measurement> {
  const heap = new Map<SubjectName, Figure>()
  for (const subject of subjects) {
    const { heapMB } = await subject.ask({ do: 'open', size })
    if (heapMB.length > 0) {
      const figure = { value: median(heapMB), fastest: firstTenth(heapMB), cpuMs: null, times: heapMB.length }
      heap.set(subject.name, figure)
    }
  }
  const rows: Row[] = []
  for (const { act, share, rows: sides } of plan) {
    const samples = await takeTurns(subjects, act, share, size, effort)
    for (const side of sides) {
      const figures = [...samples].flatMap(([name, of]) => {
        const figure = figureOf(of, side)
        return figure === null ? [] : [[name, figure] as const]
      })
      const title = sides.length === 1 ? act : `${act}, ${act === 'caret message' ? carets[side] : side}`
      rows.push({ act: title, unit: 'ms', figures: new Map(figures) })
    }
  }
  for (const subject of subjects) await subject.ask({ do: 'close' })
  return { size, rows: [...rows, { act: 'heap of the Y.Doc', unit: 'MB', figures: heap }] }
}

const carets = { local: 'made', remote: 'found' }

async function takeTurns(
  subjects: readonly BenchProcess[],
  act: Act,
  share: number,
  { blocks }: Size,
  { times, isQuick }: Effort,
): Promise<Map<SubjectName, Sample[]>> {
  const samples = new Map<SubjectName, Sample[]>(subjects.map(({ name }) => [name, []]))
  const rounds = Math.max(1, Math.round((times * share) / inARow))
  // The first round counts for nothing: the document has just been opened, and nothing is where the processor wants it.
  for (let round = isQuick ? 1 : 0; round <= rounds; round++) {
    for (const subject of subjects) {
      const slowness = isTree(subject.name) && !isQuick ? Math.ceil(blocks / 5_000) : 1
      const most = Math.max(1, Math.round((times * share) / rounds / slowness))
      const done = await subject.ask({ do: 'act', act, times: Math.min(most, Math.ceil(times * share)) })
      if (round > 0) samples.get(subject.name)!.push(...done.samples)
    }
  }
  return samples
}

function isTree(name: SubjectName): boolean {
  return name.startsWith('y-')
}

function figureOf(samples: readonly Sample[], side: keyof Sample): Figure | null {
  const of = samples.flatMap(sample => sample[side] ?? [])
  if (of.length === 0) return null
  const wall = of.map(({ ms }) => ms)
  const cpuMs = median(of.map(one => one.cpuMs))
  return { value: median(wall), fastest: firstTenth(wall), cpuMs, times: of.length }
}

function firstTenth(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 10)]!
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
