// The ways in beside a password, as people meet them: the account of an OpenID provider, with an invitation and without; a new password by mail.

import { expect, onTestFinished, test } from 'vitest'
import { goodPassword } from '../helpers/browsers.ts'
import { launchChromium, noChromium } from '../helpers/chromium.ts'
import { mailPassword, startMailServer } from '../helpers/mail-server.ts'
import { clientId, clientSecret, startProvider } from '../helpers/openid.ts'
import { startPlace } from '../helpers/people.ts'
import { describeUnless } from '../helpers/requirements.ts'

describeUnless(noChromium, 'the ways in', () => {
  test('O1: a button leads to the provider and back into the document; who has no account is told so', async () => {
    const urls: string[] = []
    const provider = await startProvider(() => urls)
    const { owner, server } = await startPlace({
      oidc: { issuer: provider.issuer, clientId, clientSecret, name: 'Library ID', signUp: false, matchMail: false },
    })
    urls.push(`${server.url}/api/v1/oidc/callback`)
    const chromium = await launchChromium()
    onTestFinished(() => chromium.close())
    const page = await chromium.newPage()
    const button = page.getByRole('button', { name: 'Continue with Library ID' })
    provider.person = { subject: 'ana-1', name: 'Ana Ruiz' }

    await page.goto(`${server.url}/signin`)
    await button.click()
    await page.getByText('There is no account for you here.').waitFor()

    const { body } = await owner.ask('POST', '/invites', {})
    await page.goto(String(body?.url))
    await button.click()
    await page.waitForURL(`${server.url}/`)
    await page.getByRole('button', { name: /Ana Ruiz/ }).waitFor()

    await page.context().clearCookies()
    const made = await owner.ask('POST', '/documents', { title: 'Plan' })
    const address = `${server.url}/d/${made.body?.id}`
    await page.goto(address)
    await button.click()
    // It is Mira's, so there is nothing to see for Ana, who is in.
    await page.getByRole('button', { name: 'Ask for access' }).waitFor()
    expect(page.url()).toBe(address)
  })

  test('A11: who has forgotten the password gets a link by mail, and is in with another one', async () => {
    const post = await startMailServer()
    const mail = { url: post.url, password: mailPassword, from: 'Sheaf <sheaf@docs.example>' }
    const { server } = await startPlace({ mail })
    const chromium = await launchChromium()
    onTestFinished(() => chromium.close())
    const page = await chromium.newPage()
    await page.goto(`${server.url}/signin`)
    await page.getByRole('button', { name: 'Forgot it?' }).click()
    await page.getByLabel('Mail or user name').fill('mira@example.org')
    await page.getByRole('button', { name: 'Send a link' }).click()
    await page.getByText('a link is on its way').waitFor()
    await expect.poll(() => post.taken.length).toBe(1)
    await page.goto(/http:\S+/.exec(post.taken[0]?.text ?? '')?.[0] ?? '')
    await page.getByLabel('New password').fill('another good password')
    await page.getByRole('button', { name: 'Set password' }).click()
    await page.waitForURL(`${server.url}/`)
    await page.getByRole('button', { name: /Mira Halden/ }).waitFor()
  })

  test('A12: language and theme are those of the account, on the next device too', async () => {
    const { owner, server } = await startPlace()
    await owner.ask('POST', '/documents', { title: 'Plan' })
    const chromium = await launchChromium()
    onTestFinished(() => chromium.close())
    const arrive = async () => {
      const page = await (await chromium.newContext({ locale: 'en-US', colorScheme: 'light' })).newPage()
      await page.goto(`${server.url}/signin`)
      await page.locator('input[name=login]').fill('mira@example.org')
      await page.locator('input[name=password]').fill(goodPassword)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.waitForURL(`${server.url}/`)
      return page
    }
    const desk = await arrive()
    await desk.getByRole('button', { name: /Mira Halden/ }).click()
    await desk.getByRole('menuitemradio', { name: 'Dark' }).click()
    await desk.getByRole('button', { name: /Mira Halden/ }).click()
    await desk.getByRole('menuitem', { name: 'Change name' }).click()
    await desk.getByLabel('Language').selectOption('de')
    await desk.getByRole('button', { name: 'Save name' }).click()
    await desk.getByText('Zuletzt bearbeitet').waitFor()

    const laptop = await arrive()
    await laptop.getByText('Zuletzt bearbeitet').waitFor()
    expect(await laptop.locator('html').getAttribute('data-theme')).toBe('dark')
  })
})
