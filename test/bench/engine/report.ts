// What a benchmark says: one line of JSON for each figure as it is measured, on standard output, and at the end a table of all of them.

import { cpus } from 'node:os'

export interface Figure {
  readonly scenario: string
  readonly subject: string
  /** What varies within the scenario: `200 clients`. */
  readonly variant: string
  readonly figure: string
  readonly unit: string
  /** Of each run. */
  readonly runs: readonly number[]
  /** What Sheaf is to reach, at most. */
  readonly target?: number
}

export class Report {
  readonly #figures: Figure[] = []

  add(figure: Figure): void {
    this.#figures.push(figure)
    const { runs, ...rest } = figure
    console.log(JSON.stringify({ ...rest, median: round(median(runs)), runs: runs.map(round) }))
  }

  /** One row for each variant and figure, one column for each server. */
  table(): string {
    const subjects = [...new Set(this.#figures.map(figure => figure.subject))]
    const rows = new Map<string, Map<string, Figure>>()
    for (const figure of this.#figures) {
      const key = `${figure.variant}: ${figure.figure} (${figure.unit})`
      const row = rows.get(key) ?? new Map<string, Figure>()
      row.set(figure.subject, figure)
      rows.set(key, row)
    }
    const lines = [['', ...subjects, 'target']]
    for (const [key, row] of rows) {
      const target = [...row.values()].find(figure => figure.target !== undefined)?.target
      const cells = subjects.map(subject => {
        const figure = row.get(subject)
        return figure === undefined ? '–' : String(round(median(figure.runs)))
      })
      lines.push([key, ...cells, target === undefined ? '' : `≤ ${round(target)}`])
    }
    const widths = lines[0]!.map((_, column) => Math.max(...lines.map(line => line[column]!.length)))
    const text = lines.map(line => `| ${line.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`)
    text.splice(1, 0, `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`)
    return `\n${text.join('\n')}\n\n${machine()}\n`
  }
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** @param share 0.99 for p99. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}

/** Three significant digits. */
function round(value: number): number {
  return Number(value.toPrecision(3))
}

function machine(): string {
  return `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${process.platform}`
}
