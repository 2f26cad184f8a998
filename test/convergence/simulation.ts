// One seeded run of clients, rooms and a store: typing, formats, frames that are late or come twice, broken connections,
// half-open ones, a disk that stops, restarts, crashes. Everything that happens is chosen by the seed, so a run repeats.
//
// What must hold, always: nobody has seen what is not in the log, and what was acknowledged is in the log. And at the end,
// when everybody is connected and nothing is under way: all replicas, the room's, and the log read again are the same.

import { isDeepStrictEqual } from 'node:util'
import { defaultLimits, type ErrorCode, limitsOff } from '@sheaf/protocol'
import * as Y from 'yjs'
import { silentLog } from '../../server/src/log.ts'
import { noMetrics } from '../../server/src/metrics.ts'
import { Registry } from '../../server/src/room/registry.ts'
import { applyUpdates } from '../../server/src/room/replica.ts'
import type { DocumentStore } from '../../server/src/store/store.ts'
import { ManualClock } from '../helpers/clock.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { RoomClient, settle } from '../helpers/room-client.ts'
import { readLog } from '../helpers/rooms.ts'
import type { SocketPair } from '../helpers/socket-pair.ts'

/** A store that the run can stop and lose. */
export interface SimulatedDisk {
  readonly store: DocumentStore
  /** From now on nothing becomes durable. Absent where the disk cannot be stopped. */
  readonly stop?: () => void
  readonly resume?: () => void
  /** The machine loses power: only what is durable is left, in a new store. */
  readonly crash?: () => Promise<void>
  /** The server stops in order and starts again. */
  readonly reopen: () => Promise<void>
  readonly close: () => Promise<void>
}

export interface SimulationOptions {
  readonly seed: number
  readonly disk: SimulatedDisk
  readonly steps: number
  readonly clients?: number
}

const documentId = 'simulated'

/** Closes that a well-behaved client never meets. */
const neverCodes: readonly ErrorCode[] = [
  'internal',
  'malformed',
  'invalid-update',
  'too-large',
  'not-found',
  'damaged',
]

/** @throws Error that says what does not hold. */
export async function simulate(options: SimulationOptions): Promise<void> {
  const simulation = new Simulation(options)
  await simulation.run()
}

interface Seat {
  readonly client: RoomClient
  /** Its own updates by number. */
  readonly own: { readonly clientSeq: number; readonly update: Uint8Array }[]
  /** Sockets that the client has given up and the server has not noticed. */
  halfOpen: SocketPair[]
}

class Simulation {
  readonly #random: Random
  readonly #disk: SimulatedDisk
  readonly #steps: number
  /** Of this server process: what a crashed one still had to do never happens. */
  #clock = new ManualClock()
  readonly #seats: Seat[]
  #registry: Registry
  #isStopped = false
  /** Edits of the API: those that were reported as durable, and the one that is under way. */
  readonly #apiEdits: string[] = []
  #apiEdit: Promise<unknown> = Promise.resolve()

  constructor(options: SimulationOptions) {
    this.#random = seededRandom(options.seed)
    this.#disk = options.disk
    this.#steps = options.steps
    this.#seats = Array.from({ length: options.clients ?? 4 }, (_, i) => this.#newSeat(i))
    this.#registry = this.#newRegistry()
  }

