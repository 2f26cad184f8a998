// Who has just come: said once for all who come together, and shown for a moment beside the avatars.

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Peer } from '@sheaf/client'
import { words } from '../words.ts'
import { aroundWords } from './around-words.ts'

/** The session, as it is seen from here. */
export interface Host {
  readonly people: ReadonlySignal<readonly Peer[]>
  readonly nameOf: (peer: Peer) => string
  readonly say: (text: string) => void
}

export interface Arrival {
  readonly text: string
  readonly peers: readonly Peer[]
}

/** What stands beside the avatars; null most of the time. */
export const arrival = signal<Arrival | null>(null)

/** Who comes within this time comes together. */
const gatherMs = 1000
const shownMs = 4000

let coming: Peer[] = []
let isGathering = false
let hideTimer: ReturnType<typeof setTimeout> | undefined

export function tellArrival({ people, nameOf, say }: Host, peers: readonly Peer[]): void {
  coming.push(...peers)
  if (isGathering) return
  isGathering = true
  setTimeout(() => {
    isGathering = false
    // The server may have named them anew meanwhile: with their first words a guest gets the id of their device.
    const here = people
      .peek()
      .filter(peer => coming.some(({ id, sessionKey }) => id === peer.id || sessionKey === peer.sessionKey))
    coming = []
    const first = here[0]
    if (first === undefined) return
    const text =
      here.length === 1 ? words.joined(nameOf(first)) : aroundWords.joinedMany(nameOf(first), here.length - 1)
    say(text)
    arrival.value = { text, peers: here }
    clearTimeout(hideTimer)
    hideTimer = setTimeout(() => {
      arrival.value = null
    }, shownMs)
  }, gatherMs)
}
