import { decodeAwareness, decodeMessage, defaultLimits, encodeAwareness } from '@sheaf/protocol'
import { describe, expect, it } from 'vitest'
import { Presence, presenceIntervalMs } from '../../../server/src/room/presence.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { RoomClient, settle } from '../../helpers/room-client.ts'
import { type Rooms, startRooms } from '../../helpers/rooms.ts'

/** A client that shows a name. */
async function show(rooms: Rooms, documentId: string, name: string, options = {}): Promise<RoomClient> {
  const client = new RoomClient(options)
  client.awareness.setLocalState({ user: { name } })
  await client.connect(rooms.registry, documentId)
  await rooms.tick(100)
  return client
}

function state(name: string): string {
  return JSON.stringify({ user: { name } })
}

describe('presence', () => {
  it('shows everybody to who comes, and who comes to everybody', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await show(rooms, documentId, 'ann')
    const bob = await show(rooms, documentId, 'bob', { extension: true })
    const carol = await show(rooms, documentId, 'carol')
    expect(ann.names()).toEqual(['bob', 'carol'])
    expect(bob.names()).toEqual(['ann', 'carol'])
    expect(carol.names()).toEqual(['ann', 'bob'])
    // Those who joined were told of all others with one frame.
    expect(carol.all('awareness').filter(({ update }) => decodeAwareness(update).length > 1)).toHaveLength(1)
  })

  it('W5: tells of a leave with a higher clock', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await show(rooms, documentId, 'ann')
    const bob = await show(rooms, documentId, 'bob')
    const { clock } = ann.awareness.meta.get(ann.ydoc.clientID)!
    ann.cut()
    await rooms.tick(100)
    expect(bob.names()).toEqual([])
    const last = decodeAwareness(bob.all('awareness').at(-1)!.update)
    expect(last).toEqual([{ clientId: ann.ydoc.clientID, clock: clock + 1, state: 'null' }])
  })

  it('shows who comes back with the clock from before', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await show(rooms, documentId, 'ann')
    const bob = await show(rooms, documentId, 'bob')
    ann.cut()
    await rooms.tick(100)
    await ann.connect(rooms.registry, documentId)
    await rooms.tick(100)
    await rooms.tick(100)
    expect(bob.names()).toEqual(['ann'])
    // y-protocols remembers the clock of those it has removed, so a stock client sees them when they renew (every 15 s).
    bob.awareness.setLocalState(bob.awareness.getLocalState())
    await rooms.tick(100)
    expect(ann.names()).toEqual(['bob'])
  })

  it('lets a new socket take over the id of one that seems alive, and the end of the old one changes nothing', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await show(rooms, documentId, 'ann')
    const bob = await show(rooms, documentId, 'bob')
    // The network has swallowed the socket, and the server does not know.
    const old = ann.pair!
    ann.pair = undefined
    await ann.connect(rooms.registry, documentId)
    await rooms.tick(100)
    const fresh = ann.pair
    old.cut()
    ann.pair = fresh
    await rooms.tick(100)
    expect(bob.names()).toEqual(['ann'])
    ann.awareness.setLocalState({ user: { name: 'ann again' } })
    await rooms.tick(100)
    expect(bob.names()).toEqual(['ann again'])
  })

  it('W5: takes from nobody but its owner: no change, no removal, no take-over after being told, none by others', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await show(rooms, documentId, 'ann', { principal: 'ann' })
    const bob = await show(rooms, documentId, 'bob', { principal: 'bob' })
    const eve = await show(rooms, documentId, 'eve', { principal: 'eve' })
    const clientId = ann.ydoc.clientID
    const { clock } = ann.awareness.meta.get(clientId)!
    for (const forged of [state('not ann'), 'null']) {
      for (const at of [clock, clock + 1, clock + 1_000_000]) {
        eve.send({ type: 'awareness', update: encodeAwareness([{ clientId, clock: at, state: forged }]) })
      }
    }
    await rooms.tick(100)
    expect(bob.names()).toEqual(['ann', 'eve'])
    // Also not as the first word of a new session.
    const other = new RoomClient({ principal: 'eve' })
    other.awareness.setLocalState(null)
    const pair = other.open()
    const update = encodeAwareness([{ clientId, clock: clock + 5, state: state('not ann') }])
    other.send({ type: 'awareness', update })
    await other.enter(rooms.registry, documentId, pair)
    await rooms.tick(100)
    expect(bob.names()).toEqual(['ann', 'eve'])
    eve.cut()
    other.cut()
    await rooms.tick(100)
    expect(bob.names()).toEqual(['ann'])
  })

  it('is not confused by stock clients, which send back whatever they hear', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const clients = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(name => show(rooms, documentId, name)))
    await rooms.tick(200)
    clients[0]!.awareness.setLocalState({ user: { name: 'A' } })
    await rooms.tick(200)
    clients[1]!.cut()
    await rooms.tick(200)
    expect(clients[4]!.names()).toEqual(['A', 'c', 'd'])
    expect(clients[0]!.names()).toEqual(['c', 'd', 'e'])
    // And it does not go on for ever.
    const heard = clients[4]!.all('awareness').length
    await rooms.tick(1_000)
    expect(clients[4]!.all('awareness').length).toBe(heard)
  })

  it('sends the last value only, at a pace that falls with the number of people', async () => {
    expect(presenceIntervalMs(3)).toBe(25)
    expect(presenceIntervalMs(100)).toBe(25)
    expect(presenceIntervalMs(200)).toBe(175)
    expect(presenceIntervalMs(1_000)).toBe(500)
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await show(rooms, documentId, 'ann')
    const bob = await show(rooms, documentId, 'bob')
    const before = bob.all('awareness').length
    for (let i = 0; i < 100; i++) {
      ann.awareness.setLocalState({ user: { name: `ann ${i}` } })
      await rooms.tick(1)
    }
    await rooms.tick(100)
    expect(bob.names()).toEqual(['ann 99'])
    expect(bob.all('awareness').length - before).toBeLessThanOrEqual(4)
  })

  it('answers a question for everybody, also when nobody is there', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const ann = await show(rooms, documentId, 'ann')
    const bob = await rooms.join(documentId)
    await rooms.tick(100)
    bob.received = []
    bob.send({ type: 'query-awareness' })
    await rooms.tick(100)
    const entries = bob.all('awareness').flatMap(({ update }) => decodeAwareness(update))
    expect(entries.map(entry => entry.clientId)).toContain(ann.ydoc.clientID)
    const alone = new RoomClient()
    alone.awareness.setLocalState(null)
    await alone.connect(rooms.registry, await rooms.document())
    await rooms.tick(100)
    alone.received = []
    alone.send({ type: 'query-awareness' })
    await rooms.tick(100)
    expect(alone.all('awareness')).toHaveLength(1)
  })

  it('closes a socket whose state is too large, too deep, or no JSON, and nobody else sees it', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document()
    const bob = await show(rooms, documentId, 'bob')
    const cases = [
      [JSON.stringify('é'.repeat(2_100)), 'too-large'],
      [`${'['.repeat(9)}${']'.repeat(9)}`, 'malformed'],
      ['{"a":', 'malformed'],
    ] as const
    for (const [badState, code] of cases) {
      const eve = new RoomClient()
      eve.awareness.setLocalState(null)
      await eve.connect(rooms.registry, documentId)
      eve.send({ type: 'awareness', update: encodeAwareness([{ clientId: 7, clock: 1, state: badState }]) })
      await rooms.tick(100)
      expect(eve.closedWith?.code).toBe(code)
      expect(bob.closedWith).toBeUndefined()
      expect(bob.awareness.getStates().has(7)).toBe(false)
    }
    const deepest = `${'['.repeat(8)}${']'.repeat(8)}`
    const fine = await rooms.join(documentId)
    fine.send({ type: 'awareness', update: encodeAwareness([{ clientId: 8, clock: 1, state: deepest }]) })
    await rooms.tick(100)
    expect(bob.awareness.getStates().has(8)).toBe(true)
  })

  it('P9: gives a socket two ids, keeps nothing of those who were never there, and little of those who left', () => {
    const clock = new ManualClock()
    const presence = new Presence({ limits: defaultLimits, clock })
    const party = { principal: '', tell: () => true }
    presence.join(party)
    for (let clientId = 0; clientId < 20_000; clientId++) {
      presence.receive(party, encodeAwareness([{ clientId, clock: 1, state: state('many') }]))
      presence.receive(party, encodeAwareness([{ clientId: clientId + 1e6, clock: 1, state: 'null' }]))
    }
    expect(presence.size).toBe(2)
    expect(presence.remembered).toBeLessThanOrEqual(4_096)
    presence.leave(party)
    expect(presence.size).toBe(0)
    expect(clock.timers).toBe(0)
  })

  it('W10: shows nobody more often than the limit allows, and the last value in the end', () => {
    const clock = new ManualClock()
    const presence = new Presence({ limits: { ...defaultLimits, awarenessPerSecond: 20 }, clock, mayShow: () => true })
    const shown: string[] = []
    const reader = {
      principal: '',
      tell(frame: Uint8Array) {
        const message = decodeMessage(frame)
        if (message.type === 'awareness') for (const entry of decodeAwareness(message.update)) shown.push(entry.state)
        return true
      },
    }
    const speaker = { principal: '', tell: () => true }
    for (const party of [reader, speaker]) {
      presence.join(party)
      presence.showEverybody(party)
    }
    clock.advance(1_000)
    shown.length = 0
    for (let i = 1; i <= 200; i++) {
      presence.receive(speaker, encodeAwareness([{ clientId: 1, clock: i, state: state(`${i}`) }]))
      clock.advance(5)
    }
    clock.advance(100)
    expect(shown.length).toBeGreaterThan(15)
    expect(shown.length).toBeLessThanOrEqual(21)
    expect(shown.at(-1)).toBe(state('200'))
    presence.stop()
  })

  it('makes good what a socket missed while it took nothing', () => {
    const clock = new ManualClock()
    const presence = new Presence({ limits: defaultLimits, clock })
    const speaker = { principal: '', tell: () => true }
    let takes = true
    const frames: Uint8Array[] = []
    const reader = {
      principal: '',
      tell(frame: Uint8Array) {
        if (takes) frames.push(frame)
        return takes
      },
    }
    for (const party of [speaker, reader]) {
      presence.join(party)
      presence.showEverybody(party)
    }
    clock.advance(100)
    presence.receive(speaker, encodeAwareness([{ clientId: 1, clock: 1, state: state('one') }]))
    clock.advance(100)
    takes = false
    presence.receive(speaker, encodeAwareness([{ clientId: 1, clock: 2, state: 'null' }]))
    presence.receive(speaker, encodeAwareness([{ clientId: 2, clock: 1, state: state('two') }]))
    clock.advance(1_000)
    frames.length = 0
    takes = true
    clock.advance(1_000)
    const entries = frames.flatMap(frame => {
      const message = decodeMessage(frame)
      return message.type === 'awareness' ? decodeAwareness(message.update) : []
    })
    expect(entries).toEqual([
      { clientId: 1, clock: 2, state: 'null' },
      { clientId: 2, clock: 1, state: state('two') },
    ])
    presence.stop()
    expect(clock.timers).toBe(0)
  })

  it('is encoded once for all', () => {
    const clock = new ManualClock()
    const presence = new Presence({ limits: defaultLimits, clock })
    const frames = new Set<Uint8Array>()
    const party = () => ({
      principal: '',
      tell(frame: Uint8Array) {
        frames.add(frame)
        return true
      },
    })
    const speaker = party()
    for (const each of [speaker, ...Array.from({ length: 50 }, party)]) {
      presence.join(each)
      presence.showEverybody(each)
    }
    clock.advance(1_000)
    frames.clear()
    presence.receive(speaker, encodeAwareness([{ clientId: 1, clock: 1, state: state('one') }]))
    clock.advance(1_000)
    expect(frames.size).toBe(1)
    presence.stop()
  })

  it('is gone with its socket, and nothing of it is stored', async () => {
    const rooms = startRooms()
    const documentId = await rooms.document('x')
    await show(rooms, documentId, 'ann')
    await settle()
    expect((await rooms.store.find(documentId))!.revision).toBe(1)
  })
})
