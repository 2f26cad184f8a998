import {
  ChunkAssembly,
  chunkBytes,
  chunked,
  decodeMessage,
  encodeMessage,
  joinFrame,
  type Message,
  SheafError,
  splitFrame,
} from '@sheaf/protocol'
import fc from 'fast-check'
import { createEncoder, toUint8Array, writeVarUint } from 'lib0/encoding'
import { describe, expect, test } from 'vitest'
import { writePermissionDenied } from 'y-protocols/auth'
import { writeSyncStep1, writeUpdate } from 'y-protocols/sync'
import * as Y from 'yjs'

const bytes = (...values: number[]) => Uint8Array.from(values)

describe('golden bytes: the base dialect never changes', () => {
  const golden: [Message, number[]][] = [
    [{ type: 'step1', stateVector: bytes(0) }, [0, 0, 1, 0]],
    [{ type: 'step2', update: bytes(0, 0) }, [0, 1, 2, 0, 0]],
    [{ type: 'update', update: bytes(0, 0) }, [0, 2, 2, 0, 0]],
    [{ type: 'awareness', update: bytes(0) }, [1, 1, 0]],
    [{ type: 'denied', reason: 'no' }, [2, 0, 2, 110, 111]],
    [{ type: 'query-awareness' }, [3]],
    [{ type: 'ack', clientSeq: 5, revision: 300 }, [101, 5, 172, 2]],
    [{ type: 'nack', clientSeq: 5, code: 'gap', reason: '' }, [105, 5, 3, 103, 97, 112, 0]],
    [{ type: 'sequenced', clientSeq: 7, message: { type: 'update', update: bytes(0, 0) } }, [106, 7, 0, 2, 2, 0, 0]],
    [{ type: 'chunk', offset: 0, total: 9, bytes: bytes(1, 2) }, [107, 0, 9, 2, 1, 2]],
    [{ type: 'notice', notice: { kind: 'draining' } }, [104, 19, ...new TextEncoder().encode('{"kind":"draining"}')]],
  ]
  test.each(golden)('%o', (message, expected) => {
    expect([...encodeMessage(message)]).toEqual(expected)
    expect(decodeMessage(Uint8Array.from(expected))).toEqual(message)
  })

  test('y-protocols writes the same bytes', () => {
    const ydoc = new Y.Doc()
    ydoc.getText('body').insert(0, 'a')
    const step1 = createEncoder()
    writeVarUint(step1, 0)
    writeSyncStep1(step1, ydoc)
    expect(encodeMessage({ type: 'step1', stateVector: Y.encodeStateVector(ydoc) })).toEqual(toUint8Array(step1))
    const update = createEncoder()
    writeVarUint(update, 0)
    writeUpdate(update, Y.encodeStateAsUpdate(ydoc))
    expect(encodeMessage({ type: 'update', update: Y.encodeStateAsUpdate(ydoc) })).toEqual(toUint8Array(update))
    const denied = createEncoder()
    writeVarUint(denied, 2)
    writePermissionDenied(denied, 'no')
    expect(encodeMessage({ type: 'denied', reason: 'no' })).toEqual(toUint8Array(denied))
  })
})

describe('a frame is exactly one message', () => {
  test('any cut of a message, and any byte behind it, is malformed', () => {
    const frame = encodeMessage({
      type: 'sequenced',
      clientSeq: 900,
      message: { type: 'update', update: bytes(1, 2, 3) },
    })
    for (let end = 0; end < frame.byteLength; end++) expect(codeOf(frame.subarray(0, end))).toBe('malformed')
    expect(codeOf(Uint8Array.from([...frame, 0]))).toBe('malformed')
  })

  test('garbage is refused with `malformed` or read as a message, and never throws anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), frame => {
        const code = codeOf(frame)
        expect(code === undefined || code === 'malformed').toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('a sequenced message cannot hold another one', () => {
    expect(codeOf(bytes(106, 1, 106, 1, 3))).toBe('malformed')
  })
})

describe('frames of several messages', () => {
  const ack = [101, 5, 172, 2]
  const update = [0, 2, 2, 0, 0]

  test('W21: messages stand one behind the other, with nothing between them', () => {
    const frame = joinFrame([Uint8Array.from(ack), Uint8Array.from(update)])
    expect([...frame]).toEqual([...ack, ...update])
    expect(splitFrame(frame).map(message => [...message])).toEqual([ack, update])
    expect(splitFrame(frame).map(message => decodeMessage(message).type)).toEqual(['ack', 'update'])
    const alone = Uint8Array.from(update)
    expect(splitFrame(alone)).toEqual([alone])
  })

  test('W21: a frame with an unsound message is refused as a whole', () => {
    for (const frame of [[], [...ack, 99], [...ack, 0, 2, 5, 0], [...ack, 107]]) {
      expect(() => splitFrame(Uint8Array.from(frame))).toThrow(SheafError)
    }
  })

  test('W21: nothing but a server speaks so: two messages in one frame are no message', () => {
    expect(codeOf(Uint8Array.from([...update, ...update]))).toBe('malformed')
  })
})

describe('chunks', () => {
  test('a long message arrives whole, with other messages between its chunks', () => {
    const update = crypto.getRandomValues(new Uint8Array(60_000))
    const long = new Uint8Array(chunkBytes * 2 + 5)
    for (let at = 0; at < long.length; at += update.length)
      long.set(update.subarray(0, Math.min(update.length, long.length - at)), at)
    const frame = encodeMessage({ type: 'step2', update: long })
    const frames = chunked(frame)
    expect(frames).toHaveLength(3)
    const assembly = new ChunkAssembly(frame.byteLength)
    const wholes = frames.map(part => {
      const message = decodeMessage(part)
      if (message.type !== 'chunk') throw new TypeError(message.type)
      return assembly.add(message)
    })
    expect(wholes.slice(0, -1)).toEqual([undefined, undefined])
    expect(Buffer.from(wholes.at(-1) ?? []).equals(frame)).toBe(true)
  })

  test('out of order, overlapping, empty and oversize chunks are refused', () => {
    const refused = (...chunks: [number, number, number][]) => {
      const assembly = new ChunkAssembly(100)
      try {
        for (const [offset, total, length] of chunks) assembly.add({ offset, total, bytes: new Uint8Array(length) })
      } catch (error) {
        return error instanceof SheafError ? error.code : String(error)
      }
      return undefined
    }
    expect(refused([0, 101, 5])).toBe('too-large')
    expect(refused([5, 10, 5])).toBe('malformed')
    expect(refused([0, 10, 5], [4, 10, 6])).toBe('malformed')
    expect(refused([0, 10, 5], [5, 11, 6])).toBe('malformed')
    expect(refused([0, 10, 11])).toBe('malformed')
    expect(refused([0, 10, 0])).toBe('malformed')
  })
})

function codeOf(frame: Uint8Array): string | undefined {
  try {
    decodeMessage(frame)
    return undefined
  } catch (error) {
    if (error instanceof SheafError) return error.code
    throw error
  }
}
