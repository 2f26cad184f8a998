// `npm run binary [-- --arch x64|arm64|all] [--node FILE] [--out DIR]`: installs and builds what is missing, and makes sheaf as one
// file, dist/sheaf-linux-x64, for the machine that it runs on or for another.

import { mkdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { prepareOrExit, root } from './prepare.mjs'

const usage = 'Usage: npm run binary -- [--arch x64|arm64|all] [--node FILE] [--out DIR]'

const { arch = process.arch, node, out = join(root, 'dist') } = parsedOrExit()
await prepareOrExit()
const { BinaryError, makeBinary, targets } = await import('../binary.mjs')
const wanted = arch === 'all' ? targets : [arch]
if (wanted.some(name => !targets.includes(name)) || (node !== undefined && wanted.length > 1)) exit(2, usage)

mkdirSync(out, { recursive: true })
let failed = false
for (const target of wanted) {
  const file = resolve(out, `sheaf-linux-${target}`)
  try {
    await makeBinary(target, file, { node })
    console.log(`${file}  ${(statSync(file).size / 1e6).toFixed(0)} MB`)
  } catch (cause) {
    if (!(cause instanceof BinaryError)) throw cause
    console.error(cause.message)
    failed = true
  }
}
process.exit(failed ? 1 : 0)

function parsedOrExit() {
  try {
    return parseArgs({ options: { arch: { type: 'string' }, node: { type: 'string' }, out: { type: 'string' } } })
      .values
  } catch (cause) {
    return exit(2, `${cause.message}\n${usage}`)
  }
}

function exit(code, text) {
  console.error(text)
  process.exit(code)
}
