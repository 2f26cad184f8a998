// The wire over plain HTTP: the same session as over a socket.

import { decodeMessage, encodeMessage, type Message } from '@sheaf/protocol'
import { expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { startPlace } from '../../helpers/people.ts'
import { startServer } from '../../helpers/running-server.ts'

/** A session over two kinds of requests. */
class Tunnel {
  readonly #base: string
  readonly #cookie: string
  readonly #reader: ReadableStreamDefaultReader<string>
  #text = ''
  stream = ''
  closedWith: { code: number; reason: string } | undefined

  private constructor(base: string, cookie: string, response: Response, abort: AbortController) {
    this.#base = base
    this.#cookie = cookie
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
    onTestFinished(() => abort.abort())
  }

  static async open(url: string, documentId: string, cookie: string): Promise<Tunnel> {
    const base = `${url}/api/v1/documents/${documentId}/sync`
    const abort = new AbortController()
    const response = await fetch(`${base}/stream`, { headers: { cookie }, signal: abort.signal })
    expect(response.status).toBe(200)
    return new Tunnel(base, cookie, response, abort)
  }

  async post(...messages: Message[]): Promise<number> {
    const frames = messages.map(message => Buffer.from(encodeMessage(message)))
    const body = Buffer.concat(
      frames.flatMap(frame => {
        const length = Buffer.alloc(4)
        length.writeUInt32BE(frame.length)
        return [length, frame]
      }),
    )
    return this.postBytes(body)
  }

  async postBytes(body: Uint8Array): Promise<number> {
    const response = await fetch(`${this.#base}?stream=${this.stream}`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', cookie: this.#cookie },
      body: body as Uint8Array<ArrayBuffer>,
    })
    return response.status
  }

  /** The next message of a type; undefined at the end. */
  async next<T extends Message['type']>(type: T): Promise<Extract<Message, { type: T }> | undefined> {
    for (;;) {
      const end = this.#text.indexOf('\n\n')
      if (end < 0) {
        const { done, value } = await this.#reader.read()
        if (done) return undefined
        this.#text += value
        continue
      }
      const block = this.#text.slice(0, end)
      this.#text = this.#text.slice(end + 2)
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data === undefined) continue
      if (block.startsWith('event: open')) this.stream = JSON.parse(data).stream
      else if (block.startsWith('event: close')) this.closedWith = JSON.parse(data)
      else {
        const message = decodeMessage(new Uint8Array(Buffer.from(data, 'base64')))
        if (message.type === type) return message as Extract<Message, { type: T }>
      }
    }
  }
}

test('contract 19: a session over HTTP is greeted, syncs, saves, and is told of a right that was taken away', async () => {
  const place = await startPlace()
  const bo = await place.join('bo')
  await place.owner.ask('PUT', '/documents/plan', { title: 'Plan' }, { 'if-none-match': '*' })
  await place.owner.ask('PUT', `/documents/plan/sharing/people/${bo.userId}`, { role: 'editor' })
  const tunnel = await Tunnel.open(place.server.url, 'plan', bo.cookie)
  expect((await tunnel.next('hello'))?.hello).toMatchObject({ role: 'editor', revision: 1 })
  const ydoc = new Y.Doc()
  expect(await tunnel.post({ type: 'step1', stateVector: Y.encodeStateVector(ydoc) })).toBe(204)
  Y.applyUpdate(ydoc, (await tunnel.next('step2'))!.update)
  expect(ydoc.getText('title').toString()).toBe('Plan')
  ydoc.getText('title').insert(4, ' B')
  const update = Y.encodeStateAsUpdate(ydoc)
  await tunnel.post({ type: 'sequenced', clientSeq: 1, message: { type: 'step2', update } })
  expect(await tunnel.next('ack')).toMatchObject({ clientSeq: 1, revision: 2 })
  expect((await place.owner.ask('GET', '/documents/plan/changes')).body).toMatchObject({
    items: [{}, { origin: 'socket', by: `user:${bo.userId}` }],
  })
  await place.owner.ask('DELETE', `/documents/plan/sharing/people/${bo.userId}`)
  expect(await tunnel.next('step2')).toBeUndefined()
  expect(tunnel.closedWith).toEqual({ code: 4403, reason: 'forbidden' })
})

test('what is posted to a stream of somebody else, or to none, goes nowhere', async () => {
  const place = await startPlace()
  const bo = await place.join('bo')
  await place.owner.ask('PUT', '/documents/plan', { title: 'Plan' }, { 'if-none-match': '*' })
  await place.owner.ask('PUT', `/documents/plan/sharing/people/${bo.userId}`, { role: 'viewer' })
  const own = await Tunnel.open(place.server.url, 'plan', place.owner.cookie)
  await own.next('hello')
  const other = await Tunnel.open(place.server.url, 'plan', bo.cookie)
  await other.next('hello')
  other.stream = own.stream
  expect(await other.post({ type: 'query-awareness' })).toBe(412)
  other.stream = 'guessed'
  expect(await other.post({ type: 'query-awareness' })).toBe(412)
  expect(await own.postBytes(Uint8Array.of(0, 0, 0, 9, 1))).toBe(400)
  expect(await own.postBytes(Uint8Array.of())).toBe(204)
})

test('who may not read is told so as an answer', async () => {
  const server = await startServer()
  const response = await fetch(`${server.url}/api/v1/documents/nowhere/sync/stream`)
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'not-found'])
})
