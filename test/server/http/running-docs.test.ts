// docs/running.md tells what is there: every option and every metric, and nothing else.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { serveOptions } from '../../../server/src/config.ts'
import { metricDefinitions } from '../../../server/src/metrics.ts'
import { repositoryRoot } from '../../helpers/sources.ts'

const text = readFileSync(join(repositoryRoot, 'docs/running.md'), 'utf8')
const rows = text.split('\n').filter(line => line.startsWith('| `'))

test('the table of options is the one that is parsed', () => {
  const told = rows.flatMap(row => /^\| `--([a-z-]+)/.exec(row)?.[1] ?? [])
  expect(told).toEqual(serveOptions.map(option => option.name))
  for (const { name, value, default: fallback } of serveOptions) {
    const flag = `--${name}${value === undefined ? '' : ` ${value.replace('|', '\\|')}`}`
    const row = rows.find(line => line.startsWith(`| \`${flag}\` |`))
    expect(row, flag).toBeDefined()
    if (fallback !== undefined) expect(row).toContain(`| \`${fallback}\` |`)
  }
})

test('the table of metrics is the one that is counted', () => {
  const told = rows.flatMap(row => {
    const match = /^\| `(sheaf_\w+)` \| (\w+) \|/.exec(row)
    return match === null ? [] : [[match[1], match[2]]]
  })
  expect(told).toEqual(Object.entries(metricDefinitions).map(([name, { type }]) => [name, type]))
})
