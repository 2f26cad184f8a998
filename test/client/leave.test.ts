// A program that has closed its documents ends by itself: nothing of them is left in the event loop.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { ScriptedServer } from '../helpers/scripted-server.ts'

test('C13: a process ends by itself once its documents are closed', async () => {
  const server = await ScriptedServer.start()
  const script = fileURLToPath(new URL('leave.ts', import.meta.url))
  const program = spawn(process.execPath, ['--import', 'tsx', script, server.url], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  onTestFinished(() => void program.kill('SIGKILL'))
  // The server stays; were a socket, a timer or a listener left, the program would too, and the test would time out.
  expect(await once(program, 'exit')).toEqual([0, null])
  expect(server.ydoc.getText('body').toString()).toBe('written by a program')
})
