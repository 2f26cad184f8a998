// The goals of our binding: twice the figures of the prototype that its layout was chosen by, which had no other plugins; and no edit
// may cost more in proportion to the length of the document.

import type { Measurement } from './measure.ts'

/** Milliseconds and megabytes of the prototype at 1,000, 10,000 and 50,000 blocks, and at 50,000 with a bold word in each. */
const prototype: Readonly<Record<string, readonly [number, number, number, number?]>> = {
  'key, local': [0.07, 0.14, 0.17, 0.25],
  'key, remote': [0.04, 0.08, 0.1, 0.12],
  'Enter, local': [0.14, 0.24, 0.33, 0.63],
  'Enter, remote': [0.08, 0.12, 0.21, 0.41],
  'retype, local': [0.13, 0.18, 0.23, 0.29],
  'retype, remote': [0.05, 0.09, 0.12, 0.11],
  'caret move': [0.001, 0.001, 0.001],
  'caret message, made': [0.04, 0.04, 0.04],
  'caret message, found': [0.04, 0.04, 0.04],
  'applyUpdate + read': [30, 58, 416, 1_100],
  'heap of the Y.Doc': [1.4, 11.5, 57, 117],
}
const factor = 2

/** An edit may take as much longer as the square root of how much longer the document is. */
const growingPower = 0.5
/** What has to look at everything once. */
const linear = new Set(['applyUpdate + read', 'heap of the Y.Doc'])

export function goals(measurements: readonly Measurement[]): string[] {
  return measurements.flatMap(({ size, rows }) => {
    const column = columnOf(size)
    return rows.flatMap(({ act, unit, figures }) => {
      const figure = figures.get('Sheaf')
      const goal = prototype[act]?.[column]
      if (figure === undefined || goal === undefined) return []
      const ratio = figure.value / goal
      const fastest = figure.fastest / goal
      const where = `${act}, ${size.blocks}${size.isBold ? ' bold' : ''}`
      // Where the fastest tenth reaches it and the median does not, the machine may have been busy.
      const verdict = ratio <= factor ? 'reached' : fastest <= factor ? 'reached by a tenth' : 'NOT reached'
      const ratios = `${ratio.toFixed(2)} × the prototype, the fastest tenth ${fastest.toFixed(2)} ×`
      return `  ${verdict}: ${where}: ${figure.value.toPrecision(3)} ${unit}, ${ratios}`
    })
  })
}

export function growths(measurements: readonly Measurement[]): string[] {
  const [first] = measurements
  const last = measurements.findLast(({ size }) => !size.isBold)
  if (first === undefined || last === undefined || first === last) return []
  const longer = last.size.blocks / first.size.blocks
  return first.rows.flatMap(({ act, figures }) => {
    const before = figures.get('Sheaf')
    const after = last.rows.find(row => row.act === act)?.figures.get('Sheaf')
    if (before === undefined || after === undefined || linear.has(act)) return []
    const grown = after.value / before.value
    const verdict = grown <= longer ** growingPower ? 'reached' : 'NOT reached'
    return `  ${verdict}: ${act}: ${grown.toFixed(1)} × in a document ${longer} × as long`
  })
}

function columnOf({ blocks, isBold }: Measurement['size']): number {
  return isBold ? (blocks === 50_000 ? 3 : -1) : [1_000, 10_000, 50_000].indexOf(blocks)
}
