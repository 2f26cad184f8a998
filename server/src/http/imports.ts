// Files in and out: `POST /imports` makes a document of a file, or of each in a zip; `GET /documents/{id}/export` and `GET /exports` give
// documents as files. Reading a file that somebody brings is done elsewhere (exchange/converter.ts), where it can hurt nobody.

import { newDocumentId, SheafError } from '@sheaf/protocol'
import { Zip, ZipPassThrough } from 'fflate'
import { type Context, Hono } from 'hono'
import { z } from 'zod'
import type { Folders } from '../accounts/folders.ts'
import type { Personal } from '../accounts/personal.ts'
import type { Search } from '../accounts/search.ts'
import type { Clock } from '../clock.ts'
import { importable, type Note, unpack } from '../exchange/convert.ts'
import type { Convert } from '../exchange/converter.ts'
import { type ExportFormat, exportDocument, exportFormats, fileName } from '../exchange/export.ts'
import type { TitleOf } from '../exchange/mentions.ts'
import type { Registry } from '../room/registry.ts'
import { buildReplica } from '../room/replica.ts'
import { addAsset } from '../store/assets.ts'
import type { DocumentRecord, DocumentStore } from '../store/store.ts'
import { check, readBytes } from './body.ts'
import { documentIdOf, requireRecord } from './documents.ts'
import { type Asker, listFields, listPage } from './listing.ts'
import { type AppEnv, methods } from './routes.ts'
import { sniff } from './sniff.ts'

export interface ImportRoutesOptions {
  readonly store: DocumentStore
  readonly registry: Registry
  readonly folders: Folders
  readonly personal: Personal
  readonly search: Search
  readonly convert: Convert
  readonly asker: (c: Context<AppEnv>) => Asker
  readonly clock: Clock
  readonly maxUploadBytes: number
  readonly maxDocumentBytes: number
}

/** What became of the files that came. */
export interface ImportReport {
  readonly documents: readonly { readonly id: string; readonly title: string; readonly notes: readonly Note[] }[]
  /** Those that could not be read, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
}

export const importQuery = z.strictObject({
  /** With its ending. */
  name: z.string().min(1).max(300),
  folder: z.string().max(100).optional(),
})
export const exportQuery = z.strictObject({ format: z.enum(exportFormats).default('markdown') })
export const exportsQuery = z.strictObject({
  format: z.enum(exportFormats).default('markdown'),
  /** The id of a folder; with those below it. Absent: everything. */
  folder: z.string().max(100).optional(),
})

const maxZipFiles = 500
/** Parts of a zip that are no documents of anybody. */
const hidden = /(^|\/)(__MACOSX\/|\.)/

export function importRoutes(options: ImportRoutesOptions): Hono<AppEnv> {
  const { store, folders, maxUploadBytes } = options
  const app = new Hono<AppEnv>()

  methods(app, '/imports', {
    POST: async c => {
      const { name, folder = null } = check(importQuery, c.req.query())
      if (folder !== null) await folders.below(folder)
      const bytes = await readBytes(c.req.raw, maxUploadBytes)
      const files = /\.zip$/i.test(name) ? unzipped(bytes) : [{ name, bytes }]
      const documents: ImportReport['documents'][number][] = []
      const skipped: ImportReport['skipped'][number][] = []
      for (const file of files) {
        try {
          documents.push(await importFile(c, options, file, folder))
        } catch (cause) {
          // One file of several is left out; of one alone the whole request says why.
          if (!(cause instanceof SheafError) || files.length === 1 || cause.kind.status >= 500) throw cause
          skipped.push({ name: file.name, reason: cause.message })
        }
      }
      return c.json({ documents, skipped } satisfies ImportReport, 201)
    },
  })

  methods(app, '/documents/:id/export', {
    GET: async c => {
      const { format } = check(exportQuery, c.req.query())
      const titleOf = titlesFor(options, options.asker(c))
      const file = await exported(options, await requireRecord(store, documentIdOf(c)), { format, titleOf })
      c.header('content-type', file.type)
      c.header('content-disposition', attachment(fileName(file.title, file.ending)))
      c.header('content-security-policy', "sandbox; default-src 'none'")
      return c.body(file.bytes as Uint8Array<ArrayBuffer>)
    },
  })

  methods(app, '/exports', {
    GET: async c => {
      const { format, folder } = check(exportsQuery, c.req.query())
      const asker = options.asker(c)
      const records = await recordsToExport(options, asker, folder)
      c.header('content-type', 'application/zip')
      c.header('content-disposition', attachment('Sheaf.zip'))
      return c.body(zipOf(options, records, { format, titleOf: titlesFor(options, asker) }))
    },
  })

  return app
}

