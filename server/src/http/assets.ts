// The files that were uploaded into a document. What somebody uploads is never trusted: its type is read from its bytes, it is served so
// that nothing in it can run, and the right to it is the right to the document.

import { SheafError } from '@sheaf/protocol'
import { type Context, Hono } from 'hono'
import type { Clock } from '../clock.ts'
import { type Asset, addAsset, findAsset, listAssets } from '../store/assets.ts'
import type { ByteRange } from '../store/blobs.ts'
import type { DocumentStore } from '../store/store.ts'
import { readBytes } from './body.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { wantedRange } from './ranges.ts'
import { type AppEnv, authorize, methods } from './routes.ts'
import { isRaster, sniff } from './sniff.ts'

export interface AssetsOptions {
  readonly store: DocumentStore
  readonly clock: Clock
  /** Of one upload. */
  readonly maxUploadBytes: number
  /** Of all uploads into one document. */
  readonly maxDocumentUploadBytes: number
}

/** An uploaded file as the API shows it. */
export interface AssetResource {
  /** SHA-256 of its bytes, hexadecimal. */
  readonly hash: string
  /** Where it is served, on this server. */
  readonly url: string
  readonly type: string
  readonly size: number
  readonly name: string
  /** RFC 3339, UTC. */
  readonly createdAt: string
}

/** As many uploads are taken in at once, from everybody. */
const maxUnderWay = 32
/** Of what stands around the file in a form. */
const maxFormBytes = 16 * 1024
const maxNameLength = 200

export function assetRoutes(options: AssetsOptions): Hono<AppEnv> {
  const { store } = options
  const app = new Hono<AppEnv>()
  let underWay = 0

  methods(app, '/documents/:id/assets', {
    GET: async c => {
      const documentId = documentIdOf(c)
      await requireRecord(store, documentId)
      const assets = await listAssets(store.records, documentId)
      return c.json({ items: assets.map(asset => toResource(documentId, asset)) })
    },
    POST: async c => {
      const documentId = documentIdOf(c)
      const { principal } = c.get('identity')
      await requireRecord(store, documentId)
      if (underWay >= maxUnderWay) throw new SheafError('overloaded', 'Too many uploads are under way; try again.')
      underWay += 1
      try {
        const asset = await receive(c, { options, documentId, principal })
        return c.json(toResource(documentId, asset), 201, { location: addressOf(documentId, asset.hash) })
      } finally {
        underWay -= 1
      }
    },
  })

  methods(app, '/documents/:id/assets/:hash', {
    GET: async c => {
      const documentId = documentIdOf(c)
      await requireRecord(store, documentId)
      const asset = await findAsset(store.records, documentId, c.req.param('hash') ?? '')
      if (asset === undefined) throw new SheafError('not-found', 'This document has no such asset.')
      return serve(c, store, asset)
    },
  })

  return app
}

interface Receiving {
  readonly options: AssetsOptions
  readonly documentId: string
  readonly principal: string
}

async function receive(c: Context<AppEnv>, { options, documentId, principal }: Receiving): Promise<Asset> {
  const { store, clock, maxUploadBytes, maxDocumentUploadBytes } = options
  const announced = Number(c.req.header('content-length') ?? 0)
  const isForm = /^multipart\/form-data\b/i.test(c.req.header('content-type') ?? '')
  const limit = isForm ? maxUploadBytes + maxFormBytes : maxUploadBytes
  if (announced > limit) throw tooLarge(maxUploadBytes)
  const known = await listAssets(store.records, documentId)
  const room = maxDocumentUploadBytes - known.reduce((sum, { size }) => sum + size, 0)
  const { name, bytes } = isForm ? await fileOfForm(c, limit) : { name: c.req.query('name'), bytes: bodyOf(c) }
  const blob = await store.blobs.put(bytes, { maxBytes: Math.min(maxUploadBytes, Math.max(room, 0)) }).catch(error => {
    if (error instanceof SheafError && error.code === 'too-large' && room < maxUploadBytes)
      throw full(maxDocumentUploadBytes)
    throw error
  })
  if (blob.size === 0) throw new SheafError('invalid-field', 'The upload is empty.', { details: { field: '' } })
  // An upload may take its time; meanwhile the right may have gone.
  await authorize(c, 'POST /documents/:id/assets')
  return addAsset(store.records, documentId, {
    hash: blob.hash,
    size: blob.size,
    type: sniff(blob.head),
    name: cleanName(name ?? ''),
    createdMs: clock.nowMs(),
    principal,
  })
}

