// The way in to the benchmarks.

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { repositoryRoot } from '../helpers/sources.ts'

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
