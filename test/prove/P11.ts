// P11: no script ever runs from content, files, imports or links. A hostile corpus comes in every way that there is: imports, raw updates with
// each value replaced, titles, uploads, the clipboard, names of people. Chromium opens all of it with the content security policy on and
// off, and clicks every link.

import type { BrowserContext, Browser as Chromium, Page } from 'playwright-core'
import * as Y from 'yjs'
import { accountsServer, type Browser, settle } from '../helpers/browsers.ts'
import { launchChromium } from '../helpers/chromium.ts'

const run = 'sheafRan(1)'
/** As text in HTML, and as a value where one stands. */
const payloads = [
  `<script>${run}</script>`,
  `<img src=x onerror=${run}>`,
  `<svg onload=${run}>`,
  `<svg><animate onbegin=${run} attributeName=x dur=1s>`,
  `<iframe srcdoc="<script>parent.${run}</script>"></iframe>`,
  `<iframe src="javascript:parent.${run}"></iframe>`,
  `<a href="javascript:${run}">link</a>`,
  `<a href="&#106;avascript:${run}">link</a>`,
  `<a href="java\tscript:${run}">link</a>`,
  `<a href=" javascript:${run}">link</a>`,
  `<a href="data:text/html,<script>opener.${run}</script>">link</a>`,
  `<a href="vbscript:${run}">link</a>`,
  `<body onload=${run}>`,
  `<details open ontoggle=${run}><summary>x</summary></details>`,
  `<video><source onerror=${run}></video>`,
  `<input autofocus onfocus=${run}>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${run}&gt;">`,
  `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  `<form action="javascript:${run}"><button>go</button></form>`,
  `<meta http-equiv=refresh content="0;url=javascript:${run}">`,
  `<object data="javascript:${run}"></object>`,
  `<div style="background:url(javascript:${run})">x</div>`,
  `"><img src=x onerror=${run}>`,
  `'-${run}-'`,
]
const values = [
  `javascript:${run}`,
  `JaVaScRiPt:${run}`,
  `java\nscript:${run}`,
  `\u0001javascript:${run}`,
  `data:text/html,<script>${run}</script>`,
  `data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="${run}"/>`,
  `"><img src=x onerror=${run}>`,
  `\\href{javascript:${run}}{x}`,
]
const markdown = payloads
  .concat(values.map(value => `[link](${value}) ![image](${value}) <${value}>`))
  .concat([`\`\`\`"><img src=x onerror=${run}>\n${payloads[1]}\n\`\`\``, `$\\href{javascript:${run}}{x}$`])
  .join('\n\n')
/** One of every kind that has values in it. */
const rich = `# Heading\n\n[a link](https://example.org) and ![an image](https://example.org/x.png "caption") and $x^2$

> [!note] callout\n\n\`\`\`js\ncode\n\`\`\`\n\n- [ ] task\n\n| a | b |\n|---|---|\n| c | [d](https://example.org) |\n\n$$\ny\n$$\n`

export async function prove({ full }: { full: boolean }) {
  const server = await accountsServer()
  const { owner } = await settle(server)
  const paths = await bringIn(owner, server.url, full ? values : values.slice(0, 4))
  const chromium = await launchChromium()
  let executions = 0
  let opened = 0
  let links = 0
  const control = await controlRun(chromium, owner)
  for (const bypassCSP of [false, true]) {
    const context = await chromiumContext(chromium, owner, bypassCSP, () => {
      executions += 1
    })
    for (const path of paths) {
      const page = await context.newPage()
      page.on('dialog', dialog => void dialog.dismiss())
      await page.goto(server.url + path, { waitUntil: 'load' }).catch(() => undefined)
      opened += 1
      if (path.startsWith('/d/')) links += await touch(page)
      await page.close()
    }
    await paste(context, server.url, owner)
    await context.close()
  }
  await chromium.close()
  await server.close({ atOnce: true })
  return {
    promise: 'P11',
    ok: executions === 0 && links > 0 && control > 0,
    payloads: payloads.length + values.length,
    opened,
    links,
    control,
    executions,
  }
}

/** @returns how many of the payloads run where nobody keeps them from it, so that a count of none says something. */
async function controlRun(chromium: Chromium, owner: Browser): Promise<number> {
  let ran = 0
  const context = await chromiumContext(chromium, owner, true, () => {
    ran += 1
  })
  const page = await context.newPage()
  for (const payload of payloads) await page.setContent(`<!doctype html><body>${payload}`).catch(() => undefined)
  await page.waitForLoadState('networkidle')
  await context.close()
  return ran
}

async function chromiumContext(chromium: Chromium, { url, cookie }: Browser, bypassCSP: boolean, onRun: () => void) {
  const context = await chromium.newContext({ bypassCSP, acceptDownloads: false })
  await context.exposeBinding('sheafRan', onRun)
  const [, name = '', value = ''] = /(sheaf_session)=([^;]+)/.exec(cookie) ?? []
  await context.addCookies([{ name, value, url }])
  return context
}

