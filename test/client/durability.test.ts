// Whatever happens to sockets, tabs, acknowledgements and the server, in whatever order: an edit that was promised to be
// kept, or saved, ends on the server exactly once; one that was not ends there at most once.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Device, type Tab } from '../helpers/device.ts'
import { ScriptedServer } from '../helpers/scripted-server.ts'

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('edit' as const), tab: fc.nat(1), at: fc.nat(1_000) }) },
  // Enough of these for a compaction.
  { weight: 1, arbitrary: fc.record({ do: fc.constant('burst' as const), tab: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('keep' as const), tab: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('save' as const), tab: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('crash' as const), tab: fc.nat(1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), tab: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('retry' as const), tab: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('turn' as const), turns: fc.nat(8) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('full' as const, 'room' as const), tab: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('cut', 'stop', 'listen', 'hold', 'release') }) },
)

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

test.each([
  { locks: true, survivors: 'none' },
  { locks: true, survivors: 'one' },
  { locks: false, survivors: 'none' },
] as const)(
  'C7: every promised edit arrives exactly once (Web Locks: $locks, tabs that live to the end: $survivors)',
  async ({ locks, survivors }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }), async steps => {
        const run = await Run.start(locks)
        for (const each of steps) await run.take(each)
        await run.finish(survivors)
      }),
      { numRuns: 60 },
    )
  },
  60_000,
)

class Run {
  readonly #server: ScriptedServer
  readonly #device: Device
  readonly #tabs: (Tab | undefined)[] = [undefined, undefined]
  /** Marks that each tab has typed. */
  readonly #typed: string[][] = [[], []]
  readonly #promised = new Set<string>()
  readonly #all: string[] = []
  readonly #waiting: Promise<unknown>[] = []
  #isListening = true

  private constructor(server: ScriptedServer, locks: boolean) {
    this.#server = server
    this.#device = new Device({ locks })
  }

  static async start(locks: boolean): Promise<Run> {
    return new Run(await ScriptedServer.start(), locks)
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case 'edit': {
        const body = this.#tab(step.tab).document.ydoc.getText('body')
        const mark = `<${this.#all.length}>`
        // Between marks, never inside one.
        const places = [0, ...[...body.toString().matchAll(/[>.]/g)].map(match => match.index + 1)]
        body.insert(places[step.at % places.length]!, mark)
        this.#all.push(mark)
        this.#typed[step.tab]!.push(mark)
        return
      }
      case 'burst': {
        const body = this.#tab(step.tab).document.ydoc.getText('body')
        for (let i = 0; i < 260; i++) body.insert(0, '.')
        return
      }
      case 'keep':
        return this.#promise(step.tab, this.#tab(step.tab).document.kept())
      case 'save':
        return this.#promise(step.tab, this.#tab(step.tab).document.saved())
      case 'crash':
        await this.#tabs[step.tab]?.crash()
        return this.#forget(step.tab)
      case 'close':
        await this.#tabs[step.tab]?.document.close()
        return this.#forget(step.tab)
      case 'retry':
        return this.#tabs[step.tab]?.document.retry()
      case 'full':
      case 'room':
        this.#tab(step.tab).isFull = step.do === 'full'
        return
      case 'turn':
        for (let i = 0; i <= step.turns; i++) await new Promise(resolve => setImmediate(resolve))
        return
      case 'cut':
        return this.#server.cut()
      case 'stop':
        if (this.#isListening) await this.#server.stop()
        this.#isListening = false
        return
      case 'listen':
        if (!this.#isListening) await this.#server.listen()
        this.#isListening = true
        return
      case 'hold':
        this.#server.holdAcks = true
        return
      case 'release':
        this.#server.holdAcks = false
        return
    }
  }

  async finish(survivors: 'none' | 'one'): Promise<void> {
    this.#server.holdAcks = false
    if (!this.#isListening) await this.#server.listen()
    await this.#tabs[0]?.crash()
    if (survivors === 'none') await this.#tabs[1]?.crash()
    else this.#tabs[1]?.document.retry()
    await Promise.all(this.#waiting)
    const last = this.#device.open('plan', this.#server)
    const open = survivors === 'one' && this.#tabs[1] ? [last, this.#tabs[1]] : [last]
    // A socket that was closed a moment ago may not know it yet; a fresh one for each.
    for (const tab of open) tab.document.retry()
    await Promise.all(open.map(tab => tab.document.saved()))
    const text = this.#server.ydoc.getText('body').toString()
    for (const mark of this.#all) {
      const times = text.split(mark).length - 1
      if (this.#promised.has(mark)) expect([mark, times]).toEqual([mark, 1])
      else expect(times).toBeLessThanOrEqual(1)
    }
    for (const tab of open) await tab.document.close()
    await this.#server.stop()
  }

  #tab(index: number): Tab {
    this.#tabs[index] ??= this.#device.open('plan', this.#server)
    return this.#tabs[index]
  }

  #forget(index: number): void {
    this.#tabs[index] = undefined
    this.#typed[index] = []
  }

  #promise(index: number, promise: Promise<unknown>): void {
    const marks = [...this.#typed[index]!]
    this.#waiting.push(
      promise.then(
        () => marks.forEach(mark => void this.#promised.add(mark)),
        // Nothing was promised: the tab went away first.
        () => undefined,
      ),
    )
  }
}
