// Signing in with the account of an OpenID provider, against a real one: who gets in, as whom, and who does not.

import { describe, expect, test } from 'vitest'
import type { OidcSettings } from '../../../server/src/auth/oidc.ts'
import { Browser } from '../../helpers/browsers.ts'
import { clientId, clientSecret, type Known, startProvider } from '../../helpers/openid.ts'
import { startPlace } from '../../helpers/people.ts'

const ana = { subject: 'ana-1', name: 'Ana Ruiz', mail: 'ana@example.org', isVerified: true }

async function startBoth(settings: Partial<OidcSettings> = {}) {
  const urls: string[] = []
  const provider = await startProvider(() => urls)
  const oidc = { issuer: provider.issuer, clientId, clientSecret, name: 'Library ID', signUp: false, matchMail: false }
  const place = await startPlace({ oidc: { ...oidc, ...settings } })
  urls.push(`${place.server.url}/api/v1/oidc/callback`)
  const { url } = place.server
  /** In a browser of their own, to the provider and back. */
  const comeIn = async (person: Known | undefined, fields: Record<string, string> = {}) => {
    const browser = new Browser(url)
    provider.person = person
    return { browser, end: await finish(browser, await begin(browser, fields)) }
  }
  return { provider, place, comeIn }
}

/** @returns the address with which the provider sends the browser back. */
async function begin(browser: Browser, fields: Record<string, string> = {}): Promise<string> {
  const { body, status, text } = await browser.ask('POST', '/oidc', fields)
  if (status !== 200) throw new Error(text)
  let [next, cookies] = [String(body?.url), '']
  while (!next.startsWith(browser.url)) {
    const response = await fetch(next, { redirect: 'manual', headers: { cookie: cookies } })
    cookies = [cookies, ...response.headers.getSetCookie().map(cookie => cookie.split(';')[0])].join('; ')
    const location = response.headers.get('location')
    if (location === null) throw new Error(`${response.status} ${await response.text()}`)
    next = new URL(location, next).href
  }
  return next
}

/** @returns where the browser is at last: a path. */
async function finish(browser: Browser, callback: string): Promise<string> {
  const { headers } = await browser.ask('GET', callback.slice(`${browser.url}/api/v1`.length))
  return headers.get('location') ?? ''
}

function flowIn({ cookie }: Browser): Record<string, string> {
  return JSON.parse(Buffer.from(/sheaf_oidc=([\w-]+)/.exec(cookie)?.[1] ?? '', 'base64url').toString())
}

function flowCookieOf(flow: object): string {
  return `sheaf_oidc=${Buffer.from(JSON.stringify(flow)).toString('base64url')}`
}

async function invitation(place: { owner: Browser }): Promise<string> {
  const { body } = await place.owner.ask('POST', '/invites', {})
  return String(body?.url).split('#')[1]!
}

async function userIn(browser: Browser) {
  const { body } = await browser.ask('GET', '/me')
  return body?.user as { id: string; name: string; login: string } | undefined
}

async function nameIn(browser: Browser): Promise<string | undefined> {
  return (await userIn(browser))?.name
}

