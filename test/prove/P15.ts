// P15: secrets do not leak. Everybody does everything that the matrix of rights knows, and what has secrets besides, also with secrets in
// the wrong places; then every line of the log (debug included), every refusal, and every record that is kept is searched for them.

import { setTimeout as delay } from 'node:timers/promises'
import { defaultLimits } from '@sheaf/protocol'
import { createLog } from '../../server/src/log.ts'
import { accountsServer, Browser, goodPassword, settle } from '../helpers/browsers.ts'
import { runMatrix } from './matrix.ts'

const collections = [
  'account',
  'account-name',
  'asset',
  'audit',
  'grant',
  'invite',
  'request',
  'reset',
  'session',
  'setting',
  'token',
] as const

export async function prove({ full }: { full: boolean }) {
  const lines: string[] = []
  const server = await accountsServer({
    limits: { ...defaultLimits, socketsPerUser: 1_000, socketsPerAddress: 1_000 },
    log: createLog({ level: 'debug', format: 'json', write: line => void lines.push(line) }),
  })
  const setUp = server.authority.invitations.beginSetUp()!
  const place = await settle(server)
  const secrets = new Map<string, string>([
    ['a password', goodPassword],
    ['the set-up link', setUp],
  ])
  const refusals: string[] = []
  const { owner } = place
  const refused = async (
    browser: Browser,
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => {
    const { status, text } = await browser.ask(method, path, body, headers)
    if (status >= 400) refusals.push(text)
  }

  const { id } = (await owner.ask('POST', '/documents', { title: 'A title nobody else knows' })).body as { id: string }
  secrets.set('the text of a document', 'A title nobody else knows')
  const words = {
    linkPassword: 'winter morning words',
    newPassword: 'another long password',
    wrong: 'a wrong password typed',
  }
  for (const [what, word] of Object.entries(words)) secrets.set(what, word)
  await owner.ask('PATCH', `/documents/${id}/sharing`, { reach: 'anyone', password: words.linkPassword })
  const link = secretOf((await owner.ask('POST', `/documents/${id}/sharing/secrets`)).body, '#key=')
  secrets.set('a link', link)
  const invite = secretOf((await owner.ask('POST', '/invites', { note: 'Ana' })).body, '#')
  secrets.set('an invitation', invite)
  const ana = place.stranger()
  await ana.ask('POST', '/invites/accept', { secret: invite, name: 'Ana', login: 'ana', password: goodPassword })
  const { items } = (await owner.ask('GET', '/users')).body as { items: { id: string; login: string }[] }
  const anaId = items.find(({ login }) => login === 'ana')!.id
  const reset = secretOf((await owner.ask('POST', `/users/${anaId}/reset`)).body, '#')
  secrets.set('a reset', reset)
  await ana.ask('POST', '/resets', { secret: reset, password: words.newPassword })
  const { token } = (await owner.ask('POST', '/tokens', { scopes: ['docs:read'] })).body as { token: string }
  secrets.set('a token', token)
  const guest = place.stranger()
  await refused(guest, 'POST', `/documents/${id}/link`, { secret: link, password: words.wrong })
  await guest.ask('POST', `/documents/${id}/link`, { secret: link, password: words.linkPassword })
  for (const browser of [owner, ana, guest]) {
    const cookie = /sheaf_session=([^;]+)/.exec(browser.cookie)![1]!
    secrets.set(`a session ${secrets.size}`, cookie.split('.').at(-1)!)
  }

  // In the wrong places: the address, the path, a header, a field, a name, a body that is no JSON.
  for (const secret of [link, token, goodPassword, words.wrong]) {
    const part = encodeURIComponent(secret)
    await refused(place.stranger(), 'GET', `/documents/${id}?key=${part}`)
    await refused(owner, 'GET', `/documents/${part}`)
    await refused(owner, 'GET', `/nowhere/${part}`)
    await refused(new Browser(server.url), 'GET', '/documents', undefined, { authorization: `Bearer ${part}` })
    await refused(place.stranger(), 'POST', '/sessions', { login: secret, password: secret })
    await refused(place.stranger(), 'POST', '/sessions', { login: 'ana', password: secret, [secret.slice(0, 20)]: 1 })
    await refused(owner, 'DELETE', `/invites/${part}`)
    await guest.open(id, { query: `?key=${part}&token=${part}` }).then(
      async client => client.close(),
      () => undefined,
    )
    await fetch(`${server.url}/api/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `{"password":"${secret}`,
    }).then(async response => refusals.push(await response.text()))
  }
  if (full) {
    // The guesses above have used up what one address may try in a minute.
    await delay(60_500)
    await runMatrix(place)
  }

  const records = await Promise.all(collections.map(collection => server.store.records.list(collection)))
  await server.close()
  const places = { log: lines.join('\n'), refusals: refusals.join('\n'), records: JSON.stringify(records) }
  const found: string[] = []
  for (const [what, secret] of secrets) {
    for (const [where, text] of Object.entries(places)) {
      // Whoever is refused may see what they have sent; nobody else can. A name of a field is told as it came.
      if (where !== 'refusals' && text.includes(secret)) found.push(`${what} in the ${where}`)
    }
  }
  const ok = found.length === 0 && lines.length > 30
  return { promise: 'P15', ok, secrets: secrets.size, logLines: lines.length, refusals: refusals.length, found }
}

function secretOf(body: unknown, mark: string): string {
  const { url } = body as { url: string }
  return url.slice(url.indexOf(mark) + mark.length)
}
