// The editor in a page of somebody else: the lines of docs/embedding.md, bundled and run as they stand there, in a bare page under a strict
// content security policy.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; connect-src 'self' ws:"
const types: Readonly<Record<string, string>> = { html: 'text/html', js: 'text/javascript', css: 'text/css' }

describeUnless(noChromium, 'the editor in a page of somebody else', () => {
  const alone = adaAlone()
  const files = new Map<string, string | Buffer>()

  beforeAll(async () => {
    const guide = readFileSync(`${root}/docs/embedding.md`, 'utf8')
    const [html, script] = ['html', 'ts'].map(kind => new RegExp(`\`\`\`${kind}\n([^]*?)\`\`\``).exec(guide)![1]!)
    const styles = ['tokens', 'editor', 'blocks', 'tools'].map(name => `import '@sheaf/editor/${name}.css'\n`).join('')
    const { outputFiles } = await build({
      stdin: { contents: styles + script, resolveDir: `${root}/packages/editor`, loader: 'ts', sourcefile: 'embed.ts' },
      bundle: true,
      splitting: true,
      format: 'esm',
      target: 'es2022',
      loader: { '.woff2': 'file' },
      outdir: '/embed',
      write: false,
      logLevel: 'error',
    })
    for (const { path, contents } of outputFiles) files.set(path.slice('/embed/'.length), Buffer.from(contents))
    const head = '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="stdin.css">'
    files.set('page.html', `${head}${html}<script type="module" src="stdin.js"></script>`)
  })

  test('stands in ten lines, writes with others, and breaks no rule of a strict content security policy', async () => {
    const { ada, server } = alone
    const broken: string[] = []
    ada.page.on('console', message => {
      if (message.type() === 'error') broken.push(message.text())
    })
    ada.page.on('pageerror', error => broken.push(String(error)))
    await ada.page.addInitScript(() => {
      addEventListener('securitypolicyviolation', event =>
        console.error(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`),
      )
    })
    // A page that a test gives has no place in any network; browsers that mind are told that it may reach this one.
    await ada.context.grantPermissions(['local-network-access']).catch(() => undefined)
    await ada.page.route('**/embed/*', route => {
      const name = new URL(route.request().url()).pathname.slice('/embed/'.length)
      const body = files.get(name)
      if (body === undefined) return route.fulfill({ status: 404 })
      const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'font/woff2'
      return route.fulfill({ body, contentType: type, headers: { 'content-security-policy': policy } })
    })
    await createDocument(server.url, 'plan', { title: 'The plan', text: 'First.' })
    await ada.page.goto(`${server.url}/embed/page.html`)
    await ada.sees('First.')
    await ada.page.locator('.sheaf-gutter').waitFor({ state: 'attached' })
    await ada.clickBody()
    await ada.page.keyboard.press('Enter')
    await ada.type('/call')
    await ada.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row').first().waitFor()
    await ada.page.keyboard.press('Enter')
    await ada.type('Careful, **wet** $x^2$ :tada: [^a note]')
    await ada.page.keyboard.press('Enter')
    await ada.type('/table')
    await ada.page.keyboard.press('Enter')
    await ada.type('in a cell')
    await ada.page.locator('span.sheaf-math math').waitFor()
    await ada.page.locator('.sheaf-notes li').waitFor()
    await ada.page.keyboard.press('Shift+Home')
    await ada.page.locator('.sheaf-bubble[aria-label=Format]').waitFor()
    await ada.page.keyboard.press('Control+f')
    await ada.page.getByRole('textbox', { name: 'Find' }).waitFor()
    const read = async (): Promise<string> =>
      (await fetch(`${server.url}/api/v1/documents/plan/export?format=markdown`)).text()
    // The list of emoji may come after the name of one was typed.
    await expect.poll(read).toContain('Careful, **wet** $x^2$ 🎉')
    expect(await read()).toContain('in a cell')
    expect(broken).toEqual([])
  })
})
