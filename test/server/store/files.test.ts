// The parts that read and write bytes: checksums, keys, values, history, and LevelDB's own files.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ClassicLevel } from 'classic-level'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWholeBatch, salvageBatch, sequenceAfter, writeBatch } from '../../../server/src/store/batches.ts'
import { ByteReader, ByteWriter } from '../../../server/src/store/bytes.ts'
import { crc32c } from '../../../server/src/store/crc32c.ts'
import { foldRows, unfoldRows } from '../../../server/src/store/history.ts'
import {
  documentIdOfNameKey,
  identityKey,
  nameKey,
  numberOfKey,
  numberOfRecencyKey,
  recencyKey,
  rowOfKey,
  seqOfKey,
  updateKey,
} from '../../../server/src/store/keys.ts'
import { readLogFile, writeLogFile } from '../../../server/src/store/logfile.ts'
import { mendLogFile } from '../../../server/src/store/mending.ts'
import { decodeHead, decodeRow, encodeHead, encodeRow, isSealed } from '../../../server/src/store/rows.ts'
import { uncompress } from '../../../server/src/store/snappy.ts'
import type { UpdateRow } from '../../../server/src/store/store.ts'
import { isTableSound, salvageTable } from '../../../server/src/store/tablefile.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'

const ascii = (text: string) => new TextEncoder().encode(text)

describe('CRC-32C', () => {
  test.each([
    ['123456789', 0xe3069283],
    ['', 0],
    ['a', 0xc1d04330],
  ])('of %j is that of RFC 3720', (text, expected) => {
    expect(crc32c(ascii(text))).toBe(expected)
  })

  test('of 32 zeros and 32 ones is that of RFC 3720 B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa)
    expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43)
  })

  test('goes on from the checksum of the bytes before', () => {
    const bytes = ascii('the quick brown fox jumps over the lazy dog')
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(crc32c(bytes, cut, bytes.length, crc32c(bytes, 0, cut))).toBe(crc32c(bytes))
    }
  })
})

describe('bytes', () => {
  test('read back what was written', () => {
    const maxSigned = 2 ** 52 - 1
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.integer({ min: -maxSigned, max: maxSigned }),
        fc.string({ unit: 'grapheme' }),
        fc.uint8Array({ maxLength: 600 }),
        (unsigned, signed, text, rest) => {
          const written = new ByteWriter(1).varUint(unsigned).varInt(signed).string(text).bytes(rest).finish()
          const reader = new ByteReader(written)
          expect([reader.varUint(), reader.varInt(), reader.string()]).toEqual([unsigned, signed, text])
          expect(Buffer.compare(reader.rest(), rest)).toBe(0)
        },
      ),
    )
  })

  test('that end too early are refused', () => {
    const reader = new ByteReader(Uint8Array.of(128))
    expect(() => reader.varUint()).toThrow(RangeError)
    expect(() => new ByteReader(Uint8Array.of(5, 1)).string()).toThrow(RangeError)
  })
})

describe('S30: keys', () => {
  const numbers = [0, 1, 255, 256, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7, Number.MAX_SAFE_INTEGER - 1]

  test('S30: sort as their numbers do', () => {
    const keys = numbers.flatMap(number => numbers.map(seq => updateKey(number, seq)))
    expect([...keys].sort(Buffer.compare)).toEqual(keys)
    for (const number of numbers) {
      expect(numberOfKey(identityKey(number))).toBe(number)
      expect(seqOfKey(updateKey(3, number))).toBe(number)
      expect(rowOfKey(updateKey(number, 9))).toEqual({ number, seq: 9 })
    }
    expect(rowOfKey(identityKey(3))).toBeUndefined()
  })

  test('S30: of recency sort the newest edit first', () => {
    const keys = [...numbers].reverse().map(updatedMs => recencyKey(false, updatedMs, 1))
    expect([...keys].sort(Buffer.compare)).toEqual(keys)
    for (const number of numbers) expect(numberOfRecencyKey(recencyKey(true, 5, number))).toBe(number)
  })

  test('S30: of names keep the whole name', () => {
    for (const id of ['a', 'A.b~c-d_e', 'x'.repeat(128)]) expect(documentIdOfNameKey(nameKey(id))).toBe(id)
  })
})

