// `sheaf version`: which build this is.

import manifest from '../../package.json' with { type: 'json' }
import { parseFlags } from '../config.ts'
import type { Terminal } from './terminal.ts'

export const productVersion: string = manifest.version

export function version(args: readonly string[], terminal: Terminal): number {
  const isJson = parseFlags(args, [{ name: 'json', about: 'as JSON' }]).has('json')
  const { runtime } = terminal
  terminal.out(isJson ? `${JSON.stringify({ version: productVersion, runtime })}\n` : `sheaf ${productVersion}\n`)
  return 0
}
