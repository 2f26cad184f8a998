// Pages over documents: the two orders, and the cursor that names the place where the next page begins. A cursor names a
// position, not a count, so that a document edited between two pages moves to the top and is never shown twice below.

import { SheafError } from '@sheaf/protocol'
import type { DocumentRecord, ListOptions } from './store.ts'

export type ListPosition =
  | { readonly sort: 'updated'; readonly updatedMs: number; readonly number: number }
  | { readonly sort: 'id'; readonly documentId: string }

export interface ListQuery {
  readonly trashed: boolean
  readonly sort: 'updated' | 'id'
  readonly limit: number
  /** The page begins after this document. */
  readonly after?: ListPosition
  /** Lower case. */
  readonly titleContains?: string
}

const defaultLimit = 50
const maxLimit = 200

/** @throws SheafError `invalid-field` for a limit outside 1..200, and for a cursor of another order or none at all. */
export function listQuery(options: ListOptions = {}): ListQuery {
  const sort = options.sort ?? 'updated'
  const limit = options.limit ?? defaultLimit
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit) {
    throw new SheafError('invalid-field', `limit must be a whole number from 1 to ${maxLimit}.`, {
      details: { field: '/limit', limit: maxLimit },
    })
  }
  const after = options.cursor === undefined ? undefined : decodeCursor(options.cursor)
  if (after !== undefined && after.sort !== sort) throw badCursor()
  return {
    trashed: options.trashed ?? false,
    sort,
    limit,
    ...(after === undefined ? {} : { after }),
    ...(options.titleContains ? { titleContains: options.titleContains.toLowerCase() } : {}),
  }
}

export function positionOf(record: DocumentRecord, sort: 'updated' | 'id'): ListPosition {
  return sort === 'id'
    ? { sort, documentId: record.documentId }
    : { sort, updatedMs: record.updatedMs, number: record.number }
}

/** Newest edit first, and the younger document first among equals; or by document id in the order of its bytes. */
export function comparePositions(a: ListPosition, b: ListPosition): number {
  if (a.sort === 'id' && b.sort === 'id') return a.documentId < b.documentId ? -1 : a.documentId > b.documentId ? 1 : 0
  if (a.sort === 'updated' && b.sort === 'updated') return b.updatedMs - a.updatedMs || b.number - a.number
  throw new TypeError('positions of two orders cannot be compared')
}

export function matchesQuery(record: DocumentRecord, query: ListQuery): boolean {
  if ((record.deletedMs !== undefined) !== query.trashed) return false
  return query.titleContains === undefined || record.summary.title.toLowerCase().includes(query.titleContains)
}

export function encodeCursor(position: ListPosition): string {
  const text =
    position.sort === 'id'
      ? `i ${position.documentId}`
      : `u ${position.updatedMs.toString(36)} ${position.number.toString(36)}`
  return Buffer.from(text).toString('base64url')
}

function decodeCursor(cursor: string): ListPosition {
  const [sort, first, second] = Buffer.from(cursor, 'base64url').toString().split(' ')
  if (sort === 'i' && first !== undefined) return { sort: 'id', documentId: first }
  const updatedMs = Number.parseInt(first ?? '', 36)
  const number = Number.parseInt(second ?? '', 36)
  if (sort !== 'u' || !Number.isSafeInteger(updatedMs) || !Number.isSafeInteger(number)) throw badCursor()
  return { sort: 'updated', updatedMs, number }
}

function badCursor(): SheafError {
  return new SheafError('invalid-field', 'cursor must be the `next` of an earlier page of the same list.', {
    details: { field: '/cursor' },
  })
}
