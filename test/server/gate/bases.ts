// The small documents that hostile inputs are sent to. All are client 1's.

import type { Base } from '../../corpus/corpus.ts'
import { any, craft, type Id, text, type } from './craft.ts'

const block = craft([
  {
    client: 1,
    structs: [type({ root: 'body' }), text({ origin: [1, 0] }, 'abc'), any({ parent: [1, 0], key: 'kind' }, 'h1')],
  },
])

/** The updates that make a base, in order. */
export const bases: Readonly<Record<Base, readonly Uint8Array[]>> = {
  empty: [],
  /** Clocks 0 to 10 are text. */
  text: [craft([{ client: 1, structs: [text({ root: 'body' }, 'hello world')] }])],
  /** Clock 0 is a marker, 1 to 3 the text behind it, 4 the marker's register `kind`. */
  block: [block],
  /** The same with the marker deleted, so that its register is garbage. */
  collected: [block, craft([], [[1, [0, 1], [4, 1]]])],
}

/** The last character of client 1 in the body. */
export const lastWritten: Readonly<Record<Exclude<Base, 'empty'>, Id>> = {
  text: [1, 10],
  block: [1, 3],
  collected: [1, 3],
}
