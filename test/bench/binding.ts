// What an edit costs, script only: a key, Enter, a retype, a caret, opening, at several lengths of document, beside other bindings.
//
//   npm run bench -- binding [--sizes 1000,10000,50000] [--times 200] [--only Sheaf] [--quick]
//
// Medians, wall time and behind it the CPU time of the process. No DOM: all subjects stand on one view that applies transactions,
// updates plugins and asks for decorations, and draws nothing. Ours has all plugins that the editor installs, and its menus.

import { parseArgs } from 'node:util'
import { goals, growths } from './binding/goals.ts'
import { type Figure, type Measurement, measureSize } from './binding/measure.ts'
import { subjects } from './binding/subjects.ts'

export async function run(args: readonly string[]): Promise<void> {
  for (const line of report(await measureBinding(args))) console.log(line)
}

export async function measureBinding(args: readonly string[]): Promise<Measurement[]> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      sizes: { type: 'string' },
      times: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      peers: { type: 'boolean' },
    },
  })
  const isQuick = values.quick
  const sizes = (values.sizes ?? (isQuick ? '50,200' : '1000,10000,50000')).split(',').map(Number)
  const times = Number(values.times ?? (isQuick ? 10 : 200))
  const wanted = subjects.filter(({ name }) => values.only === undefined || values.only.split(',').includes(name))
  const measurements: Measurement[] = []
  // Once for nothing: what runs for the first time is slow.
  if (!isQuick) measureSize({ blocks: 300, isBold: true }, wanted, { times: 200, isQuick: false })
  for (const blocks of sizes) {
    for (const isBold of [false, true]) {
      const measurement = measureSize({ blocks, isBold }, wanted, { times, isQuick })
      measurements.push(measurement)
      if (!isQuick) console.error(`… ${blocks} blocks${isBold ? ', bold' : ''}`)
    }
  }
  return measurements
}

function report(measurements: readonly Measurement[]): string[] {
  const lines: string[] = []
  for (const { size, rows } of measurements) {
    const names = subjects.map(({ name }) => name).filter(name => rows.some(row => row.figures.has(name)))
    lines.push('', `${size.blocks} blocks${size.isBold ? ', a bold word in each' : ''}: median (CPU) × times`, '')
    lines.push(`| | ${names.join(' | ')} |`, `|---|${names.map(() => '---|').join('')}`)
    for (const { act, unit, figures } of rows) {
      lines.push(`| ${act}, ${unit} | ${names.map(name => cell(figures.get(name))).join(' | ')} |`)
    }
  }
  lines.push('', 'Goals:', ...goals(measurements), '', 'Growth of ours with the length:', ...growths(measurements))
  return lines
}

function cell(figure: Figure | undefined): string {
  if (figure === undefined) return '–'
  const { value, cpuMs, times } = figure
  return `${digits(value)}${cpuMs === null ? '' : ` (${digits(cpuMs)})`} × ${times}`
}

function digits(value: number): string {
  return value >= 100
    ? value.toFixed(0)
    : value >= 10
      ? value.toFixed(1)
      : value >= 1
        ? value.toFixed(2)
        : value.toFixed(3)
}
