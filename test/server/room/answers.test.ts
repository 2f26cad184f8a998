import { decodeMessage, type Message } from '@sheaf/protocol'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { Answers } from '../../../server/src/room/frames.ts'
import { settle } from '../../helpers/room-client.ts'
import { startRooms } from '../../helpers/rooms.ts'

const everything = Uint8Array.of(0)

/** A document, and the answers to who asks for it. */
function openAnswers(text: string) {
  const ydoc = new Y.Doc()
  ydoc.getText('body').insert(0, text)
  const answers = new Answers({ ydoc, stored: undefined })
  const edit = (f: (body: Y.Text) => void) => {
    let added: Uint8Array | null = null
    ydoc.once('update', (update: Uint8Array) => {
      added = update
    })
    ydoc.transact(() => f(ydoc.getText('body')))
    answers.follow(added)
  }
  return { ydoc, answers, edit, ask: () => answers.state('step2', everything, false) }
}

/** What somebody has who got these frames and nothing else. */
function read(frames: readonly Uint8Array[]): string {
  const ydoc = new Y.Doc()
  for (const frame of frames) {
    const message: Message = decodeMessage(frame)
    if (message.type === 'step2' || message.type === 'update') Y.applyUpdate(ydoc, message.update)
  }
  return ydoc.getText('body').toString()
}

describe('answers', () => {
  it('are encoded once for all who ask the same', () => {
    const { ask } = openAnswers('x'.repeat(100_000))
    expect(ask()[0]).toBe(ask()[0])
  })

  it('W1: end with step 2, and with what was edited since they were made before it', () => {
    const { ydoc, ask, edit } = openAnswers('x'.repeat(100_000))
    ask()
    edit(body => body.insert(10, 'inserted'))
    const frames = ask()
    expect(frames.map(frame => decodeMessage(frame).type)).toEqual(['update', 'update', 'step2'])
    expect(read(frames)).toBe(ydoc.getText('body').toString())
  })

  it('W1: are made anew when much was edited: step 2 alone holds everything', () => {
    const { ydoc, ask, edit } = openAnswers('x'.repeat(100_000))
    ask()
    for (let i = 0; i < 100; i++) edit(body => body.insert(10, `<${i}>`))
    const frames = ask()
    expect(frames.map(frame => decodeMessage(frame).type)).toEqual(['step2'])
    expect(read(frames)).toBe(ydoc.getText('body').toString())
  })

  it('are forgotten when nobody has asked for them for some time', () => {
    const { answers, ask } = openAnswers('x'.repeat(100_000))
    const [first] = ask()
    answers.forgetUnused()
    expect(ask()[0]).toBe(first)
    answers.forgetUnused()
    answers.forgetUnused()
    expect(ask()[0]).not.toBe(first)
  })

  it('W1: whoever comes while others type has what they have', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('x'.repeat(100_000))
    const writer = await rooms.join(documentId)
    for (const extension of [false, true]) {
      for (let i = 0; i < 5; i++) {
        writer.text.insert(i, 'typed')
        writer.text.delete(1_000, 3)
        await settle()
        const reader = await rooms.join(documentId, { extension })
        expect(reader.text.toString() === writer.text.toString()).toBe(true)
        writer.text.insert(7, 'later')
        await settle()
        expect(reader.text.toString() === writer.text.toString()).toBe(true)
      }
    }
  })
})
