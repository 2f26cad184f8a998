// The people of the server, as the editor asks for them when somebody is mentioned. Only who has an account is told of others.

import { effect } from '@preact/signals'
import type { FoundPerson } from '@sheaf/editor'
import { fuzzyFit, wantedLetters } from '@sheaf/editor/fuzzy'
import { me } from '../account/closed.ts'
import { loadMe } from '../account/me.ts'
import { listPeople, type Person } from '../share/sharing-api.ts'

/** How long the list is believed while somebody types. */
const freshMs = 60_000

let known: { readonly askedMs: number; readonly people: Promise<readonly Person[]> } | null = null

export async function searchPeople(query: string, signal: AbortSignal): Promise<readonly FoundPerson[]> {
  // Somebody may be mentioned before the page has got round to asking.
  if (me.peek() === null) await loadMe()
  if (me.peek()?.user === undefined) return []
  if (known === null || performance.now() - known.askedMs > freshMs) {
    known = { askedMs: performance.now(), people: listPeople() }
  }
  const people = await known.people
  // Nobody, not even oneself: they could not be asked for.
  if (people.length === 0) known = null
  signal.throwIfAborted()
  const wanted = wantedLetters(query)
  const found = people.flatMap(person => {
    const fit = fuzzyFit(person.name.toLowerCase(), wanted) ?? fuzzyFit(person.login.toLowerCase(), wanted)
    return fit === null && wanted !== '' ? [] : [{ person, score: fit?.score ?? 0 }]
  })
  found.sort((a, b) => b.score - a.score || a.person.name.localeCompare(b.person.name))
  return found.map(({ person: { id, name, login } }) => ({ id, name, hint: login }))
}

export function self(): Promise<string | null> {
  return new Promise(resolve => {
    const stop = effect(() => {
      if (me.value === null) return
      resolve(me.value.user?.id ?? null)
      queueMicrotask(() => stop())
    })
  })
}
