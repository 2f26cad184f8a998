// Key to paint in Chromium, in one browser and from one to another, and opening a document, beside plain ProseMirror. All of it over
// the real server on loopback; the disk is measured in the same run. `--quick` is one short round of the two smallest sizes,
// `--sizes=20,1000` chooses.

import { mkdtempSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { openDocument } from '@sheaf/client'
import { cutSections, schema, writeBody } from '@sheaf/model'
import type { Browser, Page } from 'playwright-core'
import { installProbe, select } from '../browser/text-probe.ts'
import { launchChromium } from '../helpers/chromium.ts'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { fsyncMs } from './engine/disk.ts'
import { median, percentile, Report } from './engine/report.ts'
import { acrossMs, keyMs, presentedMs, startMeter } from './paint/meter.ts'
import { openPlain } from './paint/plain.ts'

const goalKeyMs = 12
const goalAcrossMs = 16
/** From navigation, in a fresh profile. */
const goalsOfOpening = { blocks: 1_000, readableMs: 300, editableMs: 600 }

export async function run(args: readonly string[]): Promise<void> {
  const isQuick = args.includes('--quick')
  const chosen = args.find(arg => arg.startsWith('--sizes='))?.slice('--sizes='.length)
  const sizes = chosen?.split(',').map(Number) ?? (isQuick ? [20, 1_000] : [20, 1_000, 10_000, 50_000])
  const rounds = isQuick ? 1 : 3
  const keys = isQuick ? 10 : 40
  const data = mkdtempSync(join(tmpdir(), 'sheaf-paint-'))
  const server = await ServerProcess.start({ data })
  const report = new Report()
  const verdicts: string[] = []
  try {
    for (const size of sizes) {
      const texts = Array.from(
        { length: size },
        (_, i) => `${i}: the harbour lies quiet, and nobody has come down to the boats yet.`,
      )
      await createLarge(server.url, `paint-${size}`, texts)
      const all = new Map<string, { subject: string; runs: number[]; target?: number }>()
      const note = (subject: string, figure: string, value: number, target?: number): void => {
        const key = `${subject}|${figure}`
        const known = all.get(key) ?? { subject, runs: [], ...(target === undefined ? {} : { target }) }
        known.runs.push(value)
        all.set(key, known)
      }
      for (let round = 0; round < rounds; round++) {
        const [ada, ben] = [await launchChromium(), await launchChromium()]
        try {
          const opened = await open(ada, `${server.url}/d/paint-${size}`)
          const goals = size === goalsOfOpening.blocks ? goalsOfOpening : undefined
          note('Sheaf', 'open: text shown', opened.shownMs, goals?.readableMs)
          note('Sheaf', 'open: first key painted', opened.keyMs, goals?.editableMs)
          const page = opened.page
          await goToMiddle(page, size)
          const own = await typing(page, keys)
          note('Sheaf', 'key to paint, median', median(own), goalKeyMs)
          note('Sheaf', 'key to paint, p95', percentile(own, 0.95))
          const presented = await presentedMs(ada, page, async () => {
            await typing(page, keys)
          })
          if (presented.length > 0) note('Sheaf', 'key to screen (trace), median', median(presented))
          const other = (await open(ben, `${server.url}/d/paint-${size}`)).page
          await goToMiddle(other, size)
          const disk = median(fsyncMs(data))
          const across: number[] = []
          for (let i = 0; i < keys; i++) {
            across.push(await acrossMs(page, other, 'e'))
            await delay(Math.random() * 40)
          }
          note('disk', 'fsync, median', disk)
          note('Sheaf', 'key to paint in the other browser, median', median(across))
          note('Sheaf', 'key to paint in the other browser, p95', percentile(across, 0.95))
          note('Sheaf', 'the same, less fsync', median(across) - disk, goalAcrossMs)
          await other.context().close()
          await page.context().close()
          const plain = await (await ada.newContext({ viewport })).newPage()
          await openPlain(plain, texts)
          await startMeter(plain, '.plain')
          const flat = await typing(plain, keys)
          note('plain ProseMirror', 'key to paint, median', median(flat))
          note('plain ProseMirror', 'key to paint, p95', percentile(flat, 0.95))
        } finally {
          await Promise.all([ada.close(), ben.close()])
        }
      }
      for (const [key, { subject, runs, target }] of all) {
        const figure = key.slice(subject.length + 1)
        if (target !== undefined) {
          const reached = median(runs)
          const verdict = reached <= target ? 'reached' : `missed; ${Math.min(...runs).toFixed(1)} in the best round`
          verdicts.push(`${size} blocks, ${figure}: ${reached.toFixed(1)} ms of ${target}: ${verdict}`)
        }
        report.add({
          scenario: 'paint',
          subject,
          variant: `${size} blocks`,
          figure,
          unit: 'ms',
          runs,
          ...(target === undefined ? {} : { target }),
        })
      }
    }
  } finally {
    await server.dispose()
    rmSync(data, { recursive: true, force: true })
  }
  console.log(report.table())
  for (const line of verdicts) console.log(line)
  console.log(`Load of the machine in the last 15 minutes: ${loadavg()[2]!.toFixed(1)}`)
}

const viewport = { width: 1280, height: 800 }

/** Opens a document in a fresh profile: nothing of it, nor of the page, is on the device. */
async function open(browser: Browser, url: string): Promise<{ page: Page; shownMs: number; keyMs: number }> {
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  page.setDefaultTimeout(120_000)
  await page.addInitScript(() => {
    const look = new MutationObserver(() => {
      if (document.querySelector('.sheaf-text .sheaf-block')?.textContent === '') return
      if (document.querySelector('.sheaf-text .sheaf-block') === null) return
      look.disconnect()
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => {
          ;(globalThis as { shownMs?: number }).shownMs = performance.now()
        }
        port2.postMessage(null)
      })
    })
    look.observe(document, { subtree: true, childList: true })
  })
  await page.goto(url, { waitUntil: 'commit' })
  const shownMs = await (await page.waitForFunction(() => (globalThis as { shownMs?: number }).shownMs)).jsonValue()
  await startMeter(page, '.sheaf-text')
  await page.locator('.sheaf-text[contenteditable=true]').waitFor()
  await page.evaluate(() => document.querySelector<HTMLElement>('.sheaf-text')!.focus())
  await keyMs(page, 'x')
  const firstKeyMs = await page.evaluate(() => performance.now())
  return { page, shownMs: shownMs!, keyMs: firstKeyMs }
}

async function goToMiddle(page: Page, size: number): Promise<void> {
  await installProbe(page)
  const spot = { block: size >> 1, offset: 5 }
  await select(page, spot, spot)
}

/** Keys at times that have nothing to do with frames. */
async function typing(page: Page, count: number): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < count; i++) {
    times.push(await keyMs(page, 'e'))
    await delay(Math.random() * 40)
  }
  return times
}

/** Makes a document that is larger than a request may be: it comes as what a client brings from being offline. */
async function createLarge(url: string, documentId: string, texts: readonly string[]): Promise<void> {
  await createDocument(url, documentId, { title: 'Paint' })
  const ydoc = await readDocument(url, documentId)
  writeBody(ydoc, cutSections(texts.map(text => schema.nodes.paragraph.create(null, schema.text(text)))))
  const document = openDocument({ url, documentId, identity: { id: 'bench', name: 'Bench' }, offline: null, ydoc })
  await document.synced
  await document.saved()
  await document.close()
}
