// Writing and reading the values of the store: unsigned and signed varints (LEB128, zigzag), strings in UTF-8 after their
// length, raw bytes.

/** Writes into one buffer that grows; `finish` gives exactly what was written, without copying it. */
export class ByteWriter {
  #buffer: Buffer
  #length = 0

  constructor(capacity = 256) {
    this.#buffer = Buffer.allocUnsafe(capacity)
  }

  get length(): number {
    return this.#length
  }

  u8(value: number): this {
    this.#reserve(1)
    this.#buffer[this.#length++] = value
    return this
  }

  u32(value: number): this {
    this.#reserve(4)
    this.#length = this.#buffer.writeUInt32LE(value, this.#length)
    return this
  }

  /** 0 .. 2^53-1. */
  varUint(value: number): this {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no unsigned integer`)
    this.#reserve(8)
    const buffer = this.#buffer
    let at = this.#length
    while (value > 127) {
      buffer[at++] = (value % 128) | 128
      value = Math.floor(value / 128)
    }
    buffer[at++] = value
    this.#length = at
    return this
  }

  /** -2^52 .. 2^52-1. */
  varInt(value: number): this {
    return this.varUint(value < 0 ? -value * 2 - 1 : value * 2)
  }

  string(value: string): this {
    const bytes = Buffer.byteLength(value)
    this.varUint(bytes).#reserve(bytes)
    this.#length += this.#buffer.write(value, this.#length)
    return this
  }

  bytes(value: Uint8Array): this {
    this.#reserve(value.length)
    this.#buffer.set(value, this.#length)
    this.#length += value.length
    return this
  }

  /** A view of the bytes written; the writer must not be used afterwards. */
  finish(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes
    if (needed <= this.#buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2))
    grown.set(this.#buffer.subarray(0, this.#length))
    this.#buffer = grown
  }
}

/** @throws RangeError at the end of the bytes. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, start = 0) {
    this.#bytes = bytes
    this.#at = start
  }

  get ended(): boolean {
    return this.#at >= this.#bytes.length
  }

  u8(): number {
    return this.#bytes[this.#take(1)] as number
  }

  varUint(): number {
    let value = 0
    let unit = 1
    for (let i = 0; i < 8; i++) {
      const byte = this.u8()
      value += (byte & 127) * unit
      if (byte < 128) return value
      unit *= 128
    }
    throw new RangeError('a varint is longer than 8 bytes')
  }

  varInt(): number {
    const value = this.varUint()
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2
  }

  string(): string {
    const view = this.view(this.varUint())
    return Buffer.from(view.buffer, view.byteOffset, view.length).toString()
  }

  /** The next `length` bytes, not copied. */
  view(length: number): Uint8Array {
    const start = this.#take(length)
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + start, length)
  }

  rest(): Uint8Array {
    return this.view(this.#bytes.length - this.#at)
  }

  #take(length: number): number {
    const start = this.#at
    if (start + length > this.#bytes.length) throw new RangeError('the bytes end too early')
    this.#at = start + length
    return start
  }
}