describe('S31: values', () => {
  const row = (fields: Partial<UpdateRow> = {}): UpdateRow => ({
    seq: 5,
    wallTimeMs: 1_700_000_000_000,
    principal: 'ann',
    session: 'session-1',
    clientSeq: 9,
    origin: 'socket',
    update: Uint8Array.of(1, 2, 3, 4),
    ...fields,
  })
  const head = {
    epoch: 'abcdefgh',
    revision: 9,
    updatedMs: 5,
    floor: 4,
    snapshotId: 2,
    snapshotSeq: 4,
    snapshotBytes: 77,
    previousId: 1,
    previousSeq: 2,
    logBytes: 55,
    historyBytes: 44,
    historyStart: 1,
  }

  test('S31: a row reads back whole', () => {
    const key = updateKey(1, 5)
    expect(decodeRow(key, encodeRow(key, 'abcdefgh', row()), 5)).toEqual({ epoch: 'abcdefgh', row: row() })
    expect(decodeHead(key, encodeHead(key, head))).toEqual(head)
  })

  test('S31: every flipped bit of a value is noticed, and every cut', () => {
    const key = updateKey(1, 5)
    const value = encodeRow(key, 'abcdefgh', row())
    for (let at = 0; at < value.length * 8; at++) {
      const changed = Uint8Array.from(value)
      changed[at >> 3]! ^= 1 << (at & 7)
      expect(decodeRow(key, changed, 5)).toBeUndefined()
      expect(isSealed(key, changed)).toBe(false)
    }
    for (let end = 0; end < value.length; end++) expect(decodeRow(key, value.subarray(0, end), 5)).toBeUndefined()
  })

  test('S31: a value under another key is noticed', () => {
    expect(decodeRow(updateKey(1, 6), encodeRow(updateKey(1, 5), 'abcdefgh', row()), 6)).toBeUndefined()
  })

  test('S32: history gives back every row, with who and when, in fewer bytes', async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => ({
      epoch: 'abcdefgh',
      row: row({
        seq: 101 + i,
        wallTimeMs: 1_700_000_000_000 + i * 150 - (i % 7) * 1_000,
        principal: `user${i % 3}`,
        session: `session-${i % 5}`,
        clientSeq: Math.floor(i / 5),
        origin: (['socket', 'api', 'server'] as const)[i % 3]!,
        update: Uint8Array.of(1, 1, 200, 3, i & 127, 4, 1, 4, 98, 111, 100, 121, 1, 97 + (i % 26)),
      }),
    }))
    const segments = await foldRows(rows)
    const back = (await Promise.all(segments.map(unfoldRows))).flat()
    expect(back).toEqual(rows)
    const bytes = segments.reduce((sum, { deflated }) => sum + deflated.length, 0)
    expect(bytes / rows.length).toBeLessThan(8)
  })

  test('S32: large rows make segments of their own', async () => {
    const large = new Uint8Array(700 * 1024)
    const rows = [1, 2, 3].map(seq => ({ epoch: 'abcdefgh', row: row({ seq, update: large }) }))
    const segments = await foldRows(rows)
    expect(segments.map(({ fromSeq, count }) => [fromSeq, count])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ])
  })
})

describe('S33: write-ahead files', () => {
  const records = (sizes: number[]) => sizes.map((size, i) => new Uint8Array(size).map((_, at) => at * (i + 7)))
  const sizesOf = (file: Uint8Array) => readLogFile(file).records.map(record => record.length)
  const kindsOf = (file: Uint8Array) => readLogFile(file).problems.map(problem => problem.kind)

  test('S33: LevelDB reads what we write, and we what LevelDB wrote', async () => {
    const directory = await tempDirectory()
    const db = new ClassicLevel(directory, { keyEncoding: 'utf8', valueEncoding: 'utf8' })
    await db.batch([
      { type: 'put', key: 'a', value: '1'.repeat(100_000) },
      { type: 'del', key: 'zz' },
    ])
    for (let i = 0; i < 50; i++) await db.put(`key${i}`, 'v'.repeat(i * 40))
    await db.close()
    const log = join(directory, (await readdir(directory)).find(name => name.endsWith('.log'))!)
    const file = await readFile(log)
    const read = readLogFile(file)
    expect(read.problems).toEqual([])
    expect(read.records).toHaveLength(51)
    expect(Buffer.compare(writeLogFile(read.records), file)).toBe(0)
  })

  test('S33: records of every size come back', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 12 }), sizes => {
        const file = writeLogFile(records(sizes))
        expect(sizesOf(file)).toEqual(sizes)
        expect(kindsOf(file)).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  test('S33: a file cut anywhere is torn, never damaged, and loses its last record only', () => {
    const sizes = [100, 40_000, 7, 200]
    const file = writeLogFile(records(sizes))
    const whole = sizes.map((_, i) => writeLogFile(records(sizes.slice(0, i + 1))).length)
    for (let end = 0; end < file.length; end += end % 8_192 < 30 ? 1 : 997) {
      const cut = file.subarray(0, end)
      const kept = whole.filter(length => length <= end).length
      expect(sizesOf(cut)).toEqual(sizes.slice(0, kept))
      expect(kindsOf(cut)).toEqual(kindsOf(cut).map(() => 'torn'))
    }
  })

  test('S33: space that was set aside and never filled is torn', () => {
    const file = Buffer.concat([writeLogFile(records([10, 20])), new Uint8Array(5_000)])
    expect(sizesOf(file)).toEqual([10, 20])
    expect(kindsOf(file)).toEqual(['torn'])
  })

  test('S33: a flipped byte costs the one record that it is in, and is told from a torn end', () => {
    const sizes = Array.from({ length: 400 }, (_, i) => 20 + i)
    const file = writeLogFile(records(sizes))
    const lastAt = writeLogFile(records(sizes.slice(0, -1))).length
    for (let at = 0; at < file.length; at += 61) {
      const changed = Uint8Array.from(file)
      changed[at]! ^= 0x40
      const { records: kept, problems } = readLogFile(changed)
      if (problems.length === 0) continue // the unused end of a block
      expect(problems).toHaveLength(1)
      expect(kept).toHaveLength(sizes.length - 1)
      expect(problems[0]!.kind === 'middle').toBe(at < lastAt)
    }
  })
})

