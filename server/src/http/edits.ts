// Editing by programs: edits, and what is asked for to make them: the outline, blocks, and finding places, which gives handles. Reading
// and finding change nothing.

import { type Anchor, Body, kindOf, linesOf } from '@sheaf/model'
import { anchorOf, type BlockList, type Found, listsOf, Searched, textOfStretch } from '@sheaf/model/edits'
import { RequestError, SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Registry } from '../room/registry.ts'
import type { Room } from '../room/room.ts'
import type { DocumentStore } from '../store/store.ts'
import { check, expectMediaType, parseJson, readBytes, readJson } from './body.ts'
import { answerEdit, revisionOf } from './content.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { editRequest, findRequest } from './edit-fields.ts'
import type { Editing } from './editing.ts'
import type { Handles } from './handles.ts'
import { type AppEnv, authorize, methods } from './routes.ts'

export interface EditsOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly editing: Editing
  readonly handles: Handles
  readonly maxRequestBytes: number
  readonly maxEditBytes: number
}

export const blocksQuery = z.strictObject({
  /** The id of the block behind which to begin. */
  after: z.string().max(40).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
})

export function editRoutes(options: EditsOptions): Hono<AppEnv> {
  const { store, editing, handles, maxRequestBytes, maxEditBytes } = options
  const app = new Hono<AppEnv>()

  methods(app, '/documents/:id/edits', {
    POST: async c => {
      const documentId = documentIdOf(c)
      expectMediaType(c.req.raw, ['application/json'])
      await requireRecord(store, documentId)
      const body = await readBytes(c.req.raw, maxEditBytes)
      // A body may take its time; meanwhile the right may have gone.
      await authorize(c, 'POST /documents/:id/edits')
      const order = parseJson(body, editRequest)
      const key = c.req.header('idempotency-key')
      const ask = { documentId, identity: c.get('identity'), key, fingerprint: ['POST edits', documentId, body] }
      return answerEdit(c, await editing.run(ask, order))
    },
  })

  methods(app, '/documents/:id/find', {
    POST: async c => {
      const fields = await readJson(c.req.raw, { schema: findRequest, maxBytes: maxRequestBytes })
      return withLists(c, options, async (room, body, lists) => {
        const searched = new Searched(lists)
        const found = findAll(searched, fields)
        const timeline = { documentId: room.documentId, epoch: room.epoch }
        const matches = await Promise.all(
          found.slice(0, fields.limit).map(async match => {
            const { isBlock, matchedBy, list, from } = match
            const text = textOfStretch(lists[list]!, match)
            const block = lists[list]!.blocks[from.block]!.attrs.id as string | null
            const anchor: Anchor | null = isBlock
              ? { block, first: null, last: null, quote: '', offset: 0 }
              : anchorOf(body, lists, match)
            const handle = anchor === null ? undefined : await handles.make(timeline, anchor, isBlock ? '' : text)
            const context = searched.contextOf(match, fields.context)
            return { ...(handle !== undefined && { handle }), block, text, context, matchedBy }
          }),
        )
        return { matches, total: found.length }
      })
    },
  })

  methods(app, '/documents/:id/outline', {
    GET: c =>
      withLists(c, options, (_room, _body, lists) => {
        const searched = new Searched(lists)
        const { blocks } = lists[0]!
        const items = blocks.flatMap((block, index) => {
          if (block.type.name !== 'heading') return []
          const section = blocks.slice(index, searched.sectionEnd(index))
          const characters = section.reduce((sum, one) => sum + linesOf(one).join('\n').length, 0)
          return { block: block.attrs.id, level: block.attrs.level, text: linesOf(block).join(' '), characters }
        })
        return { items }
      }),
  })

  methods(app, '/documents/:id/blocks', {
    GET: c => {
      const { after, limit } = check(blocksQuery, c.req.query())
      return withLists(c, options, (_room, _body, lists) => {
        const { blocks } = lists[0]!
        const at = after === undefined ? -1 : blocks.findIndex(block => block.attrs.id === after)
        if (after !== undefined && at < 0) throw new RequestError('target-not-found', 'There is no block of this id.')
        const shown = blocks.slice(at + 1, at + 1 + limit)
        const hasMore = at + 1 + limit < blocks.length
        return { items: shown.map(toBlock), ...(hasMore && { next: shown.at(-1)!.attrs.id }) }
      })
    },
  })

  methods(app, '/documents/:id/blocks/:block', {
    GET: c =>
      withLists(c, options, (_room, _body, lists) => {
        const found = new Searched(lists).block(c.req.param('block') ?? '')
        if (found === undefined) throw new SheafError('not-found', 'There is no block of this id.')
        return { item: toBlock(found.node) }
      }),
  })

  return app
}

/** Answers from what the document holds, with its revision. @throws RequestError `unsupported-op` for what another editor wrote. */
async function withLists(
  c: Context<AppEnv>,
  { store, registry }: EditsOptions,
  read: (room: Room, body: Body, lists: readonly BlockList[]) => object | Promise<object>,
): Promise<Response> {
  const documentId = documentIdOf(c)
  const { layout } = await requireRecord(store, documentId)
  if (layout === 'raw') {
    throw new RequestError('unsupported-op', 'Another editor wrote this document, and only it knows its blocks.')
  }
  return registry.withRoom(documentId, async room => {
    const rev = revisionOf(room)
    const body = new Body(room.ydoc)
    const answer = await read(room, body, listsOf(body.doc))
    c.header('document-revision', rev)
    return c.json({ rev, ...answer })
  })
}

function findAll(
  searched: Searched,
  fields: z.infer<typeof findRequest>,
): (Omit<Found, 'matchedBy'> & { readonly matchedBy: string; readonly isBlock: boolean })[] {
  const { quote, prefix, suffix, within, block, heading, level } = fields
  if (quote !== undefined) {
    return searched.quotes({ quote, prefix, suffix, within }, 1_000).map(found => ({ ...found, isBlock: false }))
  }
  const places =
    block !== undefined
      ? [searched.block(block)].flatMap(found => (found === undefined ? [] : { list: found.list, index: found.index }))
      : searched.headings(heading!, level).map(index => ({ list: 0, index }))
  return places.map(({ list, index }) => ({
    list,
    from: { block: index, offset: 0 },
    to: searched.endOf(list, index),
    matchedBy: block === undefined ? 'heading' : 'block',
    isBlock: true,
  }))
}

function toBlock(block: Body['doc']) {
  const { id, ...attrs } = block.attrs
  return { id, kind: kindOf(block), attrs, text: linesOf(block).join('\n') }
}
