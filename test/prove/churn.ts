// Hours of coming and going in one process, on a clock that the test moves: documents that are made, written in and put away, people who
// join, type, show themselves, fall behind, send nonsense, and leave or are cut off. Everybody who comes is gone some minutes
// later, so at the end of each hour the process holds what it held at the end of the first.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openLevelStore } from '../helpers/level-store.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { RoomClient } from '../helpers/room-client.ts'
import { Rooms } from '../helpers/rooms.ts'

export interface ChurnFigure {
  readonly simulatedMinutes: number
  readonly joins: number
  readonly edits: number
  /** Documents that were made, and are gone again. */
  readonly documents: number
  /** Of the heap and of buffers outside of it after a collection: medians of the second quarter and of the last, MB. */
  readonly heapMb: readonly [early: number, late: number]
  /** What the line through all measurements after the first quarter rises by in an hour. */
  readonly slopeMbPerHour: number
  /** Timers that are left when everybody has left, beside those of the process itself. */
  readonly timersLeft: number
}

interface Person {
  readonly client: RoomClient
  readonly leavesMs: number
}

interface Place {
  readonly documentId: string
  readonly closesMs: number
  people: Person[]
}

/** Documents that are in use at a time, and for how long each. */
const placesAtOnce = 20
const placeMs = 240_000

const secondMs = 1_000

/** @param options.minutes to simulate; the first quarter is for warming up. */
export async function churn(options: { minutes: number; seed?: number }): Promise<ChurnFigure> {
  const { minutes, seed = 1 } = options
  const collect = collector()
  const directory = await mkdtemp(join(tmpdir(), 'sheaf-churn-'))
  const rooms = new Rooms(await openLevelStore(directory), { limits: { maxWaitingUpdates: 200 } })
  try {
    const timersAtFirst = rooms.clock.timers
    const town = new Town(rooms, seededRandom(seed))
    const heaps: { readonly minute: number; readonly megabytes: number }[] = []
    for (let minute = 0; minute < minutes; minute++) {
      for (let second = 0; second < 60; second++) await town.second()
      if (minute >= minutes / 4) heaps.push({ minute, megabytes: await collect() })
    }
    await town.everybodyLeaves()
    const quarter = Math.ceil(heaps.length / 3)
    const of = (some: typeof heaps) => median(some.map(heap => heap.megabytes))
    return {
      simulatedMinutes: minutes,
      joins: town.joins,
      edits: town.edits,
      documents: town.documents,
      heapMb: [of(heaps.slice(0, quarter)), of(heaps.slice(-quarter))],
      slopeMbPerHour: Math.round(slope(heaps) * 60 * 100) / 100,
      timersLeft: rooms.clock.timers - timersAtFirst,
    }
  } finally {
    await rooms.registry.drain()
    await rooms.store.close()
    await rm(directory, { recursive: true, force: true })
  }
}

class Town {
  joins = 0
  edits = 0
  documents = 0
  readonly #rooms: Rooms<Awaited<ReturnType<typeof openLevelStore>>>
  readonly #random: Random
  #places: Place[] = []

  constructor(rooms: Rooms<Awaited<ReturnType<typeof openLevelStore>>>, random: Random) {
    this.#rooms = rooms
    this.#random = random
  }

  /** Everything that happens in a second. */
  async second(): Promise<void> {
    const nowMs = this.#rooms.clock.monotonicMs()
    for (const place of this.#places.filter(({ closesMs }) => closesMs <= nowMs)) await this.#close(place)
    if (this.#places.length < placesAtOnce) await this.#openPlace(nowMs)
    const random = this.#random
    for (let i = 0; i < 8; i++) {
      const place = random.pick(this.#places)
      place.people = place.people.filter(person => this.#isHere(person, nowMs))
      if (place.people.length < 3) await this.#join(place, nowMs)
      const { client } = random.pick(place.people)
      if (client.pair !== undefined) this.#act(client)
    }
    await this.#pass(secondMs)
  }

  async everybodyLeaves(): Promise<void> {
    for (const place of [...this.#places]) await this.#close(place)
    // Longer than a document stays loaded that nobody has open.
    for (let i = 0; i < 30; i++) await this.#pass(10 * secondMs)
  }

  #act(client: RoomClient): void {
    const random = this.#random
    const { text } = client
    switch (random.below(10)) {
      case 0:
        return client.awareness.setLocalState({ user: { name: 'Ada' }, at: random.below(1_000) })
      case 1:
        return client.send({ type: 'step1', stateVector: new Uint8Array([0]) })
      case 2:
        return client.pair!.toClient.hold()
      case 3:
        return client.pair!.toClient.release()
      case 4:
        return client.sendBytes(Uint8Array.from({ length: 1 + random.below(20) }, () => random.below(256)))
      case 5:
        this.edits += 1
        return text.delete(0, random.below(Math.min(text.length, 50) + 1))
      case 6:
        this.edits += 1
        return text.insert(random.below(text.length + 1), 'pasted '.repeat(random.below(2_000)))
      default:
        for (const letter of 'some words') {
          this.edits += 1
          text.insert(text.length, letter)
        }
    }
  }

  #isHere(person: Person, nowMs: number): boolean {
    if (person.client.pair === undefined) return forget(person.client)
    if (person.leavesMs > nowMs) return true
    person.client.cut()
    return forget(person.client)
  }

  async #openPlace(nowMs: number): Promise<void> {
    this.documents += 1
    const documentId = await this.#rooms.document('what stood there before')
    this.#places.push({ documentId, closesMs: nowMs + placeMs * (0.5 + this.#random.next()), people: [] })
  }

  async #join(place: Place, nowMs: number): Promise<void> {
    this.joins += 1
    const client = new RoomClient({ extension: this.#random.chance(0.5), principal: `person ${this.joins}` })
    place.people.push({ client, leavesMs: nowMs + 60_000 * this.#random.next() })
    await client.connect(this.#rooms.registry, place.documentId)
  }

  /** Everybody is cut off, and the document deleted for good. */
  async #close(place: Place): Promise<void> {
    this.#places = this.#places.filter(other => other !== place)
    await this.#rooms.registry.trash(place.documentId)
    for (const { client } of place.people) {
      client.cut()
      forget(client)
    }
    await this.#pass(0)
    await this.#rooms.registry.purge(place.documentId)
  }

  /** Time passes when everything is durable. */
  async #pass(ms: number): Promise<void> {
    for (let i = 0; i < 3; i++) await new Promise<void>(resolve => setImmediate(resolve))
    await this.#rooms.store.flush()
    this.#rooms.clock.advance(ms)
  }
}

function forget(client: RoomClient): false {
  client.awareness.destroy()
  client.ydoc.destroy()
  return false
}

/** Collects what can be collected. @returns says what is held then, in MB. */
function collector(): () => Promise<number> {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  return async () => {
    // Twice, with a turn between: finalizers run behind a collection, and what they let go goes with the next.
    gc()
    await new Promise<void>(resolve => setImmediate(resolve))
    gc()
    const { heapUsed, external } = process.memoryUsage()
    return Math.round((heapUsed + external) / 1e4) / 100
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

/** Of the line that is nearest to the points, in MB a minute. */
function slope(points: readonly { readonly minute: number; readonly megabytes: number }[]): number {
  const mean = (of: (point: (typeof points)[number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const x = mean(point => point.minute)
  const y = mean(point => point.megabytes)
  return (
    mean(point => (point.minute - x) * (point.megabytes - y)) / mean(point => (point.minute - x) * (point.minute - x))
  )
}