/** @throws SheafError `malformed` when the sender leaves before the end. */
async function* bodyOf(c: Context<AppEnv>): AsyncGenerator<Uint8Array> {
  const { body } = c.req.raw
  if (body === null) return
  try {
    yield* body as unknown as AsyncIterable<Uint8Array>
  } catch (cause) {
    throw new SheafError('malformed', 'The upload broke off before its end; nothing of it was kept.', { cause })
  }
}

/** The first file of a form, whatever its field is called. */
async function fileOfForm(
  c: Context<AppEnv>,
  maxBytes: number,
): Promise<{ name: string; bytes: AsyncIterable<Uint8Array> }> {
  const bytes = await readBytes(c.req.raw, maxBytes)
  const headers = { 'content-type': c.req.header('content-type') ?? '' }
  const form = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers }).formData().catch(cause => {
    throw new SheafError('malformed', 'The body is no form as its Content-Type says.', { cause })
  })
  for (const value of form.values()) {
    if (typeof value !== 'string')
      return { name: value.name, bytes: value.stream() as unknown as AsyncIterable<Uint8Array> }
  }
  throw new SheafError('invalid-field', 'The form has no file in it.', { details: { field: '' } })
}

async function serve(c: Context<AppEnv>, store: DocumentStore, asset: Asset): Promise<Response> {
  const etag = `"${asset.hash}"`
  const headers: Record<string, string> = {
    'content-type': asset.type,
    'content-disposition': disposition(asset),
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'same-origin',
    // The address names the bytes; who may not read the document any more does not get them from anybody but their own browser.
    'cache-control': 'private, max-age=31536000, immutable',
    // Whoever signs out, or in as somebody else, does not find it in the browser's cache.
    vary: 'cookie',
    'accept-ranges': 'bytes',
    etag,
  }
  if (matches(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers)
  const size = await store.blobs.size(asset.hash)
  if (size === undefined) throw new SheafError('damaged', 'The bytes of this asset are not on the disk any more.')
  const ifRange = c.req.header('if-range')
  const range = ifRange === undefined || ifRange === etag ? wantedRange(c.req.header('range'), size) : undefined
  if (range === null) return c.body(null, 416, { 'content-range': `bytes */${size}` })
  const { first, last } = range ?? { first: 0, last: size - 1 }
  headers['content-length'] = String(last - first + 1)
  if (range !== undefined) headers['content-range'] = `bytes ${first}-${last}/${size}`
  const body = c.req.method === 'HEAD' ? null : streamOf(store, asset.hash, { first, last })
  return new Response(body, { status: range === undefined ? 200 : 206, headers })
}

/** Reads as fast as the other side takes it. */
function streamOf(store: DocumentStore, hash: string, range: ByteRange): ReadableStream<Uint8Array<ArrayBuffer>> {
  const parts = store.blobs.read(hash, range)[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next()
      if (done) controller.close()
      else controller.enqueue(new Uint8Array(value))
    },
    async cancel() {
      await parts.return?.()
    },
  })
}

function matches(header: string | undefined, etag: string): boolean {
  return header?.split(',').some(tag => ['*', etag, `W/${etag}`].includes(tag.trim())) ?? false
}

/** RFC 6266. Whatever is no image that a page may show is saved and never opened. */
function disposition({ type, name, hash }: Asset): string {
  const kind = isRaster(type) ? 'inline' : 'attachment'
  const wanted = name === '' ? hash.slice(0, 12) : name
  const plain = wanted.replace(/[^\w .()-]/g, '_')
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(wanted).replace(/['()*]/g, encoded)}`
}

function encoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}

/** One line, without a directory. */
function cleanName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  return [...last.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '').trim()].slice(0, maxNameLength).join('')
}

function toResource(documentId: string, { hash, type, size, name, createdMs }: Asset): AssetResource {
  return { hash, url: addressOf(documentId, hash), type, size, name, createdAt: new Date(createdMs).toISOString() }
}

function addressOf(documentId: string, hash: string): string {
  return `/api/v1/documents/${documentId}/assets/${hash}`
}

function tooLarge(limit: number): SheafError {
  return new SheafError('too-large', `The upload is larger than ${limit} bytes.`, { details: { limit } })
}

function full(limit: number): SheafError {
  const detail = `With this upload the document would hold more than ${limit} bytes of files.`
  return new SheafError('too-large', detail, { details: { limit } })
}
