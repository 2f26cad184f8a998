// Accounts and sharing as people meet them: Mira owns the place, Ana is invited, a guest comes by a link. Everything that has a key is done
// by keys.

import { defaultLimits } from '@sheaf/protocol'
import type { Browser as Chromium, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog } from '../../server/src/log.ts'
import { createServer, type SheafServer } from '../../server/src/server.ts'
import { goodPassword, type Place, quickPasswords, settle } from '../helpers/browsers.ts'
import { launchChromium, noChromium } from '../helpers/chromium.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'
import { Person } from './editor-page.ts'

describeUnless(noChromium, 'people who share', () => {
  let chromium: Chromium
  let server: SheafServer
  let place: Place
  /** Ana's, which can be cut. */
  let network: TcpProxy
  let mira: Person
  let ana: Person
  let guest: Person

  beforeAll(async () => {
    server = await createServer({
      data: '',
      memory: true,
      listen: { host: '127.0.0.1', port: 0 },
      openMode: false,
      passwords: quickPasswords(),
      log: silentLog,
      limits: defaultLimits,
    })
    place = await settle(server)
    network = await TcpProxy.start(server.port)
    chromium = await launchChromium()
    mira = await Person.arrive({ name: 'Mira', browser: chromium })
    ana = await Person.arrive({ name: 'Ana', browser: chromium })
    guest = await Person.arrive({ name: 'Blue Heron', browser: chromium })
  })

  afterAll(async () => {
    await chromium?.close()
    await network?.close()
    await server?.close({ atOnce: true })
  })

  test('invite, share, take away and give back, with the text of each safe', async () => {
    const anaUrl = `http://127.0.0.1:${network.port}`

    // Signing in, by keys alone.
    await mira.page.goto(`${server.url}/signin`)
    await mira.page.locator('input[name=login]:focus').waitFor()
    await fillIn(mira.page, ['mira@example.org', goodPassword])
    await mira.page.waitForURL(`${server.url}/`)

    // An invitation, and who accepts it.
    await mira.page.goto(`${server.url}/admin?people`)
    await mira.page.locator('.admin-invite input[name=note]').focus()
    await mira.page.keyboard.type('Ana')
    await mira.page.keyboard.press('Enter')
    const invitation = await mira.page.locator('.admin-made input').inputValue()
    await ana.page.goto(invitation.replace(server.url, anaUrl))
    await ana.page.locator('input[name=name]:focus').waitFor()
    await fillIn(ana.page, ['Ana', 'ana', goodPassword])
    await ana.page.waitForURL(`${anaUrl}/`)

    // Asking for access, and being let in from the share dialog.
    const { id } = (await place.owner.ask('POST', '/documents', { title: 'Plan', text: 'Begun. ' })).body as {
      id: string
    }
    await ana.page.goto(`${anaUrl}/d/${id}`)
    await ana.page.getByRole('button', { name: 'Ask for access' }).click()
    await ana.reads(/^Asked/)
    await mira.open(server.url, id)
    await openShare(mira.page)
    await tabTo(mira.page, 'Let in')
    await mira.page.keyboard.press('Enter')
    await mira.page.getByLabel('What Ana may do').waitFor()
    await mira.page.keyboard.press('Escape')
    await mira.page.getByRole('dialog').waitFor({ state: 'detached' })
    await ana.open(anaUrl, id)
    await ana.clickBody()
    await ana.type('Ana writes. ')
    await mira.sees('Begun. Ana writes.')

    // A guest, by a link that anyone may edit with.
    await openShare(mira.page)
    await mira.page.getByLabel('Who else may open it').selectOption('anyone')
    await mira.page.getByLabel('What others may do').selectOption('editor')
    await mira.page.keyboard.press('Escape')
    const link = (await place.owner.ask('POST', `/documents/${id}/sharing/secrets`, {})).body as { url: string }
    await guest.page.goto(link.url)
    await guest.page.locator('.sheaf-gutter').waitFor({ state: 'attached' })
    expect(guest.page.url()).not.toContain('key')
    await guest.clickBody()
    await guest.type('A guest writes. ')
    await Promise.all([mira.sees('A guest writes.'), ana.sees('A guest writes.')])

    // What the link opens, as others see it, and back.
    await openShare(mira.page)
    await mira.page.getByLabel('What others may do').selectOption('viewer')
    await mira.page.getByRole('button', { name: 'See as a guest' }).click()
    await mira.reads(/as somebody does who can view it/)
    await mira.says(/View only/)
    await mira.sees('A guest writes.')
    expect(await mira.page.getByRole('button', { name: 'Share' }).count()).toBe(0)
    await mira.page.getByRole('link', { name: 'Back to my view' }).click()
    await mira.page.locator('.sheaf-text[contenteditable=true]').waitFor()
    await openShare(mira.page)
    await mira.page.getByLabel('What others may do').selectOption('editor')
    await mira.page.keyboard.press('Escape')

    // Ana may only view from now on, while words of hers are on their way: the editor stands still, says so, and has her words.
    await ana.says(/^Saved$/)
    network.cut()
    await ana.clickBody()
    await ana.type('Not sent yet. ')
    await openShare(mira.page)
    await mira.page.getByLabel('What Ana may do').selectOption('viewer')
    await mira.page.keyboard.press('Escape')
    network.mend()
    await ana.reads(/Your access changed to “can view”/)
    expect(await ana.page.locator('.sheaf-text').getAttribute('contenteditable')).toBe('false')
    await ana.sees('Not sent yet.')
    await ana.page.getByRole('button', { name: /Download a copy/ }).waitFor()
    expect(await mira.text()).not.toContain('Not sent yet.')

    // With her words put aside she reads on.
    await ana.page.getByRole('button', { name: 'Open anew' }).click()
    await ana.says(/View only/)
    expect(await ana.text()).not.toContain('Not sent yet.')

    // Out altogether, the guest too, and in again.
    await openShare(mira.page)
    await mira.page.getByLabel('What Ana may do').selectOption('none')
    await mira.page.getByLabel('Who else may open it').selectOption('restricted')
    await Promise.all([ana.reads(/Your access .* was taken away/), guest.reads(/Your access .* was taken away/)])
    await mira.page.keyboard.press('Escape')
    const account = await server.authority.requireLogin('ana')
    await server.authority.sharing.give(id, account.userId, 'editor')
    await ana.open(anaUrl, id)
    await ana.sees('Begun. Ana writes.')

    // Made a reader with words on their way, and put out before she has looked: the page says so, and has her words.
    await ana.says(/^Saved$/)
    network.cut()
    await ana.clickBody()
    await ana.type('Nor are these. ')
    await server.authority.sharing.give(id, account.userId, 'viewer')
    network.mend()
    await ana.reads(/Your access changed to “can view”/)
    await server.authority.sharing.give(id, account.userId, 'none')
    await ana.reads(/Your access .* was taken away/)
    await ana.reads(/Keep (?:it|them) as a file/)
    await ana.page.getByRole('button', { name: /Download a copy/ }).waitFor()
  })

  test('K24: a person is mentioned by a few letters of their name, as others read it, and sees that it is them', async () => {
    const { items } = (await place.owner.ask('GET', '/users')).body as { items: { id: string; name: string }[] }
    const { id: userId } = items.find(({ name }) => name === 'Ana')!
    const made = await place.owner.ask('POST', '/documents', { title: 'Who does what', text: '' })
    const { id } = made.body as { id: string }
    await place.owner.ask('PUT', `/documents/${id}/sharing/people/${userId}`, { role: 'editor' })
    await mira.open(server.url, id)
    await ana.open(`http://127.0.0.1:${network.port}`, id)
    await mira.clickBody()
    await mira.type('Ask @an')
    const row = mira.page.locator('.sheaf-listing:not([hidden]) .sheaf-menu-row', { hasText: 'Ana' })
    await row.waitFor()
    expect(await mira.page.locator('.sheaf-listing .sheaf-menu-group').first().innerText()).toBe('People')
    await mira.page.keyboard.press('Enter')
    await mira.type('first.')
    await ana.page.locator('.sheaf-mention.sheaf-self', { hasText: '@Ana' }).waitFor()
    expect(await mira.page.locator('.sheaf-mention').innerText()).toBe('@Ana')
    expect(await mira.page.locator('.sheaf-self').count()).toBe(0)
    await mira.says(/^Saved$/)
    const text = await place.owner.ask('GET', `/documents/${id}/export?format=text`)
    expect(text.text.trim()).toMatch(/Ask @Ana first\.$/)
  })
})

/** Types into one field after the other, and sends the form. */
async function fillIn(page: Page, texts: readonly string[]): Promise<void> {
  for (const [i, text] of texts.entries()) {
    if (i > 0) await page.keyboard.press('Tab')
    await page.keyboard.type(text)
  }
  await page.keyboard.press('Enter')
}

async function openShare(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Share' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog').getByText('mira@example.org').waitFor()
}

/** Walks with Tab until the button of this name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).waitFor()
  for (let i = 0; i < 30; i++) {
    if ((await page.evaluate(() => document.activeElement?.textContent)) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to “${name}”.`)
}
