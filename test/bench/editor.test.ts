// The benchmarks of the editor work, at sizes that say nothing: each act is done by each subject, and each cell of a table has a number.

import { expect, test } from 'vitest'
import type { Measurement } from './binding/measure.ts'
import { type SubjectName, subjectNames } from './binding/process.ts'
import { type Act, Session, seedOf } from './binding/session.ts'
import { subjects } from './binding/subjects.ts'
import { measureBinding } from './binding.ts'
import { measureMemory } from './memory.ts'

const isLong = process.env.SHEAF_LONG === '1'
const isShared = (name: SubjectName): boolean => name !== 'ProseMirror'
const acts: readonly Act[] = ['key', 'Enter', 'retype', 'caret move', 'caret message', 'applyUpdate + read']

test.each(subjectNames)('%s does every act, is timed, and shows the same to both people', name => {
  const subject = subjects.find(other => other.name === name)!
  const size = { blocks: 12, isBold: true }
  const session = new Session(subject, seedOf(subject, size), size.blocks)
  for (const act of acts) {
    for (let turn = 0; turn < 15; turn++) {
      const { local, remote } = session.act(act)
      const isTimed = isShared(name) || (act !== 'caret message' && act !== 'applyUpdate + read')
      expect(local !== undefined && local.ms > 0, act).toBe(isTimed)
      expect(remote !== undefined, act).toBe(isShared(name) && act !== 'caret move' && act !== 'applyUpdate + read')
    }
  }
  session.close()
})

test('the table of the binding has a number in each cell', async () => {
  const only = isLong ? [...subjectNames] : (['Sheaf', 'ProseMirror'] as const)
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
