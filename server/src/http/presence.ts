// `/documents/:id/presence`: who is in a document and where, and programs that show themselves there for some time. What a socket shows is said
// in the wire; this is the same for whoever has none.

import { Body, resolveCaret } from '@sheaf/model'
import { anchorOf, listsOf, Searched } from '@sheaf/model/edits'
import { RequestError, SheafError } from '@sheaf/protocol'
import { Hono } from 'hono'
import { z } from 'zod'
import type { Registry } from '../room/registry.ts'
import type { DocumentStore } from '../store/store.ts'
import type { Agents, Said } from './agents.ts'
import { readJson } from './body.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { blockId, quoted } from './edit-fields.ts'
import { requireEditable } from './editing.ts'
import { type AppEnv, methods } from './routes.ts'

export const presenceRequest = z.strictObject({
  /** What the program is called, where its token has no note. */
  name: z.string().min(1).max(60).default('Agent'),
  status: z.string().max(60).optional(),
  note: z.string().max(200).optional(),
  /** Words, which are shown as selected, or an edge of a block. Absent: it stands nowhere in the text. */
  caret: z
    .union(
      [z.strictObject(quoted), z.strictObject({ block: blockId, edge: z.enum(['start', 'end']).default('end') })],
      'One of {quote} and {block}',
    )
    .optional(),
  /** How long it is shown, in seconds. */
  ttlS: z.number().min(1).max(300).default(30),
})

type CaretTarget = NonNullable<z.infer<typeof presenceRequest>['caret']>

export interface PresenceRoutesOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly agents: Agents
  readonly maxRequestBytes: number
}

export function presenceRoutes({ store, registry, agents, maxRequestBytes }: PresenceRoutesOptions): Hono<AppEnv> {
  const app = new Hono<AppEnv>()

  methods(app, '/documents/:id/presence', {
    GET: async c => {
      const documentId = documentIdOf(c)
      await requireRecord(store, documentId)
      const items = await registry.withRoom(documentId, room => {
        const body = room.layout === 'sheaf' ? new Body(room.ydoc) : undefined
        return room.presence.states.map(state => shown(state, body))
      })
      return c.json({ items })
    },
  })

  methods(app, '/documents/:id/presence/:session', {
    PUT: async c => {
      const documentId = documentIdOf(c)
      await requireRecord(store, documentId)
      const request = await readJson(c.req.raw, { schema: presenceRequest, maxBytes: maxRequestBytes })
      const { name, status, note, caret, ttlS } = request
      const place = caret && (await registry.withRoom(documentId, room => placeIn(room, caret)))
      const said: Said = {
        caret: place ?? null,
        ...(status !== undefined && { status }),
        ...(note !== undefined && { note }),
      }
      const who = { identity: c.get('identity'), name, session: sessionIn(c.req.param('session')) }
      await agents.stand(documentId, who, { said, ms: ttlS * 1000 })
      return c.body(null, 204)
    },
    DELETE: c => {
      agents.hide(documentIdOf(c), { identity: c.get('identity'), session: sessionIn(c.req.param('session')) })
      return c.body(null, 204)
    },
  })

  return app
}

/** @throws RequestError `target-not-found`, `ambiguous-target`, `unsupported-op`. */
function placeIn(room: Parameters<typeof requireEditable>[0], target: CaretTarget): NonNullable<Said['caret']> {
  requireEditable(room)
  const body = new Body(room.ydoc)
  const lists = listsOf(body.doc)
  const searched = new Searched(lists)
  const isQuote = 'quote' in target
  const found = isQuote ? searched.quotes(target, 2) : [searched.block(target.block)].flatMap(one => one ?? [])
  if (found.length > 1) throw new RequestError('ambiguous-target')
  const [first] = found
  if (first === undefined) throw new RequestError('target-not-found')
  const stretch =
    'from' in first
      ? first
      : { list: first.list, from: { block: first.index, offset: 0 }, to: searched.endOf(first.list, first.index) }
  const anchor = anchorOf(body, lists, stretch)
  if (anchor?.first == null || anchor.last === null) {
    // Nothing is written in the block yet.
    const marker = anchor?.block ?? ''
    return { anchor: marker, head: marker }
  }
  if (isQuote) return { anchor: `>${anchor.first}`, head: anchor.last }
  const edge = target.edge === 'start' ? `>${anchor.first}` : anchor.last
  return { anchor: edge, head: edge }
}

/** What somebody shows of themselves; it may be anything that a client has sent. */
function shown(state: string, body: Body | undefined): object {
  const { user, kind, caret, status, note } = (JSON.parse(state) ?? {}) as Record<string, unknown>
  const said = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const head = said((caret as { head?: unknown } | null | undefined)?.head)
  return {
    user: typeof user === 'object' && user !== null ? user : {},
    kind: said(kind) ?? 'person',
    caret: head === undefined || body === undefined ? null : blockAt(body, head),
    ...(said(status) !== undefined && { status }),
    ...(said(note) !== undefined && { note }),
  }
}

function blockAt(body: Body, caret: string): { block: string | null; offset: number } | null {
  for (const blocks of [body.blocks, ...[...body.tables.cells].map(cell => cell.blocks)]) {
    const place = resolveCaret(blocks, caret)
    if (place !== null) return { block: place.entry.id, offset: place.offset }
  }
  return null
}

function sessionIn(text: string | undefined): string {
  if (text !== undefined && /^[A-Za-z0-9._~-]{1,64}$/.test(text)) return text
  throw new SheafError('malformed', 'The name of a session is 1 to 64 of A-Z a-z 0-9 . _ ~ -.')
}
