// LevelDB's log format (doc/log_format.md of LevelDB): its write-ahead files and its MANIFEST are a row of 32 KiB blocks of
// records, each with a masked CRC-32C, a length and a type. LevelDB itself drops what it cannot read, with the rest of the
// block, and says nothing; so the files are read here before LevelDB sees them.

import { crc32c, maskCrc } from './crc32c.ts'

const blockBytes = 32 * 1024
const headerBytes = 7
const fullType = 1
const firstType = 2
const middleType = 3
const lastType = 4

/** Bytes that are no record. */
export interface LogProblem {
  readonly offset: number
  /**
   * `middle`: records begin behind it, so these bytes were once written whole. `tail`: at the end of the file, of full length
   * and with a wrong checksum. `torn`: at the end, and cut off, as a crash in the middle of a write leaves it.
   */
  readonly kind: 'middle' | 'tail' | 'torn'
  /** How many sound records are before it. */
  readonly after: number
  /** What is there, after the sound fragments of the same record: good for guessing only. */
  readonly bytes: Uint8Array
}

export interface LogFile {
  /** Sound records, in order. */
  readonly records: readonly Uint8Array[]
  readonly problems: readonly LogProblem[]
}

export function readLogFile(file: Uint8Array): LogFile {
  const records: Uint8Array[] = []
  const problems: (Omit<LogProblem, 'kind'> & { brokenAt: number; atEnd: 'tail' | 'torn' })[] = []
  let fragments: Uint8Array[] = []
  let fragmentsAt = 0
  let lastBeginAt = -1
  const problem = (brokenAt: number, atEnd: 'tail' | 'torn', bytes: Uint8Array = noBytes) => {
    const offset = fragments.length > 0 ? fragmentsAt : brokenAt
    problems.push({ offset, brokenAt, atEnd, after: records.length, bytes: Buffer.concat([...fragments, bytes]) })
    fragments = []
  }
  for (const piece of pieces(file)) {
    if ('broken' in piece) {
      problem(piece.at, piece.broken, piece.bytes)
      continue
    }
    const { at, type, bytes } = piece
    const begins = type === fullType || type === firstType
    // The next record begins when the one before is on disk. What goes on with a record proves nothing: a power loss may
    // leave any parts of one.
    if (begins) lastBeginAt = at
    if (begins && fragments.length > 0) problem(at, 'torn')
    if (type === fullType) {
      records.push(bytes)
    } else if (type === firstType) {
      fragments = [bytes]
      fragmentsAt = at
    } else if (fragments.length > 0) {
      fragments.push(bytes)
      if (type === lastType) {
        records.push(Buffer.concat(fragments))
        fragments = []
      }
    } else if (problems.length === 0) {
      // The file begins in the middle of a record. After another problem it belongs to that one.
      problem(at, 'tail', bytes)
    }
  }
  if (fragments.length > 0) problem(file.length, 'torn')
  return {
    records,
    problems: problems.map(({ offset, brokenAt, atEnd, after, bytes }) => ({
      offset,
      kind: lastBeginAt >= brokenAt ? 'middle' : atEnd,
      after,
      bytes,
    })),
  }
}

/** A file that holds these records. */
export function writeLogFile(records: readonly Uint8Array[]): Uint8Array {
  const written: Uint8Array[] = []
  let left = blockBytes
  for (const record of records) {
    let rest = record
    let begun = false
    do {
      if (left < headerBytes) {
        written.push(new Uint8Array(left))
        left = blockBytes
      }
      const bytes = rest.subarray(0, left - headerBytes)
      rest = rest.subarray(bytes.length)
      const ended = rest.length === 0
      const type = begun ? (ended ? lastType : middleType) : ended ? fullType : firstType
      written.push(header(type, bytes), bytes)
      left -= headerBytes + bytes.length
      begun = true
    } while (rest.length > 0)
  }
  return Buffer.concat(written)
}

type Piece =
  | { readonly at: number; readonly type: number; readonly bytes: Uint8Array }
  | { readonly at: number; readonly broken: 'tail' | 'torn'; readonly bytes: Uint8Array }

/** Physical records, and what lies between them. */
function* pieces(file: Uint8Array): Generator<Piece> {
  for (let at = 0; at < file.length; ) {
    const blockEnd = Math.min(file.length, at - (at % blockBytes) + blockBytes)
    if (blockEnd - at < headerBytes) {
      // The unused end of a block, or a header that was cut off with the file.
      if (blockEnd % blockBytes !== 0) yield { at, broken: 'torn', bytes: noBytes }
      at = blockEnd
      continue
    }
    const length = file[at + 4]! | (file[at + 5]! << 8)
    const end = at + headerBytes + length
    if (isSound(file, at, blockEnd)) {
      yield { at, type: file[at + 6]!, bytes: file.subarray(at + headerBytes, end) }
      at = end
      continue
    }
    let next = at + 1
    while (next < blockEnd && !isSound(file, next, blockEnd)) next++
    const cut = (end > blockEnd && blockEnd === file.length) || isZero(file, at, next)
    yield { at, broken: cut ? 'torn' : 'tail', bytes: file.subarray(Math.min(at + headerBytes, next), next) }
    at = next
  }
}

function isSound(file: Uint8Array, at: number, blockEnd: number): boolean {
  if (at + headerBytes > blockEnd) return false
  const type = file[at + 6]!
  const end = at + headerBytes + (file[at + 4]! | (file[at + 5]! << 8))
  if (type < fullType || type > lastType || end > blockEnd) return false
  const expected = (file[at]! | (file[at + 1]! << 8) | (file[at + 2]! << 16) | (file[at + 3]! << 24)) >>> 0
  return maskCrc(crc32c(file, at + 6, end)) === expected
}

/** Space that the file system had set aside and never filled. */
function isZero(file: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (file[i] !== 0) return false
  return true
}

function header(type: number, bytes: Uint8Array): Uint8Array {
  const header = Buffer.allocUnsafe(headerBytes)
  header.writeUInt32LE(maskCrc(crc32c(bytes, 0, bytes.length, crc32c(Uint8Array.of(type)))), 0)
  header.writeUInt16LE(bytes.length, 4)
  header[6] = type
  return header
}

const noBytes = new Uint8Array(0)
