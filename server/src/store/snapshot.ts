// A snapshot as it is stored and handed on: everything of some rows as one Yjs v1 update, deflated, with what can be known of
// it without reading it. The encoding is that of the wire, so that a reader can be served without a Y.Doc; deflated it
// takes little more than half of what Yjs v2 does.

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import * as Y from 'yjs'

export interface Snapshot {
  /** A Yjs v1 update, deflated (raw, RFC 1951). */
  readonly deflated: Uint8Array
  /** Bytes of the update. */
  readonly updateBytes: number
  /** Where its delete set begins. */
  readonly deletesAt: number
  /** Yjs v1. */
  readonly stateVector: Uint8Array
}

/** One whose bytes are its own, so that they can go to another thread. */
export interface MovableSnapshot extends Snapshot {
  readonly deflated: Uint8Array<ArrayBuffer>
  readonly stateVector: Uint8Array<ArrayBuffer>
}

/** A copy that can be given away. */
export function movable(snapshot: Snapshot): MovableSnapshot {
  const { deflated, stateVector } = snapshot
  return { ...snapshot, deflated: new Uint8Array(deflated), stateVector: new Uint8Array(stateVector) }
}

/** All that a document holds. */
export function takeSnapshot(ydoc: Y.Doc): Snapshot {
  return pack(Y.encodeStateAsUpdate(ydoc), Y.encodeStateVector(ydoc))
}

/** @param update Yjs v2, as data format 1 stored it. @throws Error when it is no such update. */
export function snapshotOfV2(update: Uint8Array): Snapshot {
  const converted = Y.convertUpdateFormatV2ToV1(update)
  return pack(converted, Y.encodeStateVectorFromUpdate(converted))
}

/** The Yjs v1 update. @throws Error (a code of zlib) when the bytes are not those of a snapshot. */
export function updateOf({ deflated, updateBytes }: Snapshot): Uint8Array {
  const update = inflateRawSync(deflated, { maxOutputLength: Math.max(1, updateBytes) })
  if (update.length !== updateBytes) throw new Error('the snapshot is shorter than it says')
  return new Uint8Array(update.buffer, update.byteOffset, update.length)
}

function pack(update: Uint8Array, stateVector: Uint8Array): Snapshot {
  // Who has all structs lacks none, and is told of all deletions: a zero, and then the delete set.
  const deletesBytes = Y.diffUpdate(update, stateVector).length - 1
  return {
    deflated: deflateRawSync(update),
    updateBytes: update.length,
    deletesAt: update.length - deletesBytes,
    stateVector,
  }
}
