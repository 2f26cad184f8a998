// The thread in which documents are compacted; see worker-compactor.ts. Built as a bundle of its own.

import { parentPort } from 'node:worker_threads'
import { mergeInline } from './compaction.ts'
import { movable } from './snapshot.ts'
import type { MergeReply, MergeRequest } from './worker-compactor.ts'

const port = parentPort
if (port === null) throw new TypeError('this file runs as a worker thread')

port.on('message', ({ snapshot, updates, lengths }: MergeRequest) => {
  try {
    let at = 0
    const each = Array.from(lengths, length => {
      const start = at
      at += length
      return updates.subarray(start, at)
    })
    const merged = movable(mergeInline(snapshot, each))
    port.postMessage({ merged } satisfies MergeReply, [merged.deflated.buffer, merged.stateVector.buffer])
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    port.postMessage({ failure } satisfies MergeReply)
  }
})
