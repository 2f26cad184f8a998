// A simulated day: people in real Chromium write in one document of a real server, with everything that the editor has. At the end all
// screens and the server show the same, nothing was said in any console, and what pages and server hold in memory has not grown.

import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { Person } from '../browser/editor-page.ts'
import { createDocument } from '../helpers/documents.ts'
import { type Random, seededRandom } from '../helpers/random.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { pickAct, thinOut } from './acts.ts'

export interface DayOptions {
  readonly minutes: number
  readonly people: number
  readonly seed: number
}

export interface DayReport {
  readonly ok: boolean
  readonly seed: number
  readonly minutes: number
  readonly people: number
  readonly acts: number
  /** Times that the server was killed (-9) and started again meanwhile. */
  readonly kills: number
  /** Screens that show something else than the server has. */
  readonly strayed: readonly string[]
  /** What was said in a console, or thrown; the act before it. */
  readonly complaints: readonly string[]
  /** Heap of a page after garbage collection, in MB: the median page in the second and the last quarter. */
  readonly pageHeapMb: readonly [number, number]
  /** Resident memory of the server, in MB, likewise. */
  readonly serverMb: readonly [number, number]
  readonly blocks: number
}

const documentId = 'day'
/** The document is thinned out above this. */
const mostBlocks = 300
/** What a page may hold more at the end than early on: tombstones of what was deleted, undo, and noise. */
const pageGrowth = { factor: 1.5, mb: 12 }
const serverGrowth = { factor: 1.5, mb: 80 }
const settleMs = 60_000

/** What runs in a page is compiled here, and names its functions by a helper that the page has not. */
const keepNames = 'globalThis.__name = named => named'

/** Chromium says so of every request that meets no network; the page has its own words for it. */
const expected = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_(REFUSED|RESET)|ERR_NETWORK_CHANGED|WebSocket connection to/

export async function simulateDay({ minutes, people: count, seed }: DayOptions): Promise<DayReport> {
  const random = seededRandom(seed)
  const server = await ServerProcess.start({ args: ['--log-level', 'error'] })
  const people: Person[] = []
  const complaints: string[] = []
  try {
    await createDocument(server.url, documentId, { title: 'A day', text: 'Good morning.' })
    for (let i = 0; i < count; i++)
      people.push(await Person.arrive({ name: `Person ${i + 1}`, color: 1 + (i % 12), initScript: keepNames }))
    const doing = people.map(() => 'opening')
    for (const [index, { page }] of people.entries())
      listen(page, text => complaints.push(`${index + 1}, ${doing[index]}: ${text}`))
    for (const person of people) await person.open(server.url, documentId)
    const endMs = performance.now() + minutes * 60_000
    const memory: { page: number; server: number }[] = []
    let acts = 0
    let kills = 0
    const live = async (index: number, own: Random): Promise<void> => {
      const { page } = people[index]!
      while (performance.now() < endMs) {
        const act = pickAct(own)
        doing[index] = act.name
        // What is clicked may have been deleted by somebody else meanwhile.
        await act.run(page, own).catch(error => {
          if (!/Timeout|detached|not visible|outside of the viewport|intercepts/i.test(String(error))) throw error
        })
        if (index === 0) await thinOut(page, mostBlocks)
        acts++
        await page.waitForTimeout(own.below(300))
      }
    }
    const watch = async (): Promise<void> => {
      const sampleMs = Math.max(5_000, (minutes * 60_000) / 24)
      while (performance.now() < endMs) {
        await people[0]!.page.waitForTimeout(sampleMs)
        memory.push({ page: await medianHeapMb(people), server: residentMb(server.pid!) })
        if (random.chance(Math.min(0.25, 1 / minutes))) {
          await server.kill()
          await server.start()
          kills++
        }
      }
    }
    await Promise.all([...people.map((_, index) => live(index, seededRandom(seed + index + 1))), watch()])
    const strayed = await compare(people, server)
    const quarter = Math.ceil(memory.length / 4)
    const sides = (of: (sample: { page: number; server: number }) => number): [number, number] => [
      median(memory.slice(quarter, 2 * quarter).map(of)),
      median(memory.slice(-quarter).map(of)),
    ]
    const pageHeapMb = sides(sample => sample.page)
    const serverMb = sides(sample => sample.server)
    const isFlat = within(pageHeapMb, pageGrowth) && within(serverMb, serverGrowth)
    const blocks = await people[0]!.page.locator('.sheaf-text .sheaf-section > *').count()
    return {
      ok: strayed.length === 0 && complaints.length === 0 && isFlat && acts > 0,
      seed,
      minutes,
      people: count,
      acts,
      kills,
      strayed,
      complaints: complaints.slice(0, 20),
      pageHeapMb,
      serverMb,
      blocks,
    }
  } finally {
    for (const person of people) await person.leave()
    await server.dispose()
  }
}

function listen(page: Page, complain: (text: string) => void): void {
  page.on('pageerror', error => complain(error.stack ?? String(error)))
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type()) && !expected.test(message.text())) complain(message.text())
  })
}

/** Waits until everything of everybody is saved and seen. @returns who shows something else than the server has. */
async function compare(people: readonly Person[], server: ServerProcess): Promise<string[]> {
  const untilMs = performance.now() + settleMs
  for (;;) {
    const kept = JSON.stringify(await contentOf(server.url))
    const strayed: string[] = []
    for (const person of people) {
      const status = await person.status()
      if (!status.startsWith('Saved')) strayed.push(`${person.name} says ${status || 'nothing'}`)
      else if (JSON.stringify(await shownBy(person.page)) !== kept) strayed.push(`${person.name} shows something else`)
    }
    if (strayed.length === 0 || performance.now() > untilMs) return strayed
    await people[0]!.page.waitForTimeout(1_000)
  }
}

/** The blocks that a page shows, as JSON: how it cuts them into sections is its own affair. */
async function shownBy(page: Page): Promise<unknown> {
  return page.evaluate(() => {
    type Shown = { pmViewDesc: { node: { toJSON(): { content: { content?: unknown[] }[] } } } }
    const text = document.querySelector('.sheaf-text') as unknown as Shown
    return text.pmViewDesc.node.toJSON().content.flatMap(section => section.content ?? [])
  })
}

async function contentOf(url: string): Promise<unknown> {
  const response = await fetch(`${url}/api/v1/documents/${documentId}/content`, {
    headers: { accept: 'application/json' },
  })
  const { doc } = (await response.json()) as { doc: { content: unknown[] } }
  return doc.content
}

async function medianHeapMb(people: readonly Person[]): Promise<number> {
  const sizes: number[] = []
  for (const { page } of people) {
    const session = await page.context().newCDPSession(page)
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    await session.detach()
    sizes.push(usedSize / 1e6)
  }
  return median(sizes)
}

function residentMb(pid: number): number {
  const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1])
  return (pages * 4_096) / 1e6
}

function within([early, late]: readonly [number, number], limit: { factor: number; mb: number }): boolean {
  return late <= early * limit.factor + limit.mb
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return Math.round((sorted[Math.floor(sorted.length / 2)] ?? 0) * 10) / 10
}
