// Without a network: a new document is made, written, reloaded and found again on this device, and the server has it once it is back.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

describeUnless(noChromium, 'without a network', () => {
  let server: ServerProcess
  let ada: Person

  beforeEach(async () => {
    server = await ServerProcess.start()
    ada = await Person.arrive({ name: 'Ada' })
  })
  afterEach(async () => {
    await ada.leave()
    await server.dispose()
  })

  test('a document is made on the device, and on the server when there is one again: once, with everything once', async () => {
    const { page, context } = ada
    await page.goto(server.url)
    await page.getByText('Nothing here yet. Start a document, or bring your old ones.').waitFor()
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
    await context.setOffline(true)
    await page.getByRole('button', { name: 'New document' }).first().click()
    await page.locator('.sheaf-title').click()
    await ada.type('Made offline')
    await page.keyboard.press('Enter')
    await ada.type('first line')
    await page.keyboard.press('Enter')
    await ada.type('second line')
    await page.getByText(/Offline — \d+ changes kept on this device/).waitFor()

    await page.reload()
    await page.getByText('second line').waitFor()
    const address = page.url()
    await page.goto(`${server.url}/?kept`)
    await page.getByText('Made offline').waitFor()
    await page.getByText('Made on this device. The server gets it when it can be reached.').waitFor()

    await context.setOffline(false)
    await page.goto(address)
    await page.getByText('Saved', { exact: true }).waitFor()
    const id = address.split('/').at(-1)
    const answer = await fetch(`${server.url}/api/v1/documents/${id}/content`, { headers: { accept: 'text/plain' } })
    const text = await answer.text()
    expect(text.split('first line')).toHaveLength(2)
    expect(text.trim().split('\n').slice(-2)).toEqual(['first line', 'second line'])
    const list = await fetch(`${server.url}/api/v1/documents`)
    expect(((await list.json()) as { items: unknown[] }).items).toHaveLength(1)
  })
})
