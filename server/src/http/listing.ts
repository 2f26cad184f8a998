// One page of documents: which ones a request asks for, in what order, and where the page begins. Lists of a folder, of stars and of
// what somebody opened start from the ids that are known to be in them; the others from the store's own order.

import { SheafError } from '@sheaf/protocol'
import { z } from 'zod'
import type { Folders } from '../accounts/folders.ts'
import type { Personal } from '../accounts/personal.ts'
import type { DocumentRecord, DocumentStore } from '../store/store.ts'

export const listFields = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(1_000).optional(),
  sort: z.enum(['updated', 'id', 'title', 'created', 'opened', 'deleted']).default('updated'),
  /** Case-insensitive part of the title. */
  q: z.string().max(500).optional(),
  trashed: z.enum(['true', 'false']).default('false'),
  /** The id of a folder; `none`: in no folder. */
  folder: z.string().max(100).optional(),
  starred: z.enum(['true', 'false']).default('false'),
  /** What somebody else made and gave who asks a role on. */
  shared: z.enum(['true', 'false']).default('false'),
  /** The id of a principal; `me`. */
  owner: z.string().max(200).optional(),
  updatedAfter: z.iso.datetime({ offset: true }).optional(),
})

export type ListFields = z.infer<typeof listFields>

export interface Asker {
  readonly id: string
  /** False for a document that this asker may not know of. */
  readonly sees: (documentId: string) => boolean | Promise<boolean>
  /** Whether they have a role on it by name. */
  readonly isGiven: (documentId: string) => Promise<boolean>
}

export interface ListSources {
  readonly store: DocumentStore
  readonly folders: Folders
  readonly personal: Personal
}

export interface Page {
  readonly items: readonly DocumentRecord[]
  readonly next?: string
}

/** @throws SheafError `invalid-field` for a cursor of another list; `not-found` for a folder that is not there. */
export async function listPage(sources: ListSources, fields: ListFields, asker: Asker): Promise<Page> {
  const ids = await knownIds(sources, fields, asker)
  const matches = await matcher(sources, fields, asker)
  if (ids !== undefined || (fields.sort !== 'updated' && fields.sort !== 'id')) {
    const records = ids === undefined ? await everything(sources.store, fields) : await sources.store.findMany(ids)
    return sortedPage(await kept(records, matches), await orderOf(sources, fields, asker), fields)
  }
  return storePage(sources.store, fields, matches)
}

/** The ids that the list is made of, where it begins with some; undefined where it begins with all. */
async function knownIds(sources: ListSources, fields: ListFields, asker: Asker): Promise<string[] | undefined> {
  const { folders, personal } = sources
  if (fields.folder !== undefined && fields.folder !== 'none') {
    await folders.below(fields.folder)
    return folders.documentsIn(fields.folder)
  }
  if (fields.starred === 'true') return [...(await personal.stars(asker.id)).keys()]
  if (fields.sort === 'opened') return [...(await personal.visits(asker.id)).keys()]
  if (fields.owner !== undefined) return folders.documentsOf(ownerOf(fields, asker)!)
  return undefined
}

type Matches = (record: DocumentRecord) => boolean | Promise<boolean>

/** What every document of the list must be, whatever the list begins with. */
async function matcher({ folders, personal }: ListSources, fields: ListFields, asker: Asker): Promise<Matches> {
  const isTrashed = fields.trashed === 'true'
  const part = fields.q?.toLowerCase()
  const afterMs = fields.updatedAfter === undefined ? undefined : Date.parse(fields.updatedAfter)
  const stars = fields.starred === 'true' ? await personal.stars(asker.id) : undefined
  const owner = ownerOf(fields, asker)
  const isShared = fields.shared === 'true'
  const asksPlace = fields.folder === 'none' || owner !== undefined || isShared
  return async record => {
    if ((record.deletedMs !== undefined) !== isTrashed) return false
    if (part !== undefined && !record.summary.title.toLowerCase().includes(part)) return false
    if (afterMs !== undefined && record.updatedMs <= afterMs) return false
    if (stars?.has(record.documentId) === false) return false
    if (asksPlace) {
      const placement = await folders.placementOf(record.documentId)
      if (fields.folder === 'none' && placement.folder !== null) return false
      if (owner !== undefined && placement.owner !== owner) return false
      if (isShared && placement.owner === asker.id) return false
    }
    if (isShared && !(await asker.isGiven(record.documentId))) return false
    return asker.sees(record.documentId)
  }
}

