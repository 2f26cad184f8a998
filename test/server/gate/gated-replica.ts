// The funnel without room, log and sockets: a gate, the replica behind it, and a log of what was admitted. Rows land when the
// test says so, as they do when the disk says so.

import { defaultLimits, type Layout, type Limits, SheafError } from '@sheaf/protocol'
import * as Y from 'yjs'
import { Gate } from '../../../server/src/room/gate.ts'
import { cutUpdate, type PieceSize } from '../../../server/src/room/gate-pieces.ts'
import type { Admission, Verdict } from '../../../server/src/room/gate-verdict.ts'
import { applyUpdates, hasPending, newReplica } from '../../../server/src/room/replica.ts'

/** What an examination came to, in one word. */
export type Outcome = 'admit' | 'nothing' | 'gap' | 'invalid-update' | 'too-large'

export class GatedReplica {
  readonly layout: Layout
  readonly limits: Limits
  readonly ydoc: Y.Doc
  readonly gate: Gate
  /** Every admitted update, in order. */
  readonly log: Uint8Array[] = []
  /** Set: every update is cut into pieces of this size, and lands in pieces. */
  pieceSize: PieceSize | undefined
  readonly #pieces: (readonly Uint8Array[])[] = []
  #landed = 0

  constructor(layout: Layout, limits: Partial<Limits> = {}, ydoc = newReplica()) {
    this.layout = layout
    this.ydoc = ydoc
    this.limits = { ...defaultLimits, ...limits }
    this.gate = new Gate({ ydoc, layout, limits: this.limits })
  }

  get inFlight(): number {
    return this.log.length - this.#landed
  }

  /** Examines and takes up what is admitted; it is in flight then. @throws SheafError what the gate says. */
  offer(update: Uint8Array, kind: 'update' | 'step2' = 'update'): 'admit' | 'nothing' | 'gap' {
    const verdict = this.examine(update, kind)
    if (verdict.kind === 'admit') this.admit(verdict)
    return verdict.kind
  }

  admit(verdict: Admission): void {
    this.gate.admitted(verdict)
    const row = verdict.update.slice()
    this.log.push(row)
    this.#pieces.push(verdict.pieces?.map(piece => piece.update.slice()) ?? [row])
  }

  /** Judges an update, whole or in pieces. @throws SheafError what the gate says. */
  examine(update: Uint8Array, kind: 'update' | 'step2' = 'update'): Verdict {
    if (this.pieceSize === undefined) return this.gate.examine(update, kind)
    const { layout, limits } = this
    const cut = cutUpdate({ update, kind, layout, limits, clocks: this.gate.clocks() }, this.pieceSize)
    if (cut.kind === 'gap') return cut
    const passage = this.gate.begin(kind)
    for (const piece of cut.pieces) {
      passage.take(piece)
      if (passage.isGap) break
    }
    return passage.verdict()
  }

  /** As {@link offer}, with the refusal as a value: its code, and its rule where the caller wants it. */
  outcome(update: Uint8Array, kind: 'update' | 'step2' = 'update'): Outcome {
    try {
      return this.offer(update, kind)
    } catch (error) {
      if (error instanceof SheafError && (error.code === 'invalid-update' || error.code === 'too-large'))
        return error.code
      throw error
    }
  }

  /** The rule that refuses an update; undefined when none does. */
  refusedBy(update: Uint8Array, kind: 'update' | 'step2' = 'update'): string | undefined {
    try {
      this.offer(update, kind)
      return undefined
    } catch (error) {
      if (error instanceof SheafError) return String(error.details.rule)
      throw error
    }
  }

  /** The oldest `count` updates in flight are applied, in one transaction as the room does it. */
  land(count = this.inFlight): void {
    if (count === 0) return
    const landing = this.#pieces.slice(this.#landed, this.#landed + count)
    if (this.pieceSize === undefined) applyUpdates(this.ydoc, landing.flat())
    else for (const piece of landing.flat()) applyUpdates(this.ydoc, [piece])
    this.#landed += count
    this.gate.applied(count)
    if (hasPending(this.ydoc)) throw new Error('Something is pending in the replica.')
  }

  /** The first `count` pieces of the oldest update in flight are applied, as the room does it turn by turn; `land` applies the rest. */
  landPieces(count: number): void {
    for (const piece of this.#pieces[this.#landed]!.slice(0, count)) applyUpdates(this.ydoc, [piece])
  }

  /** Builds the document from the log alone, as a server does that starts again. */
  reload(): Y.Doc {
    const ydoc = newReplica()
    applyUpdates(ydoc, this.log)
    if (hasPending(ydoc)) throw new Error('Something is pending after a reload.')
    return ydoc
  }
}

/** A document's state as a fresh replica sees it, by way of a V1 and a V2 encoding. */
export function reencoded(ydoc: Y.Doc): Y.Doc[] {
  const one = newReplica()
  Y.applyUpdate(one, Y.encodeStateAsUpdate(ydoc))
  const two = newReplica()
  Y.applyUpdateV2(two, Y.encodeStateAsUpdateV2(ydoc))
  for (const copy of [one, two]) if (hasPending(copy)) throw new Error('Something is pending after a re-encoding.')
  return [one, two]
}

/** Everything that a reader can see of a document: each living item, list by list, in order. */
export function visible(ydoc: Y.Doc): Record<string, unknown> {
  const roots = [...ydoc.share].map(([name, type]) => [name, visibleType(type)] as const)
  return Object.fromEntries(roots.filter(([, seen]) => seen !== null).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Every living clock of a document, with what it holds and the list it stands in; the order in the lists left out. */
export function living(ydoc: Y.Doc): Record<string, unknown> {
  const clocks: Record<string, unknown> = {}
  for (const [client, structs] of ydoc.store.clients) {
    for (const struct of structs) {
      if (!(struct instanceof Y.Item) || struct.deleted) continue
      const parent = struct.parent as Y.ContentType['type']
      const list = [parent._item?.id ?? Y.findRootTypeKey(parent), struct.parentSub]
      for (let i = 0; i < struct.length; i++) {
        const { content } = struct
        const held = content instanceof Y.ContentType ? content.type.constructor.name : visibleContent(content)[i]
        clocks[`${client}:${struct.id.clock + i}`] = [held, list]
      }
    }
  }
  return clocks
}

function visibleType(type: Y.ContentType['type']): unknown {
  const items: unknown[] = []
  for (let item = type._start; item !== null; item = item.right) {
    if (!item.deleted) items.push(...visibleContent(item.content))
  }
  const entries = [...type._map]
    .filter(([, item]) => !item.deleted)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, visibleContent(item.content).at(-1)])
  return items.length === 0 && entries.length === 0 ? null : { items, entries }
}

function visibleContent(content: Y.Item['content']): unknown[] {
  if (content instanceof Y.ContentType) return [{ [content.type.constructor.name]: visibleType(content.type) }]
  if (content instanceof Y.ContentFormat) return [{ format: content.key, value: content.value }]
  return content.getContent()
}
