// `POST /documents/:id/revert`: takes back what a run, a principal or a stretch of revisions did, as a new edit that goes forward: what others
// wrote meanwhile stays, also inside of what goes.

import { Reversal } from '@sheaf/model/edits'
import { serializeMarkdown } from '@sheaf/model/formats'
import { RequestError } from '@sheaf/protocol'
import { Hono } from 'hono'
import type * as Y from 'yjs'
import { z } from 'zod'
import type { Identity } from '../accounts/authority.ts'
import type { Registry } from '../room/registry.ts'
import type { Room } from '../room/room.ts'
import type { DocumentStore, UpdateRow } from '../store/store.ts'
import { expectMediaType, parseJson, readBytes } from './body.ts'
import { answerEdit, revisionOf } from './content.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { revisionIn, revisionText } from './edit-fields.ts'
import { requireEditable, sessionOf, tryOut } from './editing.ts'
import type { Idempotency, Remember, Remembered } from './idempotency.ts'
import { type AppEnv, authorize, methods } from './routes.ts'
import { unifiedDiff } from './unified-diff.ts'

export interface RevertingOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly idempotency: Idempotency
  readonly maxRequestBytes: number
}

export const revertRequest = z
  .strictObject({
    /** What this run did. */
    run: z.string().max(64).optional(),
    /** What was done behind this revision. */
    after: revisionText.optional(),
    /** Up to and with this one; absent: the newest. */
    upTo: revisionText.optional(),
    /** Only what this principal did. */
    by: z.string().max(200).optional(),
    mode: z.enum(['apply', 'preview']).default('apply'),
  })
  .refine(({ run, after }) => run !== undefined || after !== undefined, 'Say what to take back: run, after, or both')

type RevertRequest = z.infer<typeof revertRequest>

export interface RevertAnswer {
  /** Absent for a preview. */
  readonly rev?: string
  readonly status: 'reverted' | 'noop'
  /** How many revisions were taken back. */
  readonly revisions: number
  readonly durable: boolean
  /** What it changes in Markdown. */
  readonly diff: string
}

export function revertRoutes({ store, registry, idempotency, maxRequestBytes }: RevertingOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  methods(app, '/documents/:id/revert', {
    POST: async c => {
      const documentId = documentIdOf(c)
      expectMediaType(c.req.raw, ['application/json'])
      await requireRecord(store, documentId)
      const bytes = await readBytes(c.req.raw, maxRequestBytes)
      // A body may take its time; meanwhile the right may have gone.
      await authorize(c, 'POST /documents/:id/revert')
      const request = parseJson(bytes, revertRequest)
      const identity = c.get('identity')
      const key = request.mode === 'preview' ? undefined : c.req.header('idempotency-key')
      const fingerprint = ['POST revert', documentId, bytes]
      const answer = await idempotency.run({ principal: identity.principal, key, fingerprint }, remember =>
        registry.withRoom(documentId, room => revert(room, request, identity, remember)),
      )
      return answerEdit(c, answer)
    },
  })
  return app
}

async function revert(
  room: Room,
  request: RevertRequest,
  identity: Identity,
  remember: Remember,
): Promise<{ answer: Remembered; isKept: boolean }> {
  requireEditable(room)
  const isMeant = selection(room, request)
  const reversal = new Reversal()
  let revisions = 0
  try {
    await room.rows(room.revision, rows => {
      for (let start = 0; start < rows.length; ) {
        const isReverted = isMeant(rows[start]!)
        let end = start
        while (end < rows.length && isMeant(rows[end]!) === isReverted) end += 1
        const some = rows.slice(start, end)
        reversal.take(
          some.map(({ update }) => update),
          isReverted,
        )
        if (isReverted) revisions += some.length
        start = end
      }
    })
    const { principal } = identity
    let answer: Omit<RevertAnswer, 'rev' | 'durable'> = { status: 'noop', revisions, diff: '' }
    const apply = (ydoc: Y.Doc): void => {
      const { before, after, isChanged } = reversal.writeInto(ydoc)
      const [old, fresh] = [before, after].map(doc => serializeMarkdown(doc))
      answer = { status: isChanged ? 'reverted' : 'noop', revisions, diff: unifiedDiff(old!, fresh!) }
    }
    if (request.mode === 'preview') {
      tryOut(room, apply)
      return { answer: { status: 200, body: JSON.stringify({ ...answer, durable: false }) }, isKept: false }
    }
    const answered = (revision: number): Remembered => {
      const rev = `${room.epoch}.${revision}`
      return { status: 200, body: JSON.stringify({ rev, ...answer, durable: true } satisfies RevertAnswer), rev }
    }
    const { revision, isChanged } = await room.edit('api', apply, {
      principal,
      session: sessionOf(identity),
      records: revision => remember(answered(revision)),
    })
    return { answer: answered(revision), isKept: isChanged }
  } finally {
    reversal.destroy()
  }
}

/** Which rows are meant; never the one that the document was made with. @throws RequestError for revisions that are none. */
function selection(room: Room, { run, after, upTo, by }: RevertRequest): (row: UpdateRow) => boolean {
  const from = after === undefined ? 1 : revisionIn(room, after)
  const to = upTo === undefined ? room.revision : revisionIn(room, upTo)
  if (from > room.revision || to > room.revision) {
    throw new RequestError('unknown-revision', undefined, { rev: revisionOf(room) })
  }
  return ({ seq, principal, session, origin }) => {
    if (seq <= Math.max(1, from) || seq > to) return false
    if (by !== undefined && principal !== by) return false
    return run === undefined || (origin === 'api' && session.split('/')[1] === run)
  }
}
