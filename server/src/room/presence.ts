// Awareness on the server: who shows what. A lane of its own beside the updates: the last value of each client id wins,
// changes are gathered for a moment and go to everybody as one frame, encoded once; nothing is stored.
//
// Identity: a client id belongs to the session that brought it, and nobody else can change or remove it. Stock clients send
// back every state they hear, so what names a foreign id is nearly always an echo, and is passed over. A client that comes
// back while its old socket still seems alive brings its id again: a session may take an id over as long as it has not been
// told of anybody (until then nothing that it sends can be an echo), and only from its own principal. An id that somebody
// has shown, or written under, stays theirs when they are gone: nobody takes it up in their absence.
//
// Of somebody whom the server knows it sets `user.id` and `user.name` itself, before anybody is shown anything: nobody shows
// themselves as somebody else.
//
// A removal has a higher clock than the last state. Who comes back with a lower one is told of its own removal, whereupon
// y-protocols makes the client say again, with a higher clock, that it is here.

import {
  type AwarenessEntry,
  decodeAwareness,
  encodeAwareness,
  encodeMessage,
  type Limits,
  SheafError,
} from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { ShownAs } from './ports.ts'

/** A session, as presence sees it. */
export interface Party {
  readonly principal: string
  readonly shownAs?: ShownAs | undefined
  /** Sends a prepared frame. @returns false when the socket takes none now: it is told of everybody later. */
  tell(frame: Uint8Array): boolean
}

interface Present {
  readonly clientId: number
  clock: number
  state: string
  owner: Party
  /** When it was last told to everybody. */
  shownMs: number
}

interface Standing {
  /** When it is to be told of everybody: infinity before it asked, and once it is current. */
  showMs: number
  /** True while it is told of changes. */
  current: boolean
  /** True from the first time it was told of anybody. */
  told: boolean
  /** Its client ids, the one that was renewed last at the end. */
  readonly clientIds: Set<number>
}

/** A clock above this could not rise for as long as documents live. */
const maxAwarenessClock = 2 ** 40
/** Removals that are remembered for those who come back. */
const maxRemembered = 4_096
/** What shows everybody is cut into messages of about this size. */
const everybodyBytes = 64 * 1024
/** Clients say who they are right behind their step 1; so long nobody is shown to them, or it could be an echo. */
const listenFirstMs = 20

/** Least time between two frames to one socket: 25 ms up to a hundred people, half a second for hundreds more. */
export function presenceIntervalMs(people: number): number {
  return Math.min(500, Math.max(25, 25 + (people - 100) * 1.5))
}

/** How much sooner than its pace allows somebody may be shown again: clocks of clients are not exact. */
const paceSlack = 0.7

export class Presence {
  readonly #limits: Limits
  readonly #clock: Clock
  readonly #mayShow: (clientId: number, principal: string) => boolean
  readonly #parties = new Map<Party, Standing>()
  readonly #present = new Map<number, Present>()
  /** Client id and clock of those who left, oldest first. */
  readonly #left = new Map<number, { readonly clock: number; readonly principal: string }>()
  /** Ids that changed since the last frame. */
  readonly #changed = new Set<number>()
  /** Characters of all states that are shown. */
  #stateLength = 0
  #flushedMs = Number.NEGATIVE_INFINITY
  #cancelFlush: (() => void) | undefined

  /** @param options.mayShow false for a client id that belongs to another principal, by what was written under it. */
  constructor(options: {
    limits: Limits
    clock: Clock
    mayShow?: (clientId: number, principal: string) => boolean
  }) {
    this.#limits = options.limits
    this.#clock = options.clock
    this.#mayShow = options.mayShow ?? (() => true)
  }

  /** How many client ids are shown. */
  get size(): number {
    return this.#present.size
  }

