// What Chromium loads before a document can be written in, counted as it travels: all of it from this server, none of it too much.

import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

const maxScriptBytes = 130_000

describeUnless(noChromium, 'the first load', () => {
  let server: ServerProcess
  let ada: Person

  beforeAll(async () => {
    server = await ServerProcess.start()
    return () => server.dispose()
  })

  afterEach(() => ada.leave())

  test('JavaScript of the document page: at most 130 KB compressed; everything comes from this server; no errors', async () => {
    await createDocument(server.url, 'first-load', { title: 'First', text: 'Hello.' })
    ada = await Person.arrive({ name: 'Ada' })
    const scripts = new Map<string, Promise<number>>()
    const foreign: string[] = []
    const complaints: string[] = []
    ada.page.on('response', response => {
      const url = response.url()
      if (new URL(url).origin !== server.url) foreign.push(url)
      if (
        /javascript/.test(response.headers()['content-type'] ?? '') &&
        response.request().resourceType() === 'script'
      ) {
        scripts.set(
          url,
          response.body().then(body => gzipSync(body, { level: 9 }).byteLength),
        )
      }
    })
    ada.page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
    })
    ada.page.on('pageerror', error => complaints.push(String(error)))
    await ada.open(server.url, 'first-load')
    await ada.sees('Hello.')
    // What comes later (menus, the carets of others) is not in anybody's way.
    const first = [...scripts]
    const sizes = await Promise.all(first.map(([, size]) => size))
    await ada.clickBody()
    await ada.type('!')
    await ada.says(/^Saved$/)
    const total = sizes.reduce((sum, size) => sum + size, 0)
    expect(total, first.map(([url], index) => `${sizes[index]} ${url}`).join('\n')).toBeLessThanOrEqual(maxScriptBytes)
    expect(total).toBeGreaterThan(50_000)
    expect(foreign).toEqual([])
    expect(complaints).toEqual([])
  })

  test('the home page loads no editor', async () => {
    ada = await Person.arrive({ name: 'Ada' })
    let bytes = 0
    const bodies: Promise<void>[] = []
    ada.page.on('response', response => {
      if (response.request().resourceType() !== 'script') return
      bodies.push(
        response.body().then(body => {
          bytes += gzipSync(body, { level: 9 }).byteLength
        }),
      )
    })
    await ada.page.goto(server.url)
    await ada.reads('New document')
    await Promise.all(bodies)
    expect(bytes).toBeLessThan(60_000)
  })
})