  async run(): Promise<void> {
    await this.#disk.store.create(documentId, { layout: 'raw', nowMs: this.#clock.nowMs(), updates: [] })
    for (let step = 0; step < this.#steps; step++) {
      const promises = this.#promises()
      await this.#step()
      this.#checkCloses()
      if (step % 20 === 0 || this.#promises() !== promises) await this.#checkLog()
    }
    await this.#comeToRest()
    await this.#checkLog()
    await this.#checkSame()
    await this.#registry.drain()
    if (this.#clock.timers > 0) throw new Error(`${this.#clock.timers} timers were left behind.`)
  }

  async #step(): Promise<void> {
    const random = this.#random
    const seat = random.pick(this.#seats)
    const dice = random.next()
    if (dice < 0.35) this.#edit(seat)
    else if (dice < 0.8) this.#deliver(seat)
    else if (dice < 0.83 || seat.client.pair === undefined) await this.#connectOrBreak(seat)
    else if (dice < 0.86) this.#repeatFrame(seat)
    else if (dice < 0.9) this.#clock.advance(random.pick([1, 50, 500, 3_000, 20_000]))
    else if (dice < 0.95) this.#toggleDisk()
    else if (dice < 0.975) this.#editInProcess()
    else if (dice < 0.98) this.#leaveForLong()
    else if (dice < 0.99) await this.#restart()
    else await this.#crash()
    // Turns of the loop, in which the memory store becomes durable. A real disk is waited for, so that runs repeat.
    await settle()
    if (this.#disk.stop !== undefined) return
    await this.#apiEdit
    await this.#disk.store.flush()
    await settle()
  }

  #edit({ client }: Seat): void {
    const random = this.#random
    const { text, ydoc } = client
    const at = this.#place(text)
    const dice = random.next()
    if (dice < 0.5 || text.length === 0) text.insert(at, random.pick(['a', 'bc', 'some words ', '\n', '🙂']))
    else if (dice < 0.7) this.#delete(text, at)
    else if (dice < 0.8) {
      const to = this.#place(text)
      text.format(Math.min(at, to), Math.abs(at - to), { bold: random.pick([true, null]) })
    } else if (dice < 0.9) ydoc.getMap('map').set(random.pick(['x', 'y']), random.below(100))
    else if (dice < 0.97) {
      ydoc.transact(() => {
        text.insert(at, 'both ')
        this.#delete(text, 0)
        ydoc.getArray('list').push([random.below(10)])
      })
    } else text.insert(at, 'paste '.repeat(50_000))
  }

  /** A place between characters. Yjs does not converge when a surrogate pair is torn apart, and no editor does that. */
  #place(text: Y.Text): number {
    const at = this.#random.below(text.length + 1)
    return isLowSurrogate(text.toString(), at) ? at - 1 : at
  }

  /** Deletes the character at `at`, if there is one. */
  #delete(text: Y.Text, at: number): void {
    if (at < text.length) text.delete(at, isLowSurrogate(text.toString(), at + 1) ? 2 : 1)
  }

  #deliver({ client, halfOpen }: Seat): void {
    const pair = this.#random.chance(0.1) ? halfOpen[0] : client.pair
    const lane = this.#random.chance(0.5) ? pair?.toServer : pair?.toClient
    lane?.deliver(1 + this.#random.below(12))
  }

