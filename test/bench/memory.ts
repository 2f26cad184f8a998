// What a document takes in memory while it is open in the editor, and encoded, beside other bindings: plain and with a bold word in each block.
//
//   npm run bench -- memory [--blocks 10000] [--runs 5] [--only Sheaf,y-prosemirror] [--quick]
//
// Heap in use after garbage collection: of the Y.Doc alone, and of Y.Doc, binding and editor state together with all plugins (no DOM). Each
// figure is the median of processes that did nothing else; the subjects take turns.

import { parseArgs } from 'node:util'
import { median } from './binding/measure.ts'
import { BenchProcess, type SubjectName, type Weight } from './binding/process.ts'

const subjects = ['Sheaf', 'y-prosemirror', 'y-tiptap'] as const satisfies SubjectName[]
const reference = 'y-prosemirror'
const goals = { editorMB: 1.2, ydocMB: null, stateBytes: 1 }

export interface WeightRow {
  readonly text: 'plain' | 'a bold word in each block'
  readonly part: keyof Weight
  readonly values: ReadonlyMap<SubjectName, number>
}

export async function run(args: readonly string[]): Promise<void> {
  const rows = await measureMemory(args)
  const names = [...rows[0]!.values.keys()]
  console.log(`| | ${names.join(' | ')} | Sheaf to ${reference} |\n|---|${'---|'.repeat(names.length + 1)}`)
  for (const row of rows) {
    const cells = names.map(name => shown(row.part, row.values.get(name)!))
    console.log(`| ${titles[row.part]}, ${row.text} | ${cells.join(' | ')} | ${verdict(row)} |`)
  }
}

export async function measureMemory(args: readonly string[]): Promise<WeightRow[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      blocks: { type: 'string' },
      runs: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      peers: { type: 'boolean' },
    },
  })
  const blocks = Number(values.blocks ?? (values.quick ? 200 : 10_000))
  const runs = Number(values.runs ?? (values.quick ? 1 : 5))
  const wanted = subjects.filter(name => values.only === undefined || values.only.split(',').includes(name))
  const rows: WeightRow[] = []
  for (const isBold of [false, true]) {
    const weights = new Map<SubjectName, Weight[]>(wanted.map(name => [name, []]))
    for (let turn = 0; turn < runs; turn++) {
      for (const name of wanted) weights.get(name)!.push(await weigh(name, { blocks, isBold }))
    }
    const text = isBold ? 'a bold word in each block' : 'plain'
    for (const part of ['editorMB', 'ydocMB', 'stateBytes'] as const) {
      const medians = [...weights].map(([name, of]) => [name, median(of.map(weight => weight[part]))] as const)
      rows.push({ text, part, values: new Map(medians) })
    }
  }
  return rows
}

async function weigh(name: SubjectName, size: { blocks: number; isBold: boolean }): Promise<Weight> {
  const subject = await BenchProcess.start(name)
  try {
    return await subject.ask({ do: 'weigh', size })
  } finally {
    subject.stop()
  }
}

const titles: Record<keyof Weight, string> = {
  editorMB: 'open in the editor',
  ydocMB: 'Y.Doc alone',
  stateBytes: 'encoded state (V1)',
}

function shown(part: keyof Weight, value: number): string {
  return part === 'stateBytes' ? `${(value / 1024).toFixed(0)} KiB` : `${value.toFixed(1)} MB`
}

function verdict({ part, values }: WeightRow): string {
  const [ours, theirs] = [values.get('Sheaf'), values.get(reference)]
  if (ours === undefined || theirs === undefined) return '–'
  const ratio = ours / theirs
  const goal = goals[part]
  return `${ratio.toFixed(2)} ×${goal === null ? '' : `, goal ${goal} ×: ${ratio <= goal ? 'reached' : 'NOT reached'}`}`
}
