// Every state of the promise about somebody's text, with what brings a document there and what the page must say: for the test, and for
// the pictures of them.

import { encodeMessage } from '@sheaf/protocol'
import type { FrontDoor } from '../helpers/front-door.ts'
import type { Person } from './editor-page.ts'

export interface SaveState {
  readonly name: string
  /** Of the status line; absent where the page has none. */
  readonly line?: RegExp
  /** What else stands on the page. */
  readonly reads?: string
  /** From an open document with the caret in it. */
  bring(scene: Scene): Promise<void> | void
}

export interface Scene {
  readonly person: Person
  readonly door: FrontDoor
  /** Moves the document to the trash. */
  throwAway(): Promise<unknown>
}

export const saveStates: readonly SaveState[] = [
  { name: 'saved', line: /^Saved$/, bring: ({ person }) => person.type('.') },
  {
    name: 'saving',
    line: /^Saving…$/,
    bring: async ({ person, door }) => {
      door.keepBack()
      await person.type('.')
    },
  },
  {
    name: 'offline',
    line: /^Offline — 3 changes kept on this device$/,
    bring: async ({ person, door }) => {
      door.refuseUpgrades(502)
      door.dropAll()
      await person.says(/^Offline/)
      await person.type('...')
    },
  },
  {
    name: 'not-saved',
    line: /^Can’t save$/,
    reads: 'The server’s disk is full.',
    bring: async ({ person, door }) => {
      door.keepBack()
      await person.type('...')
      door.say(encodeMessage({ type: 'notice', notice: { kind: 'storage-failed', cause: 'full' } }))
    },
  },
  {
    name: 'read-only',
    line: /^View only$/,
    bring: ({ door }) => door.say(encodeMessage({ type: 'notice', notice: { kind: 'role-changed', role: 'viewer' } })),
  },
  {
    name: 'removed',
    reads: 'This document is in the trash.',
    bring: async ({ throwAway }) => {
      await throwAway()
    },
  },
  {
    name: 'newer-version',
    reads: 'This document needs a newer Sheaf.',
    bring: ({ door }) => {
      door.closeNew(4426, 'upgrade-required')
      door.closeAll(4426, 'upgrade-required')
    },
  },
  {
    name: 'too-large',
    line: /^Can’t save$/,
    reads: 'This document is full.',
    bring: async ({ person, door }) => {
      door.keepBack()
      await person.type('.')
      door.closeNew(4413, 'too-large')
      door.closeAll(4413, 'too-large')
    },
  },
  {
    name: 'restarting',
    line: /^Offline — 3 changes kept on this device$/,
    reads: 'The server is restarting. Keep writing; it is kept on this device.',
    bring: async ({ person, door }) => {
      door.say(encodeMessage({ type: 'notice', notice: { kind: 'draining' } }))
      door.refuseUpgrades(502)
      door.closeAll(1012, 'restarting')
      await person.says(/^Offline/)
      await person.type('...')
    },
  },
]
