// Which documents there are: finding one by its id, and lists of many, read from the small rows alone. A document whose small
// rows are damaged stays in the lists with what is known of it: it must not seem never to have been.

import type { DiskReader } from './disk.ts'
import {
  burntName,
  documentIdOfNameKey,
  headKey,
  identityKey,
  nameKey,
  nameRange,
  numberOfRecencyKey,
  recencyKey,
  recencyRange,
  summaryKey,
} from './keys.ts'
import { encodeCursor, type ListQuery, matchesQuery, positionOf } from './list.ts'
import { type DocumentState, noSummary, readState } from './loading.ts'
import { decodeHead, decodeIdentity, decodeNumber, decodeSummary, type Head, newHead } from './rows.ts'
import type { DocumentRecord, ListPage, Summary } from './store.ts'

/** Documents whose rows are read at once. */
const groupSize = 256

export async function findNumber(disk: DiskReader, documentId: string): Promise<number | undefined> {
  const key = nameKey(documentId)
  const value = await disk.get(key)
  const number = value && decodeNumber(key, value)
  return number === burntName ? undefined : number
}

/** Those that exist, in the order of the ids. */
export async function findRecords(disk: DiskReader, documentIds: readonly string[]): Promise<DocumentRecord[]> {
  const records: DocumentRecord[] = []
  for (let start = 0; start < documentIds.length; start += groupSize) {
    const keys = documentIds.slice(start, start + groupSize).map(nameKey)
    const values = await disk.getMany(keys)
    const group = keys.flatMap((key, index) => {
      const value = values[index]
      const number = value && decodeNumber(key, value)
      return number === undefined || number === burntName ? [] : [{ number, documentId: documentIdOfNameKey(key) }]
    })
    records.push(...(await readRecords(disk, group)))
  }
  return records
}

export async function findRecord(disk: DiskReader, documentId: string): Promise<DocumentRecord | undefined> {
  const number = await findNumber(disk, documentId)
  if (number === undefined) return undefined
  const state = await readState(disk, number, documentId)
  return recordOf(number, state, state.summary)
}

export function recordOf(number: number, { identity, head }: DocumentState, summary: Summary): DocumentRecord {
  return {
    documentId: identity.documentId,
    number,
    layout: identity.layout,
    createdMs: identity.createdMs,
    updatedMs: head.updatedMs,
    ...(identity.deletedMs === undefined ? {} : { deletedMs: identity.deletedMs }),
    revision: head.revision,
    summary,
  }
}

export async function listRecords(disk: DiskReader, query: ListQuery): Promise<ListPage> {
  const items: DocumentRecord[] = []
  for await (const group of candidates(disk, query)) {
    for (const record of await readRecords(disk, group)) {
      if (!matchesQuery(record, query)) continue
      if (items.length === query.limit) return { items, next: encodeCursor(positionOf(items.at(-1)!, query.sort)) }
      items.push(record)
    }
  }
  return { items }
}

/** A document that may belong on the page, with what the list's own key says of it. */
interface Candidate {
  readonly number: number
  readonly documentId?: string
  /** Its place in the list of newest edits; another place in its head means that this one is out of date. */
  readonly place?: Uint8Array
}

async function* candidates(disk: DiskReader, query: ListQuery): AsyncGenerator<readonly Candidate[]> {
  const { after, trashed } = query
  const range =
    query.sort === 'id'
      ? nameRange(after?.sort === 'id' ? after.documentId : undefined)
      : recencyRange(trashed, after?.sort === 'updated' ? after : undefined)
  // The first group is as large as the page, which is enough unless something is left out of it.
  let size = query.limit + 1
  let group: Candidate[] = []
  for await (const page of disk.pages(range, { keysOnly: query.sort !== 'id' })) {
    for (const [key, value] of page) {
      if (query.sort === 'id') {
        const number = decodeNumber(key, value)
        if (number === undefined || number === burntName) continue
        group.push({ number, documentId: documentIdOfNameKey(key) })
      } else {
        group.push({ number: numberOfRecencyKey(key), place: key })
      }
      if (group.length < size) continue
      yield group
      group = []
      size = groupSize
    }
  }
  yield group
}

async function readRecords(disk: DiskReader, group: readonly Candidate[]): Promise<DocumentRecord[]> {
  const values = await disk.getMany(
    group.flatMap(({ number }) => [identityKey(number), headKey(number), summaryKey(number)]),
  )
  const records: DocumentRecord[] = []
  for (const [index, { number, documentId, place }] of group.entries()) {
    const [identityBytes, headBytes, summaryBytes] = values.slice(index * 3, index * 3 + 3)
    const identity = identityBytes && decodeIdentity(identityKey(number), identityBytes)
    const head = headBytes && decodeHead(headKey(number), headBytes)
    const summary = (summaryBytes && decodeSummary(summaryKey(number), summaryBytes)) ?? noSummary
    if (identity === undefined) {
      if (documentId !== undefined) records.push({ ...unknown, documentId, number, summary })
      continue
    }
    if (place !== undefined && head !== undefined) {
      const current = recencyKey(identity.deletedMs !== undefined, head.updatedMs, number)
      if (Buffer.compare(current, place) !== 0) continue
    }
    records.push(recordOf(number, { identity, head: head ?? unknownHead }, summary))
  }
  return records
}

const unknown = { layout: 'sheaf', createdMs: 0, updatedMs: 0, revision: 0 } as const

const unknownHead: Head = { epoch: '', updatedMs: 0, ...newHead }
