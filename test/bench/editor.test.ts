// Every subject of the benchmarks of the editor does every act, at a size that says nothing. That the tables are whole, with a process for
// each subject, is shown in test/system/bench.test.ts.

import { expect, test } from 'vitest'
import { type SubjectName, subjectNames } from './binding/process.ts'
import { type Act, Session, seedOf } from './binding/session.ts'
import { subjects } from './binding/subjects.ts'

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
