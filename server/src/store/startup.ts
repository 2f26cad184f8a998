// What the store looks at before it takes its first request: whether the data are of a version that it reads, whether the
// small rows of all documents are sound and belong together, and what an unfinished compaction left behind. Names and places
// in the list can be made again from other rows, and are; what cannot be is reported.

import { SheafError } from '@sheaf/protocol'
import { findNumber } from './catalogue.ts'
import type { Disk, DiskBatch, DiskReader } from './disk.ts'
import {
  burntName,
  damageKey,
  documentIdOfNameKey,
  headKey,
  headRange,
  identityRange,
  metaKey,
  nameKey,
  nameRange,
  numberedRanges,
  numberOfKey,
  numberOfRecencyKey,
  recencyKey,
  recencyRange,
  sweepRange,
} from './keys.ts'
import { readLog } from './loading.ts'
import {
  decodeHead,
  decodeIdentity,
  decodeJson,
  decodeNumber,
  encodeHead,
  encodeJson,
  encodeNumber,
  type Head,
} from './rows.ts'
import type { Damage } from './store.ts'

export interface Finding {
  readonly documentId?: string
  readonly damage: Damage
}

/** A row that stood in a write-ahead file where it was damaged, and may be lost. */
export interface Suspect {
  readonly number: number
  readonly seq: number
}

export interface StartUp {
  /** The highest document number in use; the next one is free. */
  readonly lastNumber: number
  readonly findings: readonly Finding[]
  /** Documents whose compaction was interrupted after its commit point. */
  readonly unswept: readonly { readonly number: number; readonly head: Head }[]
}

/**
 * The layout of keys and values that this version writes; `needs` is the oldest version of Sheaf that reads it. Format 1 stored
 * snapshots as Yjs v2, and is read.
 */
const dataFormat = { format: 2, needs: '0.1.0' }

/** What the pass over the small rows remembers of a document. */
interface Known {
  readonly documentId: string
  readonly trashed: boolean
  updatedMs?: number
  revision?: number
  floor?: number
  named?: boolean
  placed?: boolean
}

/** What stood in write-ahead files where they were damaged. */
export interface Losses {
  readonly suspects: readonly Suspect[]
  readonly mostLostRows: number
}

/** @throws SheafError `storage-failed` for data of a newer version, or of something that is not Sheaf. */
export async function startUp(disk: Disk, directory: string, losses: Losses): Promise<StartUp> {
  const batch = disk.batch()
  await checkFormat(disk, directory, batch)
  const findings: Finding[] = []
  const documents = await readIdentities(disk, findings)
  await readHeads(disk, documents, findings)
  await restoreNames(disk, documents, findings, batch)
  await noteSuspects(disk, documents, losses, findings, batch)
  await restorePlaces(disk, documents, batch)
  await batch.write(true)
  return { lastNumber: await lastNumberInUse(disk), findings, unswept: await readUnswept(disk) }
}

async function checkFormat(disk: Disk, directory: string, batch: DiskBatch): Promise<void> {
  const key = metaKey('format')
  const value = await disk.get(key)
  const known = value && (decodeJson(key, value) as typeof dataFormat | undefined)
  if (known === undefined || known.format < dataFormat.format) {
    batch.put(key, encodeJson(key, dataFormat))
    return
  }
  if (known.format === dataFormat.format) return
  throw new SheafError(
    'storage-failed',
    `The data in ${directory} were written by a newer Sheaf (format ${known.format}; this one reads ${dataFormat.format}). ` +
      `Start them with Sheaf ${known.needs} or later.`,
  )
}

async function readIdentities(disk: DiskReader, findings: Finding[]): Promise<Map<number, Known>> {
  const documents = new Map<number, Known>()
  for await (const page of disk.pages(identityRange)) {
    for (const [key, value] of page) {
      const number = numberOfKey(key)
      const identity = decodeIdentity(key, value)
      if (identity === undefined) {
        findings.push({ damage: headDamage(`What document number ${number} is called fails its checksum.`) })
      } else {
        documents.set(number, { documentId: identity.documentId, trashed: identity.deletedMs !== undefined })
      }
    }
  }
  return documents
}

async function readHeads(disk: DiskReader, documents: Map<number, Known>, findings: Finding[]): Promise<void> {
  for await (const page of disk.pages(headRange)) {
    for (const [key, value] of page) {
      const known = documents.get(numberOfKey(key))
      const head = decodeHead(key, value)
      if (known === undefined || head === undefined) continue
      known.updatedMs = head.updatedMs
      known.revision = head.revision
      known.floor = head.floor
    }
  }
  for (const { documentId, updatedMs } of documents.values()) {
    if (updatedMs === undefined)
      findings.push({ documentId, damage: headDamage('The head is missing or fails its checksum.') })
  }
}

