// Telling rooms that their rows are on disk: one call for each document and commit, in seq order.

import type { PendingRow, UpdateRow } from './store.ts'

/**
 * Calls the sink of every document once with its rows of this commit. A sink that throws is reported and keeps nobody else
 * from being told.
 */
export function deliver(batch: readonly PendingRow[], failed: (error: unknown) => void): void {
  const newest = new Map<number, { readonly first: PendingRow; readonly rows: UpdateRow[] }>()
  const groups: { readonly first: PendingRow; readonly rows: UpdateRow[] }[] = []
  for (const pending of batch) {
    const group = newest.get(pending.number)
    if (group !== undefined && group.first.sink === pending.sink) {
      group.rows.push(pending.row)
      continue
    }
    const opened = { first: pending, rows: [pending.row] }
    newest.set(pending.number, opened)
    groups.push(opened)
  }
  for (const { first, rows } of groups) {
    try {
      first.sink.durable(rows)
    } catch (error) {
      failed(error)
    }
  }
}
