// Accounts as browsers meet them: set-up, signing in and out, invitations, resets, sessions.

import { describe, expect, test } from 'vitest'
import { Browser, goodPassword, quickPasswords } from '../../helpers/browsers.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { startPlace } from '../../helpers/people.ts'
import { plainRequest, startServer } from '../../helpers/running-server.ts'

const person = { name: 'Ana Ruiz', login: 'ana@example.org', password: goodPassword }
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs

describe('the first owner', () => {
  test('A1: is made by the set-up link, once; an open server has accounts from then on', async () => {
    const server = await startServer({ openMode: true, passwords: quickPasswords() })
    const [guest, owner, late] = [1, 2, 3].map(() => new Browser(server.url)) as [Browser, Browser, Browser]
    expect((await guest.ask('GET', '/me')).body).toMatchObject({ kind: 'guest', role: 'editor', mode: 'open' })
    const socket = await guest.open('welcome', { extension: false })
    await socket.next('step1')
    const secret = server.authority.invitations.beginSetUp()
    expect((await late.ask('POST', '/setup', { ...person, secret: 'x'.repeat(27), site: 'Room' })).status).toBe(403)
    expect((await owner.ask('POST', '/setup/look', { secret })).status).toBe(204)
    expect((await owner.ask('POST', '/setup', { ...person, secret, site: 'Room' })).status).toBe(204)
    expect((await late.ask('POST', '/setup', { ...person, secret, site: 'Room' })).status).toBe(403)
    expect(server.authority.invitations.beginSetUp()).toBeUndefined()
    // Who was in as a guest is out, and what guests wrote is the owner's.
    expect((await socket.closed).code).toBe(4401)
    expect((await guest.ask('GET', '/documents')).status).toBe(401)
    expect((await owner.ask('GET', '/me')).body).toMatchObject({ kind: 'user', mode: 'accounts', site: 'Room' })
    expect((await owner.ask('GET', '/documents')).body).toMatchObject({ items: [{ id: 'welcome' }] })
  })

  test('A1: the set-up link ends after 30 minutes', async () => {
    const clock = new ManualClock()
    const server = await startServer({ openMode: false, passwords: quickPasswords(), clock })
    const secret = server.authority.invitations.beginSetUp() ?? ''
    clock.advance(30 * minuteMs)
    const answer = await new Browser(server.url).ask('POST', '/setup', { ...person, secret, site: 'Room' })
    expect(answer.status).toBe(403)
    clock.advance(60_000)
  })

  test('A1: of many who come with the link at the same time one becomes the owner', async () => {
    const server = await startServer({ openMode: false, passwords: quickPasswords() })
    const secret = server.authority.invitations.beginSetUp()
    const asked = ['ana', 'bo', 'ines', 'tom'].map(login =>
      new Browser(server.url).ask('POST', '/setup', { ...person, login, secret, site: 'Room' }),
    )
    expect((await Promise.all(asked)).map(({ status }) => status).sort()).toEqual([204, 403, 403, 403])
    expect(await server.authority.users.list()).toHaveLength(1)
  })
})

