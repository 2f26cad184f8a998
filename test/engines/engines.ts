// Browsers beside Chromium, as Debian packages them: Firefox ESR through puppeteer-core (WebDriver BiDi), WebKitGTK's MiniBrowser through
// its own WebDriver under a virtual display. What the tests ask of a window is the same for both.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import puppeteer, { type Browser } from 'puppeteer-core'

export interface Window {
  goto(url: string): Promise<void>
  type(text: string): Promise<void>
  /** One key, with modifiers before it: `Control+b`. */
  press(keys: string): Promise<void>
  /** Runs the body of a function in the page, `args` being its arguments; what it returns as JSON. */
  run<T>(body: string, ...args: unknown[]): Promise<T>
}

export interface Engine {
  readonly name: string
  /** Why it cannot run here; undefined when it can. */
  readonly missing: string | undefined
  /** Windows of separate people: they share nothing. */
  open(count: number): Promise<{ readonly windows: readonly Window[]; readonly close: () => Promise<void> }>
}

const firefoxPath = '/usr/bin/firefox-esr'
const webkitDriverPath = '/usr/bin/WebKitWebDriver'
const displayPath = '/usr/bin/Xvfb'

export const engines: readonly Engine[] = [
  { name: 'Firefox', missing: missing([firefoxPath]), open: openFirefox },
  { name: 'WebKitGTK', missing: missing([webkitDriverPath, displayPath]), open: openWebKit },
]

function missing(paths: readonly string[]): string | undefined {
  const absent = paths.filter(path => !existsSync(path))
  if (absent.length === 0) return undefined
  const reason = `no ${absent.join(', ')}`
  if (process.env.REQUIRE_BROWSERS === '1') throw new Error(`REQUIRE_BROWSERS=1, and there is ${reason}.`)
  return reason
}

async function openFirefox(count: number): ReturnType<Engine['open']> {
  const browsers: Browser[] = []
  const windows: Window[] = []
  for (let i = 0; i < count; i++) {
    // A process each: of two tabs of one process only one is visible, and the other gets keys late and draws nothing.
    const browser = await puppeteer.launch({ browser: 'firefox', executablePath: firefoxPath, headless: true })
    browsers.push(browser)
    const page = await browser.newPage()
    await page.setViewport({ width: 1_280, height: 800 })
    windows.push({
      goto: async url => void (await page.goto(url)),
      type: text => page.keyboard.type(text),
      press: async keys => {
        const parts = keys.split('+') as Parameters<typeof page.keyboard.press>[0][]
        for (const part of parts.slice(0, -1)) await page.keyboard.down(part)
        await page.keyboard.press(parts.at(-1)!)
        for (const part of parts.slice(0, -1).toReversed()) await page.keyboard.up(part)
      },
      run: <T>(body: string, ...args: unknown[]) =>
        page.evaluate(
          (source, given) => new Function(...source.names, source.body)(...given) as unknown,
          namedBody(body, args),
          args,
        ) as Promise<T>,
    })
  }
  return { windows, close: async () => void (await Promise.all(browsers.map(browser => browser.close()))) }
}

/** The arguments of a body are called a, b, c … */
function namedBody(body: string, args: readonly unknown[]): { names: string[]; body: string } {
  return { names: args.map((_, index) => String.fromCharCode(97 + index)), body }
}

async function openWebKit(count: number): ReturnType<Engine['open']> {
  const children: ChildProcess[] = []
  const start = (command: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, ...env } })
    children.push(child)
    return child
  }
  const display = start(displayPath, ['-displayfd', '1', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'])
  const [number] = (await once(display.stdout!, 'data')) as [Buffer]
  const env = { DISPLAY: `:${number.toString().trim()}`, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1' }
  const sessions: Session[] = []
  const close = async (): Promise<void> => {
    for (const session of sessions) await session.end()
    for (const child of children.toReversed()) child.kill()
  }
  try {
    for (let i = 0; i < count; i++) {
      // A driver has one session at a time.
      const port = 4_800 + Math.floor(Math.random() * 1_000)
      start(webkitDriverPath, [`--port=${port}`], env)
      sessions.push(await Session.begin(`http://127.0.0.1:${port}`))
    }
  } catch (error) {
    await close()
    throw error
  }
  return { windows: sessions, close }
}

/** Keys of the WebDriver standard (W3C WebDriver, 17.4.2). */
const driverKeys: Readonly<Record<string, string>> = {
  Control: '\ue009',
  Shift: '\ue008',
  Alt: '\ue00a',
  Enter: '\ue007',
  Backspace: '\ue003',
  Delete: '\ue017',
  Home: '\ue011',
  End: '\ue010',
  ArrowLeft: '\ue012',
  ArrowUp: '\ue013',
  ArrowRight: '\ue014',
  ArrowDown: '\ue015',
}

/** One session of WebDriver. */
class Session implements Window {
  readonly #base: string

  private constructor(base: string) {
    this.#base = base
  }

  static async begin(url: string): Promise<Session> {
    const capabilities = {
      alwaysMatch: {
        'webkitgtk:browserOptions': {
          binary: '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser',
          args: ['--automation'],
        },
      },
    }
    for (let attempt = 0; ; attempt++) {
      try {
        const { sessionId } = await call<{ sessionId: string }>('POST', `${url}/session`, { capabilities })
        return new Session(`${url}/session/${sessionId}`)
      } catch (error) {
        // The driver is not listening yet.
        if (attempt === 100 || !(error instanceof TypeError)) throw error
        await new Promise(resolve => setTimeout(resolve, 100))
      }
    }
  }

  async goto(url: string): Promise<void> {
    await call('POST', `${this.#base}/url`, { url })
  }

  async type(text: string): Promise<void> {
    for (const letter of text) await this.press(letter)
  }

  async press(keys: string): Promise<void> {
    const parts = (keys === '+' ? ['+'] : keys.split('+')).map(part => driverKeys[part] ?? part)
    const actions = [
      ...parts.map(value => ({ type: 'keyDown', value })),
      ...parts.toReversed().map(value => ({ type: 'keyUp', value })),
    ]
    await call('POST', `${this.#base}/actions`, { actions: [{ type: 'key', id: 'keys', actions }] })
  }

  run<T>(body: string, ...args: unknown[]): Promise<T> {
    const names = args.map((_, index) => String.fromCharCode(97 + index))
    const script = `const [${names.join(', ')}] = arguments;${body}`
    return call<T>('POST', `${this.#base}/execute/sync`, { script, args })
  }

  async end(): Promise<void> {
    await call('DELETE', this.#base).catch(() => undefined)
  }
}

async function call<T>(method: string, url: string, body?: unknown): Promise<T> {
  const response = await fetch(url, { method, ...(body !== undefined && { body: JSON.stringify(body) }) })
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } }
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error} ${value.message}`)
  return value
}
