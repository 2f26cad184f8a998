// `npm test`: installs and builds what is missing, then runs every test that can run here; the last lines say which could not,
// and why. `--long` adds the long forms. Other arguments go on to vitest.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { prepareOrExit, root } from './prepare.mjs'

await prepareOrExit()
const args = process.argv.slice(2)
const isLong = args.includes('--long')
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', ...args.filter(arg => arg !== '--long')], {
  cwd: root,
  stdio: 'inherit',
  env: isLong ? { ...process.env, SHEAF_LONG: '1' } : process.env,
})
process.exit(status ?? 1)
