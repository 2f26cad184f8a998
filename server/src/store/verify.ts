// Reading everything there is: every row, snapshot and history segment of every document, with its checksum, and whether rows
// follow each other up to the high-water mark and not beyond; and every uploaded file, with its hash.

import { createHash } from 'node:crypto'
import { SheafError } from '@sheaf/protocol'
import { assetKeyOf } from './assets.ts'
import { readClaims } from './authors.ts'
import type { BlobHash, BlobStore } from './blobs.ts'
import type { DiskReader } from './disk.ts'
import {
  afterNumber,
  identityKey,
  numberedRanges,
  numberOfKey,
  recordKeyOf,
  recordRange,
  seqOfKey,
  updateRange,
} from './keys.ts'
import { lastSeq, logPages, readDocument, readSnapshot } from './loading.ts'
import { unfinishedPurges } from './purging.ts'
import { decodeIdentity } from './rows.ts'
import type { Finding } from './startup.ts'
import type { Damage } from './store.ts'

export interface VerifyReport {
  readonly documents: number
  /** Documents of which everything is as it was written. */
  readonly sound: number
  readonly findings: readonly Finding[]
}

/** @param blobs the uploaded files that the records of `disk` speak of. */
export async function verifyDocuments(disk: DiskReader, blobs: BlobStore): Promise<VerifyReport> {
  const findings: Finding[] = []
  // Of what is being deleted for good, any part may be gone.
  const doomed = new Set(await unfinishedPurges(disk))
  const numbers = (await numbersInUse(disk)).filter(number => !doomed.has(number))
  let sound = 0
  for (const number of numbers) {
    const found = await verifyDocument(disk, number)
    if (found.length === 0) sound += 1
    findings.push(...found)
  }
  findings.push(...(await verifyBlobs(disk, blobs)))
  return { documents: numbers.length, sound, findings }
}

/** What is not as it was written of one document. */
export async function verifyDocument(disk: DiskReader, number: number): Promise<Finding[]> {
  const key = identityKey(number)
  const value = await disk.get(key).catch(() => undefined)
  const documentId = (value && decodeIdentity(key, value))?.documentId
  const damage: Damage[] = []
  try {
    const read = await readDocument(disk, number, documentId ?? '')
    damage.push(...read.damage, ...read.overcome)
    const { previousId, previousSeq, floor, historyStart, revision } = read.head
    const previous = previousId === 0 ? undefined : await readSnapshot(disk, number, previousId)
    if (previous !== undefined && 'detail' in previous && read.overcome.length === 0) {
      damage.push({ what: 'snapshot', toSeq: previousSeq, detail: `Snapshot ${previousId}: ${previous.detail}.` })
    }
    for await (const page of logPages(disk, number, floor, historyStart, floor)) if ('detail' in page) damage.push(page)
    damage.push(...(await readClaims(disk, number)).damage)
    const beyond = disk.pages(updateRange(number, revision + 1, lastSeq), { limit: 1, keysOnly: true })
    for await (const page of beyond) {
      for (const [key] of page) {
        damage.push({ what: 'head', fromSeq: seqOfKey(key), detail: 'There are rows that the head does not know of.' })
      }
    }
  } catch (error) {
    if (!(error instanceof SheafError)) throw error
    damage.push({ what: 'head', detail: error.message })
  }
  return damage.map(found => (documentId === undefined ? { damage: found } : { documentId, damage: found }))
}

/** What documents show must be there, and everything that is there must be what its name says. */
async function verifyBlobs(disk: DiskReader, blobs: BlobStore): Promise<Finding[]> {
  const findings: Finding[] = []
  const sound = new Set<BlobHash>()
  for await (const blob of blobs.list()) {
    const hash = createHash('sha256')
    for await (const part of blobs.read(blob)) hash.update(part)
    if (hash.digest('hex') === blob) sound.add(blob)
    else findings.push({ damage: { what: 'blob', detail: `The uploaded file ${blob} is not what was written.` } })
  }
  for await (const page of disk.pages(recordRange('asset', {}), { keysOnly: true })) {
    for (const [key] of page) {
      const { documentId, hash } = assetKeyOf(recordKeyOf(key))
      if (sound.has(hash)) continue
      findings.push({
        documentId,
        damage: { what: 'blob', detail: `The uploaded file ${hash} is missing or damaged.` },
      })
    }
  }
  return findings
}

/** The numbers of all documents of which any row is left. */
async function numbersInUse(disk: DiskReader): Promise<number[]> {
  const numbers = new Set<number>()
  for (const range of numberedRanges) {
    let rest = range
    for (;;) {
      let found: number | undefined
      for await (const page of disk.pages(rest, { limit: 1, keysOnly: true })) found = numberOfKey(page[0]![0])
      if (found === undefined) break
      numbers.add(found)
      rest = afterNumber(range, found)
    }
  }
  return [...numbers].sort((a, b) => a - b)
}
