// Reads the hostile inputs that lie beside this file. Each is hex behind a header of comments:
//
//   # one line: what it is
//   # layout: sheaf | raw        the document that it is sent to
//   # base: empty | text | block | collected
//   # gate: U1 … U14 | gap | nothing | admit
//   # yjs: what stock Yjs makes of it, where that is more than taking it: throws, half-applied, pending, unloadable
//   #   (loads no more), ruined (cannot be encoded), forgetful (loads, with less in it), polluted (a prototype was reached)

import { readdirSync, readFileSync } from 'node:fs'

export type Base = 'empty' | 'text' | 'block' | 'collected'

export interface Hostile {
  /** File name without `.hex`. */
  readonly name: string
  readonly what: string
  readonly layout: 'sheaf' | 'raw'
  readonly base: Base
  readonly gate: string
  readonly yjs: string | undefined
  readonly update: Uint8Array
}

export function readCorpus(): Hostile[] {
  const directory = new URL('.', import.meta.url)
  return readdirSync(directory)
    .filter(file => file.endsWith('.hex'))
    .sort()
    .map(file => parse(file.slice(0, -4), readFileSync(new URL(file, directory), 'utf8')))
}

function parse(name: string, source: string): Hostile {
  const [what = '', ...lines] = source.split('\n').filter(line => line.startsWith('#'))
  const header = new Map(
    lines.map(line => [line.slice(1, line.indexOf(':')).trim(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const hex = source.replace(/#.*/g, '').replace(/\s/g, '')
  return {
    name,
    what: what.slice(1).trim(),
    layout: header.get('layout') === 'raw' ? 'raw' : 'sheaf',
    base: (header.get('base') ?? 'empty') as Base,
    gate: header.get('gate') ?? '',
    yjs: header.get('yjs'),
    update: Uint8Array.from(Buffer.from(hex, 'hex')),
  }
}
