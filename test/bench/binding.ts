// What an edit costs, script only: a key, Enter, a retype, a caret, opening, at several lengths of document, beside other bindings.
//
//   npm run bench -- binding [--sizes 1000,10000,50000] [--times 400] [--only Sheaf] [--quick]
//
// Medians, wall time and behind it the CPU time of the process. No DOM: all subjects stand on one view that applies transactions,
// updates plugins and asks for decorations, and draws nothing. Ours has all plugins that the editor installs, and its menus.

import { parseArgs } from 'node:util'
import { goals, growths } from './binding/goals.ts'
import { type Figure, type Measurement, measureSizes } from './binding/measure.ts'
import { subjectNames } from './binding/process.ts'

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
  const times = Number(values.times ?? (isQuick ? 10 : 400))
  const wanted = subjectNames.filter(name => values.only === undefined || values.only.split(',').includes(name))
  const both = sizes.flatMap(blocks => [false, true].map(isBold => ({ blocks, isBold })))
  return measureSizes(both, wanted, { times, isQuick })
}

function report(measurements: readonly Measurement[]): string[] {
  const lines: string[] = []
  for (const { size, rows } of measurements) {
    const names = subjectNames.filter(name => rows.some(row => row.figures.has(name)))
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
