// Who this browser is until there are accounts: a guest with an id, a name and a colour, kept in localStorage.

import { signal } from '@preact/signals'
import { presenceColors, randomId } from '@sheaf/protocol'
import { words } from './words.ts'

export interface Identity {
  readonly id: string
  readonly name: string
  /** 1–12 */
  readonly color: number
}

const key = 'sheaf.identity'
/** Longer names are cut: they stand on flags beside a caret. */
export const maxNameLength = 40

/** Nobody has seen the name yet. */
let isNew = false

export const identity = signal<Identity>(load())

export function changeIdentity(change: { name: string; color: number }): void {
  const name = change.name.trim().replace(/\s+/g, ' ').slice(0, maxNameLength)
  identity.value = { ...identity.value, name: name === '' ? identity.value.name : name, color: change.color }
  keep(identity.value)
}

/** A name in the language of the page, which was not there yet when the guest was made. */
export function nameNewGuest(): void {
  if (isNew) changeIdentity({ name: guestName(), color: identity.peek().color })
}

/** The server knows who this is: an account, or a guest whose name is still their own. Of an account nothing is kept here. */
export function becomeKnown(id: string, user?: { readonly name: string; readonly color: number }): void {
  if (user === undefined && identity.peek().id === id) return
  identity.value = { ...identity.value, id, ...(user !== undefined && { name: user.name, color: user.color }) }
  // Others are to see the same guest from the first moment of the next page on.
  if (user === undefined) keep(identity.value)
}

// Another tab of this browser is the same person.
addEventListener('storage', event => {
  if (event.key === key) identity.value = read(event.newValue) ?? identity.value
})

function load(): Identity {
  let kept: Identity | null = null
  try {
    kept = read(localStorage.getItem(key))
  } catch {
    // Storage is switched off: a guest for as long as this page lives.
  }
  if (kept !== null) return kept
  isNew = true
  const made = { id: `guest-${randomId(16)}`, name: guestName(), color: 1 + pick(presenceColors) }
  keep(made)
  return made
}

function keep(value: Identity): void {
  try {
    localStorage.setItem(key, JSON.stringify(value))
  } catch {
    // As above.
  }
}

/** Null for anything that is not an identity, whoever wrote it. */
export function read(json: string | null): Identity | null {
  try {
    const value: unknown = JSON.parse(json ?? 'null')
    if (typeof value !== 'object' || value === null) return null
    const { id, name, color } = value as Record<string, unknown>
    if (typeof id !== 'string' || id === '' || typeof name !== 'string' || name === '') return null
    const valid = typeof color === 'number' && Number.isInteger(color) && color >= 1 && color <= presenceColors
    return { id, name: name.slice(0, maxNameLength), color: valid ? color : 1 }
  } catch {
    return null
  }
}

/** At most two letters for an avatar: of the first and the last word. */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/)
  const letters = parts.length > 1 ? [parts[0]!, parts[parts.length - 1]!] : [parts[0] ?? '']
  return letters
    .map(part => [...part][0] ?? '')
    .join('')
    .toLocaleUpperCase()
}

function guestName(): string {
  const { guestTints: tints, guestBirds: birds } = words
  return words.guestName(tints[pick(tints.length)]!, birds[pick(birds.length)]!)
}

function pick(count: number): number {
  return crypto.getRandomValues(new Uint32Array(1))[0]! % count
}
