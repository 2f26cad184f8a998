// The audit log: who did what, when, and from where, as far as it is about people and rights. What was written stands in the log of each
// document. Nothing here could let anybody in: no secrets, no passwords, and no text of documents. Entries are never changed, and are kept for
// a year.

import { randomId } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import type { Records } from '../store/records.ts'

/** What can be done. A name here is written to disk. */
export type AuditAct =
  | 'set-up'
  | 'signed-in'
  | 'sign-in-failed'
  | 'session-ended'
  | 'password-changed'
  | 'password-reset'
  | 'reset-link-made'
  | 'invited'
  | 'invitation-withdrawn'
  | 'joined'
  | 'user-added'
  | 'user-changed'
  | 'token-made'
  | 'token-revoked'
  | 'role-given'
  | 'role-taken'
  | 'reach-changed'
  | 'link-copied'
  | 'link-opened'
  | 'link-refused'
  | 'access-asked'
  | 'access-declined'
  | 'document-trashed'
  | 'document-restored'
  | 'folder-changed'
  | 'folder-trashed'
  | 'folder-restored'
  | 'exported'
  | 'imported'

export type AuditFields = Readonly<Record<string, string | number | boolean | null>>

export interface AuditEntry {
  /** Rises with time. */
  readonly auditId: string
  readonly atMs: number
  readonly act: AuditAct
  /** A principal; empty for nobody that is known; `command` for the command line. */
  readonly principal: string
  /** Of the network; empty for the command line. */
  readonly address: string
  /** A document, or what stands for a folder ({@link folderTarget}). */
  readonly target?: string
  /** Whom it was done to. */
  readonly userId?: string
  /** What it was, in values: the role that was given, say. */
  readonly fields?: AuditFields
}

export type AuditNote = Omit<AuditEntry, 'auditId' | 'atMs'>

const keptMs = 365 * 24 * 60 * 60_000
/** Old ones that go with each new one, so that the log shrinks faster than it grows. */
const removedAtOnce = 3

export class Audit {
  readonly #records: Records
  readonly #clock: Clock
  readonly #log: Log

  constructor(options: { records: Records; clock: Clock; log: Log }) {
    this.#records = options.records
    this.#clock = options.clock
    this.#log = options.log
  }

  /** Resolves when it is on disk. What has been done is done: where it cannot be noted, the log says so, and nothing is thrown. */
  async note(note: AuditNote): Promise<void> {
    const atMs = this.#clock.nowMs()
    const auditId = `${atMs.toString(36).padStart(9, '0')}-${randomId(8)}`
    try {
      await this.#records.change(async change => {
        for (const { key, value } of await change.list<AuditEntry>('audit', { limit: removedAtOnce })) {
          if (value.atMs + keptMs < atMs) change.delete('audit', key)
        }
        change.put('audit', auditId, { ...note, auditId, atMs } satisfies AuditEntry)
      })
    } catch (cause) {
      this.#log.error('An entry of the audit log could not be written', { act: note.act, cause })
    }
  }

  /** The newest first. @param before an entry: those before it. */
  async list({ limit, before }: { limit: number; before?: string }): Promise<AuditEntry[]> {
    const query = { reverse: true, limit, ...(before !== undefined && { after: before }) }
    return (await this.#records.list<AuditEntry>('audit', query)).map(({ value }) => value)
  }
}
