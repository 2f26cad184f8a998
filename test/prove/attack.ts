// Runs one attack in a process of its own.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { ServerProcess } from '../helpers/server-process.ts'

const script = fileURLToPath(new URL('attacker.ts', import.meta.url))

/** Resolves when the attack has ended. @throws Error when the attacker failed. */
export async function attackWith(
  name: string,
  server: ServerProcess,
  documentId: string,
  seconds: number,
): Promise<{ readonly frames: number; readonly sockets: number }> {
  const args = ['--import', 'tsx', script, name, server.url, documentId, String(seconds)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    output += part
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The attacker ended with ${code}.`)
  return JSON.parse(output) as { frames: number; sockets: number }
}
