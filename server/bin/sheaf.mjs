#!/usr/bin/env node
// The command `sheaf`, from the workspace: builds when there is no build yet, and runs it.

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const main = new URL('../dist/main.js', import.meta.url)
if (!existsSync(fileURLToPath(main))) {
  const { prepareOrExit } = await import('./prepare.mjs')
  await prepareOrExit()
}
await import(main.href)
