// Three projects, one after the other: unit tests on every core; tests that start servers, and tests that start browsers, one file
// at a time, so that what they measure is the product and not the other tests. Where CI=true a test that fails is run once more,
// and the last lines name it: a machine that stops for a second in the wrong place is no reason to turn everything down.
// SHEAF_LONG=1 runs the files that have a long form, in it.
// SHEAF_TEST_REPORT=<file> writes a JSON report besides, SHEAF_SEED=<number>|random draws other cases for property tests.

import { readdirSync, readFileSync } from 'node:fs'
import { configDefaults, defineConfig } from 'vitest/config'
import { SkipReporter } from './test/helpers/skip-reporter.ts'

const isLong = process.env.SHEAF_LONG === '1'
const report = process.env.SHEAF_TEST_REPORT
const jsonReports: ['json', { outputFile: string }][] = report === undefined ? [] : [['json', { outputFile: report }]]
const minuteMs = 60_000

const system = ['test/{system,replay,crash}/**/*.test.ts', 'test/repo/bundle.test.ts']
const browser = ['test/{browser,engines}/**/*.test.ts']
/** In the long run, the files that have a long form; the others `npm test` has run as they are. */
const longForms = readdirSync(new URL('test', import.meta.url), { recursive: true, encoding: 'utf8' })
  .map(path => `test/${path}`)
  .filter(path => /\.test\.tsx?$/.test(path))
  .filter(path =>
    /\b(caseCount|seeds|isLongRun|longRunOnly|SHEAF_LONG)\b/.test(readFileSync(new URL(path, import.meta.url), 'utf8')),
  )

export default defineConfig({
  test: {
    setupFiles: ['./test/helpers/seed.ts'],
    // What is waited for comes at once or, on a machine that does other things as well, a little later: a second is too short for that.
    expect: { poll: { timeout: 10_000 } },
    retry: process.env.CI === 'true' ? 1 : 0,
    reporters: ['default', new SkipReporter(), ...jsonReports],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: isLong ? longForms : ['test/**/*.test.{ts,tsx}'],
          exclude: [...configDefaults.exclude, ...system, ...browser],
          testTimeout: isLong ? 30 * minuteMs : minuteMs,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: isLong ? longForms.filter(path => /^test\/(system|replay|crash)\//.test(path)) : system,
          globalSetup: './test/helpers/build.ts',
          testTimeout: isLong ? 30 * minuteMs : 2 * minuteMs,
          hookTimeout: minuteMs,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: isLong ? longForms.filter(path => /^test\/(browser|engines)\//.test(path)) : browser,
          globalSetup: './test/helpers/build.ts',
          testTimeout: minuteMs,
          hookTimeout: minuteMs,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