/** @returns the paths of all that was made. */
async function bringIn(owner: Browser, url: string, replacing: readonly string[]): Promise<string[]> {
  await owner.ask('PATCH', '/me', { name: `<img src=x onerror=${run}>` })
  const paths = ['/', '/admin?people', '/admin?audit']
  const imported = async (name: string, text: string): Promise<string> => {
    const answer = await owner.ask('POST', `/imports?name=${name}`, new TextEncoder().encode(text))
    const { documents } = answer.body as { documents: { id: string }[] }
    const [{ id }] = documents as [{ id: string }]
    paths.push(`/d/${id}`)
    return id
  }
  await imported('hostile.html', `<!doctype html><html><body>${payloads.join('\n<p>')}</body></html>`)
  const holder = await imported('hostile.md', markdown)
  for (const title of payloads.slice(0, 3)) await owner.ask('POST', '/documents', { title })
  for (const value of replacing) await replaceValues(owner, await imported('rich.md', rich), value)
  for (const [type, text] of [
    ['image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg" onload="${run}"><script>${run}</script></svg>`],
    ['text/html', `<!doctype html><script>${run}</script>`],
    ['image/png', `<!doctype html><script>${run}</script>`],
    ['application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml"><script>${run}</script></html>`],
  ]) {
    const bytes = new TextEncoder().encode(text)
    const answer = await owner.ask('POST', `/documents/${holder}/assets?name=x`, bytes, { 'content-type': type! })
    const at = (answer.body as { url?: string } | undefined)?.url
    if (at !== undefined) paths.push(at.replace(url, ''))
  }
  return paths
}

/** Puts the value in the place of every string in the body, as a raw update; what the gate refuses is no worry. */
async function replaceValues(owner: Browser, documentId: string, value: string): Promise<void> {
  const response = await fetch(`${owner.url}/api/v1/documents/${documentId}/update`, {
    headers: { cookie: owner.cookie },
  })
  const state = new Uint8Array(await response.arrayBuffer())
  const count = slots(openAt(state)).length
  for (let slot = 0; slot < count; slot++) {
    const ydoc = openAt(state)
    const since = Y.encodeStateVector(ydoc)
    ydoc.transact(() => slots(ydoc)[slot]!(value))
    await owner.ask('POST', `/documents/${documentId}/update`, Y.encodeStateAsUpdate(ydoc, since))
  }
}

function openAt(state: Uint8Array): Y.Doc {
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, state)
  return ydoc
}

/** A way to write each value of marks and blocks. */
function slots(ydoc: Y.Doc): ((value: string) => void)[] {
  const body = ydoc.getText('body')
  const found: ((value: string) => void)[] = []
  let at = 0
  for (const { insert, attributes = {} } of body.toDelta() as {
    insert: unknown
    attributes?: Record<string, unknown>
  }[]) {
    const from = at
    const length = typeof insert === 'string' ? insert.length : 1
    at += length
    for (const [name, held] of Object.entries(attributes)) {
      found.push(value => body.format(from, length, { [name]: replaced(held, value) }))
    }
    if (!(insert instanceof Y.Map)) continue
    for (const [name, held] of insert.entries()) {
      if (name === 'id' || name === 'type' || name === 'kind') continue
      found.push(value => insert.set(name, replaced(held, value)))
    }
  }
  return found
}

function replaced(held: unknown, value: string): unknown {
  if (typeof held !== 'object' || held === null) return value
  return Object.fromEntries(Object.keys(held).map(key => [key, value]))
}

/** Looks at the whole document and clicks what could run something. @returns how many links there are. */
async function touch(page: Page): Promise<number> {
  await page.locator('.sheaf-text').waitFor()
  await page.waitForLoadState('networkidle')
  const links = await page.evaluate(() => {
    const all = [...document.querySelectorAll<HTMLAnchorElement>('.sheaf-text a')]
    for (const link of all) if (!/^(https?|mailto|tel):$/.test(link.protocol)) link.click()
    return all.length
  })
  await page.locator('.sheaf-text').click()
  await page.keyboard.press('Control+End')
  await page.waitForLoadState('networkidle')
  return links
}

/** Everything from the clipboard, as HTML and as text. */
async function paste(context: BrowserContext, url: string, owner: Browser): Promise<void> {
  const { id } = (await owner.ask('POST', '/documents', {})).body as { id: string }
  const page = await context.newPage()
  page.on('dialog', dialog => void dialog.dismiss())
  await page.goto(`${url}/d/${id}`)
  await page.locator('.sheaf-gutter').waitFor({ state: 'attached' })
  await page.locator('.sheaf-text').click()
  for (const [html, text] of [
    [payloads.join('<p>'), payloads.join('\n')],
    ['', markdown],
  ]) {
    await page.evaluate(
      ([html, text]) => {
        const clipboardData = new DataTransfer()
        if (html !== '') clipboardData.setData('text/html', html!)
        clipboardData.setData('text/plain', text!)
        const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
        document.querySelector('.sheaf-text')!.dispatchEvent(paste)
      },
      [html, text],
    )
    await page.waitForFunction(() => (document.querySelector('.sheaf-text')?.textContent ?? '').length > 100)
  }
  await touch(page)
  await page.close()
}
