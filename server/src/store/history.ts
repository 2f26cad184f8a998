// History segments: rows that a snapshot covers, kept for ever with who and when, column by column and deflated. Columns of
// one kind lie together because that is what deflate shrinks best; nothing of a row is left out.

import { promisify } from 'node:util'
import { constants, deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib'
import { ByteReader, ByteWriter } from './bytes.ts'
import type { StoredRow } from './rows.ts'
import type { UpdateRow } from './store.ts'

const deflateInThread = promisify(deflateRaw)
const inflateInThread = promisify(inflateRaw)
const origins = ['socket', 'api', 'server'] as const

/** What is smaller is done at once: handing it to a thread and back takes longer than the work. */
const threadBytes = 8 * 1024

/** Bytes of updates above which a segment is closed and the next begun; one row may be larger. */
const segmentBytes = 1024 * 1024

export interface Segment {
  readonly fromSeq: number
  readonly count: number
  readonly deflated: Uint8Array
}

/** @param rows with neighbouring seqs. */
export async function foldRows(rows: readonly StoredRow[]): Promise<Segment[]> {
  const segments: Segment[] = []
  for (let start = 0; start < rows.length; ) {
    let end = start
    let bytes = 0
    do bytes += rows[end++]!.row.update.length
    while (end < rows.length && bytes + rows[end]!.row.update.length <= segmentBytes)
    const folded = rows.slice(start, end)
    const deflated = await deflate(writeColumns(folded))
    segments.push({ fromSeq: folded[0]!.row.seq, count: folded.length, deflated })
    start = end
  }
  return segments
}

/** @throws Error when the bytes are not those of {@link foldRows}. */
export async function unfoldRows({ fromSeq, count, deflated }: Segment): Promise<StoredRow[]> {
  return readColumns(new ByteReader(await inflate(deflated)), fromSeq, count)
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const options = { level: constants.Z_DEFAULT_COMPRESSION }
  return bytes.length < threadBytes ? deflateRawSync(bytes, options) : deflateInThread(bytes, options)
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  return bytes.length < threadBytes / 4 ? inflateRawSync(bytes) : inflateInThread(bytes)
}

function writeColumns(rows: readonly StoredRow[]): Buffer {
  const bytes = rows.reduce((sum, { row }) => sum + row.update.length, 0)
  const writer = new ByteWriter(bytes + rows.length * 12 + 256)
  const strings = new Map<string, number>()
  const indexOf = (text: string) => {
    const known = strings.get(text)
    if (known !== undefined) return known
    strings.set(text, strings.size)
    return strings.size - 1
  }
  const epochs = rows.map(({ epoch }) => indexOf(epoch))
  const principals = rows.map(({ row }) => indexOf(row.principal))
  const sessions = rows.map(({ row }) => indexOf(row.session))
  writer.varUint(strings.size)
  for (const text of strings.keys()) writer.string(text)
  for (const column of [epochs, principals, sessions]) for (const index of column) writer.varUint(index)
  let before = 0
  for (const { row } of rows) {
    writer.varInt(row.wallTimeMs - before)
    before = row.wallTimeMs
  }
  before = 0
  for (const { row } of rows) {
    writer.varInt(row.clientSeq - before)
    before = row.clientSeq
  }
  for (const { row } of rows) writer.u8(origins.indexOf(row.origin))
  for (const { row } of rows) writer.varUint(row.update.length)
  for (const { row } of rows) writer.bytes(row.update)
  return writer.finish()
}

function readColumns(reader: ByteReader, fromSeq: number, count: number): StoredRow[] {
  const column = (read: () => number) => Array.from({ length: count }, read)
  const sums = (deltas: number[]) => {
    let sum = 0
    return deltas.map(delta => (sum += delta))
  }
  const strings = Array.from({ length: reader.varUint() }, () => reader.string())
  const epochs = column(() => reader.varUint())
  const principals = column(() => reader.varUint())
  const sessions = column(() => reader.varUint())
  const times = sums(column(() => reader.varInt()))
  const clientSeqs = sums(column(() => reader.varInt()))
  const doors = column(() => reader.u8())
  const lengths = column(() => reader.varUint())
  return lengths.map((length, i) => {
    const row: UpdateRow = {
      seq: fromSeq + i,
      wallTimeMs: times[i]!,
      principal: strings[principals[i]!]!,
      session: strings[sessions[i]!]!,
      clientSeq: clientSeqs[i]!,
      origin: origins[doors[i]!]!,
      update: reader.view(length),
    }
    return { epoch: strings[epochs[i]!]!, row }
  })
}
