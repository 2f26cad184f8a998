// A whole run from one seed: devices with the real client, a server with the real rooms and the real store, and between and
// below them a simulated network, disk and time. People type and delete; connections break, tabs crash, disks stall, fill
// up and fail, the server is stopped, killed, and loses power. At each loss of power the states that it may leave on the disk
// are opened and judged (oracle.ts); at the end everybody comes to rest, and everything must be the same everywhere.

import { type DocumentStatus, openDocument, type SheafDocument } from '@sheaf/client'
import { defaultLimits, type ErrorCode, limitsOff } from '@sheaf/protocol'
import * as Y from 'yjs'
import type { Clock } from '../../server/src/clock.ts'
import { type Log, silentLog } from '../../server/src/log.ts'
import { noMetrics } from '../../server/src/metrics.ts'
import { Registry } from '../../server/src/room/registry.ts'
import { inlineCompactor } from '../../server/src/store/compaction.ts'
import { LevelStore } from '../../server/src/store/level.ts'
import type { Compactor, DocumentStore } from '../../server/src/store/store.ts'
import { newToken, tokensIn } from '../crash/oracle.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { delegate, type PlantedBug, plantedBugs } from './bugs.ts'
import { DeviceStore } from './device-store.ts'
import { FaultDisk } from './fault-disk.ts'
import { logEngine } from './log-engine.ts'
import { type Link, Network } from './network.ts'
import { Judge, judgeLog, judgeSights, readWhole, type Sight, Violation } from './oracle.ts'
import { VirtualTime } from './virtual-time.ts'

export interface SimulationOptions {
  /** Default 4. */
  readonly clients?: number
  /** How many states of the disk are looked at for each loss of power; all of them where there are fewer. Default 4. */
  readonly images?: number
  /** One of {@link plantedBugs}. */
  readonly bug?: string
}

export interface SimulationReport {
  readonly edits: number
  readonly acknowledged: number
  readonly powerLosses: number
  readonly images: number
  /** Of the time that was simulated. */
  readonly seconds: number
}

interface Device {
  readonly number: number
  readonly link: Link
  readonly store: DeviceStore
  tab: { readonly document: SheafDocument; readonly documentId: string } | undefined
  tabs: number
}

interface Server {
  readonly clock: Clock & { stop(): void }
  readonly store: DocumentStore
  readonly registry: Registry
}

const documentIds = ['one', 'two'] as const
const directory = '/data'

/** Closes that a good client never meets. */
const neverCodes: readonly ErrorCode[] = [
  'internal',
  'malformed',
  'invalid-update',
  'too-large',
  'not-found',
  'damaged',
]

/** What the log of a server must never say. */
const neverLogged = /met a bug|could not be applied|failed to take|the store is damaged/

