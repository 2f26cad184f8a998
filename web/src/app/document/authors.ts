// Who wrote what: the server says which principal is behind a Yjs client id, and what those with accounts are called. A guest's name is known
// to whoever has met them, and remembered on this device.

import { effect } from '@preact/signals'
import type { MissedAuthor } from '@sheaf/editor'
import { presenceColor } from '@sheaf/protocol'
import { me } from '../account/closed.ts'
import { loadMe } from '../account/me.ts'
import { identity } from '../identity.ts'
import { type DocumentSession, nameOf } from './session.ts'

export interface Authors {
  /** Undefined: nobody knows; null: oneself. */
  readonly of: (client: number, clock: number) => MissedAuthor | null | undefined
  readonly nameOf: (id: string) => string | undefined
}

interface Answer {
  readonly items: readonly { client: number; clock: number; end: number; by: string }[]
  readonly people: Readonly<Record<string, { name: string; color: number }>>
}

const metKey = 'sheaf.met'
const maxMet = 100
/** So many client ids are asked for at once. */
const maxClients = 200

/** Without a server nobody is known, and that is said. */
export async function readAuthors(documentId: string, clients: readonly number[]): Promise<Authors> {
  if (me.peek() === null) await loadMe()
  const { items, people } = await ask(documentId, clients.slice(0, maxClients))
  const met = readMet()
  const known = (id: string) => people[id] ?? met[id]
  return {
    of: (client, clock) => {
      const found = items.find(item => item.client === client && item.clock <= clock && clock < item.end)
      if (found === undefined || found.by === '') return undefined
      if (found.by === identity.peek().id) return null
      return { id: found.by, color: presenceColor(known(found.by)?.color, found.by) }
    },
    nameOf: id => known(id)?.name,
  }
}

/** @returns stops. */
export function rememberPeople(session: DocumentSession): () => void {
  return effect(() => {
    const people = session.people.value
    if (people.length === 0) return
    const { ...met } = readMet()
    for (const peer of people) {
      delete met[peer.id]
      met[peer.id] = { name: nameOf(peer), color: peer.color }
    }
    try {
      localStorage.setItem(metKey, JSON.stringify(Object.fromEntries(Object.entries(met).slice(-maxMet))))
    } catch {
      // Storage is switched off or full: they are "somebody" next time.
    }
  })
}

async function ask(documentId: string, clients: readonly number[]): Promise<Answer> {
  const none: Answer = { items: [], people: {} }
  if (clients.length === 0) return none
  try {
    const response = await fetch(`/api/v1/documents/${documentId}/authors?clients=${clients.join()}`)
    return response.ok ? ((await response.json()) as Answer) : none
  } catch {
    return none
  }
}

function readMet(): Record<string, { name: string; color: number }> {
  try {
    const met: unknown = JSON.parse(localStorage.getItem(metKey) ?? '{}')
    const people = Object.entries(typeof met === 'object' && met !== null ? met : {}).filter(
      ([, person]) => typeof person?.name === 'string',
    )
    return Object.fromEntries(people)
  } catch {
    return {}
  }
}
