// What a room holds of its document: what the store has given, and a replica as soon as something needs one. Who opens a
// document gets what is stored; a replica takes some hundred times as long to make, and is needed by the first edit, by the
// API, and by who comes back from far behind.

import type { Layout, Limits } from '@sheaf/protocol'
import type * as Y from 'yjs'
import type { Damage, LoadedDocument } from '../store/store.ts'
import { buildReplica } from './replica.ts'
import { StoredDocument } from './stored.ts'

export interface ContentsOptions {
  readonly loaded: LoadedDocument
  readonly layout: Layout
  readonly limits: Limits
  /** Called when rows that are whole do not apply: the replica is the last good state, of this revision. */
  readonly onDamage: (revision: number) => void
}

export class Contents {
  readonly #onDamage: (revision: number) => void
  /** Until there is a replica, or while it is known that there can be none. */
  #loaded: LoadedDocument | undefined
  #replica: Y.Doc | undefined
  #failure: { readonly error: unknown } | undefined
  #damage: readonly Damage[]
  #revision: number
  #stored: StoredDocument | undefined

  /** @throws SheafError `damaged` when the document has no good state. */
  constructor({ loaded, layout, limits, onDamage }: ContentsOptions) {
    this.#loaded = loaded
    this.#damage = loaded.damage
    this.#revision = loaded.revision
    this.#stored = StoredDocument.of(loaded, layout, limits)
    this.#onDamage = () => undefined
    if (this.#stored === undefined) this.#read()
    this.#onDamage = onDamage
  }

  /** What was loaded; undefined as soon as the document holds anything else. */
  get stored(): StoredDocument | undefined {
    return this.#stored
  }

  /** Holds the durable rows and nothing else. Made when it is asked for. @throws SheafError `damaged`. */
  get ydoc(): Y.Doc {
    return this.#replica ?? this.#read()
  }

  /** True once the replica is there. */
  get isRead(): boolean {
    return this.#replica !== undefined
  }

  /** Not empty: this is the last good state, and takes no changes. Rows that do not apply are found by the replica. */
  get damage(): readonly Damage[] {
    return this.#damage
  }

  /** Seq of the last row that was loaded and is sound. */
  get loadedRevision(): number {
    return this.#revision
  }

  /** The replica holds more than what was loaded. */
  changed(): void {
    this.#stored = undefined
  }

  destroy(): void {
    this.#stored = undefined
    this.#replica?.destroy()
  }

  #read(): Y.Doc {
    if (this.#failure !== undefined) throw this.#failure.error
    try {
      const { ydoc, revision, damage } = buildReplica(this.#loaded!)
      this.#loaded = undefined
      this.#replica = ydoc
      const isDamaged = damage.length > this.#damage.length
      this.#damage = damage
      this.#revision = revision
      if (isDamaged) {
        this.#stored = undefined
        this.#onDamage(revision)
      }
      return ydoc
    } catch (error) {
      this.#failure = { error }
      this.#stored = undefined
      throw error
    }
  }
}
