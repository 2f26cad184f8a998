// Clocks that run in the page. A key is measured from the time stamp of its event to the message that the page sends itself in the
// animation frame after the key's work: by then style, layout and paint of that frame are done and handed to the compositor. What the
// compositor needs to show it is not in it; `presentedMs` has it, from Chromium's own trace.

import type { Browser, Page } from 'playwright-core'

interface Meter {
  /** Resolves with the milliseconds from the key to its frame. */
  key: Promise<number>
  /** When the key came, in milliseconds of the wall clock. */
  pressedAtMs: number
  /** Resolves when the frame with the next change of the text is done, in milliseconds of the wall clock. */
  change: Promise<number>
}

/** Starts the clocks in the page that is open; `selector` is the text. */
export async function startMeter(page: Page, selector: string): Promise<void> {
  // tsx marks functions with a call of its own, which the page does not know.
  await page.evaluate(`{ const __name = it => it; (${meter.toString()})(${JSON.stringify(selector)}) }`)
}

/** Presses a key. @returns milliseconds to its frame. */
export async function keyMs(page: Page, key: string): Promise<number> {
  const pending = page.evaluateHandle(() => ({ key: (globalThis as unknown as { meter: Meter }).meter.key }))
  const handle = await pending
  await page.keyboard.press(key)
  return handle.evaluate(({ key: done }) => done)
}

/** Presses a key in one page. @returns milliseconds to the frame of another one that shows what it did. */
export async function acrossMs(from: Page, to: Page, key: string): Promise<number> {
  const handle = await to.evaluateHandle(() => ({ change: (globalThis as unknown as { meter: Meter }).meter.change }))
  await from.keyboard.press(key)
  const shownAtMs = await handle.evaluate(({ change }) => change)
  return shownAtMs - (await from.evaluate(() => (globalThis as unknown as { meter: Meter }).meter.pressedAtMs))
}

/** Milliseconds from keys that `press` presses to their frames on the screen, as Chromium traces them. */
export async function presentedMs(browser: Browser, page: Page, press: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: ['benchmark', 'latencyInfo', 'input', 'cc'] })
  await press()
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const open = new Map<string, number>()
  const times: number[] = []
  for (const event of trace.traceEvents) {
    if (event.name !== 'EventLatency') continue
    const id = `${event.pid}:${event.id2?.local ?? event.id ?? ''}`
    if (event.ph === 'b') {
      if (event.args?.event_latency?.event_type === 'KEY_PRESSED' || event.args?.event_latency?.event_type === 'CHAR')
        open.set(id, event.ts)
    } else if (event.ph === 'e' && open.has(id)) {
      times.push((event.ts - open.get(id)!) / 1000)
      open.delete(id)
    }
  }
  return times
}

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly ts: number
  readonly pid: number
  readonly id?: string
  readonly id2?: { readonly local?: string }
  readonly args?: { readonly event_latency?: { readonly event_type?: string } }
}

/** Runs in the page. */
function meter(selector: string): void {
  const state: { pressed: number; key: (ms: number) => void; change: (ms: number) => void } = {
    pressed: 0,
    key: () => undefined,
    change: () => undefined,
  }
  // `performance.timeOrigin` of two processes may differ by more than what is measured: each is held against the clock on the wall.
  const toWall = (() => {
    let tick = Date.now()
    const start = tick
    while (tick === start) tick = Date.now()
    return tick - performance.now()
  })()
  const afterFrame = (then: () => void): void => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = then
      port2.postMessage(null)
    })
  }
  window.addEventListener(
    'keydown',
    event => {
      state.pressed = event.timeStamp
    },
    true,
  )
  window.addEventListener(
    'keypress',
    () => {
      const { pressed } = state
      afterFrame(() => state.key(performance.now() - pressed))
    },
    true,
  )
  let isChanged = false
  new MutationObserver(() => {
    if (isChanged) return
    isChanged = true
    afterFrame(() => {
      isChanged = false
      state.change(performance.now() + toWall)
    })
  }).observe(document.querySelector(selector)!, { subtree: true, childList: true, characterData: true })
  ;(globalThis as unknown as { meter: object }).meter = {
    get key() {
      return new Promise<number>(resolve => {
        state.key = resolve
      })
    },
    get change() {
      return new Promise<number>(resolve => {
        state.change = resolve
      })
    },
    get pressedAtMs() {
      return state.pressed + toWall
    },
  }
}