/** @throws Violation that says what does not hold. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationReport> {
  const random = seededRandom(seed)
  const simulation = new Simulation(random, options)
  const restore = simulation.time.install(seededRandom(seed ^ 0x5eed))
  try {
    return await simulation.run()
  } finally {
    restore()
  }
}

class Simulation {
  readonly time = new VirtualTime()
  readonly #random: Random
  readonly #options: SimulationOptions
  readonly #bug: PlantedBug
  readonly #judge = new Judge()
  readonly #network: Network
  readonly #devices: Device[]
  readonly #apiWaiting = new Set<string>()
  /** So soon is a document unloaded that nobody has open. */
  readonly #idleUnloadMs: number
  #disk: FaultDisk
  #server: Server | undefined
  #isStarting = false
  #isResting = false
  #violation: Violation | undefined
  #edits = 0
  #powerLosses = 0
  #images = 0

  constructor(random: Random, options: SimulationOptions) {
    this.#random = random
    this.#options = options
    this.#bug = plantedBugs[options.bug ?? '']?.() ?? {}
    this.#idleUnloadMs = random.pick([100, 1_000, 5_000])
    this.#disk = new FaultDisk(this.#diskOptions())
    this.#network = new Network({
      time: this.time,
      random,
      onServerClose: (code, detail) => {
        if (neverCodes.includes(code)) this.#fail(`A client was closed with ${code}: ${detail}`)
      },
    })
    this.#devices = Array.from({ length: options.clients ?? 4 }, (_, number) => ({
      number,
      link: { principal: `device ${number}`, isUp: true },
      store: new DeviceStore(() => this.#wait(random.below(8))),
      tab: undefined,
      tabs: 0,
    }))
  }

  async run(): Promise<SimulationReport> {
    const random = this.#random
    let isMade = false
    void this.#makeDocuments().then(() => {
      isMade = true
    })
    while (!isMade) await this.#pass(500)
    for (const device of this.#devices) {
      this.time.after(random.below(500), () => this.#openTab(device))
      this.#repeat(
        () => random.pick([40, 300, 1_500]) * random.next(),
        () => this.#edit(device),
      )
      this.#repeat(
        () => 9_000 * random.next(),
        () => this.#troubleDevice(device),
      )
    }
    this.#repeat(
      () => 4_000 * random.next(),
      () => this.#editInProcess(),
    )
    this.#repeat(
      () => 5_000 * random.next(),
      () => this.#troubleDisk(),
    )
    this.#repeat(
      () => 6_000 * random.next(),
      () => this.#troubleServer(),
    )
    await this.#pass(15_000)
    await this.#comeToRest()
    return {
      edits: this.#edits,
      acknowledged: this.#judge.oracle.acknowledged,
      powerLosses: this.#powerLosses,
      images: this.#images,
      seconds: this.time.elapsedMs / 1_000,
    }
  }

  async #makeDocuments(): Promise<void> {
    await this.#startServer()
    for (const documentId of documentIds) {
      await this.#server!.store.create(documentId, { layout: 'raw', nowMs: 0, updates: [] })
    }
  }

  // What people do.

  #edit({ number, tab }: Device): void {
    if (tab === undefined) return
    const random = this.#random
    const { document } = tab
    const body = document.ydoc.getText('body')
    const text = body.toString()
    const tokens = tokensIn(text)
    this.#edits += 1
    if (tokens.length > 0 && random.chance(0.15)) {
      const token = random.pick(tokens)
      this.#judge.deleted(token)
      body.delete(text.indexOf(token), token.length)
      document.saved().then(() => this.#judge.oracle.acknowledge(token, 'deleted'), ignore)
      return
    }
    const token = newToken(number, this.#edits)
    this.#judge.typed(token)
    body.insert(text.lastIndexOf('>', random.below(text.length + 1)) + 1, token)
    document.saved().then(() => this.#judge.oracle.acknowledge(token, 'typed'), ignore)
    document.kept().then(() => this.#judge.kept(token), ignore)
  }

  /** An edit of the API, which is tried again with the same key until it is known to be done. */
  #editInProcess(): void {
    const token = newToken(99, ++this.#edits)
    const documentId = this.#random.pick(documentIds)
    this.#judge.typed(token)
    this.#apiWaiting.add(token)
    const attempt = async () => {
      const { registry } = this.#server!
      await registry.withRoom(documentId, async room => {
        const insertOnce = (ydoc: Y.Doc) => {
          const done = ydoc.getMap('api')
          if (done.has(token)) return
          ydoc.getText('body').insert(0, token)
          if (!this.#bug.dedupesAfterApply) done.set(token, true)
        }
        await room.edit('api', insertOnce)
        if (this.#bug.dedupesAfterApply) await room.edit('api', ydoc => void ydoc.getMap('api').set(token, true))
      })
      if (this.#apiWaiting.delete(token)) this.#judge.oracle.acknowledge(token, 'typed')
    }
    const insist = () => {
      if (!this.#apiWaiting.has(token)) return
      if (this.#server !== undefined) attempt().catch(ignore)
      // Who hears nothing asks again, also while the first request is still on its way.
      this.time.after(1_000, insist)
    }
    insist()
  }

  // What goes wrong.

  #troubleDevice(device: Device): void {
    const random = this.#random
    const { link } = device
    const dice = random.next()
    if (dice < 0.4) return this.#network.cut(link)
    if (dice < 0.6) {
      link.isUp = false
      this.#network.cut(link)
      this.time.after(random.below(6_000), () => {
        link.isUp = true
      })
    } else if (dice < 0.85) this.#crashTab(device)
    else void this.#closeTab(device)
    if (device.tab === undefined) this.time.after(random.below(3_000), () => this.#openTab(device))
  }

  #troubleDisk(): void {
    const random = this.#random
    const disk = this.#disk
    if (random.chance(0.3)) disk.slowMs = random.pick([50, 400, 2_000])
    else disk.fault = { code: random.pick(['ENOSPC', 'EIO']), at: random.pick(['write', 'sync']) }
    this.time.after(random.pick([100, 1_000, 4_000]), () => {
      disk.slowMs = 0
      disk.fault = undefined
    })
    // Sometimes everybody leaves while the disk is at it.
    if (random.chance(0.4)) this.time.after(random.below(300), () => this.#leaveAll())
  }

  #troubleServer(): void {
    const dice = this.#random.next()
    if (this.#server === undefined) return
    if (dice < 0.5) return this.time.hold(this.#losePower())
    if (dice < 0.7) return this.#kill()
    if (dice < 0.85) return this.#stop()
    return this.#leaveAll()
  }

  #leaveAll(): void {
    if (this.#isResting) return
    for (const device of this.#devices) {
      void this.#closeTab(device)
      this.time.after(this.#random.below(4_000), () => this.#openTab(device))
    }
  }

  async #losePower(): Promise<void> {
    this.#powerLosses += 1
    const before = this.#disk
    const sights = this.#sights()
    const { images = 4 } = this.#options
    const isAll = before.imageCount <= images
    for (let index = 0; index < Math.min(images, before.imageCount); index++) {
      await this.#judgeImage(before.image(this.#instantly(), isAll ? index : undefined), sights, false)
    }
    const left = before.image(this.#diskOptions())
    await this.#judgeImage(left.copy(this.#instantly()), sights, true)
    before.die()
    this.#disk = left
    this.#loseServer()
  }

  #kill(): void {
    this.#disk = this.#disk.kill(this.#diskOptions())
    this.#loseServer()
  }

  #loseServer(): void {
    this.#server?.clock.stop()
    this.#server = undefined
    this.#isStarting = false
    this.#network.loseServer()
    this.time.after(this.#random.below(1_500), () => this.#startServer())
  }

  /** An orderly stop and a start. */
  #stop(): void {
    const server = this.#server!
    this.#network.door = undefined
    const disk = this.#disk
    const stopped = async () => {
      await server.registry.drain()
      // A disk that fails to the end is told to whoever stops the server, and no row of it was acknowledged.
      await server.store.close().catch(ignore)
      server.clock.stop()
      if (disk !== this.#disk || this.#server !== server) return
      this.#server = undefined
      await this.#startServer()
    }
    void stopped()
  }

  async #startServer(): Promise<void> {
    if (this.#isStarting || this.#server !== undefined) return
    this.#isStarting = true
    const disk = this.#disk
    const clock = this.time.clock()
    const { bug, driver } = { bug: this.#bug, driver: logEngine(disk) }
    try {
      const level = await LevelStore.open({
        directory,
        clock,
        log: this.#log(),
        metrics: noMetrics,
        compactor: this.#compactor(),
        driver: bug.driver?.(driver) ?? driver,
      })
      const store = bug.store?.(frugal(level)) ?? frugal(level)
      if (disk !== this.#disk) return
      this.#server = { clock, store, registry: this.#newRegistry(store, clock) }
      this.#network.door = {
        enter: async (documentId, channel, { extension, principal }) => {
          const { registry } = this.#server!
          if (bug.room !== undefined) await registry.withRoom(documentId, bug.room)
          return registry.join(documentId, channel, { principal, role: 'editor', extension })
        },
      }
    } catch (error) {
      if (disk !== this.#disk) return
      // A disk that fails while the server starts: somebody tries again.
      if (disk.fault === undefined && disk.slowMs === 0) this.#fail(`The server does not start: ${error}`)
      this.time.after(300, () => this.#startServer())
    } finally {
      if (disk === this.#disk) this.#isStarting = false
    }
  }

  #newRegistry(store: DocumentStore, clock: Clock): Registry {
    // Some servers have sockets that are soon full, so that differences are sent instead of updates.
    const softSendBytes = this.#random.pick([300, defaultLimits.softSendBytes])
    return new Registry({
      store,
      clock,
      limits: { ...limitsOff, softSendBytes },
      log: this.#log(),
      metrics: noMetrics,
      makesUnknown: () => false,
      idleUnloadMs: this.#idleUnloadMs,
    })
  }

  #compactor(): Compactor {
    const compactor: Compactor = {
      merge: async (snapshot, updates) => {
        const merged = await inlineCompactor.merge(snapshot, updates)
        await this.#wait(this.#random.pick([1, 200, 1_000]))
        return merged
      },
      close: async () => undefined,
    }
    return this.#bug.compactor?.(compactor) ?? compactor
  }

  // Tabs.

  #openTab(device: Device): void {
    if (device.tab !== undefined) return
    const documentId = documentIds[device.number % documentIds.length]!
    const ydoc = new Y.Doc()
    ydoc.clientID = 1_000 * (device.number + 1) + device.tabs++
    const document = openDocument({
      url: 'ws://simulated',
      documentId,
      identity: { id: device.link.principal, name: device.link.principal },
      offline: device.store,
      WebSocket: this.#network.socketsOf(device.link),
      ydoc,
    })
    document.ready.catch(ignore)
    document.synced.catch(ignore)
    device.tab = { document, documentId }
  }

  #crashTab(device: Device): void {
    device.store.crash()
    this.#network.cut(device.link)
    void this.#closeTab(device)
  }

  async #closeTab(device: Device): Promise<void> {
    const { tab } = device
    device.tab = undefined
    await tab?.document.close()
  }

  // What must hold.

  async #comeToRest(): Promise<void> {
    this.#isResting = true
    this.#disk.fault = undefined
    this.#disk.slowMs = 0
    for (const device of this.#devices) {
      device.link.isUp = true
      this.#openTab(device)
    }
    // A connection that broke just before may look whole to its device for some seconds.
    await this.#pass(5_000)
    // Far longer than the longest pause before somebody tries again.
    for (let seconds = 0; seconds < 120 && !this.#isAtRest(); seconds++) await this.#pass(1_000)
    const restless = this.#devices.find(({ tab }) => !isSettled(tab!.document.status))
    if (restless !== undefined) {
      this.#fail(`Device ${restless.number} never came to rest: ${JSON.stringify(restless.tab!.document.status)}`)
    }
    if (this.#apiWaiting.size > 0) this.#fail('An edit of the API was never done.')
    // Acknowledged edits of others are on their way to a replica still.
    await this.#pass(2_000)
    await this.#judgeEnd()
    await Promise.all(this.#devices.map(device => this.#closeTab(device)))
    const { registry, store } = this.#server!
    const stopped = registry.drain().then(() => store.close())
    await this.#pass(20_000)
    await stopped
  }

  #isAtRest(): boolean {
    if (this.#server === undefined || this.#apiWaiting.size > 0) return false
    return this.#devices.every(({ tab }) => isSettled(tab!.document.status))
  }

  async #judgeEnd(): Promise<void> {
    const { store, registry } = this.#server!
    const texts: string[] = []
    for (const documentId of documentIds) {
      const log = await readWhole(store, documentId)
      const text = log.getText('body').toString()
      texts.push(text)
      const replicas: [name: string, ydoc: Y.Doc][] = this.#devices
        .filter(({ tab }) => tab!.documentId === documentId)
        .map(({ number, tab }) => [`Device ${number}`, tab!.document.ydoc])
      await registry.withRoom(documentId, room => void replicas.push(['The room', room.ydoc]))
      for (const [name, ydoc] of replicas) {
        const isSame = Y.equalSnapshots(Y.snapshot(ydoc), Y.snapshot(log)) && ydoc.getText('body').toString() === text
        if (!isSame) this.#fail(`${name} has not the state of the log.`)
      }
      await judgeLog('At the end', store, documentId)
    }
    this.#judge.judge('At the end', texts)
    this.#judge.judgeKept(texts)
    this.#assertHolds()
  }

  /** Opens what a loss of power left, as a server would. @param whole the whole log is read as well. */
  async #judgeImage(image: FaultDisk, sights: readonly Sight[], whole: boolean): Promise<void> {
    this.#images += 1
    const what = 'After a loss of power'
    const store = await LevelStore.open({
      directory,
      clock: this.time.clock(),
      log: this.#log(),
      metrics: noMetrics,
      compactor: inlineCompactor,
      driver: logEngine(image),
    })
    const texts: string[] = []
    for (const documentId of documentIds) {
      const log = await readWhole(store, documentId)
      texts.push(log.getText('body').toString())
      judgeSights(
        what,
        log,
        sights.filter((_, index) => documentIds[index % documentIds.length] === documentId),
      )
      if (whole) await judgeLog(what, store, documentId)
    }
    this.#judge.judge(what, texts)
  }

  #sights(): Sight[] {
    return this.#devices.map(({ number, tab }) => ({
      name: `Device ${number}`,
      clientId: tab?.document.ydoc.clientID ?? 0,
      // A new tab reads what its device has kept, which holds what earlier tabs have typed and nobody else has.
      stateVector: new Map(
        [...Y.decodeStateVector(tab === undefined ? Uint8Array.of(0) : Y.encodeStateVector(tab.document.ydoc))].filter(
          ([clientId]) => Math.floor(clientId / 1_000) !== number + 1,
        ),
      ),
    }))
  }

  #fail(message: string): void {
    this.#violation ??= new Violation(message)
  }

  #assertHolds(): void {
    if (this.#violation !== undefined) throw this.#violation
  }

  // Time and chance.

  async #pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      await this.time.pass(Math.min(500, left))
      this.#assertHolds()
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise(resolve => this.time.after(ms, resolve))
  }

  #repeat(delayMs: () => number, f: () => unknown): void {
    this.time.after(delayMs(), () => {
      if (this.#isResting) return
      this.#repeat(delayMs, f)
      f()
    })
  }

  #diskOptions() {
    const random = this.#random
    const usualMs = random.pick([1, 5, 20])
    return { random, wait: (ms: number) => this.#wait(ms), syncMs: () => usualMs * random.next() }
  }

  /** For what is only looked at: no time passes. */
  #instantly() {
    return { random: this.#random, wait: (ms: number) => this.#wait(ms) }
  }

  #log(): Log {
    return {
      ...silentLog,
      error: (message, fields) => {
        // What a loss of power tore is told from damage by its report: it belongs to no document.
        const isTorn = /It may be a write that a power loss interrupted|Nothing is lost/.test(String(fields?.detail))
        if (neverLogged.test(message) && !isTorn) {
          this.#fail(`The log says “${message}”: ${String(fields?.detail ?? fields?.cause ?? fields?.error)}`)
        }
      },
    }
  }
}

/** Compacts small logs too, so that short runs see compactions. */
function frugal(store: DocumentStore): DocumentStore {
  const rows = new Map<number, number>()
  return delegate(store, {
    append(pending) {
      store.append(pending)
      rows.set(pending.number, (rows.get(pending.number) ?? 0) + 1)
    },
    isCompactionDue(number, idle) {
      const hasGrown = (rows.get(number) ?? 0) >= 20
      if (hasGrown) rows.set(number, 0)
      return hasGrown || store.isCompactionDue(number, idle)
    },
  })
}

function isSettled(status: DocumentStatus): boolean {
  return status.synced && status.pending === 0 && status.problem === undefined
}

function ignore(): void {
  // What is not kept, saved or closed is seen by the judge.
}