describe('an account of an OpenID provider', () => {
  test('O1: opens with an invitation once, and from then on by itself; it has no password', async () => {
    const { place, comeIn } = await startBoth()
    const { body } = await new Browser(place.server.url).ask('GET', '/me')
    expect(body).toMatchObject({ kind: 'anonymous', provider: { name: 'Library ID' } })
    expect((await comeIn(ana)).end).toBe('/signin#no-account')
    const invite = await invitation(place)
    const first = await comeIn(ana, { invite, next: '/d/plan?view=all' })
    expect(first.end).toBe('/d/plan?view=all')
    expect((await first.browser.ask('GET', '/me')).body).toMatchObject({
      user: { name: 'Ana Ruiz', login: 'ana@example.org', isOwner: false },
    })
    expect((await comeIn({ subject: 'bo-1' }, { invite })).end).toBe('/signin#ended')
    // A name or an address that changes there changes nothing here.
    const again = await comeIn({ ...ana, name: 'Somebody Else', mail: 'other@example.org' })
    expect([again.end, await nameIn(again.browser)]).toEqual(['/', 'Ana Ruiz'])
    expect((await again.browser.ask('GET', '/sessions')).body?.items).toHaveLength(2)
    expect((await new Browser(place.server.url).signIn('ana@example.org', '')).status).toBe(401)
    // Who signs out is out here; who is signed in elsewhere stays.
    expect((await again.browser.ask('DELETE', '/sessions/current')).status).toBe(204)
    expect(await nameIn(again.browser)).toBeUndefined()
    expect(await nameIn(first.browser)).toBe('Ana Ruiz')
    const acts = (await place.server.authority.audit.list({ limit: 20 })).map(({ act, fields }) => [
      act,
      fields?.reason,
    ])
    expect(acts).toEqual(
      expect.arrayContaining([
        ['joined', undefined],
        ['sign-in-failed', 'no-account'],
      ]),
    )
  })

  test('O2: makes a member of everybody whom the provider knows where that is wanted, under a login that is theirs', async () => {
    const { comeIn } = await startBoth({ signUp: true })
    const logins: unknown[] = []
    for (const person of [ana, { subject: 'bo', userName: 'bo', mail: 'mira@example.org' }, { subject: '\u0000 ☃' }]) {
      const { browser, end } = await comeIn(person)
      expect(end).toBe('/')
      logins.push((await userIn(browser))?.login)
    }
    // An address that nobody has verified is not taken for one.
    expect(logins).toEqual([
      'ana@example.org',
      expect.stringMatching(/^bo-\w+$/),
      expect.stringMatching(/^member-\w+$/),
    ])
  })

  test('O3: is matched by a mail address only when it is verified and the server was told so', async () => {
    const mira = { subject: 'mira-9', name: 'Not Mira', mail: 'MIRA@example.org', isVerified: true }
    const careful = await startBoth({ signUp: true })
    expect((await careful.comeIn(mira)).end).toBe('/signin#taken')
    const trusting = await startBoth({ signUp: true, matchMail: true })
    const unverified = await trusting.comeIn({ ...mira, subject: 'x', isVerified: false })
    expect(await nameIn(unverified.browser)).toBe('Not Mira')
    expect(await nameIn((await trusting.comeIn(mira)).browser)).toBe('Mira Halden')
    expect(await nameIn((await trusting.comeIn({ subject: 'mira-9' })).browser)).toBe('Mira Halden')
  })

  test('O4: opens nothing for an answer to another browser, another sign-in, a used code, or a refusal', async () => {
    const { place, provider, comeIn } = await startBoth({ signUp: true })
    provider.person = ana
    const { url } = place.server
    const [victim, attacker] = [new Browser(url), new Browser(url)]
    const callback = await begin(victim)
    const own = await begin(attacker)
    expect(await finish(new Browser(url), callback)).toBe('/signin#failed')
    expect(await finish(attacker, callback)).toBe('/signin#failed')
    expect(await finish(attacker, own)).toBe('/signin#failed')
    // The state alone is not enough: the code belongs to a verifier and a nonce.
    for (const part of ['verifier', 'nonce'] as const) {
      const [one, other] = [new Browser(url), new Browser(url)]
      const back = await begin(one)
      await begin(other)
      one.cookie = flowCookieOf({ ...flowIn(one), [part]: flowIn(other)[part] })
      expect(await finish(one, back), part).toBe('/signin#failed')
    }
    const { browser, end } = await comeIn(undefined)
    expect([end, await nameIn(browser)]).toEqual(['/signin#refused', undefined])
    expect(await nameIn(attacker)).toBeUndefined()
    provider.person = ana
    const used = new Browser(url)
    const code = await begin(used)
    const before = used.cookie
    expect(await finish(used, code)).toBe('/')
    expect(await finish(new Browser(url, before), code)).toBe('/signin#failed')
    // Nor does the way back lead to another site.
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      expect((await comeIn(ana, { next })).end, next).toBe('/')
    }
    expect((await comeIn(ana, { next: '/.//evil.example' })).end).toBe('/evil.example')
    const log = JSON.stringify(place.server.logLines)
    expect(log).toContain('was not accepted')
    const { code: spent = '', state = '' } = Object.fromEntries(new URL(code).searchParams)
    for (const secret of [spent, state, clientSecret]) expect(log).not.toContain(secret)
  })

  test('O5: who is in stays in while the provider is away; newcomers are told so, and passwords open', async () => {
    const { place, provider, comeIn } = await startBoth({ signUp: true })
    const { browser } = await comeIn(ana)
    await browser.ask('PUT', '/documents/plan', { title: 'Plan' }, { 'if-none-match': '*' })
    const socket = await browser.open('plan')
    await socket.next('step1')
    const late = new Browser(place.server.url)
    const callback = await begin(late)
    await provider.stop()
    expect(await finish(late, callback)).toBe('/signin#unreachable')
    expect((await browser.ask('GET', '/documents/plan')).status).toBe(200)
    await socket.roundTrip()
    expect(socket.isOpen).toBe(true)
    expect((await late.signIn('mira@example.org')).status).toBe(204)
    const cold = await startPlace({
      oidc: { issuer: provider.issuer, clientId, name: 'Library ID', signUp: true, matchMail: false },
    })
    expect((await new Browser(cold.server.url).ask('POST', '/oidc', {})).status).toBe(503)
  })

  test('O6: of somebody who was disabled stays closed', async () => {
    const { place, comeIn } = await startBoth({ signUp: true })
    const { browser } = await comeIn(ana)
    await place.server.authority.disable((await userIn(browser))?.id ?? '')
    expect((await comeIn(ana)).end).toBe('/signin#no-account')
    expect(await nameIn(browser)).toBeUndefined()
  })

  test('O7: without a provider there is nothing to begin', async () => {
    const { server } = await startPlace()
    const answer = await new Browser(server.url).ask('POST', '/oidc', {})
    expect(answer.status).toBe(404)
  })
})
