// CRC-32C (Castagnoli; RFC 3720 appendix B.4), as LevelDB uses it for its files and we for our rows. zlib's crc32 has
// another polynomial.

// Four tables, so that four bytes are folded in one step: tables[k][b] is the checksum of byte b followed by k zero bytes.
const tables = makeTables()

/**
 * The checksum of `bytes[start..end)`.
 * @param seed the checksum of the bytes before, to go on from there.
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length, seed = 0): number {
  const [t0, t1, t2, t3] = tables
  let crc = ~seed
  let i = start
  for (const last = end - 3; i < last; i += 4) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    crc = t3[crc & 255]! ^ t2[(crc >>> 8) & 255]! ^ t1[(crc >>> 16) & 255]! ^ t0[crc >>> 24]!
  }
  for (; i < end; i++) crc = t0[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/** LevelDB stores checksums masked, because a checksum of data that holds checksums is weak (util/crc32c.h). */
export function maskCrc(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

function makeTables(): readonly [Int32Array, Int32Array, Int32Array, Int32Array] {
  const t0 = new Int32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    t0[byte] = crc
  }
  const next = (table: Int32Array) => table.map(crc => t0[crc & 255]! ^ (crc >>> 8))
  const t1 = next(t0)
  const t2 = next(t1)
  return [t0, t1, t2, next(t2)]
}
