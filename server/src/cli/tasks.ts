// What can be done with a store as a whole, by whoever has it open: the server, or a command.

import { SheafError } from '@sheaf/protocol'
import type { LevelStore } from '../store/level.ts'
import type { VerifyReport } from '../store/verify.ts'

export type { VerifyReport } from '../store/verify.ts'

export interface CompactReport {
  readonly documents: number
  /** Those that cannot be compacted, because they are damaged. */
  readonly damaged: readonly { readonly documentId: string; readonly detail: string }[]
}

export function verify(store: LevelStore): Promise<VerifyReport> {
  return store.verify()
}

/** Compacts every document that has anything to compact, also in the trash, one after the other. */
export async function compactAll(store: LevelStore): Promise<CompactReport> {
  const damaged: { documentId: string; detail: string }[] = []
  let documents = 0
  for (const trashed of [false, true]) {
    let cursor: string | undefined
    do {
      const page = await store.list({ sort: 'id', trashed, limit: 200, ...(cursor === undefined ? {} : { cursor }) })
      for (const { documentId } of page.items) {
        documents += 1
        try {
          await store.compact(documentId)
        } catch (error) {
          if (!(error instanceof SheafError) || error.code !== 'damaged') throw error
          damaged.push({ documentId, detail: error.message })
        }
      }
      cursor = page.next
    } while (cursor !== undefined)
  }
  return { documents, damaged }
}
