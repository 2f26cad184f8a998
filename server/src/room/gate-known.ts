// What the server knows of a document: its replica, and behind that what is in flight.

import * as Y from 'yjs'
import { type Arrival, Flight } from './gate-flight.ts'
import type { Container, Places } from './gate-places.ts'

/** A type as Yjs hands it out. */
export type AnyType = Y.ContentType['type']

/** A struct that somebody names: in the replica, or not there yet. */
export type Struct = Y.Item | Y.GC | Arrival

/** The list that a struct stands in; `container` is null for garbage. */
export interface Standing {
  readonly container: Container | null
  readonly key: string | null
}

export const garbage: Standing = { container: null, key: null }

export class Known {
  readonly ydoc: Y.Doc
  readonly places: Places
  readonly flight = new Flight()

  constructor(ydoc: Y.Doc, places: Places) {
    this.ydoc = ydoc
    this.places = places
  }

  /** The clock that the next struct of the client must have. */
  clock(client: number): number {
    return this.flight.all.end(client) ?? Y.getState(this.ydoc.store, client)
  }

  /** For each client that is known, the clock behind its last struct. */
  clocks(): Map<number, number> {
    const { store } = this.ydoc
    const clocks = new Map<number, number>()
    for (const client of store.clients.keys()) clocks.set(client, Y.getState(store, client))
    for (const { client, end } of this.flight.all.ranges()) clocks.set(client, end)
    return clocks
  }

  /** The struct that covers a known clock. */
  find(client: number, clock: number): Struct {
    const { store } = this.ydoc
    if (clock < Y.getState(store, client)) {
      const structs = store.clients.get(client)!
      return structs[Y.findIndexSS(structs, clock)]!
    }
    const arrival = this.flight.all.find(client, clock)
    if (arrival === undefined) throw new RangeError('The clock is not known.')
    return arrival
  }

  standing(struct: Struct): Standing {
    if (struct instanceof Y.Item) {
      return { container: this.places.of(struct.parent as Y.AbstractType<unknown>), key: struct.parentSub }
    }
    return struct instanceof Y.GC ? garbage : struct
  }

  /** The type that a struct holds, or null: what is put into that is garbage on arrival. */
  typeOf(struct: Struct): Container | null {
    if (!(struct instanceof Y.Item)) return struct instanceof Y.GC ? null : struct.type
    return struct.content instanceof Y.ContentType ? this.places.of(struct.content.type) : null
  }

  /** The type as the replica has it; null when it is not there, or garbage. */
  typeInReplica({ root, client, clock }: Container): AnyType | null {
    if (root !== null) return this.ydoc.share.get(root) ?? null
    if (clock >= Y.getState(this.ydoc.store, client)) return null
    const struct = this.find(client, clock)
    return struct instanceof Y.Item && struct.content instanceof Y.ContentType ? struct.content.type : null
  }

  /** True when the type was deleted and collected, so that everything in it is garbage. */
  isGarbage(container: Container): boolean {
    return container.root === null && this.typeOf(this.find(container.client, container.clock)) === null
  }

  hasRoot(name: string): boolean {
    return this.ydoc.share.has(name) || this.flight.all.roots.has(name)
  }

  /** True when every clock of the range is known, and deleted in the replica or in flight. */
  isDeleted(client: number, clock: number, end: number): boolean {
    const structs = this.ydoc.store.clients.get(client) ?? []
    let index = clock < Y.getState(this.ydoc.store, client) ? Y.findIndexSS(structs, clock) : structs.length
    for (let at = clock; at < end; ) {
      const struct = structs[index]
      const next = struct?.deleted ? struct.id.clock + struct.length : this.flight.all.deletedUpTo(client, at)
      if (next === at) return false
      at = next
      while (index < structs.length && structs[index]!.id.clock + structs[index]!.length <= at) index += 1
    }
    return true
  }
}
