// One document that is open in this page: the client's document, and what the page shows of it as signals. Leaving the page
// lets what is on its way arrive first; what cannot be sent stays kept on this device.

import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import { openDocument, type Peer, type SheafDocument } from '@sheaf/client'
import { bodyFormat, openBody } from '@sheaf/model'
import { presenceColors } from '@sheaf/protocol'
import * as Y from 'yjs'
import { identity } from '../identity.ts'
import type { SeenAs } from '../router.ts'
import { words } from '../words.ts'
import {
  announcement,
  answerMs,
  type Banner,
  describeBanner,
  describeStatus,
  isRestarting,
  type StatusLine,
  settleMs,
} from './status.ts'

/** How long changes are given to arrive after the page was left. */
const drainMs = 10_000
/** So long after the first sync of a connection those are met who are here already. */
const meetingMs = 1500
/** News of the status are spoken at most this often; problems at once. */
const speakMs = 5000

export class DocumentSession {
  readonly document: SheafDocument
  readonly status: Signal<SheafDocument['status']>
  readonly line: ReadonlySignal<StatusLine | null>
  readonly banner: ReadonlySignal<Banner | null>
  readonly title = signal('')
  /** Other people, each once, in the order in which they came. */
  readonly people: Signal<readonly Peer[]> = signal([])
  /** What a screen reader is to say next. */
  readonly spoken = signal('')
  /** True once something was written here, by anybody, at any time. */
  readonly touched = signal(false)
  readonly #settled = signal(true)
  readonly #resuming = signal(false)
  readonly #asked = signal(false)
  readonly #restarting = signal(false)
  readonly #stops: (() => void)[] = []
  #settleTimer: ReturnType<typeof setTimeout> | undefined
  #askTimer: ReturnType<typeof setTimeout> | undefined
  #speakTimer: ReturnType<typeof setTimeout> | undefined
  #spokenMs = 0
  #syncedMs = 0

