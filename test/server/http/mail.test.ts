// Links for a new password by mail, through a real mail server.

import { expect, test } from 'vitest'
import { Browser } from '../../helpers/browsers.ts'
import { mailPassword, startMailServer } from '../../helpers/mail-server.ts'
import { startPlace } from '../../helpers/people.ts'

const from = 'Sheaf <sheaf@docs.example>'

test('A11: a link for a new password goes to the mail address of the account, and works once', async () => {
  const post = await startMailServer()
  const place = await startPlace({ mail: { url: post.url, password: mailPassword, from } })
  const visitor = new Browser(place.server.url)
  expect((await visitor.ask('GET', '/me')).body).toMatchObject({ kind: 'anonymous', mail: true })
  const { userId: id } = await place.server.authority.requireLogin('mira@example.org')
  await place.server.authority.users.changeProfile(id, { language: 'de-AT' })
  expect((await visitor.ask('POST', '/resets/mail', { login: 'MIRA@example.org' })).status).toBe(204)
  await expect.poll(() => post.taken.length).toBe(1)
  const [mail] = post.taken
  expect(mail?.to).toEqual(['mira@example.org'])
  expect(mail?.text).toContain('ein neues Passwort für das Konto mira@example.org')
  const link = new RegExp(`${place.server.url}/reset#([\\w-]{27})`).exec(mail?.text ?? '')
  const fields = { secret: link?.[1], password: 'another good password' }
  expect((await visitor.ask('POST', '/resets', fields)).status).toBe(204)
  expect((await visitor.ask('GET', '/me')).body).toMatchObject({ user: { name: 'Mira Halden' } })
  expect((await new Browser(place.server.url).ask('POST', '/resets', fields)).status).toBe(403)
  // Where the owner was signed in, they are not any more.
  expect((await place.owner.ask('GET', '/sessions')).status).toBe(401)
  const [entry] = (await place.server.authority.audit.list({ limit: 2 })).filter(({ act }) => act === 'reset-link-made')
  expect(entry).toMatchObject({ userId: id, fields: { mailed: true } })
  expect(JSON.stringify(place.server.logLines)).not.toContain(link?.[1])
})

test('A11: whoever asks is told the same of an account, of none, and of one without an address; and only so often', async () => {
  const post = await startMailServer()
  const place = await startPlace({ mail: { url: post.url, password: mailPassword, from } })
  await place.join('bo')
  const carla = await place.join('carla@example.org')
  await place.server.authority.disable(carla.userId)
  const visitor = new Browser(place.server.url)
  const answers = []
  for (const login of ['nobody@example.org', 'bo', 'carla@example.org', 'mira@example.org', 'mira@example.org', 'x']) {
    const { status, text } = await visitor.ask('POST', '/resets/mail', { login })
    answers.push([status, text])
  }
  expect(answers.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => [204, '']))
  expect(answers[5]?.[0]).toBe(429)
  await expect.poll(() => post.taken.map(({ to }) => to)).toEqual([['mira@example.org'], ['mira@example.org']])
})

test('A11: a mail server that is away, or lets nobody in, harms nobody; without one the server says so', async () => {
  const post = await startMailServer()
  const wrong = await startPlace({ mail: { url: post.url, password: 'wrong', from } })
  const ask = (url: string) => new Browser(url).ask('POST', '/resets/mail', { login: 'mira@example.org' })
  expect((await ask(wrong.server.url)).status).toBe(204)
  const errors = () => wrong.server.logLines.filter(({ msg }) => msg === 'A mail could not be sent')
  await expect.poll(() => errors().map(({ code }) => code)).toEqual(['EAUTH'])
  await post.stop()
  expect((await ask(wrong.server.url)).status).toBe(204)
  await expect.poll(() => errors().map(({ code }) => code)).toEqual(['EAUTH', 'ESOCKET'])
  const none = await startPlace()
  expect((await none.owner.ask('GET', '/me')).body).not.toHaveProperty('mail')
  expect((await ask(none.server.url)).status).toBe(404)
})
