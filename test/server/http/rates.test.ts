// How much of the API somebody may use, and that it costs nobody else anything.

import { connect } from '@sheaf/client/http'
import { describe, expect, test } from 'vitest'
import { Browser } from '../../helpers/browsers.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { startPlace } from '../../helpers/people.ts'
import { startServer } from '../../helpers/running-server.ts'

const few = { requestsPerSecond: 10, requestsBurst: 50, editsPerSecond: 2, editsBurst: 4 }

describe('the rates of the API', () => {
  test('are told in each answer, refuse who asks too fast with the time to wait, and fill up again', async () => {
    const clock = new ManualClock()
    const server = await startServer({ limits: few, clock })
    const browser = new Browser(server.url)
    const first = await browser.ask('GET', '/me')
    expect(first.headers.get('ratelimit-policy')).toBe('"requests";q=50;w=5')
    expect(first.headers.get('ratelimit')).toBe('"requests";r=49;t=1')
    expect((await browser.ask('GET', '/exports')).headers.get('ratelimit')).toBe('"requests";r=0;t=11')

    const refused = await browser.ask('GET', '/documents')
    expect(refused).toMatchObject({
      status: 429,
      body: { code: 'rate-limited', retry: 'later', policy: 'requests', retryAfterS: 6 },
    })
    expect(refused.headers.get('retry-after')).toBe('6')
    expect(refused.headers.get('ratelimit')).toBe('"requests";r=0;t=11')
    // Pages and health are not of it.
    for (const path of ['/', '/healthz', '/readyz']) expect((await fetch(server.url + path)).status).toBe(200)
    clock.advance(6_000)
    expect((await browser.ask('GET', '/documents')).status).toBe(200)
    const metrics = await (await fetch(`${server.url}/metrics`)).text()
    expect(metrics).toMatch(/^sheaf_http_rate_limited_total\{policy="requests"\} 1$/m)
  })

  test('are of each token and account by themselves, and edits of each document besides', async () => {
    const clock = new ManualClock()
    const { owner } = await startPlace({ limits: { ...few, requestsBurst: 200 }, clock })
    for (const id of ['plan', 'other']) await owner.ask('PUT', `/documents/${id}`, {}, { 'if-none-match': '*' })
    const edit = (id: string, headers?: Record<string, string>) =>
      owner.ask('POST', `/documents/${id}/edits`, { edits: [{ op: 'setTitle', text: 'A plan' }] }, headers)
    const statuses: number[] = []
    for (let i = 0; i < 5; i++) statuses.push((await edit('plan')).status)
    expect(statuses).toEqual([200, 200, 200, 200, 429])
    const other = await edit('other')
    expect(other.status).toBe(200)
    expect(other.headers.get('ratelimit-policy')).toBe('"requests";q=200;w=20, "edits";q=4;w=2')
    expect(other.headers.get('ratelimit')).toMatch(/^"requests";r=\d+;t=\d+, "edits";r=3;t=1$/)

    const made = await owner.ask('POST', '/tokens', { scopes: ['docs:write'] })
    const bearer = { authorization: `Bearer ${made.body?.token as string}` }
    expect((await edit('plan', bearer)).status).toBe(200)
  })

  test('are of the address for who has not signed in, and for the text behind the link of a page', async () => {
    const { owner, server } = await startPlace({ limits: few, clock: new ManualClock() })
    const ask = async () => {
      const response = await fetch(`${server.url}/d/plan`, { headers: { accept: 'text/markdown' } })
      return [response.status, response.headers.get('ratelimit')]
    }
    expect(await ask()).toEqual([401, expect.stringMatching(/^"requests";r=\d+;t=\d+$/)])
    let last: unknown[] = []
    for (let i = 0; i < 60 && last[0] !== 429; i++) last = await ask()
    expect(last[0]).toBe(429)
    expect((await owner.ask('GET', '/me')).status).toBe(200)
  })

  test('do not hold up who types over HTTP, and are off with the limits', async () => {
    const server = await startServer({ limits: { ...few, requestsPerSecond: Number.MAX_SAFE_INTEGER } })
    const answer = await new Browser(server.url).ask('GET', '/me')
    expect(answer.headers.get('ratelimit')).toBeNull()

    const slow = await startServer({ limits: { ...few, requestsBurst: 1 }, clock: new ManualClock() })
    const browser = new Browser(slow.url)
    for (let i = 0; i < 3; i++) expect((await browser.ask('POST', '/documents/plan/sync', {})).status).not.toBe(429)
  })

  test('slow the SDK down, which waits as it is told and does all of it once', async () => {
    const server = await startServer({ limits: { ...few, requestsBurst: 200, requestsPerSecond: 100 } })
    await using place = connect(server.url)
    const { id } = await place.documents.create({ text: 'List' })
    for (let i = 0; i < 6; i++) await place.edits.edit(id, edits => edits.append(`- item ${i}`))
    const { body } = await place.edits.read(id)
    expect(body.match(/item/g)).toHaveLength(6)

    const stop = new AbortController()
    const refused = place.edits.edit(id, edits => edits.append('- late'), { signal: stop.signal })
    stop.abort(new Error('Enough'))
    await expect(refused).rejects.toThrow('Enough')
  })
})