/** The store's order, read on until the page is full. */
async function storePage(store: DocumentStore, fields: ListFields, matches: Matches): Promise<Page> {
  const items: DocumentRecord[] = []
  let { cursor } = fields
  for (;;) {
    const page = await store.list({
      limit: Math.min(200, fields.limit - items.length),
      sort: fields.sort === 'id' ? 'id' : 'updated',
      trashed: fields.trashed === 'true',
      ...(cursor === undefined ? {} : { cursor }),
      ...(fields.q === undefined || fields.q === '' ? {} : { titleContains: fields.q }),
    })
    items.push(...(await kept(page.items, matches)))
    cursor = page.next
    if (cursor === undefined) return { items }
    if (items.length === fields.limit) return { items, next: cursor }
    // Newest edits come first: what follows is older still.
    const last = page.items.at(-1)
    const isOver = fields.sort === 'updated' && fields.updatedAfter !== undefined
    if (isOver && last !== undefined && last.updatedMs <= Date.parse(fields.updatedAfter!)) return { items }
  }
}

async function everything(store: DocumentStore, fields: ListFields): Promise<DocumentRecord[]> {
  const records: DocumentRecord[] = []
  const options = { limit: 200, trashed: fields.trashed === 'true' }
  let page = await store.list(options)
  for (;;) {
    records.push(...page.items)
    if (page.next === undefined) return records
    page = await store.list({ ...options, cursor: page.next })
  }
}

async function kept(records: readonly DocumentRecord[], matches: Matches): Promise<DocumentRecord[]> {
  const answers = await Promise.all(records.map(matches))
  return records.filter((_, index) => answers[index])
}

/** What a document is sorted by: a string by the rules of language, or a number, the largest first. */
type Order = (record: DocumentRecord) => string | number

async function orderOf({ personal }: ListSources, { sort }: ListFields, asker: Asker): Promise<Order> {
  if (sort === 'title') return record => record.summary.title.trim()
  if (sort === 'id') return record => record.documentId
  if (sort === 'created') return record => record.createdMs
  if (sort === 'deleted') return record => record.deletedMs ?? 0
  if (sort === 'updated') return record => record.updatedMs
  const visits = await personal.visits(asker.id)
  return record => visits.get(record.documentId) ?? 0
}

interface Place {
  readonly key: string | number
  readonly id: string
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

function sortedPage(records: readonly DocumentRecord[], order: Order, { cursor, limit, sort }: ListFields): Page {
  const places = records.map(record => ({ record, key: order(record), id: record.documentId }))
  places.sort(comparePlaces)
  const after = cursor === undefined ? undefined : decodePlace(cursor, sort)
  const start = after === undefined ? 0 : places.findIndex(place => comparePlaces(place, after) > 0)
  const shown = start === -1 ? [] : places.slice(start, start + limit)
  const items = shown.map(({ record }) => record)
  const last = shown.at(-1)
  if (last === undefined || start + limit >= places.length) return { items }
  return { items, next: Buffer.from(JSON.stringify([sort, last.key, last.id])).toString('base64url') }
}

function comparePlaces(a: Place, b: Place): number {
  const byKey =
    typeof a.key === 'number' && typeof b.key === 'number' ? b.key - a.key : collator.compare(`${a.key}`, `${b.key}`)
  return byKey || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

function decodePlace(cursor: string, sort: string): Place {
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    // Not one of ours; refused below.
  }
  const [of, key, id] = Array.isArray(value) ? value : []
  if (of === sort && (typeof key === 'string' || typeof key === 'number') && typeof id === 'string') return { key, id }
  throw new SheafError('invalid-field', 'cursor must be the `next` of an earlier page of the same list.', {
    details: { field: '/cursor' },
  })
}

function ownerOf({ owner }: ListFields, asker: Asker): string | undefined {
  return owner === 'me' ? asker.id : owner
}
