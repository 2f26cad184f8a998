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
  /** Who they are to others, whatever they say themselves; absent where nobody knows them. */
  readonly shownAs?: ShownAs | undefined
}

/** What the server puts into the presence of somebody it knows. */
export interface ShownAs {
  readonly id: string
  /** Absent: as they call themselves. */
  readonly name?: string
  /** Came by a link; others are told so. */
  readonly isGuest?: boolean
}

/** A frame of this length has memory of its own: no socket reads so much at once. */
export const longFrameBytes = 64 * 1024

/** One party's participation in a room, as its socket sees it. */
export interface Session {
  /** Unique in this process; stands in the log beside the rows of this session. */
  readonly id: string
  /**
   * One whole binary frame, good for this turn; from {@link longFrameBytes} on it is the session's, and nobody changes it any more.
   * Never throws: what is wrong with it closes this socket alone.
   */
  receive(frame: Uint8Array): void
  /** The socket is gone. Idempotent. */
  leave(): void
}

/** The same, as whoever decides about its rights sees it; made by `registry.join`. */
export interface Member extends Session {
  /** Ends it from this side: told as denied where that is the reason, and closed with the code. Idempotent. */
  close(code: ErrorCode): void
  /** Tells a `sheaf.v1` client; others have no word for it. */
  notify(frame: Uint8Array): void
}

/** What lists show of a `sheaf` document; from the model. */
export type Summarize = (ydoc: Y.Doc) => { readonly title: string; readonly snippet: string }

export function canWrite(role: Role): boolean {
  return role === 'owner' || role === 'editor'
}
