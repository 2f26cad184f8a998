// What honest clients send is never refused: random sessions of several writers who edit, undo, go offline, come back and
// send as y-websocket does.

import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type Random, seededRandom } from '../../helpers/random.ts'
import { GatedReplica, reencoded, visible } from './gated-replica.ts'
import { editRaw, editSheaf, Party } from './parties.ts'

const seeds = Number(process.env.SHEAF_GATE_SEEDS ?? 40)

/** What the sessions held, so that nobody takes a quiet session for a proof. */
const seen = { garbage: 0, tombstones: 0, trimmed: 0, inFlight: 0 }

function offer(server: GatedReplica, update: Uint8Array, kind: 'update' | 'step2' = 'update'): void {
  for (const struct of Y.decodeUpdate(update).structs) {
    if (struct instanceof Y.GC) seen.garbage += 1
    else if (struct instanceof Y.Item && struct.content instanceof Y.ContentDeleted) seen.tombstones += 1
  }
  if (server.inFlight > 0) seen.inFlight += 1
  const outcome = server.outcome(update, kind)
  expect(outcome).toMatch(/admit|nothing/)
  if (outcome === 'admit' && server.log.at(-1)!.length < update.length) seen.trimmed += 1
}

/** y-websocket on opening: the server's state comes, then the client's step 2 goes. */
function connect(server: GatedReplica, party: Party, random: Random): void {
  const serverState = Y.encodeStateVector(server.ydoc)
  const early = random.chance(0.4)
  if (early) party.receive(Y.encodeStateAsUpdate(server.ydoc, Y.encodeStateVector(party.ydoc)))
  const step2 = random.chance(0.15)
    ? Y.encodeStateAsUpdate(party.ydoc)
    : random.chance(0.1)
      ? Y.diffUpdate(Y.encodeStateAsUpdate(party.ydoc), serverState)
      : Y.encodeStateAsUpdate(party.ydoc, serverState)
  party.outbox = []
  offer(server, step2, 'step2')
  // To receive may be to edit: Yjs tidies formats that somebody else's change has made superfluous.
  if (!early) party.receive(Y.encodeStateAsUpdate(server.ydoc, Y.encodeStateVector(party.ydoc)))
  party.isOnline = true
}

function run(seed: number, layout: 'sheaf' | 'raw'): void {
  const random = seededRandom(seed)
  const server = new GatedReplica(layout)
  if (seed % 2 === 0) server.pieceSize = { structs: 1 + random.below(4), bytes: 60, deletes: 2 }
  const edit = layout === 'sheaf' ? editSheaf : editRaw
  const parties = Array.from({ length: 3 + random.below(2) }, (_, index) => {
    return new Party(random.chance(0.1) ? 2 ** 40 + index : random.below(2 ** 32), edit, { gc: index !== 2 })
  })
  let relayed = 0
  const land = (count: number) => {
    server.land(count)
    const rows = server.log.slice(relayed, server.log.length - server.inFlight)
    relayed += rows.length
    for (const party of parties) if (party.isOnline) for (const row of rows) party.receive(row)
  }
  for (let step = 0; step < 60; step++) {
    const party = random.pick(parties)
    const roll = random.next()
    if (roll < 0.12) {
      if (party.isOnline) party.isOnline = false
      else connect(server, party, random)
    } else if (roll < 0.2) land(random.below(server.inFlight + 1))
    else if (roll < 0.25) {
      // Another provider beside the server: two parties meet without it, and each passes on what it learns.
      const peer = random.pick(parties)
      party.meet(peer)
      for (const one of [party, peer]) if (one.isOnline) for (const update of one.drain(random)) offer(server, update)
    } else {
      party.edit(random)
      if (!party.isOnline) continue
      for (const update of party.drain(random)) {
        offer(server, update)
        // Sent again after a reconnect.
        if (random.chance(0.1)) expect(server.outcome(update)).toBe('nothing')
      }
    }
  }
  for (const party of parties) if (!party.isOnline) connect(server, party, random)
  while (server.inFlight > 0 || parties.some(party => party.outbox.length > 0)) {
    land(server.inFlight)
    for (const party of parties) {
      for (const update of party.drain(random)) offer(server, update)
    }
  }
  const shown = visible(server.ydoc)
  for (const party of parties) {
    expect(visible(party.ydoc)).toEqual(shown)
    expect(server.outcome(Y.encodeStateAsUpdate(party.ydoc), 'step2')).toBe('nothing')
  }
  expect(visible(server.reload())).toEqual(shown)
  for (const copy of reencoded(server.ydoc)) expect(visible(copy)).toEqual(shown)
}

describe('the gate and honest clients', () => {
  it.each(['sheaf', 'raw'] as const)('never come to a refusal or a gap under layout %s', layout => {
    for (let seed = 1; seed <= seeds; seed++) {
      try {
        run(seed, layout)
      } catch (cause) {
        throw new Error(`Seed ${seed}, layout ${layout}: ${(cause as Error).message}`, { cause })
      }
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(seeds / 10)
  })
})