/** Every document has its name; a name without a document is reported. */
async function restoreNames(
  disk: DiskReader,
  documents: Map<number, Known>,
  findings: Finding[],
  batch: DiskBatch,
): Promise<void> {
  for await (const page of disk.pages(nameRange())) {
    for (const [key, value] of page) {
      const number = decodeNumber(key, value)
      if (number === undefined) continue
      if (number === burntName) continue
      const known = documents.get(number)
      const documentId = documentIdOfNameKey(key)
      if (known?.documentId === documentId) known.named = true
      else if (known === undefined)
        findings.push({ documentId, damage: headDamage('What it is was lost; its name is left.') })
    }
  }
  for (const [number, { documentId, named }] of documents) {
    if (named) continue
    const key = nameKey(documentId)
    // Two documents of one name cannot be; if the name leads elsewhere now, it stays there.
    if ((await findNumber(disk, documentId)) === undefined) batch.put(key, encodeNumber(key, number))
    findings.push({
      documentId,
      damage: headDamage(`The name of document number ${number} was lost, and is restored.`),
    })
  }
}

/** Every document has its place in the list of newest edits. */
async function restorePlaces(disk: DiskReader, documents: Map<number, Known>, batch: DiskBatch): Promise<void> {
  for (const trashed of [false, true]) {
    for await (const page of disk.pages(recencyRange(trashed), { keysOnly: true })) {
      for (const [key] of page) {
        const number = numberOfRecencyKey(key)
        const known = documents.get(number)
        if (known === undefined) continue
        const { trashed: isTrashed, updatedMs } = known
        // Without its head it is not known where it belongs, and any place will do.
        const isRight = updatedMs === undefined || Buffer.compare(recencyKey(isTrashed, updatedMs, number), key) === 0
        if (isRight) known.placed = true
        else batch.del(key)
      }
    }
  }
  for (const [number, { trashed, updatedMs, placed }] of documents) {
    if (!placed) batch.put(recencyKey(trashed, updatedMs ?? 0, number), new Uint8Array(0))
  }
}

/**
 * Rows that were seen in the damaged part of a write-ahead file and that no head speaks of were acknowledged. Those that could
 * be saved follow the head's last one without a gap, and the head is made to speak of them. The others are lost: the log
 * itself shows no gap, so the loss is written down, and the document stays read-only until it is repaired.
 */
async function noteSuspects(
  disk: DiskReader,
  documents: Map<number, Known>,
  { suspects, mostLostRows }: Losses,
  findings: Finding[],
  batch: DiskBatch,
): Promise<void> {
  const newest = new Map<number, number>()
  for (const { number, seq } of suspects) {
    const known = documents.get(number)
    if (known?.revision === undefined || seq > known.revision + mostLostRows) continue
    if (seq > known.revision) {
      newest.set(number, Math.max(seq, newest.get(number) ?? 0))
      continue
    }
    // The head speaks of it, so reading the document would meet the gap; it is known here already.
    const { damage } = await readLog(disk, number, known.floor ?? 0, seq, seq)
    if (damage !== undefined) findings.push({ documentId: known.documentId, damage })
  }
  for (const [number, seq] of newest) {
    const known = documents.get(number)!
    const saved = await extendHead(disk, number, seq, batch)
    known.revision = saved.revision
    known.updatedMs = saved.updatedMs
    if (saved.revision >= seq) continue
    const damage: Damage = {
      what: 'gap',
      fromSeq: known.revision + 1,
      toSeq: seq,
      detail: `Rows ${known.revision + 1} to ${seq} were in a part of the write-ahead file that is damaged.`,
    }
    findings.push({ documentId: known.documentId, damage })
    batch.put(damageKey(number), encodeJson(damageKey(number), [damage]))
  }
}

/** Makes the head of a document reach as far as its sound rows do, at most to `toSeq`. */
async function extendHead(disk: DiskReader, number: number, toSeq: number, batch: DiskBatch): Promise<Head> {
  const key = headKey(number)
  const head = decodeHead(key, (await disk.get(key))!)!
  const { rows } = await readLog(disk, number, head.floor, head.revision + 1, toSeq)
  const last = rows.at(-1)?.row
  if (last === undefined) return head
  const logBytes = rows.reduce((sum, { row }) => sum + row.update.length, head.logBytes)
  const extended = { ...head, revision: last.seq, updatedMs: last.wallTimeMs, logBytes }
  batch.put(key, encodeHead(key, extended))
  return extended
}

async function readUnswept(disk: DiskReader): Promise<StartUp['unswept']> {
  const unswept: { number: number; head: Head }[] = []
  for await (const page of disk.pages(sweepRange, { keysOnly: true })) {
    for (const [key] of page) {
      const number = numberOfKey(key)
      const value = await disk.get(headKey(number))
      const head = value && decodeHead(headKey(number), value)
      if (head !== undefined) unswept.push({ number, head })
    }
  }
  return unswept
}

async function lastNumberInUse(disk: DiskReader): Promise<number> {
  const key = metaKey('last-number')
  const value = await disk.get(key)
  let last = (value && decodeNumber(key, value)) ?? 0
  for (const range of numberedRanges) {
    for await (const page of disk.pages(range, { reverse: true, limit: 1, keysOnly: true })) {
      for (const [found] of page) last = Math.max(last, numberOfKey(found))
    }
  }
  return last
}

function headDamage(detail: string): Damage {
  return { what: 'head', detail }
}
