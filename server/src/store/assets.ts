// What is known of the files that were uploaded into a document: a record for each document and file, which is what gives whoever may
// read the document the right to the file. The bytes are in the blobs, once for all documents that have them.

import { type BlobHash, isBlobHash } from './blobs.ts'
import type { Records } from './records.ts'

export interface Asset {
  readonly hash: BlobHash
  readonly size: number
  /** What the bytes are (see `sniff`), whatever the uploader said. */
  readonly type: string
  /** As the uploader called it; may be empty. */
  readonly name: string
  readonly createdMs: number
  /** Who uploaded it. */
  readonly principal: string
}

/** What is kept of an asset under its key. */
type AssetRecord = Omit<Asset, 'hash'>

export async function findAsset(records: Records, documentId: string, hash: string): Promise<Asset | undefined> {
  if (!isBlobHash(hash)) return undefined
  const record = await records.get<AssetRecord>('asset', keyOf(documentId, hash))
  return record && { hash, ...record }
}

/** In the order of their hashes. */
export async function listAssets(records: Records, documentId: string): Promise<Asset[]> {
  const found = await records.list<AssetRecord>('asset', { prefix: keyOf(documentId, '') })
  return found.map(({ key, value }) => ({ hash: assetKeyOf(key).hash, ...value }))
}

/** Durable when it resolves. One that the document has already stays as it was. @returns what the document has. */
export function addAsset(records: Records, documentId: string, asset: Asset): Promise<Asset> {
  return records.change(async change => {
    const { hash, ...record } = asset
    const key = keyOf(documentId, hash)
    const known = await change.get<AssetRecord>('asset', key)
    if (known !== undefined) return { hash, ...known }
    change.put('asset', key, record)
    return asset
  })
}

/** Ids of documents hold no slash. */
export function assetKeyOf(key: string): { documentId: string; hash: BlobHash } {
  const slash = key.indexOf('/')
  return { documentId: key.slice(0, slash), hash: key.slice(slash + 1) }
}

function keyOf(documentId: string, hash: string): string {
  return `${documentId}/${hash}`
}
