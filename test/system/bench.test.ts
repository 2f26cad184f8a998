// The benchmarks of the editor work as they are called, at sizes that say nothing: each cell of a table has a number.

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { Measurement } from '../bench/binding/measure.ts'
import { type SubjectName, subjectNames } from '../bench/binding/process.ts'
import { measureBinding } from '../bench/binding.ts'
import { measureMemory } from '../bench/memory.ts'
import { repositoryRoot } from '../helpers/sources.ts'

const isLong = process.env.SHEAF_LONG === '1'
const isShared = (name: SubjectName): boolean => name !== 'ProseMirror'

test('the table of the binding has a number in each cell', async () => {
  // Each is a process, which takes a second to start.
  const only: readonly SubjectName[] = isLong ? subjectNames : ['Sheaf']
  const measurements: Measurement[] = []
  for await (const one of measureBinding(['--quick', '--sizes', '20', '--only', only.join()])) measurements.push(one)
  expect(measurements.map(({ size }) => size.isBold)).toEqual([false, true])
  const [measurement] = measurements
  expect(measurement!.rows.map(row => row.act)).toEqual([
    'key, local',
    'key, remote',
    'Enter, local',
    'Enter, remote',
    'retype, local',
    'retype, remote',
    'caret move',
    'caret message, made',
    'caret message, found',
    'applyUpdate + read',
    'heap of the Y.Doc',
  ])
  const alone = ['key, local', 'Enter, local', 'retype, local', 'caret move']
  for (const { act, figures } of measurement!.rows) {
    expect([...figures.keys()], act).toEqual(only.filter(name => isShared(name) || alone.includes(act)))
    for (const { value, times } of figures.values()) expect(Number.isFinite(value) && times > 0, act).toBe(true)
  }
})

test('the table of memory has a number in each cell', async () => {
  const only = isLong ? ['Sheaf', 'y-prosemirror', 'y-tiptap'] : ['Sheaf']
  const rows = await measureMemory(['--quick', '--only', only.join()])
  expect(rows.map(({ part }) => part)).toEqual([...parts, ...parts])
  for (const { values, part } of rows) {
    expect([...values.keys()], part).toEqual(only)
    for (const value of values.values()) expect(value, part).toBeGreaterThan(0)
  }
})

const parts = ['editorMB', 'ydocMB', 'stateBytes']

function bench(...args: string[]) {
  const command = ['--import', 'tsx', 'test/bench/run.ts', ...args]
  return spawnSync(process.execPath, command, { cwd: repositoryRoot, encoding: 'utf8' })
}

test('whoever asks for a scenario that nobody knows is told so, with what there is', () => {
  const { status, stdout, stderr } = bench('speed')
  expect(status).toBe(2)
  expect(stderr).toContain('There is no scenario “speed”.')
  expect(stdout).toMatch(/^ {2}binding +What an edit costs/m)
  expect(stdout).toMatch(/^ {2}memory +What a document takes/m)
})