describe('signing in', () => {
  test('A2: sets a cookie that scripts cannot read and other sites do not send; signing out ends it', async () => {
    const { owner, server } = await startPlace()
    const browser = new Browser(server.url)
    const answer = await browser.signIn('MIRA@example.org')
    const cookie = answer.headers.getSetCookie().find(text => text.startsWith('sheaf_session='))
    expect(cookie).toMatch(
      /^sheaf_session=[A-Za-z0-9]{16}\.[A-Za-z0-9]{16}\.[\w-]{27}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/,
    )
    expect((await browser.ask('GET', '/me')).body).toMatchObject({ user: { name: 'Mira Halden' } })
    const stolen = new Browser(server.url, browser.cookie)
    expect((await browser.ask('DELETE', '/sessions/current')).status).toBe(204)
    expect(browser.cookie).not.toContain('sheaf_session')
    expect((await stolen.ask('GET', '/sessions')).status).toBe(401)
    expect((await owner.ask('GET', '/sessions')).status).toBe(200)
  })

  test('A2: behind TLS the cookie is __Host- and Secure, and one without that name opens nothing', async () => {
    const server = await startServer({
      openMode: false,
      passwords: quickPasswords(),
      publicUrl: new URL('https://docs.example'),
    })
    await server.authority.users.create(person)
    const send = (method: string, path: string, headers: Record<string, string>, body?: object) =>
      plainRequest(`${server.url}/api/v1${path}`, {
        method,
        headers: { host: 'docs.example', ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
    const json = { 'content-type': 'application/json', origin: 'https://docs.example' }
    const answer = await send('POST', '/sessions', json, { login: person.login, password: person.password })
    const cookie = String([answer.headers['set-cookie']].flat().find(text => text?.includes('session')))
    expect(cookie).toMatch(/^__Host-sheaf_session=.*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/)
    const [pair = ''] = cookie.split(';')
    expect((await send('GET', '/sessions', { cookie: pair })).status).toBe(200)
    expect((await send('GET', '/sessions', { cookie: pair.replace('__Host-', '') })).status).toBe(401)
  })

  test('A4: a wrong name and a wrong password look the same, and the eleventh attempt of a minute is not looked at', async () => {
    const { server } = await startPlace()
    const browser = new Browser(server.url)
    const [wrong, nobody] = [await browser.signIn('mira@example.org', 'wrong'), await browser.signIn('nobody', 'wrong')]
    const plain = ({ body }: { body: Record<string, unknown> | undefined }) => ({ ...body, requestId: '' })
    expect(wrong.status).toBe(401)
    expect(plain(wrong)).toEqual(plain(nobody))
    // Setting the place up was not an attempt.
    for (let i = 0; i < 8; i++) await browser.signIn(`nobody${i}`, 'wrong')
    const refused = await browser.signIn('mira@example.org')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30)
  })

  test('A5: a session ends 7 days after its last use, and after 30 days however much it is used', async () => {
    const clock = new ManualClock()
    const { server, owner } = await startPlace({ clock })
    const idle = new Browser(server.url)
    await idle.signIn('mira@example.org')
    for (let day = 0; day < 29; day++) {
      expect((await owner.ask('GET', '/sessions')).status).toBe(200)
      clock.advance(dayMs)
    }
    expect((await idle.ask('GET', '/sessions')).status).toBe(401)
    expect((await owner.ask('GET', '/sessions')).status).toBe(200)
    clock.advance(dayMs)
    expect((await owner.ask('GET', '/sessions')).status).toBe(401)
  })

  test('A5: one can see where one has signed in, and end any of it; another password ends all the others', async () => {
    const { server, owner, join } = await startPlace()
    const ana = await join('ana')
    const [phone, library] = [new Browser(server.url), new Browser(server.url)]
    for (const browser of [phone, library]) await browser.signIn('ana')
    const items = (await ana.ask('GET', '/sessions')).body?.items as { id: string; isCurrent: boolean }[]
    expect(items).toHaveLength(3)
    const other = items.find(({ isCurrent }) => !isCurrent)?.id
    expect((await owner.ask('DELETE', `/sessions/${other}`)).status).toBe(404)
    expect((await ana.ask('DELETE', `/sessions/${other}`)).status).toBe(204)
    const alive = async () =>
      (await Promise.all([ana, phone, library].map(b => b.ask('GET', '/sessions')))).map(a => a.status)
    expect((await alive()).filter(status => status === 200)).toHaveLength(2)
    const wrong = { current: 'wrong', password: 'another long password' }
    expect((await ana.ask('POST', '/me/password', wrong)).status).toBe(400)
    expect((await ana.ask('POST', '/me/password', { ...wrong, current: goodPassword })).status).toBe(204)
    expect((await alive()).filter(status => status === 200)).toHaveLength(1)
    expect((await library.signIn('ana')).status).toBe(401)
    expect((await library.signIn('ana', wrong.password)).status).toBe(204)
  })
})

describe('invitations and resets', () => {
  test('A6: an invitation makes one account, by its secret, until it is taken back', async () => {
    const { server, owner, join, stranger } = await startPlace()
    const ana = await join('ana')
    expect((await ana.ask('POST', '/invites', {})).status).toBe(403)
    const invite = async () => {
      const { body } = await owner.ask('POST', '/invites', { note: 'for Bo' })
      return { id: String(body?.id), secret: /\/invite#([\w-]{27})$/.exec(String(body?.url))?.[1] ?? '' }
    }
    const first = await invite()
    const bo = stranger()
    expect((await bo.ask('POST', '/invites/look', { secret: first.secret })).body).toEqual({
      invitedBy: 'Mira Halden',
      site: 'Reading Room',
    })
    const fields = { name: 'Bo Lindqvist', login: 'bo', password: goodPassword, secret: first.secret }
    expect((await bo.ask('POST', '/invites/accept', { ...fields, login: 'ANA' })).status).toBe(412)
    expect((await bo.ask('POST', '/invites/accept', fields)).status).toBe(204)
    expect((await bo.ask('GET', '/me')).body).toMatchObject({ user: { name: 'Bo Lindqvist', isOwner: false } })
    expect((await stranger().ask('POST', '/invites/accept', { ...fields, login: 'eve' })).status).toBe(403)
    const second = await invite()
    expect((await owner.ask('DELETE', `/invites/${second.id}`)).status).toBe(204)
    expect((await stranger().ask('POST', '/invites/look', { secret: second.secret })).status).toBe(403)
    expect(JSON.stringify(server.logLines)).not.toContain(first.secret)
  })

  test('A6: a reset link sets a password once, and ends every session of the account', async () => {
    const { owner, join, stranger } = await startPlace()
    const ana = await join('ana')
    const { body } = await owner.ask('POST', `/users/${ana.userId}/reset`)
    const secret = /\/reset#([\w-]{27})$/.exec(String(body?.url))?.[1] ?? ''
    const phone = stranger()
    expect((await phone.ask('POST', '/resets', { secret, password: 'short' })).status).toBe(400)
    expect((await phone.ask('POST', '/resets', { secret, password: 'another long password' })).status).toBe(204)
    expect((await phone.ask('GET', '/sessions')).status).toBe(200)
    expect((await ana.ask('GET', '/sessions')).status).toBe(401)
    expect((await stranger().ask('POST', '/resets', { secret, password: goodPassword })).status).toBe(403)
    expect((await ana.signIn('ana')).status).toBe(401)
  })

  test('A7: who is disabled is out at once; the last owner cannot be', async () => {
    const { server, owner, join } = await startPlace()
    const ana = await join('ana')
    const mira = await server.authority.requireLogin('mira@example.org')
    expect((await ana.ask('PATCH', `/users/${mira.userId}`, { disabled: true })).status).toBe(403)
    expect((await owner.ask('PATCH', `/users/${mira.userId}`, { disabled: true })).status).toBe(412)
    expect((await owner.ask('PATCH', `/users/${ana.userId}`, { disabled: true })).status).toBe(200)
    expect((await ana.ask('GET', '/documents')).status).toBe(401)
    expect((await ana.signIn('ana')).status).toBe(401)
    await owner.ask('PATCH', `/users/${ana.userId}`, { disabled: false })
    expect((await ana.signIn('ana')).status).toBe(204)
  })

  test('a profile has a name, a colour, a language and a theme, and bad ones are refused with the field', async () => {
    const { owner } = await startPlace()
    const fields = { name: '  Mira   H. ', color: 7, language: 'pt-BR', theme: 'dark' }
    expect((await owner.ask('PATCH', '/me', fields)).body).toMatchObject({ ...fields, name: 'Mira H.' })
    for (const wrong of [{ name: '' }, { color: 13 }, { language: '<b>' }, { theme: 'pink' }, { isOwner: true }]) {
      const answer = await owner.ask('PATCH', '/me', wrong)
      expect(answer).toMatchObject({ status: 400, body: { field: `/${Object.keys(wrong)[0]}` } })
    }
  })
})