  /** The state (JSON) of each client id that is shown. */
  get states(): string[] {
    return [...this.#present.values()].map(({ state }) => state)
  }

  /** How many of those who left are remembered. */
  get remembered(): number {
    return this.#left.size
  }

  /** Lets a party in. It is told of nobody before {@link showEverybody}. */
  join(party: Party): void {
    const showMs = Number.POSITIVE_INFINITY
    this.#parties.set(party, { showMs, current: false, told: false, clientIds: new Set() })
  }

  /** Removes what the party showed. */
  leave(party: Party): void {
    const standing = this.#parties.get(party)
    if (standing === undefined) return
    this.#parties.delete(party)
    for (const clientId of standing.clientIds) this.#remove(clientId)
    if (this.#parties.size === 0) this.stop()
  }

  /** Shows everybody to the party, or shows them again; soon, not at once. */
  showEverybody(party: Party): void {
    const standing = this.#parties.get(party)
    if (standing === undefined || standing.showMs !== Number.POSITIVE_INFINITY) return
    const waitMs = standing.told ? 0 : listenFirstMs
    standing.current = false
    standing.showMs = this.#clock.monotonicMs() + waitMs
    this.#schedule(waitMs)
  }

  /**
   * Takes an awareness update of the party.
   * @throws SheafError `malformed` or `too-large` for a state outside the limits; entries before it have been taken.
   */
  receive(party: Party, update: Uint8Array): void {
    const standing = this.#parties.get(party)
    if (standing === undefined) return
    // An echo is no longer than what was said (a character has at most 3 bytes); the rest is for what this party has to say.
    if (
      update.byteLength >
      3 * this.#stateLength + this.#limits.awarenessIds * this.#limits.maxAwarenessBytes + everybodyBytes
    ) {
      throw new SheafError('too-large', `An awareness update of ${update.byteLength} bytes.`)
    }
    for (const entry of decodeAwareness(update)) this.#take(party, standing, entry)
  }

  /** Ends the lane: no timer is left. */
  stop(): void {
    this.#cancelFlush?.()
    this.#cancelFlush = undefined
  }

  #take(party: Party, standing: Standing, entry: AwarenessEntry): void {
    const present = this.#present.get(entry.clientId)
    if (present === undefined) return this.#appear(party, standing, entry)
    if (present.owner !== party) {
      const mayTakeOver = !standing.told && entry.state !== 'null' && present.owner.principal === party.principal
      if (!mayTakeOver) return
      this.#parties.get(present.owner)?.clientIds.delete(entry.clientId)
      present.owner = party
      this.#own(standing, entry.clientId)
      if (entry.clock === present.clock && entry.state === present.state) return
      if (entry.clock <= present.clock) return this.#sayAgain(party, entry.clientId, present.clock)
    }
    if (entry.clock < present.clock) return
    if (entry.state === 'null') {
      standing.clientIds.delete(entry.clientId)
      return this.#remove(entry.clientId, entry.clock)
    }
    if (entry.clock === present.clock) return
    const state = entry.state === present.state ? present.state : this.#checked(entry, party)
    this.#stateLength += state.length - present.state.length
    present.clock = checkedClock(entry.clock)
    present.state = state
    this.#own(standing, entry.clientId)
    this.#change(entry.clientId)
  }

  #appear(party: Party, standing: Standing, entry: AwarenessEntry): void {
    if (entry.state === 'null') return
    const left = this.#left.get(entry.clientId)
    const isTheirs = left === undefined || left.principal === party.principal
    if (!isTheirs || !this.#mayShow(entry.clientId, party.principal)) return
    if (left !== undefined && entry.clock <= left.clock) return this.#sayAgain(party, entry.clientId, left.clock)
    const state = this.#checked(entry, party)
    const clock = checkedClock(entry.clock)
    this.#left.delete(entry.clientId)
    const shownMs = Number.NEGATIVE_INFINITY
    this.#present.set(entry.clientId, { clientId: entry.clientId, clock, state, owner: party, shownMs })
    this.#stateLength += state.length
    this.#own(standing, entry.clientId)
    this.#change(entry.clientId)
  }

  /** Notes whose id it is. A party that shows more ids than it may loses the one that it renewed longest ago. */
  #own(standing: Standing, clientId: number): void {
    standing.clientIds.delete(clientId)
    standing.clientIds.add(clientId)
    if (standing.clientIds.size <= this.#limits.awarenessIds) return
    for (const oldest of standing.clientIds) {
      standing.clientIds.delete(oldest)
      return this.#remove(oldest)
    }
  }

  #remove(clientId: number, atClock = 0): void {
    const present = this.#present.get(clientId)
    if (present === undefined) return
    this.#present.delete(clientId)
    this.#stateLength -= present.state.length
    const { principal } = present.owner
    this.#left.set(clientId, { clock: Math.max(atClock, present.clock + 1), principal })
    this.#change(clientId)
    if (this.#left.size > maxRemembered) this.#left.delete(this.#left.keys().next().value!)
  }

  /** @returns the state as others are shown it. @throws SheafError `malformed` or `too-large` for one outside the limits. */
  #checked(entry: AwarenessEntry, { shownAs }: Party): string {
    const { maxAwarenessBytes, maxAwarenessDepth } = this.#limits
    if (entry.state.length > maxAwarenessBytes || Buffer.byteLength(entry.state) > maxAwarenessBytes) {
      throw new SheafError('too-large', `An awareness state is larger than ${maxAwarenessBytes} bytes.`, {
        details: { limit: maxAwarenessBytes },
      })
    }
    if (jsonDepth(entry.state) > maxAwarenessDepth) {
      throw new SheafError('malformed', `An awareness state is nested deeper than ${maxAwarenessDepth}.`)
    }
    let state: unknown
    try {
      state = JSON.parse(entry.state)
    } catch (cause) {
      throw new SheafError('malformed', 'An awareness state is no JSON.', { cause })
    }
    return shownAs === undefined ? entry.state : JSON.stringify(stamped(state, shownAs))
  }

