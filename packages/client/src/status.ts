// What a user may be told about a document, as one value. "Saved" is `pending === 0` while `connection` is online or was:
// it means acknowledged by the server as on its disk, and nothing else does.

import type { Layout, Role } from '@sheaf/protocol'
import type { ConnectionState, Problem } from './connection.ts'

export interface DocumentStatus {
  /** `connecting` until the first answer, `offline` while attempts go on, `closed` when none will be made. */
  readonly connection: ConnectionState
  /** There is something true to show: the kept copy, or a synced replica. */
  readonly ready: boolean
  /** The replica holds all that the server holds, and the connection stands. */
  readonly synced: boolean
  /** Own changes that no server has acknowledged. */
  readonly pending: number
  /** Those are in this device's storage, or being written there without trouble. */
  readonly kept: boolean
  /** The server says that it is about to stop; true until the next one answers. */
  readonly draining: boolean
  /** `failing`: the server cannot write now; it keeps what it got and acknowledges nothing. */
  readonly storage: 'ok' | 'failing'
  /** For `failing`: `full` or `error`. */
  readonly storageCause?: string
  /** Typing would be refused: by role, by the server's state, or because a change was refused before. */
  readonly readOnly: boolean
  readonly role?: Role
  readonly layout?: Layout
  readonly problem?: Problem
}

export function sameStatus(a: DocumentStatus, b: DocumentStatus): boolean {
  const { problem: problemA, ...restA } = a
  const { problem: problemB, ...restB } = b
  if (problemA?.code !== problemB?.code || problemA?.detail !== problemB?.detail) return false
  if (problemA?.permanent !== problemB?.permanent) return false
  const keys = new Set([...Object.keys(restA), ...Object.keys(restB)]) as Set<keyof typeof restA>
  for (const key of keys) if (restA[key] !== restB[key]) return false
  return true
}
