// Installs and builds what is out of date before the tests that run the real thing, as `npm test` has done already; so that
// `npx vitest run test/system` never tests an old build.

import { execFileSync } from 'node:child_process'
import { repositoryRoot } from './sources.ts'

export function setup(): void {
  execFileSync(process.execPath, ['server/bin/prepare.mjs'], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