  /** Makes the client of this id raise its clock above `clock` and show itself again. */
  #sayAgain(party: Party, clientId: number, clock: number): void {
    party.tell(awarenessFrame([{ clientId, clock, state: 'null' }]))
  }

  #change(clientId: number): void {
    this.#changed.add(clientId)
    this.#schedule()
  }

  #schedule(atLeastMs = 1): void {
    if (this.#cancelFlush !== undefined || this.#parties.size === 0) return
    const dueMs = this.#flushedMs + presenceIntervalMs(this.#parties.size)
    const waitMs = Math.max(atLeastMs, 1, dueMs - this.#clock.monotonicMs())
    this.#cancelFlush = this.#clock.after(waitMs, () => this.#flush())
  }

  #flush(): void {
    this.#cancelFlush = undefined
    this.#flushedMs = this.#clock.monotonicMs()
    const changes = this.#takeChanges()
    const everybody = new Everybody(this.#present, this.#left)
    for (const [party, standing] of this.#parties) {
      if (standing.showMs <= this.#flushedMs) {
        const frames = standing.told ? everybody.andWhoLeft() : everybody.frames()
        standing.current = frames.every(frame => party.tell(frame))
        standing.told = true
        standing.showMs = Number.POSITIVE_INFINITY
      } else if (standing.current && changes !== undefined && party !== changes.onlyFrom) {
        standing.current = party.tell(changes.frame)
      }
      // The socket takes nothing now. What it misses is made good by everything, later.
      if (standing.told && !standing.current) standing.showMs = this.#flushedMs
      if (standing.showMs !== Number.POSITIVE_INFINITY) this.#schedule()
    }
  }

  /**
   * What is due of all that changed since the last frame; who moves more often than the limit allows waits for the next one.
   * `onlyFrom` is the party that needs no telling.
   */
  #takeChanges(): { frame: Uint8Array; onlyFrom: Party | undefined } | undefined {
    const entries: AwarenessEntry[] = []
    const speakers = new Set<Party | undefined>()
    const shownBeforeMs = this.#flushedMs - (paceSlack * 1000) / this.#limits.awarenessPerSecond
    for (const clientId of this.#changed) {
      const present = this.#present.get(clientId)
      if (present !== undefined) {
        if (present.shownMs > shownBeforeMs) continue
        present.shownMs = this.#flushedMs
      }
      this.#changed.delete(clientId)
      entries.push(present ?? { clientId, clock: this.#left.get(clientId)?.clock ?? 0, state: 'null' })
      speakers.add(present?.owner)
    }
    if (this.#changed.size > 0) this.#schedule()
    if (entries.length === 0) return undefined
    return { frame: awarenessFrame(entries), onlyFrom: speakers.size === 1 ? [...speakers][0] : undefined }
  }
}

/** Everybody who is here as frames, made when they are first asked for. */
class Everybody {
  readonly #present: ReadonlyMap<number, Present>
  readonly #left: ReadonlyMap<number, { readonly clock: number }>
  #frames: Uint8Array[] | undefined
  #leftFrame: Uint8Array | undefined

  constructor(present: ReadonlyMap<number, Present>, left: ReadonlyMap<number, { readonly clock: number }>) {
    this.#present = present
    this.#left = left
  }

  frames(): readonly Uint8Array[] {
    this.#frames ??= this.#encode()
    return this.#frames
  }

  /** For a party that may have missed that somebody went. */
  andWhoLeft(): readonly Uint8Array[] {
    if (this.#left.size === 0) return this.frames()
    this.#leftFrame ??= awarenessFrame(
      [...this.#left].map(([clientId, { clock }]) => ({ clientId, clock, state: 'null' })),
    )
    return [this.#leftFrame, ...this.frames()]
  }

  #encode(): Uint8Array[] {
    const frames: Uint8Array[] = []
    let entries: AwarenessEntry[] = []
    let length = 0
    for (const present of this.#present.values()) {
      entries.push(present)
      length += present.state.length
      if (length < everybodyBytes) continue
      frames.push(awarenessFrame(entries))
      entries = []
      length = 0
    }
    // Also when nobody is here: who asks is answered.
    if (entries.length > 0 || frames.length === 0) frames.push(awarenessFrame(entries))
    return frames
  }
}

function awarenessFrame(entries: readonly AwarenessEntry[]): Uint8Array {
  return encodeMessage({ type: 'awareness', update: encodeAwareness(entries) })
}

/** Who it is stands in `user`, as every editor for Yjs reads it. */
function stamped(state: unknown, { id, name, isGuest }: ShownAs): unknown {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return {}
  const { user } = state as { user?: unknown }
  const { guest: _, ...said } = typeof user === 'object' && user !== null ? (user as { guest?: unknown }) : {}
  return {
    ...state,
    user: { ...said, id, ...(name !== undefined && { name }), ...(isGuest === true && { guest: true }) },
  }
}

function checkedClock(clock: number): number {
  if (clock > maxAwarenessClock) throw new SheafError('malformed', 'The clock of an awareness state is out of range.')
  return clock
}

/** The nesting of JSON text, without building it. */
function jsonDepth(text: string): number {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === 0x5c) i += 1
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (code === 0x7d || code === 0x5d) depth -= 1
  }
  return deepest
}
