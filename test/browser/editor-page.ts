// A person at a browser, as the browser tests see one: a Chromium process of their own, the page of one document, what it shows
// and what it says about the text.

import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from '../helpers/chromium.ts'
import { idNow } from '../helpers/documents.ts'

const selectors = {
  title: '.sheaf-title',
  tools: '.sheaf-gutter',
  body: '.sheaf-text',
  status: '.document-header .status',
  banner: '.banner p',
  flag: '.sheaf-caret .sheaf-flag',
  avatar: '.people .avatar',
}

export interface PersonOptions {
  readonly name: string
  /** 1–12 */
  readonly color?: number
  readonly context?: BrowserContextOptions
  /** Runs in the page before anything of ours does. */
  readonly initScript?: string
  /** The process to be in, which stays when they leave; otherwise one of their own. */
  readonly browser?: Browser
}

export class Person {
  readonly name: string
  readonly context: BrowserContext
  readonly #ownBrowser: Browser | undefined
  #page: Page

  private constructor(options: PersonOptions, browser: Browser, context: BrowserContext, page: Page) {
    this.name = options.name
    this.#ownBrowser = options.browser === undefined ? browser : undefined
    this.context = context
    this.#page = page
  }

  static async arrive(options: PersonOptions): Promise<Person> {
    const browser = options.browser ?? (await launchChromium())
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options.context })
    if (options.initScript !== undefined) await context.addInitScript({ content: options.initScript })
    const identity = { id: `guest-${options.name.toLowerCase()}`, name: options.name, color: options.color ?? 1 }
    await context.addInitScript(value => {
      try {
        localStorage.setItem('sheaf.identity', value)
      } catch {
        // Pages without an origin (about:blank) have no storage.
      }
    }, JSON.stringify(identity))
    await context.addInitScript(recordSaved, selectors)
    return new Person(options, browser, context, await context.newPage())
  }

  get page(): Page {
    return this.#page
  }

  /** Opens the document and waits until its text is shown, and the tools have come that make headings of “# ”. */
  async open(url: string, documentId: string): Promise<void> {
    await this.#page.goto(`${url}/d/${idNow(documentId)}`)
    await this.#page.locator(selectors.body).waitFor()
    await this.#page.locator(selectors.tools).waitFor({ state: 'attached' })
  }

  /** Closes the tab, without a word to the page. */
  async closeTab(): Promise<void> {
    await this.#page.close()
    this.#page = await this.context.newPage()
  }

  async type(text: string, options: { delayMs?: number } = {}): Promise<void> {
    await this.#page.keyboard.type(text, { delay: options.delayMs ?? 0 })
  }

  /** Puts the caret at the end of the body. */
  async clickBody(): Promise<void> {
    await this.#page.locator(selectors.body).click()
    await this.#page.keyboard.press('Control+End')
  }

  async text(): Promise<string> {
    return this.#page.locator(selectors.body).innerText()
  }

  async titleText(): Promise<string> {
    return this.#page.locator(selectors.title).innerText()
  }

  /** Resolves when the body contains each of the words. */
  async sees(...words: readonly string[]): Promise<void> {
    await this.#page.waitForFunction(
      ([selector, expected]) => {
        const text = document.querySelector(selector)?.textContent ?? ''
        return expected.every(word => text.includes(word))
      },
      [selectors.body, words] as const,
    )
  }

  /** The words of the status line; empty where it says nothing. */
  async status(): Promise<string> {
    return this.#page.evaluate(
      selector => document.querySelector(selector)?.textContent?.trim() ?? '',
      selectors.status,
    )
  }

  async bannerText(): Promise<string> {
    return this.#page.evaluate(
      selector => document.querySelector(selector)?.textContent?.trim() ?? '',
      selectors.banner,
    )
  }

  /** Resolves when the status line says what matches. */
  async says(words: RegExp): Promise<void> {
    await this.#page.waitForFunction(
      ([selector, source]) =>
        new RegExp(source).test(document.querySelector(selector)?.getAttribute('data-status') ?? ''),
      [selectors.status, words.source] as const,
    )
  }

  /** Resolves when anything on the page says it. */
  async reads(words: string | RegExp): Promise<void> {
    await this.#page.getByText(words).first().waitFor()
  }

  /** Names on the carets of others that are drawn. */
  async flags(): Promise<string[]> {
    return this.#page.locator(selectors.flag).allTextContents()
  }

  async seesCaretOf(name: string): Promise<void> {
    await this.#page.locator(selectors.flag, { hasText: name }).waitFor({ state: 'attached' })
  }

  async avatars(): Promise<string[]> {
    return this.#page
      .locator(selectors.avatar)
      .evaluateAll(elements => elements.map(element => element.getAttribute('aria-label') ?? element.textContent ?? ''))
  }

  /** The body's text at the last moment when the page said "Saved"; undefined while it has not. */
  async lastSaved(): Promise<string | undefined> {
    return this.#page.evaluate(() => (globalThis as { lastSaved?: string }).lastSaved)
  }

  async leave(): Promise<void> {
    await this.context.close()
    await this.#ownBrowser?.close()
  }
}

/** Runs in the page: notes what the body says whenever the status line turns to "Saved". */
function recordSaved(selectors: { readonly body: string; readonly status: string }): void {
  let before = ''
  const look = () => {
    const says = document.querySelector(selectors.status)?.getAttribute('data-status') ?? ''
    if (says === 'Saved' && before !== 'Saved') {
      ;(globalThis as { lastSaved?: string }).lastSaved = document.querySelector(selectors.body)?.textContent ?? ''
    }
    before = says
  }
  new MutationObserver(look).observe(document, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['data-status'],
  })
}