  #repeatFrame({ client }: Seat): void {
    const lane = this.#random.chance(0.5) ? client.pair?.toServer : client.pair?.toClient
    lane?.duplicate()
  }

  async #connectOrBreak(seat: Seat): Promise<void> {
    const { client, halfOpen } = seat
    if (halfOpen.length > 0 && this.#random.chance(0.5)) return this.#cutHalfOpen(seat)
    if (client.pair === undefined) return this.#connect(seat)
    if (this.#random.chance(0.7)) return client.cut()
    halfOpen.push(client.abandon())
  }

  async #connect({ client }: Seat): Promise<void> {
    const pair = client.open()
    pair.toClient.hold()
    pair.toServer.hold()
    await client.enter(this.#registry, documentId, pair)
  }

  #cutHalfOpen(seat: Seat): void {
    seat.halfOpen.shift()?.cut()
  }

  #toggleDisk(): void {
    if (this.#isStopped) this.#disk.resume?.()
    else this.#disk.stop?.()
    this.#isStopped = !this.#isStopped
  }

  #editInProcess(): void {
    const word = `api${this.#random.below(1e9)} `
    const at = this.#random.next()
    const edited = this.#registry.withRoom(documentId, room =>
      room.edit('api', ydoc => {
        ydoc.getMap('api').set(word, at)
      }),
    )
    // A crash or a restart may take it back; then nobody was told that it is durable.
    this.#apiEdit = edited.then(
      () => this.#apiEdits.push(word),
      () => undefined,
    )
  }

  async #restart(): Promise<void> {
    if (this.#isStopped) return
    await this.#registry.drain()
    await settle()
    this.#leaveAll()
    await this.#disk.reopen()
    this.#registry = this.#newRegistry()
  }

  async #crash(): Promise<void> {
    if (this.#disk.crash === undefined) return
    this.#leaveAll()
    await this.#disk.crash()
    this.#isStopped = false
    this.#clock = new ManualClock(this.#clock.nowMs())
    this.#registry = this.#newRegistry()
    await this.#checkLog()
  }

  /** Nobody is there for so long that the document may be unloaded. */
  #leaveForLong(): void {
    this.#leaveAll()
    this.#clock.advance(20_000)
  }

  /** No socket outlives its server. */
  #leaveAll(): void {
    for (const seat of this.#seats) {
      seat.client.cut()
      for (const pair of seat.halfOpen.splice(0)) pair.cut()
    }
  }

  /** Everybody comes back, everything is delivered. */
  async #comeToRest(): Promise<void> {
    if (this.#isStopped) this.#toggleDisk()
    for (const seat of this.#seats) {
      for (const pair of seat.halfOpen.splice(0)) pair.cut()
      seat.client.cut()
      await this.#connect(seat)
    }
    // Messages answer each other; so many rounds are far more than they need.
    for (let round = 0; round < 30; round++) {
      for (const { client } of this.#seats) {
        client.pair?.toServer.release()
        client.pair?.toClient.release()
      }
      await settle()
      await this.#disk.store.flush()
      this.#clock.advance(500)
      await settle()
    }
  }

  #checkCloses(): void {
    for (const { client } of this.#seats) {
      const code = client.closedWith?.code
      if (code !== undefined && neverCodes.includes(code)) {
        throw new Error(`A client was closed with ${code}: ${client.closedWith?.detail}`)
      }
      if (client.all('nack').some(nack => nack.code !== 'gap'))
        throw new Error('An update of a good client was refused.')
    }
  }

  /** How much was promised to be on disk. */
  #promises(): number {
    return this.#seats.reduce((sum, { client }) => sum + client.ackedSeq, this.#apiEdits.length)
  }

  /** What anybody has seen of others, and what was acknowledged, is in the log. */
  async #checkLog(): Promise<void> {
    // Before the log is read, for it may grow meanwhile.
    const seats = this.#seats.map(({ client, own }) => ({
      clientId: client.ydoc.clientID,
      seen: Y.decodeStateVector(Y.encodeStateVector(client.ydoc)),
      acknowledged: own.filter(({ clientSeq }) => clientSeq <= client.ackedSeq),
    }))
    const apiEdits = [...this.#apiEdits]
    const log = await readLog(this.#disk.store, documentId)
    const known = Y.decodeStateVector(Y.encodeStateVector(log))
    seats.forEach(({ clientId, seen, acknowledged }, seat) => {
      for (const [author, clock] of seen) {
        if (author !== clientId && clock > (known.get(author) ?? 0)) {
          throw new Error(`Client ${seat} has seen clock ${clock} of ${author}, which is not in the log.`)
        }
      }
      const updates = acknowledged.map(({ update }) => update)
      if (applyUpdates(log, updates) !== null) {
        throw new Error(`Something that client ${seat} was told is on disk is not in the log.`)
      }
    })
    const api = log.getMap('api')
    for (const word of apiEdits) if (!api.has(word)) throw new Error('A durable edit in process is not in the log.')
    log.destroy()
  }

  async #checkSame(): Promise<void> {
    const log = await readLog(this.#disk.store, documentId)
    await this.#registry.withRoom(documentId, room => assertSame('The room', room.ydoc, log))
    this.#seats.forEach(({ client }, seat) => {
      if (client.pair === undefined) throw new Error(`Client ${seat} is not connected at the end.`)
      assertSame(`Client ${seat}`, client.ydoc, log)
      if (client.isExtension && client.isPending) throw new Error(`Client ${seat} still waits for an acknowledgement.`)
    })
  }

  #newSeat(index: number): Seat {
    const client = new RoomClient({ clientId: 1_000 + index, extension: index % 2 === 0 })
    const own: Seat['own'] = []
    client.ydoc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== client) own.push({ clientSeq: client.lastSeq, update })
    })
    return { client, own, halfOpen: [] }
  }

  #newRegistry(): Registry {
    // Some runs have sockets that are soon full, so that differences are sent instead of updates.
    const softSendBytes = this.#random.pick([200, 2_000, defaultLimits.softSendBytes])
    return new Registry({
      store: this.#disk.store,
      clock: this.#clock,
      limits: { ...limitsOff, softSendBytes },
      log: silentLog,
      metrics: noMetrics,
      makesUnknown: () => false,
      idleUnloadMs: 5_000,
    })
  }
}

function isLowSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00
}

function assertSame(what: string, ydoc: Y.Doc, log: Y.Doc): void {
  if (ydoc.store.pendingStructs !== null || ydoc.store.pendingDs !== null) throw new Error(`${what} has a gap.`)
  if (!Y.equalSnapshots(Y.snapshot(ydoc), Y.snapshot(log))) throw new Error(`${what} has not the state of the log.`)
  const content = (each: Y.Doc) => [
    each.getText('body').toDelta(),
    each.getMap('map').toJSON(),
    each.getArray('list').toJSON(),
  ]
  if (!isDeepStrictEqual(content(ydoc), content(log))) throw new Error(`${what} has not the content of the log.`)
}
