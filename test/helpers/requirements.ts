// What a test needs that a machine may lack. A suite that cannot run says so in its title, and the run's last lines repeat it
// (skip-reporter.ts): nothing is left out silently.

import { describe } from 'vitest'
import { skippedBecause } from './skipped.ts'

/**
 * `describe`, or a suite that is left out for `reason`.
 * @param reason why it cannot run here; undefined when it can.
 */
export function describeUnless(reason: string | undefined, title: string, suite: () => void): void {
  if (reason === undefined) describe(title, suite)
  else describe.runIf(false)(title + skippedBecause + reason, suite)
}

/** True in `npm run test:long`. */
export const isLongRun = process.env.SHEAF_LONG === '1'

export const longRunOnly: string | undefined = isLongRun ? undefined : 'long; `npm run test:long` runs it'