describe('S33: damaged write batches', () => {
  const row = (seq: number) => {
    const key = updateKey(7, seq)
    const fields = { wallTimeMs: 5, principal: 'ann', session: 's', clientSeq: 1, origin: 'socket' } as const
    return { key, value: encodeRow(key, 'abcdefgh', { seq, ...fields, update: Uint8Array.of(seq, 2, 3) }), isPut: true }
  }
  const rows = [row(1), row(2), row(300)]
  const deletion = { key: recencyKey(false, 5, 7), value: new Uint8Array(0), isPut: false }
  const batch = writeBatch(40n, [...rows, deletion])
  const seqsOf = (bytes: Uint8Array) => salvageBatch(bytes, isSealed).map(({ key }) => seqOfKey(key))

  test('S33: a whole one is known to be whole, and gives every put', () => {
    expect(isWholeBatch(batch, isSealed)).toBe(true)
    expect(seqsOf(batch)).toEqual([1, 2, 300])
    expect(sequenceAfter(batch)).toBe(44n)
  })

  test('S33: a flipped byte costs the entry that it is in, and no other', () => {
    for (let at = 12; at < batch.length; at++) {
      const changed = Uint8Array.from(batch)
      changed[at]! ^= 0x41
      const left = seqsOf(changed)
      expect(left.length).toBeGreaterThanOrEqual(2)
      expect([1, 2, 300]).toEqual(expect.arrayContaining(left))
      if (left.length < 3) expect(isWholeBatch(changed, isSealed)).toBe(false)
    }
  })

  test('S33: what is saved of a damaged record stays at its place in the order of all writes', () => {
    const other = writeBatch(44n, [row(4)])
    const file = Uint8Array.from(writeLogFile([batch, other, writeBatch(45n, [row(5)])]))
    // The sequence numbers themselves: no seal covers them.
    for (const at of [7, 7 + batch.length + 7]) {
      const changed = Uint8Array.from(file)
      changed[at + 5]! ^= 0x80
      const { mended, places } = mendLogFile(changed, { afterCleanStop: false })!
      expect(places.map(({ kind }) => kind)).toEqual(['whole'])
      expect(Buffer.compare(mended, file)).toBe(0)
    }
  })

  test('S33: one that is alone in its file comes behind all that was written before, whatever became of its number', () => {
    for (let at = 7; at < 15; at++) {
      const changed = Uint8Array.from(writeLogFile([batch]))
      changed[at]! ^= 0xff
      const { mended } = mendLogFile(changed, { afterCleanStop: true })!
      const [record] = readLogFile(mended).records
      const sequence = sequenceAfter(record!) - 4n
      expect(sequence > 2n ** 39n && sequence < 2n ** 50n).toBe(true)
    }
  })

  test('S33: cut at either end, it gives the entries between', () => {
    expect(seqsOf(batch.subarray(20))).toEqual([2, 300])
    expect(seqsOf(batch.subarray(0, batch.length - 30))).toEqual([1, 2])
    expect(isWholeBatch(batch.subarray(0, -1), isSealed)).toBe(false)
  })

  test('S33: of one long record that a power loss tore, the parts that came are no proof that it was whole', () => {
    const file = writeLogFile([new Uint8Array(100).fill(1), new Uint8Array(70_000).fill(2)])
    const torn = Uint8Array.from(file)
    // Its first sectors have not come, its last have.
    torn.fill(0, 200, 30_000)
    expect(readLogFile(torn).records).toHaveLength(1)
    expect(readLogFile(torn).problems.map(({ kind }) => kind)).not.toContain('middle')
  })
})

