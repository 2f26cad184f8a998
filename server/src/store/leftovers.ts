// What compaction has left behind in the engine's files. A row that was folded away is deleted, and stays in the write-ahead file
// and in a table until LevelDB merges them, which it does when megabytes have come; a server that stops would leave them
// for ever. So at a clean stop the documents that left most are merged, one after the other.

import type { Disk } from './disk.ts'
import { updateRange } from './keys.ts'
import { lastSeq } from './loading.ts'

/** Of a row beside its update, and of its deletion. */
const rowBytes = 100

/** Less is not worth rewriting the tables that it is in. */
const minBytes = 256 * 1024

/** Each takes some ten milliseconds, and a stop waits for it. */
const maxDocuments = 16

export class Leftovers {
  readonly #bytes = new Map<number, number>()

  /** Rows of a document were folded away. @param updateBytes of all of them together. */
  add(number: number, rows: number, updateBytes: number): void {
    this.#bytes.set(number, (this.#bytes.get(number) ?? 0) + rows * rowBytes + updateBytes)
  }

  /** Nobody writes any more. */
  async clear(disk: Disk): Promise<void> {
    const most = [...this.#bytes].filter(([, bytes]) => bytes >= minBytes).sort(([, a], [, b]) => b - a)
    for (const [number] of most.slice(0, maxDocuments)) await disk.merge(updateRange(number, 0, lastSeq))
    this.#bytes.clear()
  }
}
