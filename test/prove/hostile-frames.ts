// Frames that no honest client sends, drawn at random: broken envelopes, broken and costly updates, forged presence, bombs of
// the corpus, and honest traffic with changed bytes.

import { encodeAwareness, encodeMessage, type Message } from '@sheaf/protocol'
import * as Y from 'yjs'
import { readCorpus } from '../corpus/corpus.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { craft, text } from '../server/gate/craft.ts'
import { mutate } from '../server/gate/mutate.ts'
import { editSheaf, Party } from '../server/gate/parties.ts'

export class HostileFrames {
  readonly #random: Random
  readonly #material: Material

  constructor(seed: number, material = collect(seededRandom(1))) {
    this.#random = seededRandom(seed)
    this.#material = material
  }

  /** Other frames of the same material. */
  another(seed: number): HostileFrames {
    return new HostileFrames(seed, this.#material)
  }

  next(): Uint8Array {
    const random = this.#random
    const { corpus, honest } = this.#material
    const roll = random.next()
    if (roll < 0.3) return this.#wrap(random.pick(corpus))
    if (roll < 0.6) return this.#wrap(mutate(random.pick(honest), random.pick(honest), random))
    if (roll < 0.75) return mutate(this.#wrap(random.pick(honest)), this.#wrap(random.pick(corpus)), random)
    if (roll < 0.85) return noise(random)
    if (roll < 0.95) return presence(random)
    return this.#wrap(random.pick(dear))
  }

  /** An update as one of the messages that bring updates. */
  #wrap(update: Uint8Array): Uint8Array {
    const random = this.#random
    const type = random.chance(0.5) ? 'update' : 'step2'
    const message = { type, update } as const
    const roll = random.next()
    if (roll < 0.6) return encodeMessage(message)
    const sequenced: Message = { type: 'sequenced', clientSeq: random.below(2 ** 31), message }
    if (roll < 0.9) return encodeMessage(sequenced)
    const bytes = encodeMessage(sequenced)
    return encodeMessage({ type: 'chunk', offset: 0, total: bytes.length + random.below(2), bytes })
  }
}

/** What frames are made of; it takes a moment to make. */
interface Material {
  readonly corpus: readonly Uint8Array[]
  readonly honest: readonly Uint8Array[]
}

function collect(random: Random): Material {
  return { corpus: readCorpus().map(({ update }) => update), honest: honestUpdates(random) }
}

function noise(random: Random): Uint8Array {
  const below = random.pick([4, 8, 110, 128, 256])
  return Uint8Array.from({ length: random.below(60) }, () => random.below(below))
}

function presence(random: Random): Uint8Array {
  const states = [
    'null',
    '{',
    '{"user":{"name":"Ann"}}',
    `${'['.repeat(20)}${']'.repeat(20)}`,
    JSON.stringify('x'.repeat(5_000)),
  ]
  const entries = Array.from({ length: 1 + random.below(20) }, () => ({
    clientId: random.below(2 ** random.pick([2, 32, 50])),
    clock: random.below(2 ** random.pick([2, 32, 50])),
    state: random.pick(states),
  }))
  return encodeMessage({ type: 'awareness', update: encodeAwareness(entries) })
}

/** Small on the wire, and dear or impossible to apply. */
const dear: readonly Uint8Array[] = [
  craft([{ client: 77, structs: Array.from({ length: 2_000 }, () => text({ root: 'body' }, 'a')) }]),
  craft([{ client: 78, structs: [text({ root: 'body' }, 'x'.repeat(70_000))] }]),
  craft([], [[79, ...Array.from({ length: 5_000 }, (_, i) => [10_000 - 2 * i, 1] as const)]]),
  new Uint8Array(70_000).fill(0x81),
]

function honestUpdates(random: Random): Uint8Array[] {
  const parties = [new Party(random.below(2 ** 32), editSheaf), new Party(random.below(2 ** 32), editSheaf)]
  const updates: Uint8Array[] = []
  for (let step = 0; step < 200; step++) {
    const party = random.pick(parties)
    party.edit(random)
    updates.push(...party.drain(random))
    if (random.chance(0.1)) parties[0]!.meet(parties[1]!)
  }
  return [...updates, ...parties.map(({ ydoc }) => Y.encodeStateAsUpdate(ydoc))]
}
