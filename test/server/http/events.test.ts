// What happens to a document, told as it happens.

import { newDocumentId } from '@sheaf/protocol'
import { expect, onTestFinished, test } from 'vitest'
import type { ChangeEvent } from '../../../server/src/http/events.ts'
import { startPlace } from '../../helpers/people.ts'
import { startServer } from '../../helpers/running-server.ts'

interface Told {
  readonly id?: string
  readonly event: string
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it waits for
  readonly data: any
}

/** Reads server-sent events until it has enough. */
class Listener {
  readonly #reader: ReadableStreamDefaultReader<string>
  readonly #abort: AbortController
  #text = ''

  private constructor(response: Response, abort: AbortController) {
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    this.#abort = abort
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<Listener> {
    const abort = new AbortController()
    const response = await fetch(url, { headers, signal: abort.signal })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    const listener = new Listener(response, abort)
    onTestFinished(() => listener.close())
    return listener
  }

  /** The next event; undefined at the end. */
  async next(): Promise<Told | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n')
      if (end >= 0) {
        const block = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 2)
        const fields = Object.fromEntries(
          block.split('\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        )
        if (fields.data !== undefined) return { ...fields, data: JSON.parse(fields.data) } as Told
        continue
      }
      const { done, value } = await this.#reader.read().catch(() => ({ done: true, value: '' }))
      if (done) return undefined
      this.#text += value
    }
  }

  close(): void {
    this.#abort.abort()
  }
}

async function edit(url: string, text: string, headers: Record<string, string> = {}): Promise<string> {
  const edits = [{ op: 'insert', target: { document: 'end' }, text }]
  const response = await fetch(`${url}/edits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ edits, run: { id: 'r-1' } }),
  })
  expect(response.status).toBe(200)
  return ((await response.json()) as { rev: string }).rev
}

async function madeOn(server: { url: string }): Promise<string> {
  const url = `${server.url}/api/v1/documents/${newDocumentId()}`
  expect((await fetch(url, { method: 'PUT', headers: { 'if-none-match': '*' } })).status).toBe(201)
  return url
}

test('changes come as they are on disk, with who made them and by which run', async () => {
  const url = await madeOn(await startServer())
  const listener = await Listener.open(`${url}/events`)
  expect(await listener.next()).toMatchObject({ event: 'open', data: { rev: expect.stringMatching(/\.1$/) } })
  const rev = await edit(url, 'One.')
  const told = await listener.next()
  expect(told).toMatchObject({ id: rev, event: 'change' })
  const { changes } = told!.data as ChangeEvent
  expect(changes).toMatchObject([{ rev, origin: 'api', run: 'r-1', at: expect.stringMatching(/Z$/) }])
})

test('who comes again with the last event gets what was missed, once', async () => {
  const url = await madeOn(await startServer())
  const first = await edit(url, 'One.')
  const second = await edit(url, 'Two.')
  const listener = await Listener.open(`${url}/events`, { 'last-event-id': first })
  expect((await listener.next())?.event).toBe('open')
  expect(await listener.next()).toMatchObject({ id: second, data: { changes: [{ rev: second }] } })
  const third = await edit(url, 'Three.')
  expect(await listener.next()).toMatchObject({ id: third, data: { changes: [{ rev: third }] } })
  const other = await fetch(`${url}/events?after=abcdefgh.1`)
  expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([409, 'epoch-mismatch'])
})

test('P7, contract 17: a right that is taken away ends the stream, within a second', async () => {
  const place = await startPlace()
  const bo = await place.join('bo')
  await place.owner.ask('PUT', '/documents/plan', { title: 'Plan' }, { 'if-none-match': '*' })
  await place.owner.ask('PUT', `/documents/plan/sharing/people/${bo.userId}`, { role: 'viewer' })
  const url = `${place.server.url}/api/v1/documents/plan/events`
  const listener = await Listener.open(url, { cookie: bo.cookie })
  const own = await Listener.open(url, { cookie: place.owner.cookie })
  expect((await listener.next())?.event).toBe('open')
  await own.next()
  const startMs = performance.now()
  await place.owner.ask('DELETE', `/documents/plan/sharing/people/${bo.userId}`)
  expect(await listener.next()).toMatchObject({ event: 'close', data: { code: 'forbidden' } })
  expect(await listener.next()).toBeUndefined()
  expect(performance.now() - startMs).toBeLessThan(1_000)
  await place.owner.ask('PATCH', '/documents/plan', { title: 'Plan B' })
  expect((await own.next())?.event).toBe('change')
  await place.owner.ask('DELETE', '/documents/plan')
  expect(await own.next()).toMatchObject({ event: 'close' })
})

test('the end of the server ends it at once', async () => {
  const server = await startServer()
  const url = await madeOn(server)
  const listener = await Listener.open(`${url}/events`)
  await listener.next()
  const closed = server.close()
  expect(await listener.next()).toMatchObject({ event: 'close', data: { code: 'restarting' } })
  await closed
})
