import { defaultLimits } from '@sheaf/protocol'
import { describe, expect, it } from 'vitest'
import { RoomClient, settle } from '../../helpers/room-client.ts'
import { startRooms } from '../../helpers/rooms.ts'

const KiB = 1024
const limits = { updateBytesPerSecond: 1e9, updatesPerSecond: 1e9, updatesBurst: 1e9 }

/** Compares long texts without printing them. */
function expectSame(a: RoomClient, b: RoomClient): void {
  expect(a.text.length).toBe(b.text.length)
  expect(a.text.toString() === b.text.toString()).toBe(true)
}

describe('a socket that takes nothing', () => {
  it('W20: is not forwarded to above the soft bound, and gets one difference when it has drained', async () => {
    const rooms = startRooms({ limits })
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    const slow = await rooms.join(documentId)
    slow.pair!.toClient.hold()
    for (let i = 0; i < 200; i++) {
      ann.text.insert(0, 'x'.repeat(10 * KiB))
      await settle()
    }
    // Frames are never dropped singly: what is there is the soft bound and the frame that went over it.
    const { waitingBytes } = slow.pair!.toClient
    expect(waitingBytes).toBeGreaterThan(defaultLimits.softSendBytes)
    expect(waitingBytes).toBeLessThan(defaultLimits.softSendBytes + 20 * KiB)
    expect(slow.closedWith).toBeUndefined()
    slow.pair!.toClient.release()
    await settle()
    const forwarded = slow.all('update').length
    expect(slow.text.length).toBeLessThan(300 * KiB)
    await rooms.tick(200)
    expect(slow.all('update')).toHaveLength(forwarded + 1)
    expectSame(slow, ann)
    expect(rooms.counts.of('sheaf_ws_resync_coalesced_total')).toBe(1)
    // And then it is as any other.
    await rooms.tick(200)
    ann.text.insert(0, 'y')
    await settle()
    expectSame(slow, ann)
    ann.text.delete(5, 100)
    await settle()
    expectSame(slow, ann)
  })

  it('gets deletions in the difference too', async () => {
    const rooms = startRooms({ limits })
    const documentId = await rooms.document('to be deleted '.repeat(100))
    const ann = await rooms.join(documentId)
    const slow = await rooms.join(documentId)
    slow.pair!.toClient.hold()
    ann.text.insert(0, 'x'.repeat(300 * KiB))
    await settle()
    ann.text.delete(300 * KiB, 500)
    await settle()
    slow.pair!.toClient.release()
    await rooms.tick(200)
    expectSame(slow, ann)
  })

  it('W20: is closed with slow-consumer when it stays behind for 30 s, and finds everything when it comes back', async () => {
    const rooms = startRooms({ limits })
    const documentId = await rooms.document()
    const ann = await rooms.join(documentId)
    const slow = await rooms.join(documentId)
    slow.pair!.toClient.hold()
    for (let i = 0; i < 30; i++) ann.text.insert(0, 'x'.repeat(10 * KiB))
    await settle()
    await rooms.tick(29_000)
    expect(slow.closedWith).toBeUndefined()
    await rooms.tick(1_200)
    expect(slow.closedWith?.code).toBe('slow-consumer')
    expect(ann.closedWith).toBeUndefined()
    expect(rooms.counts.of('sheaf_ws_slow_consumer_total')).toBe(1)
    await slow.connect(rooms.registry, documentId)
    await settle()
    expectSame(slow, ann)
  })

  it('W20: is closed when more than the hard bound of its own bytes wait', async () => {
    const rooms = startRooms({ limits: { ...limits, hardSendBytes: 2 * KiB, softSendBytes: 1 * KiB } })
    const documentId = await rooms.document()
    const slow = await rooms.join(documentId, { extension: true })
    slow.pair!.toClient.hold()
    // Acknowledgements are its own.
    for (let i = 0; i < 2_000 && slow.closedWith === undefined; i++) {
      slow.text.insert(0, 'x')
      await rooms.tick(1)
    }
    expect(slow.closedWith?.code).toBe('slow-consumer')
  })

  it('is not closed for a large state or a large paste, which all sockets share', async () => {
    const rooms = startRooms({ limits })
    const documentId = await rooms.document('x'.repeat(2_000 * KiB))
    const ann = await rooms.join(documentId)
    const slow = await rooms.join(documentId)
    slow.cut()
    const pair = slow.open()
    pair.toClient.hold()
    slow.ydoc.getText('body')
    await slow.enter(rooms.registry, documentId, pair)
    const fresh = await rooms.join(documentId)
    fresh.pair!.toClient.hold()
    ann.text.insert(0, 'y'.repeat(900 * KiB))
    await rooms.tick(500)
    expect(slow.closedWith).toBeUndefined()
    expect(fresh.closedWith).toBeUndefined()
    for (const client of [slow, fresh]) client.pair!.toClient.release()
    await rooms.tick(200)
    for (const client of [slow, fresh]) expect(client.text.length).toBe(2_900 * KiB)
  })

  it('that takes a large state slowly but steadily may take longer than 30 s', async () => {
    const rooms = startRooms({ limits })
    const documentId = await rooms.document('x'.repeat(3_000 * KiB))
    const ann = await rooms.join(documentId)
    const newcomer = new RoomClient({ extension: true })
    const late = newcomer.open()
    late.toClient.hold()
    await newcomer.enter(rooms.registry, documentId, late)
    await settle()
    // Hello and step 1, then the document in chunks.
    late.toClient.deliver(2)
    expect(late.toClient.waiting).toBe(12)
    for (let chunk = 0; chunk < 12; chunk++) {
      ann.text.insert(0, 'more ')
      late.toClient.deliver(1)
      await rooms.tick(20_000)
      expect(newcomer.closedWith).toBeUndefined()
    }
    expect(rooms.clock.monotonicMs()).toBeGreaterThan(200_000)
    late.toClient.release()
    await rooms.tick(200)
    expectSame(newcomer, ann)
  })

  it('holds no second answer while the first one waits: a later step 1 is answered when that has gone out', async () => {
    const rooms = startRooms({ limits })
    const documentId = await rooms.document('x'.repeat(1_000 * KiB))
    const greedy = await rooms.join(documentId)
    await rooms.tick(200)
    greedy.pair!.toClient.hold()
    for (let i = 0; i < 2; i++) greedy.send({ type: 'step1', stateVector: new Uint8Array([0]) })
    await settle()
    expect(greedy.pair!.toClient.waitingBytes).toBeLessThan(1_100 * KiB)
    greedy.pair!.toClient.release()
    await rooms.tick(200)
    expect(greedy.all('step2')).toHaveLength(3)
    expect(greedy.closedWith).toBeUndefined()
  })
})
