// Whatever is admitted applies whole, leaves nothing pending, and the document is the same again after every kind of reload:
// from the log, from a V1 and from a V2 encoding. Two sources of hostility: honest updates with changed bytes, and
// well-formed updates whose references are drawn at random. Every other seed cuts each update into pieces. SHEAF_GATE_SEED=<n> SHEAF_GATE_SEEDS=1 repeats one of them.

import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { type Random, seededRandom } from '../../helpers/random.ts'
import { any, craft, embed, format, type Id, text, tombstone, type, type Where } from './craft.ts'
import { GatedReplica, living, reencoded } from './gated-replica.ts'
import { mutate } from './mutate.ts'
import { editRaw, editSheaf, Party } from './parties.ts'

const seeds = Number(process.env.SHEAF_GATE_SEEDS ?? 25)
const firstSeed = Number(process.env.SHEAF_GATE_SEED ?? 1)

function expectSound(server: GatedReplica): void {
  server.land()
  // Neighbours that were never neighbours leave the order within a list to the order of arrival, for all the gate knows; but
  // nothing is lost, nothing comes twice, and nothing changes its list.
  const alive = living(server.ydoc)
  for (const copy of [server.reload(), ...reencoded(server.ydoc)]) expect(living(copy)).toEqual(alive)
}

function forEachSeed(layout: 'sheaf' | 'raw', run: (seed: number, layout: 'sheaf' | 'raw') => void): void {
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    try {
      run(seed, layout)
    } catch (cause) {
      throw new Error(`Seed ${seed}, layout ${layout}: ${(cause as Error).message}`, { cause })
    }
  }
}

const outcomes = { admit: 0, nothing: 0, gap: 0, 'invalid-update': 0, 'too-large': 0 }

describe('updates with changed bytes', () => {
  it.each(['sheaf', 'raw'] as const)('are refused, or do no harm, under layout %s', layout => {
    Object.assign(outcomes, { admit: 0, nothing: 0, gap: 0, 'invalid-update': 0 })
    forEachSeed(layout, mutateSession)
    expect(Math.min(outcomes.admit, outcomes.nothing, outcomes.gap, outcomes['invalid-update'])).toBeGreaterThan(seeds)
  })
})

describe('well-formed updates with random references', () => {
  it.each(['sheaf', 'raw'] as const)('are refused, or do no harm, under layout %s', layout => {
    Object.assign(outcomes, { admit: 0, gap: 0, 'invalid-update': 0 })
    forEachSeed(layout, crossSession)
    expect(Math.min(outcomes.admit, outcomes.gap, outcomes['invalid-update'])).toBeGreaterThan(seeds)
  })
})

function mutateSession(seed: number, layout: 'sheaf' | 'raw'): void {
  const random = seededRandom(seed)
  const server = gatedReplica(layout, seed)
  const edit = layout === 'sheaf' ? editSheaf : editRaw
  const parties = [new Party(5, edit), new Party(random.below(2 ** 32), edit)]
  const honest: Uint8Array[] = []
  for (let step = 0; step < 40; step++) {
    const party = random.pick(parties)
    party.edit(random)
    for (const update of party.drain(random)) {
      honest.push(update)
      server.outcome(update)
    }
    if (random.chance(0.1)) honest.push(Y.encodeStateAsUpdate(party.ydoc))
    for (let i = honest.length === 0 ? 12 : 0; i < 12; i++) {
      const hostile = mutate(random.pick(honest), random.pick(honest), random)
      outcomes[server.outcome(hostile, random.chance(0.5) ? 'update' : 'step2')] += 1
    }
    if (random.chance(0.5)) server.land(random.below(server.inFlight + 1))
  }
  expectSound(server)
}

function gatedReplica(layout: 'sheaf' | 'raw', seed: number): GatedReplica {
  const server = new GatedReplica(layout)
  if (seed % 2 === 0) server.pieceSize = { structs: 2, bytes: 60, deletes: 1 }
  return server
}

function crossSession(seed: number, layout: 'sheaf' | 'raw'): void {
  const random = seededRandom(seed)
  const server = gatedReplica(layout, seed)
  // What is known of each client, in flight included.
  const clocks = new Map<number, number>([1, 2, 3, 9].map(client => [client, 0]))
  for (let step = 0; step < 120; step++) {
    const lengths = new Map<number, number>()
    const hostile = crossUpdate(clocks, lengths, layout, random)
    const outcome = server.outcome(hostile)
    outcomes[outcome] += 1
    if (outcome === 'admit') for (const [client, length] of lengths) clocks.set(client, clocks.get(client)! + length)
    if (random.chance(0.3)) server.land(random.below(server.inFlight + 1))
  }
  expectSound(server)
}

function crossUpdate(
  clocks: ReadonlyMap<number, number>,
  lengths: Map<number, number>,
  layout: 'sheaf' | 'raw',
  random: Random,
): Uint8Array {
  const clients = [...clocks.keys()].filter(() => random.chance(0.4))
  const id = (): Id => {
    const client = random.pick([...clocks.keys()])
    return [client, random.below((clocks.get(client) ?? 0) + (random.chance(0.1) ? 3 : 0) || 1)]
  }
  const blocks = clients.map(client => {
    const structs = Array.from({ length: 1 + random.below(3) }, () => {
      const where = randomPlace(id, layout, random)
      const kind = random.below(10)
      const length = kind < 4 ? 1 + random.below(4) : 1
      lengths.set(client, (lengths.get(client) ?? 0) + length)
      if (kind < 4) return text(where, 'abcd'.slice(0, length))
      if (kind === 4) return type(where, layout === 'sheaf' ? 1 : random.below(3))
      if (kind === 5) return embed(where, '{"type":"x"}')
      if (kind === 6) return format(where, 'strong~1~a')
      return kind === 7 ? tombstone(where, 1) : any(where, random.below(9))
    })
    return { client, clock: clocks.get(client)!, structs }
  })
  const deletes = [...clocks.keys()]
    .filter(() => random.chance(0.2))
    .map(client => {
      const clock = random.below(clocks.get(client)! + 1)
      return [client, [clock, 1 + random.below(4)]] as const
    })
  return craft(blocks, deletes)
}

function randomPlace(id: () => Id, layout: 'sheaf' | 'raw', random: Random): Where {
  const roll = random.next()
  if (roll < 0.35) return { origin: id() }
  if (roll < 0.5) return { right: id() }
  if (roll < 0.7) return { origin: id(), right: id() }
  if (roll < 0.85) return { parent: id(), ...(random.chance(0.7) ? { key: random.pick(['kind', 'indent']) } : {}) }
  if (layout === 'sheaf' && random.chance(0.3)) return { root: 'meta', key: 'format' }
  return { root: random.pick(layout === 'sheaf' ? ['body', 'title', 'cell:a:b'] : ['body', 'list']) }
}
