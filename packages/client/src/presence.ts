// Who is here, over the awareness of y-protocols: `{ user: { id, name, color }, caret }` is ours; what other clients say is
// read with care, for anybody may have written it.

import { presenceColor } from '@sheaf/protocol'
import type { Awareness } from 'y-protocols/awareness'

export interface Caret {
  readonly anchor: unknown
  readonly head: unknown
}

export interface Peer {
  /** One opened document of one person; a person with two tabs is two peers with one `id`. */
  readonly sessionKey: string
  readonly id: string
  readonly name: string
  /** 1..12 */
  readonly color: number
  readonly caret: Caret | null
}

export interface Identity {
  readonly id: string
  readonly name: string
  /** 1..12; by default one that follows from the id. */
  readonly color?: number
}

/** A caret is published at most this often; the server takes 20 states a second. */
const caretIntervalMs = 50
const maxNameLength = 64

export class Presence {
  readonly #awareness: Awareness
  readonly #listeners = new Set<() => void>()
  readonly #forward: (change: { added: number[]; updated: number[]; removed: number[] }) => void
  #identity: Identity
  #caret: Caret | null = null
  #published = ''
  #publishedMs = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #peers: readonly Peer[] | undefined

  constructor(awareness: Awareness, identity: Identity) {
    this.#awareness = awareness
    this.#identity = identity
    this.#forward = ({ added, updated, removed }) => {
      const others = [...added, ...updated, ...removed].some(clientId => clientId !== awareness.clientID)
      if (!others) return
      this.#peers = undefined
      for (const listener of [...this.#listeners]) listener()
    }
    awareness.on('change', this.#forward)
    this.#publish()
  }

  /** Changes how others see this person. */
  set(identity: { readonly name?: string; readonly color?: number }): void {
    this.#identity = { ...this.#identity, ...identity }
    this.#publish()
  }

  /** Shows others where this person is; null: nowhere. Carets are compared by value, and sent at most every 50 ms. */
  setCaret(caret: Caret | null): void {
    this.#caret = caret
    if (this.#timer !== undefined) return
    const waitMs = this.#publishedMs + caretIntervalMs - performance.now()
    if (waitMs <= 0) return this.#publish()
    this.#timer = setTimeout(() => this.#publish(), waitMs)
  }

  /** Everybody else; the same array until something changes. */
  peers(): readonly Peer[] {
    this.#peers ??= [...this.#awareness.getStates()]
      .filter(([clientId]) => clientId !== this.#awareness.clientID)
      .map(([clientId, state]) => readPeer(clientId, state))
    return this.#peers
  }

  /** @returns stops listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#listeners.clear()
    this.#awareness.off('change', this.#forward)
  }

  #publish(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const { id, name, color } = this.#identity
    const state = { user: { id, name, color: presenceColor(color, id) }, caret: this.#caret }
    const text = JSON.stringify(state)
    if (text === this.#published) return
    this.#published = text
    this.#publishedMs = performance.now()
    this.#awareness.setLocalState(state)
  }
}

function readPeer(clientId: number, state: Record<string, unknown>): Peer {
  const user = isRecord(state.user) ? state.user : {}
  const id = typeof user.id === 'string' && user.id !== '' ? user.id : String(clientId)
  const name = typeof user.name === 'string' ? user.name.slice(0, maxNameLength) : ''
  const { caret } = state
  return {
    sessionKey: String(clientId),
    id,
    name,
    color: presenceColor(user.color, id),
    caret: isRecord(caret) && 'anchor' in caret && 'head' in caret ? { anchor: caret.anchor, head: caret.head } : null,
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
