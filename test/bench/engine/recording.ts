// A document as people leave it behind: 260,000 recorded edits, typed in 26 sittings with a client id each.

import * as Y from 'yjs'
import { readTrace } from '../../helpers/traces.ts'

export interface Recording {
  /** Yjs v1 updates of 1,000 edits each, in order. */
  readonly updates: readonly Uint8Array[]
  readonly text: string
}

const editsPerUpdate = 1_000
const editsPerSitting = 10_000

/** The recorded blog post, and behind it as much of it again as is needed. */
export function recordedDocument(edits = 260_000): Recording {
  const { steps } = readTrace('seq-seph-blog1')
  const patches = steps[0]!.flatMap(step => step.patches)
  const ydoc = new Y.Doc()
  const text = ydoc.getText('text')
  const updates: Uint8Array[] = []
  let stateVector = Y.encodeStateVector(ydoc)
  let start = 0
  for (let done = 0; done < edits; ) {
    const from = done % patches.length
    if (from === 0) start = text.length
    if (done % editsPerSitting === 0) ydoc.clientID = 1_000_003 + done
    const count = Math.min(
      editsPerUpdate,
      edits - done,
      patches.length - from,
      editsPerSitting - (done % editsPerSitting),
    )
    ydoc.transact(() => {
      for (const [at, deleted, inserted] of patches.slice(from, from + count)) {
        if (deleted > 0) text.delete(start + at, deleted)
        if (inserted !== '') text.insert(start + at, inserted)
      }
    })
    done += count
    updates.push(Y.encodeStateAsUpdate(ydoc, stateVector))
    stateVector = Y.encodeStateVector(ydoc)
  }
  return { updates, text: text.toString() }
}