async function importFile(
  c: Context<AppEnv>,
  options: ImportRoutesOptions,
  { name, bytes }: { name: string; bytes: Uint8Array },
  folder: string | null,
): Promise<ImportReport['documents'][number]> {
  const { store, registry, folders, search, clock, convert, maxDocumentBytes, maxUploadBytes } = options
  const documentId = newDocumentId()
  const { update, title, snippet, images, notes } = await convert({ name, bytes, documentId })
  if (update.byteLength > maxDocumentBytes) {
    throw new SheafError('too-large', 'As a document this file would be larger than a document may be.')
  }
  const identity = c.get('identity')
  await c.get('access').claim(identity, documentId, async () => (await store.find(documentId)) !== undefined)
  // The images first: a crash between leaves no document that misses them.
  for (const image of images) {
    const blob = await store.blobs.put(once(image), { maxBytes: maxUploadBytes })
    const { principal } = identity
    const asset = {
      hash: blob.hash,
      size: blob.size,
      type: sniff(blob.head),
      name: '',
      createdMs: clock.nowMs(),
      principal,
    }
    await addAsset(store.records, documentId, asset)
  }
  await registry.create(documentId, { updates: [update], title, snippet })
  await folders.adopt(documentId, { folder, owner: identity.principal })
  search.changed(documentId)
  return { id: documentId, title, notes }
}

/** @throws SheafError `unsupported-media-type` for a zip that is damaged, or holds nothing to import. */
function unzipped(bytes: Uint8Array): { name: string; bytes: Uint8Array }[] {
  let files: Map<string, Uint8Array>
  try {
    files = unpack(bytes, name => importable.test(name) && !hidden.test(name))
  } catch (cause) {
    throw new SheafError('unsupported-media-type', cause instanceof Error ? cause.message : undefined, { cause })
  }
  if (files.size === 0) throw new SheafError('unsupported-media-type', 'There is no file in this zip that can be read.')
  if (files.size > maxZipFiles) throw new SheafError('too-large', `At most ${maxZipFiles} files of a zip are imported.`)
  return [...files].map(([name, bytes]) => ({ name, bytes }))
}

interface Wanted {
  readonly format: ExportFormat
  readonly titleOf: TitleOf
}

/** What documents are called for who asks. */
function titlesFor({ store }: ImportRoutesOptions, asker: Asker): TitleOf {
  return async id => {
    const record = await store.find(id)
    return record !== undefined && (await asker.sees(id)) ? record.summary.title : null
  }
}

async function exported(
  { store, registry }: ImportRoutesOptions,
  { documentId }: DocumentRecord,
  { format, titleOf }: Wanted,
) {
  if (registry.isOpen(documentId))
    return registry.withRoom(documentId, room => exportDocument(room.ydoc, format, titleOf))
  // What is only exported stays out of memory.
  const { ydoc } = buildReplica(await store.load(documentId))
  try {
    return await exportDocument(ydoc, format, titleOf)
  } finally {
    ydoc.destroy()
  }
}

async function recordsToExport(
  sources: ImportRoutesOptions,
  asker: Asker,
  folder: string | undefined,
): Promise<DocumentRecord[]> {
  const inside = folder === undefined ? undefined : await sources.folders.below(folder)
  const records: DocumentRecord[] = []
  for (const within of inside?.map(({ id }) => id) ?? [undefined]) {
    let cursor: string | undefined
    do {
      const query = { limit: '200', sort: 'id', ...(within && { folder: within }), ...(cursor && { cursor }) }
      const page = await listPage(sources, check(listFields, query), asker)
      records.push(...page.items.filter(({ layout }) => layout === 'sheaf'))
      cursor = page.next
    } while (cursor !== undefined)
  }
  return records
}

/** Each document in the folders that it lies in, one after the other: the zip is never whole in memory. */
function zipOf(
  options: ImportRoutesOptions,
  records: readonly DocumentRecord[],
  wanted: Wanted,
): ReadableStream<Uint8Array> {
  const taken = new Set<string>()
  const left = [...records]
  let zip: Zip
  return new ReadableStream<Uint8Array>({
    start(controller) {
      zip = new Zip((error, chunk, isLast) => {
        if (error !== null) return controller.error(error)
        controller.enqueue(chunk)
        if (isLast) controller.close()
      })
    },
    async pull() {
      const record = left.shift()
      if (record === undefined) return zip.end()
      const { folder } = await options.folders.placementOf(record.documentId)
      const path = (await options.folders.pathOf(folder)).map(({ name }) => fileName(name, '').slice(0, -1))
      const file = await exported(options, record, wanted).catch(() => undefined)
      const name = free(
        taken,
        [...path, fileName(file?.title ?? record.summary.title, file?.ending ?? 'txt')].join('/'),
      )
      const entry = new ZipPassThrough(name)
      zip.add(entry)
      // What cannot be read is named in the zip rather than silently missing.
      entry.push(file?.bytes ?? new TextEncoder().encode('This document is damaged and could not be exported.\n'), true)
    },
    cancel() {
      zip.terminate()
    },
  })
}

/** A name that no other file of the zip has: `Plan.md`, `Plan 2.md`. */
function free(taken: Set<string>, name: string): string {
  let candidate = name
  for (let number = 2; taken.has(candidate.toLowerCase()); number++) {
    candidate = name.replace(/(\.[^./]*)?$/, ending => ` ${number}${ending}`)
  }
  taken.add(candidate.toLowerCase())
  return candidate
}

/** RFC 6266, with the name in ASCII for those who read nothing else. */
function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\]/g, '_')
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
