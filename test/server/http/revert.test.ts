// Taking back what a program did, while people write.

import { newDocumentId } from '@sheaf/protocol'
import { describe, expect, onTestFinished, test } from 'vitest'
import { RemoteEditor } from '../../helpers/remote-editor.ts'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'

class Plan {
  readonly server: RunningServer
  readonly documentId: string

  private constructor(server: RunningServer, documentId: string) {
    this.server = server
    this.documentId = documentId
  }

  static async with(markdown: string): Promise<Plan> {
    const plan = new Plan(await startServer(), newDocumentId())
    const { status } = await plan.ask('PUT', '', { title: 'Plan', markdown }, { 'if-none-match': '*' })
    expect(status).toBe(201)
    return plan
  }

  async ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const response = await fetch(`${this.server.url}/api/v1/documents/${this.documentId}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
    return { status: response.status, headers: response.headers, body: (await response.json()) as Record<string, any> }
  }

  async edit(edits: readonly object[], run?: string): Promise<string> {
    const { status, body } = await this.ask('POST', '/edits', { edits, ...(run !== undefined && { run: { id: run } }) })
    expect(status, JSON.stringify(body)).toBe(200)
    return body.rev
  }

  async markdown(): Promise<string> {
    const url = `${this.server.url}/api/v1/documents/${this.documentId}/content`
    return (await (await fetch(url, { headers: { accept: 'text/markdown' } })).text()).trimEnd()
  }

  async person(): Promise<RemoteEditor> {
    const person = await RemoteEditor.open(this.server.url, this.documentId)
    onTestFinished(() => person.document.close())
    return person
  }
}

const start = 'Goal: Ship in May.\n\nRest **well**.'

describe('contract 14: taking back a run', () => {
  test('takes that alone, and what people wrote into it stays', async () => {
    const plan = await Plan.with(start)
    await plan.edit([{ op: 'replaceText', target: { quote: 'May' }, text: 'early June' }], 'r-1')
    await plan.edit([{ op: 'insert', target: { quote: 'Rest', edge: 'after' }, text: ' very' }], 'other')
    await plan.edit([{ op: 'insert', target: { document: 'end' }, markdown: '## Risks\n\nMoney.' }], 'r-1')
    const person = await plan.person()
    await person.shows(blocks => blocks.length === 4)
    person.type(0, 'Goal: Ship in early'.length, ' or late')
    person.type(3, 'Money.'.length, 'Mine,')
    await person.document.saved()
    await plan.edit([{ op: 'setTitle', text: 'The run' }], 'r-1')
    const { status, body } = await plan.ask('POST', '/revert', { run: 'r-1' })
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body).toMatchObject({ status: 'reverted', revisions: 3, durable: true })
    const now = await plan.markdown()
    expect(now).toContain('Rest very **well**.')
    expect(now).toContain(' or late')
    expect(now).toContain('Mine,')
    expect(now).toContain('Goal: Ship in')
    expect(now).toContain('May')
    for (const gone of ['June', 'early', 'Risks', 'Money']) expect(now).not.toContain(gone)
    expect((await plan.ask('GET', '')).body.title).toBe('Plan')
    // Their paragraph, and nobody else's line.
    expect(now.split('\n\n').at(-1)).toBe('Mine,')
  })

  test('brings deleted words and blocks back where they were', async () => {
    const plan = await Plan.with(start)
    await plan.edit([{ op: 'delete', target: { quote: 'Rest' } }], 'r-1')
    await plan.edit([{ op: 'delete', target: { quote: 'Goal: ' } }], 'r-1')
    await plan.edit([{ op: 'setBlock', target: { quote: 'Ship in May.' }, kind: 'h2' }], 'r-1')
    await plan.edit([{ op: 'format', target: { quote: 'May' }, add: [{ type: 'em' }] }], 'r-1')
    await plan.ask('POST', '/revert', { run: 'r-1' })
    expect(await plan.markdown()).toBe(start)
  })

  test('is a revision of its own, that can be taken back like any other', async () => {
    const plan = await Plan.with(start)
    const edited = await plan.edit([{ op: 'delete', target: { document: 'all' } }], 'r-1')
    const { body } = await plan.ask('POST', '/revert', { run: 'r-1' })
    expect(body.rev).not.toBe(edited)
    expect(await plan.markdown()).toBe(start)
    await plan.ask('POST', '/revert', { after: edited })
    expect(await plan.markdown()).not.toContain('Ship')
  })
})

test('a stretch of revisions is taken back, of one principal alone', async () => {
  const plan = await Plan.with(start)
  const first = await plan.edit([{ op: 'insert', target: { document: 'end' }, text: 'One.' }])
  const second = await plan.edit([{ op: 'insert', target: { document: 'end' }, text: 'Two.' }])
  await plan.edit([{ op: 'insert', target: { document: 'end' }, text: 'Three.' }])
  const none = await plan.ask('POST', '/revert', { after: first, upTo: second, by: 'user:nobody' })
  expect(none.body).toMatchObject({ status: 'noop', revisions: 0 })
  const preview = await plan.ask('POST', '/revert', { after: first, upTo: second, mode: 'preview' })
  expect(preview.body.diff).toContain('-Two.')
  expect(await plan.markdown()).toContain('Two.')
  await plan.ask('POST', '/revert', { after: first, upTo: second })
  expect(await plan.markdown()).toBe(`${start}\n\nOne.\n\nThree.`)
})

test('contract 4: a key takes back once', async () => {
  const plan = await Plan.with(start)
  await plan.edit([{ op: 'delete', target: { quote: 'Goal: ' } }], 'r-1')
  const key = { 'idempotency-key': 'seven' }
  const once = await plan.ask('POST', '/revert', { run: 'r-1' }, key)
  const twice = await plan.ask('POST', '/revert', { run: 'r-1' }, key)
  expect(twice.headers.get('idempotency-replayed')).toBe('true')
  expect(twice.body).toEqual(once.body)
  expect(twice.headers.get('document-revision')).toBe(once.body.rev)
})

test('what is not said, or never was, is refused', async () => {
  const plan = await Plan.with(start)
  expect((await plan.ask('POST', '/revert', {})).body).toMatchObject({ code: 'invalid-field' })
  expect((await plan.ask('POST', '/revert', { after: 'abcdefgh.1' })).body).toMatchObject({ code: 'epoch-mismatch' })
  const { body } = await plan.ask('POST', '/revert', { run: 'never' })
  expect(body).toMatchObject({ status: 'noop', revisions: 0 })
})
