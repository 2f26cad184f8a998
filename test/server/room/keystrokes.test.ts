import { defaultLimits } from '@sheaf/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Gate } from '../../../server/src/room/gate.ts'
import { Keystrokes } from '../../../server/src/room/keystrokes.ts'
import { newReplica } from '../../../server/src/room/replica.ts'
import { caseCount } from '../../helpers/cases.ts'
import { seededRandom } from '../../helpers/random.ts'
import { settle } from '../../helpers/room-client.ts'
import { startRooms } from '../../helpers/rooms.ts'
import { craft, text } from '../gate/craft.ts'

/** Somebody's updates, one for each call. */
function typist(ydoc: Y.Doc, type: (text: Y.Text) => void): Uint8Array[] {
  const updates: Uint8Array[] = []
  const note = (update: Uint8Array) => void updates.push(update)
  ydoc.on('update', note)
  type(ydoc.getText('body'))
  ydoc.off('update', note)
  return updates
}

/** What becomes of updates when each is put to those before it where it can be. */
function together(updates: readonly Uint8Array[]): Uint8Array[] {
  const made: Uint8Array[] = []
  let last: Keystrokes | undefined
  for (const update of updates) {
    if (last?.extend(update)) continue
    if (last !== undefined) made.push(last.encode())
    last = Keystrokes.begin(update)
    if (last === undefined) made.push(update)
  }
  if (last !== undefined) made.push(last.encode())
  return made
}

/** Everything that a replica is, struct by struct. */
function structsOf(updates: readonly Uint8Array[]): unknown {
  const ydoc = newReplica()
  for (const update of updates) Y.applyUpdate(ydoc, update)
  expect(ydoc.store.pendingStructs).toBeNull()
  return Buffer.from(Y.encodeStateAsUpdate(ydoc)).toString('hex')
}

function areAdmitted(updates: readonly Uint8Array[]): boolean {
  const gate = new Gate({ ydoc: newReplica(), layout: 'raw', limits: defaultLimits })
  return updates.every(update => {
    try {
      const verdict = gate.examine(update, 'update')
      if (verdict.kind === 'admit') gate.admitted(verdict)
      return verdict.kind === 'admit'
    } catch {
      return false
    }
  })
}

describe('keystrokes that come together', () => {
  it('W24: are one update that is what Yjs makes of them', () => {
    const ydoc = new Y.Doc()
    const words = 'Ünder 漢字 and 🙂, '
    const updates = typist(ydoc, body => {
      for (const character of words) body.insert(body.length, character)
      // In the middle they have a right neighbour too.
      let at = 3
      for (const character of words) {
        body.insert(at, character)
        at += character.length
      }
    })
    const made = together(updates)
    expect(made).toHaveLength(2)
    expect(made[0]!.length + made[1]!.length).toBeLessThan(100)
    expect(structsOf(made)).toBe(structsOf(updates))
  })

  it('W24: come to the same document in whatever way people type, delete and format', () => {
    for (let seed = 1; seed <= caseCount({ short: 60, long: 2_000 }); seed++) {
      const random = seededRandom(seed)
      const ydoc = new Y.Doc()
      const other = new Y.Doc()
      other.getText('body').insert(0, 'what stands there already')
      Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(other))
      let caret = 0
      const updates = typist(ydoc, body => {
        for (let i = 0; i < 60; i++) {
          if (random.chance(0.15)) caret = random.below(body.length + 1)
          if (random.chance(0.1) && caret > 0) body.delete(--caret, 1)
          else if (random.chance(0.05)) body.format(0, caret, { bold: true })
          else {
            const typed = random.pick(['a', 'ab', 'é', '\u{1f600}', '\ud83d', 'a long word '.repeat(20)])
            body.insert(caret, typed)
            caret += typed.length
          }
        }
      })
      const start = Y.encodeStateAsUpdate(other)
      const made = together(updates)
      expect(made.length).toBeLessThan(updates.length)
      expect(structsOf([start, ...made])).toBe(structsOf([start, ...updates]))
    }
  })

  it('W24: stay apart where one does not go on from the other, or the gate would refuse one of them', () => {
    const first = craft([{ client: 1, structs: [text({ root: 'body' }, 'a')] }])
    const next = (where: object, clock = 1, typed = 'b') => craft([{ client: 1, clock, structs: [text(where, typed)] }])
    const origin = [1, 0] as const
    const apart = [
      next({ origin }, 2),
      next({ origin: [2, 0] }),
      next({ origin, right: [2, 0] }),
      next({ root: 'body' }),
      craft([{ client: 2, clock: 1, structs: [text({ origin }, 'b')] }]),
      craft([{ client: 1, clock: 1, structs: [text({ origin }, 'b'), text({ origin: [1, 1] }, 'c')] }]),
      craft([{ client: 1, clock: 1, structs: [text({ origin }, 'b')] }], [[1, [0, 1]]]),
      next({ origin }).subarray(0, -1),
      new Uint8Array([...next({ origin }), 0]),
    ]
    for (const update of apart) expect(Keystrokes.begin(first)!.extend(update)).toBe(false)
    expect(Keystrokes.begin(first)!.extend(next({ origin }))).toBe(true)
  })

  it('W24: are admitted together where they are one by one, and only there', () => {
    for (let seed = 1; seed <= caseCount({ short: 300, long: 20_000 }); seed++) {
      const random = seededRandom(seed)
      const updates = typist(new Y.Doc(), body => {
        for (let i = 0; i < 4; i++) body.insert(body.length, random.pick(['a', 'é', '漢', '🙂']))
      })
      // One byte of one of them is another.
      const broken = random.pick(updates)
      broken[random.below(broken.length)] = random.chance(0.5)
        ? random.below(256)
        : random.pick([0, 1, 0x7f, 0x80, 0xc2])
      expect(areAdmitted(together(updates))).toBe(areAdmitted(updates))
    }
  })

  it('W24: are one row of the log, and acknowledged with the number of the last', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    const bob = await rooms.join(documentId)
    for (const letter of 'ten letters') ann.text.insert(ann.text.length, letter)
    await settle()
    expect(ann.isPending).toBe(false)
    expect(ann.all('ack').at(-1)).toMatchObject({ clientSeq: 11, revision: 1 })
    expect(bob.text.toString()).toBe('ten letters')
    expect(await rooms.logText(documentId)).toBe('ten letters')
  })

  it('W2: keep their place among what else comes', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId, { extension: true })
    for (const letter of 'abc') ann.text.insert(ann.text.length, letter)
    ann.text.delete(1, 1)
    for (const letter of 'def') ann.text.insert(ann.text.length, letter)
    ann.text.format(0, 2, { bold: true })
    ann.text.insert(0, 'x')
    await settle()
    expect(ann.isPending).toBe(false)
    expect(ann.closedWith).toBeUndefined()
    expect(await rooms.logText(documentId)).toBe('xacdef')
  })

  it('W24: are refused one by one where they are refused', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const eve = await rooms.join(documentId, { extension: true, role: 'viewer' })
    for (const letter of 'abc') eve.text.insert(eve.text.length, letter)
    await settle()
    expect(eve.all('nack')).toMatchObject([{ clientSeq: 1 }, { clientSeq: 2 }, { clientSeq: 3 }])
    expect(await rooms.logText(documentId)).toBe('')
  })

  it('W11: that came before a bad frame are taken', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    for (const letter of 'abc') ann.text.insert(ann.text.length, letter)
    ann.sendBytes(new Uint8Array([99]))
    await settle()
    expect(ann.closedWith?.code).toBe('malformed')
    expect(await rooms.logText(documentId)).toBe('abc')
  })
})
