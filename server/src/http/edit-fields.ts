// The body of `POST /documents/:id/edits` and of `/find`, as validators: docs/api.md says what the fields mean.

import { RequestError } from '@sheaf/protocol'
import { z } from 'zod'

const quoteText = z.string().min(1).max(10_000)
const aroundText = z.string().max(1_000)
export const blockId = z.string().max(40)
const content = {
  text: z.string().max(1_000_000).optional(),
  markdown: z.string().max(1_000_000).optional(),
  html: z.string().max(1_000_000).optional(),
  json: z.unknown().optional(),
}
const edge = z.enum(['before', 'after', 'start', 'end']).optional()
const sideEdge = z.enum(['before', 'after']).optional()

export const quoted = {
  quote: quoteText,
  prefix: aroundText.optional(),
  suffix: aroundText.optional(),
  within: blockId.optional(),
}
const ofBlock = z.strictObject({ block: blockId, edge })
export const headingFields = {
  heading: z.string().min(1).max(1_000),
  level: z.number().int().min(1).max(4).optional(),
}
const ofHeading = z.strictObject({
  ...headingFields,
  edge: z.enum(['before', 'start', 'end']).optional(),
})
const ofDocument = z.strictObject({ document: z.enum(['start', 'end', 'all']) })
const unitId = z.string().max(40)

const target = z.union(
  [
    z.strictObject({
      ...quoted,
      occurrence: z.union([z.enum(['only', 'all']), z.number().int().min(1)]).optional(),
      edge: sideEdge,
    }),
    ofBlock,
    ofHeading,
    z.strictObject({ handle: z.string().max(4_000), edge: sideEdge }),
    z.strictObject({ range: z.strictObject({ first: unitId, last: unitId }), edge: sideEdge }),
    ofDocument,
  ],
  'One of {quote}, {block}, {heading}, {handle}, {range} and {document}',
)

export type TargetFields = z.infer<typeof target>

const mark = z.strictObject({
  type: z.enum(['strong', 'em', 'underline', 'strike', 'code', 'link', 'highlight']),
  attrs: z.record(z.string(), z.unknown()).optional(),
})
const edit = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('replaceText'), target, ...content }),
  z.strictObject({ op: z.literal('insert'), target, ...content }),
  z.strictObject({ op: z.literal('replaceBlock'), target, ...content }),
  z.strictObject({ op: z.literal('delete'), target }),
  z.strictObject({
    op: z.literal('format'),
    target,
    add: z.array(mark).max(10).optional(),
    remove: z.array(mark.shape.type).max(10).optional(),
  }),
  z.strictObject({
    op: z.literal('setBlock'),
    target,
    kind: z.string().max(40).optional(),
    attrs: z.record(z.string(), z.unknown()).optional(),
  }),
  z.strictObject({ op: z.literal('move'), target, to: z.union([ofBlock, ofHeading, ofDocument]) }),
  z.strictObject({
    op: z.literal('setTitle'),
    text: z
      .string()
      .max(500)
      .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'A title is one line without control characters'),
  }),
])

export type EditFields = z.infer<typeof edit>

/** `<epoch>.<revision>` */
export const revisionText = z.string().regex(/^[0-9A-Za-z]{8}\.\d{1,15}$/, 'A revision, as Document-Revision says it')

/** The number of a revision of this room. @throws RequestError `epoch-mismatch`. */
export function revisionIn(room: { readonly epoch: string; readonly revision: number }, rev: string): number {
  const [epoch, digits] = rev.split('.')
  if (epoch === room.epoch) return Number(digits)
  throw new RequestError('epoch-mismatch', undefined, { rev: `${room.epoch}.${room.revision}` })
}

export const runFields = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9._~-]{1,64}$/, '1 to 64 of A-Z a-z 0-9 . _ ~ -'),
})

export const editRequest = z.strictObject({
  base: revisionText.optional(),
  onStale: z.enum(['merge', 'fail']).default('merge'),
  mode: z.enum(['apply', 'preview']).default('apply'),
  ifBusy: z.enum(['apply', 'fail']).default('apply'),
  run: runFields.optional(),
  edits: z.array(edit).min(1).max(100),
})

export type EditRequest = z.infer<typeof editRequest>

export const findRequest = z
  .strictObject({
    ...quoted,
    quote: quoteText.optional(),
    block: blockId.optional(),
    heading: z.string().min(1).max(1_000).optional(),
    level: z.number().int().min(1).max(4).optional(),
    limit: z.number().int().min(1).max(200).default(50),
    /** Characters around. */
    context: z.number().int().min(0).max(400).default(40),
  })
  .refine(
    ({ quote, block, heading }) => [quote, block, heading].filter(one => one !== undefined).length === 1,
    'Give one of quote, block and heading',
  )
