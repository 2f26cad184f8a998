// Builds server/dist and web/dist before the tests that run the real thing.

import { execFileSync } from 'node:child_process'
import { repositoryRoot } from './sources.ts'

export function setup(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: repositoryRoot, stdio: ['ignore', 'ignore', 'inherit'] })
}
