// What a room sees of the world outside: a socket it can write to, and what the party behind it may do. No Hono, no ws, no
// LevelDB; the HTTP edge implements Channel, the store implements DocumentStore.

import type { ErrorCode, Role } from '@sheaf/protocol'
import type * as Y from 'yjs'

/** One socket, seen from the room. The room never reads from it: the edge calls `session.receive(frame)`. */
export interface Channel {
  /**
   * Queues one binary frame. The bytes are shared with other sockets and must not be changed, also not masked in place.
   * After the socket has closed this does nothing.
   */
  send(frame: Uint8Array): void
  /**
   * Closes with the row of protocol/errors; frames queued before still go out. The edge then calls `session.leave()`
   * (which may also have happened already; it is idempotent).
   */
  close(code: ErrorCode, detail?: string): void
  /** Bytes handed to `send` that the operating system has not taken yet (`ws.bufferedAmount`). */
  readonly bufferedBytes: number
}

/** Who is behind a socket and what they may do. Read again for every message, so the edge may hand over a live object. */
export interface Grant {
  /** Who: a device in open mode, `open` for all programs that are no browser. Never empty, for that is the server. */
  readonly principal: string
  readonly role: Role
  /** True for a socket that chose `sheaf.v1`. */
  readonly extension: boolean
}

/** One party's participation in a room; made by `registry.join`. */
export interface Session {
  /** Unique in this process; stands in the log beside the rows of this session. */
  readonly id: string
  /** One whole binary frame. Never throws: what is wrong with it closes this socket alone. */
  receive(frame: Uint8Array): void
  /** The socket is gone. Idempotent. */
  leave(): void
}

/** What lists show of a `sheaf` document; from the model. */
export type Summarize = (ydoc: Y.Doc) => { readonly title: string; readonly snippet: string }

export function canWrite(role: Role): boolean {
  return role === 'owner' || role === 'editor'
}