describe('S34: tables', () => {
  const everything = () => true
  const tableOf = async (directory: string, { entries }: { entries: number } = { entries: 2_000 }) => {
    const db = new ClassicLevel(directory, { keyEncoding: 'utf8', valueEncoding: 'utf8' })
    for (let i = 0; i < entries; i++) await db.put(`key${String(i).padStart(5, '0')}`, `value ${i} `.repeat(i % 20))
    await db.del('key00003')
    await db.compactRange('a', 'z')
    await db.close()
    const [table] = (await readdir(directory)).filter(name => name.endsWith('.ldb'))
    return readFile(join(directory, table!))
  }
  /** What seals are for the entries of the store. */
  const isOurs = (key: Uint8Array, value: Uint8Array) => {
    const number = Number(Buffer.from(key).toString().slice(3))
    return Buffer.from(value).toString() === `value ${number} `.repeat(number % 20)
  }
  const keysOf = (entries: readonly { key: Uint8Array }[]) => entries.map(({ key }) => Buffer.from(key).toString())

  test('S34: a sound table is known to be sound, and read whole', async () => {
    const salvaged = salvageTable(await tableOf(await tempDirectory()), everything)
    expect(salvaged.sound).toBe(true)
    expect(salvaged.entries.map(({ isPut }) => isPut).slice(0, 6)).toEqual([true, true, true, false, true, true])
    expect(keysOf(salvaged.entries).slice(2, 5)).toEqual(['key00002', 'key00003', 'key00003'])
    expect(salvaged.entries).toHaveLength(2_001)
  })

  test('S55: a byte flipped anywhere in a table, or the table cut there, is noticed before LevelDB reads it', async () => {
    const table = await tableOf(await tempDirectory(), { entries: 300 })
    expect(isTableSound(table)).toBe(true)
    const unnoticed: number[] = []
    for (let at = 0; at < table.length; at++) {
      table[at]! ^= 1 << (at % 8)
      if (isTableSound(table)) unnoticed.push(at)
      table[at]! ^= 1 << (at % 8)
      if (at % 50 === 0) expect(isTableSound(table.subarray(0, at))).toBe(false)
    }
    // The footer is 48 bytes long whatever its two places take, and what fills it says nothing.
    expect(unnoticed.length).toBeLessThan(40)
    for (const at of unnoticed) expect(at).toBeGreaterThanOrEqual(table.length - 48)
  })

  test('S34: a table without its end gives all blocks that are left', async () => {
    const table = await tableOf(await tempDirectory())
    const half = salvageTable(table.subarray(0, table.length / 2), isOurs)
    expect(half.sound).toBe(false)
    const keys = keysOf(half.entries)
    expect(keys.length).toBeGreaterThan(700)
    expect([...keys].sort()).toEqual(keys)
    expect(keys.slice(0, 5)).toEqual(['key00000', 'key00001', 'key00002', 'key00003', 'key00003'])
  })

  test('S34: a flipped byte costs the rest of an interval of one block at most', async () => {
    const table = await tableOf(await tempDirectory())
    for (let at = 100; at < table.length - 2_000; at += 4_001) {
      const changed = Uint8Array.from(table)
      changed[at]! ^= 0x10
      const salvaged = salvageTable(changed, isOurs)
      expect(salvaged.sound).toBe(false)
      expect(salvaged.entries.length).toBeGreaterThan(1_999 - 200)
      for (const { key, value, isPut } of salvaged.entries) expect(isOurs(key, value)).toBe(isPut)
    }
  })

  test('S34: garbage gives nothing and does no harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3_000 }), bytes => {
        expect(salvageTable(bytes, () => false)).toEqual({ sound: false, entries: [] })
      }),
    )
  })

  test('S34: an entry becomes a write batch that LevelDB takes', () => {
    const batch = writeBatch(7n, [{ key: ascii('k'), value: ascii('v'), isPut: true }])
    expect([...batch]).toEqual([7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 107, 1, 118])
  })

  test('S34: Snappy that reaches outside itself is followed up to there', () => {
    expect(uncompress(Uint8Array.of(5, 16, 104, 101, 108, 108, 111))).toEqual({ whole: true, bytes: ascii('hello') })
    expect(uncompress(Uint8Array.of(8, 4, 97, 98, 9, 2))).toEqual({ whole: true, bytes: ascii('abababab') })
    expect(uncompress(Uint8Array.of(8, 4, 97, 98, 9, 9))).toEqual({ whole: false, bytes: ascii('ab') })
    expect(uncompress(Uint8Array.of(5, 16, 104)).whole).toBe(false)
    expect(uncompress(Uint8Array.of(255, 255, 255, 255, 255)).whole).toBe(false)
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => void uncompress(bytes)))
  })
})
