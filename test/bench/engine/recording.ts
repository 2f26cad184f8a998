// A document as people leave it behind: 260,000 recorded edits, typed in 26 sittings with a client id each.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'
import { type Patch, readTrace } from '../../helpers/traces.ts'

export interface Recording {
  /** Yjs v1 updates of 1,000 edits each, in order. */
  readonly updates: readonly Uint8Array[]
  readonly text: string
  /** A little less than any server sends of it: deleted content is gone. */
  readonly stateBytes: number
}

const editsPerUpdate = 1_000
const editsPerSitting = 10_000

/**
 * The recorded blog post, and behind it as much of it again as is needed.
 * @param file another recording of one author in its place, in the format of test/fixtures/editing-traces.
 */
export function recordedDocument(edits: number, file?: string): Recording {
  const patches = file === undefined ? readTrace('seq-seph-blog1').steps[0]!.flatMap(step => step.patches) : read(file)
  const ydoc = new Y.Doc()
  const text = ydoc.getText('text')
  const updates: Uint8Array[] = []
  ydoc.on('update', update => void updates.push(update))
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
  }
  const stateBytes = Math.floor(0.9 * Y.encodeStateAsUpdate(ydoc).byteLength)
  return { updates, text: text.toString(), stateBytes }
}

function read(file: string): readonly Patch[] {
  const { txns } = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
    readonly txns: readonly { readonly patches: readonly Patch[] }[]
  }
  return txns.flatMap(txn => txn.patches)
}
