// What a new document begins with: a title and text, Markdown, HTML, the JSON that content is given in; a Yjs update; what another document
// says. It is read before there is a document, so that what cannot be read leaves nothing behind.

import { blocksOf, readBody, seedUpdate, summarize, writeBody } from '@sheaf/model'
import { writeTitle } from '@sheaf/model/edits'
import { FormatError, parseJson as parseBody } from '@sheaf/model/formats'
import { SheafError } from '@sheaf/protocol'
import type { Context } from 'hono'
import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { z } from 'zod'
import { titled } from '../exchange/convert.ts'
import { type Convert, inlineConvert } from '../exchange/converter.ts'
import type { Registry, Seed } from '../room/registry.ts'
import { check, expectMediaType, parseJson, readBytes } from './body.ts'
import type { AppEnv } from './routes.ts'

export interface BeginningOptions {
  readonly registry: Registry
  readonly convert: Convert
  readonly maxRequestBytes: number
  /** Of Markdown, HTML and Yjs as the body itself. */
  readonly maxContentBytes: number
}

/** What a request to make a document brings. */
export interface Beginning {
  readonly folder: string | null
  readonly content: Seed
  /** Of the request; for its key. */
  readonly bytes: Uint8Array
}

/** Every line becomes a block; more of them at once would hold up everybody else. */
const maxLines = 10_000

/** What is longer is read in a thread of its own. */
const maxInlineBytes = 16 * 1024

const ending: Readonly<Record<string, string>> = { 'text/markdown': '.md', 'text/html': '.html' }
const updateTypes = ['application/vnd.yjs.update', 'application/octet-stream']

export const title = z
  .string()
  .max(500)
  .regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'A title is one line without control characters')
export const folder = z.string().max(100).nullable().optional()
const text = z.string().refine(value => value.split('\n', maxLines + 1).length <= maxLines, `At most ${maxLines} lines`)

export const createFields = z
  .strictObject({
    title: title.optional(),
    folder,
    text: text.optional(),
    markdown: z.string().max(1_000_000).optional(),
    html: z.string().max(1_000_000).optional(),
    /** As GET …/content gives it in `doc`. */
    json: z.unknown().optional(),
  })
  .refine(
    fields => [fields.text, fields.markdown, fields.html, fields.json].filter(one => one !== undefined).length <= 1,
    'Give one of text, markdown, html and json',
  )
/** Beside a body that is the content itself. */
export const createQuery = z.strictObject({ title: title.optional(), folder: z.string().max(100).optional() })

/**
 * Reads the body of a request to make a document; without one it begins empty.
 * @throws SheafError `unsupported-media-type`, `too-large`, `invalid-json`, `invalid-field`; for an update what the gate says.
 */
export async function readBeginning(
  c: Context<AppEnv>,
  documentId: string,
  options: BeginningOptions,
): Promise<Beginning> {
  const request = c.req.raw
  const query = c.req.query()
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  expectMediaType(request, ['application/json', ...Object.keys(ending), ...updateTypes])
  if (type === 'application/json') {
    check(z.strictObject({}), query)
    const bytes = await readBytes(request, options.maxRequestBytes)
    const fields = parseJson(bytes, createFields)
    return { folder: fields.folder ?? null, content: await seedOf(fields, documentId, options), bytes }
  }
  const fields = check(createQuery, query)
  const bytes = await readBytes(request, options.maxContentBytes)
  const base = { folder: fields.folder ?? null, bytes }
  if (updateTypes.includes(type)) {
    if (fields.title !== undefined) {
      const detail = '/title: a Yjs update brings its own title.'
      throw new SheafError('invalid-field', detail, { details: { field: '/title' } })
    }
    return { ...base, content: options.registry.seedOf(bytes, c.get('identity').principal) }
  }
  return { ...base, content: await converted(ending[type]!, bytes, { ...fields, documentId }, options) }
}

/** What begins without a body. */
export function emptyBeginning(): Beginning {
  return { folder: null, content: seedFrom(seedUpdate()), bytes: new Uint8Array() }
}

/**
 * What a document says, as the first content of another one: its blocks keep their ids, and its images are asked for where the copy is.
 * @param state as one Yjs update; of a `sheaf` document unless `isRaw`.
 */
export function copyOf(
  state: Uint8Array,
  { from, to, title, isRaw }: { from: string; to: string; title: string | undefined; isRaw: boolean },
): Seed {
  if (isRaw) return { layout: 'raw', updates: [state], title: title ?? to, snippet: '' }
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, state)
  const doc = readBody(ydoc)
  const moved = readdressed(doc, `/api/v1/documents/${from}/assets/`, `/api/v1/documents/${to}/assets/`)
  ydoc.transact(() => {
    if (moved !== doc) writeBody(ydoc, moved)
    if (title !== undefined) writeTitle(ydoc, title)
  })
  const seed = { updates: [Y.encodeStateAsUpdate(ydoc)], ...summarize(ydoc) }
  ydoc.destroy()
  return seed
}

async function seedOf(
  fields: z.infer<typeof createFields>,
  documentId: string,
  options: BeginningOptions,
): Promise<Seed> {
  const { title, text, markdown, html, json } = fields
  const whole = { title, documentId }
  if (markdown !== undefined) return converted('.md', new TextEncoder().encode(markdown), whole, options)
  if (html !== undefined) return converted('.html', new TextEncoder().encode(html), whole, options)
  if (json === undefined) return seedFrom(seedUpdate({ ...(title !== undefined && { title }), ...(text && { text }) }))
  try {
    const doc = parseBody(json)
    return seedFrom(seedUpdate(title === undefined ? titled('', doc) : { title, body: blocksOf(doc) }))
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause
    throw new SheafError('invalid-field', `/json: ${cause.message}`, { cause, details: { field: '/json' } })
  }
}

async function converted(
  name: string,
  bytes: Uint8Array,
  { title, documentId }: { title?: string | undefined; documentId: string },
  { convert }: BeginningOptions,
): Promise<Seed> {
  const read = bytes.byteLength > maxInlineBytes ? convert : inlineConvert
  const { update, ...rest } = await read({ name, bytes, documentId, ...(title !== undefined && { title }) })
  return { updates: [update], title: rest.title, snippet: rest.snippet }
}

function seedFrom(update: Uint8Array): Seed {
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, update)
  const summary = summarize(ydoc)
  ydoc.destroy()
  return { updates: [update], ...summary }
}

/** The same node where nothing in it has such an address. */
function readdressed(node: Node, from: string, to: string): Node {
  const { src } = node.attrs as { src?: unknown }
  const isOwn = typeof src === 'string' && src.startsWith(from)
  const children = node.isText ? [] : node.children.map(child => readdressed(child, from, to))
  const isSame = children.every((child, index) => child === node.child(index))
  if (node.isText || (!isOwn && isSame)) return node
  const attrs = isOwn ? { ...node.attrs, src: to + src.slice(from.length) } : node.attrs
  return node.type.create(attrs, isSame ? node.content : children, node.marks)
}
