// A vitest reporter whose last lines say which tests did not run, and why, and which passed only when they were run again: nothing is left
// out silently.

import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { skippedBecause } from './skipped.ts'

export class SkipReporter implements Reporter {
  #isFiltered = false

  onInit(vitest: Vitest): void {
    // Whoever asked for certain tests by name knows that the others were left out.
    this.#isFiltered = vitest.config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const reasons = new Map<string, number>()
    const shaky: string[] = []
    for (const module of modules) {
      for (const test of module.children.allTests('passed')) {
        if (test.diagnostic()?.flaky === true) shaky.push(`${module.relativeModuleId}: ${test.fullName}`)
      }
      for (const test of module.children.allTests('skipped')) {
        const reason = test.fullName.split(' > ').find(name => name.includes(skippedBecause))
        const [title, because] = reason?.split(skippedBecause) ?? [test.fullName, 'no reason is given']
        const line = `${module.relativeModuleId}: ${title}: ${because}`
        reasons.set(line, (reasons.get(line) ?? 0) + 1)
      }
    }
    if (shaky.length > 0) console.log(`\nPassed only at the second try:\n  ${shaky.join('\n  ')}`)
    if (reasons.size === 0 || this.#isFiltered) return
    console.log('\nNot run here:')
    for (const [line, count] of reasons) console.log(`  ${count} ${count === 1 ? 'test' : 'tests'} of ${line}`)
  }
}
