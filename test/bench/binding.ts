// What an edit costs, script only: a key, Enter, a retype, a caret, opening, at several lengths of document, beside other bindings.
//
//   npm run bench -- binding [--sizes 1000,10000,50000] [--times 400] [--only Sheaf] [--quick]
//
// Medians of wall time; in brackets what a tenth of the acts stay below, which other work on the machine disturbs least, and the median
// of the CPU time of the process. No DOM: all subjects stand on one view that applies transactions, updates plugins and asks for
// decorations, and draws nothing. Ours has all plugins that the editor installs; no menu is open.

import { parseArgs } from 'node:util'
import { goals, growths } from './binding/goals.ts'
import { type Figure, type Measurement, measureSizes } from './binding/measure.ts'
import { subjectNames } from './binding/process.ts'

export async function run(args: readonly string[]): Promise<void> {
  const measurements: Measurement[] = []
  for await (const measurement of measureBinding(args)) {
    measurements.push(measurement)
    console.log(table(measurement).join('\n'))
  }
  console.log(['Goals:', ...goals(measurements)].join('\n'))
  console.log(['', 'Growth of ours with the length:', ...growths(measurements)].join('\n'))
}

export function measureBinding(args: readonly string[]): AsyncIterable<Measurement> {
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

function table({ size, rows }: Measurement): string[] {
  const names = subjectNames.filter(name => rows.some(row => row.figures.has(name)))
  const lines = rows.map(
    ({ act, unit, figures }) => `| ${act}, ${unit} | ${names.map(name => cell(figures.get(name))).join(' | ')} |`,
  )
  const title = `${size.blocks} blocks${size.isBold ? ', a bold word in each' : ''}: median (fastest tenth; median of CPU) × times`
  return [title, '', `| | ${names.join(' | ')} |`, `|---|${names.map(() => '---|').join('')}`, ...lines, '']
}

function cell(figure: Figure | undefined): string {
  if (figure === undefined) return '–'
  const { value, fastest, cpuMs, times } = figure
  return `${digits(value)}${cpuMs === null ? '' : ` (${digits(fastest)}; ${digits(cpuMs)})`} × ${times}`
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