  /** @param options.made on this device, this moment. @param options.seenAs the lesser right; nothing of it is kept here. */
  constructor(documentId: string, { made, seenAs }: { made: boolean; seenAs: SeenAs | undefined }) {
    const ydoc = new Y.Doc()
    // Before the first update: a replica that only reads must never write.
    openBody(ydoc)
    this.document = openDocument({
      url: location.origin,
      documentId,
      made,
      ...(seenAs && { as: seenAs, offline: null }),
      identity: identity.peek(),
      ydoc,
      format: bodyFormat,
    })
    this.status = signal(this.document.status)
    this.line = computed(() =>
      describeStatus(this.status.value, {
        settled: this.#settled.value,
        resuming: this.#resuming.value,
        asked: this.#asked.value,
        untouched: !this.touched.value,
      }),
    )
    this.banner = computed(() => describeBanner(this.status.value, this.#restarting.value))
    const title = this.document.ydoc.getText('title')
    const readTitle = (): void => {
      this.title.value = title.toString()
    }
    title.observe(readTitle)
    this.#stops.push(
      this.document.onStatus(status => this.#follow(status)),
      this.document.presence.onChange(() => this.#meet()),
      effect(() => this.document.presence.set(identity.value)),
      effect(() => this.#speakStatus(this.line.value)),
      () => title.unobserve(readTitle),
    )
    this.#listenToPage()
  }

  /** Mod-S: the answer is "All changes saved", as soon as that is true. */
  answerSave(): void {
    this.document.saved().then(
      () => {
        clearTimeout(this.#askTimer)
        this.#asked.value = true
        this.#askTimer = setTimeout(() => {
          this.#asked.value = false
        }, answerMs)
      },
      () => {
        // It cannot be saved: the status line says so already, and why.
      },
    )
  }

  leave(): void {
    for (const stop of this.#stops.splice(0)) stop()
    clearTimeout(this.#settleTimer)
    clearTimeout(this.#askTimer)
    clearTimeout(this.#speakTimer)
    // Without a connection there is nothing to wait for, and whoever opens the document next takes over what is kept.
    const { connection } = this.document.status
    void this.document.close({ drainMs: connection === 'online' ? drainMs : 0 })
  }

  #follow(status: SheafDocument['status']): void {
    const before = this.status.peek()
    if (status.pending > 0) {
      clearTimeout(this.#settleTimer)
      this.#settleTimer = undefined
      this.#settled.value = false
      this.touched.value = true
      if (status.connection === 'offline') this.#resuming.value = true
    } else if (before.pending > 0 || !this.#settled.peek()) {
      this.#resuming.value = false
      this.#settleTimer ??= setTimeout(() => {
        this.#settleTimer = undefined
        this.#settled.value = true
      }, settleMs)
    }
    if (status.synced && !before.synced) this.#syncedMs = performance.now()
    this.#restarting.value = isRestarting(status, this.#restarting.peek())
    this.status.value = status
  }

  #meet(): void {
    const here = distinct(this.document.presence.peers())
    const before = this.people.peek()
    const joined = here.filter(peer => !before.some(other => isSame(peer, other)))
    const left = before.filter(peer => !here.some(other => isSame(peer, other)))
    // Whoever was here already keeps their place in the row.
    const stayed = before.flatMap(other => here.find(peer => isSame(peer, other)) ?? [])
    this.people.value = [...new Set([...stayed, ...joined])]
    // Who was here before me has not joined, nor who was only out of sight while I had no connection.
    if (this.status.peek().synced && performance.now() - this.#syncedMs > meetingMs) {
      if (joined.length > 0) {
        const host = { people: this.people, nameOf, say: (text: string) => this.say(text) }
        void import('./arrivals.ts').then(({ tellArrival }) => tellArrival(host, joined))
      } else if (left.length > 0) this.say(left.map(peer => words.left(nameOf(peer))).join(', '))
    }
    if (before.length === 0 && joined.length > 0) this.#takeFreeColor(here)
  }

  /** The profile's colour, unless somebody who was here first has it. */
  #takeFreeColor(here: readonly Peer[]): void {
    const taken = new Set(here.map(peer => peer.color))
    const mine = identity.peek().color
    if (!taken.has(mine)) return
    const free = Array.from({ length: presenceColors }, (_, index) => index + 1).find(color => !taken.has(color))
    if (free !== undefined) this.document.presence.set({ color: free })
  }

  #speakStatus(line: StatusLine | null): void {
    const text = announcement(line)
    clearTimeout(this.#speakTimer)
    if (text === null) return
    const waitMs = line?.tone === 'bad' ? 0 : Math.max(0, this.#spokenMs + speakMs - performance.now())
    this.#speakTimer = setTimeout(() => this.say(text), waitMs)
  }

  /** Politely: when whoever listens pauses. */
  say(text: string): void {
    this.#spokenMs = performance.now()
    this.spoken.value = text
  }

  #listenToPage(): void {
    const listening = new AbortController()
    this.#stops.push(() => listening.abort())
    addEventListener(
      'keydown',
      event => {
        if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey)
          return
        event.preventDefault()
        this.answerSave()
      },
      { signal: listening.signal },
    )
    // The last resort: only where closing the tab would lose what is neither on the server nor on this device.
    addEventListener(
      'beforeunload',
      event => {
        if (this.document.status.pending > 0 && !this.document.isKept) event.preventDefault()
      },
      { signal: listening.signal },
    )
  }
}

export function nameOf(peer: Peer): string {
  return peer.name === '' ? words.somebody : peer.name
}

/** A guest is nobody in particular until the server has said who they are. */
function isSame(a: Peer, b: Peer): boolean {
  return a.id === b.id || a.sessionKey === b.sessionKey
}

/** Two tabs of one person are one person; oneself is none of them. */
function distinct(peers: readonly Peer[]): Peer[] {
  const people = new Map<string, Peer>()
  for (const peer of peers) {
    if (peer.id === identity.peek().id) continue
    const known = people.get(peer.id)
    // The tab with a caret speaks for the person.
    if (known === undefined || (known.caret === null && peer.caret !== null)) people.set(peer.id, peer)
  }
  return [...people.values()]
}
