// Editing by programs while people write: the contract, by number.

import { Body, blocksOf, caretId, seedUpdate, summarize } from '@sheaf/model'

import { parseMarkdown } from '@sheaf/model/formats'
import { newDocumentId } from '@sheaf/protocol'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { caseCount } from '../../helpers/cases.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { startPlace } from '../../helpers/people.ts'
import { RemoteEditor } from '../../helpers/remote-editor.ts'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'

interface Answer {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly body: Record<string, any>
  readonly text: string
}

class Program {
  readonly server: RunningServer
  readonly documentId: string

  private constructor(server: RunningServer, documentId: string) {
    this.server = server
    this.documentId = documentId
  }

  static of(server: RunningServer, documentId: string): Program {
    return new Program(server, documentId)
  }

  static async with(markdown: string, server?: RunningServer): Promise<Program> {
    const running = server ?? (await startServer())
    const documentId = newDocumentId()
    const seed = seedUpdate({ body: blocksOf(parseMarkdown(markdown)) })
    const ydoc = new Y.Doc()
    Y.applyUpdate(ydoc, seed)
    await running.registry.create(documentId, { updates: [seed], ...summarize(ydoc) })
    return new Program(running, documentId)
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const isText = typeof body === 'string'
    const response = await fetch(`${this.server.url}/api/v1/documents/${this.documentId}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': isText ? 'text/markdown' : 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isText ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : {}, text }
  }

  edit(edits: readonly object[], more: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('POST', '/edits', { edits, ...more }, headers)
  }

  read(accept = 'text/markdown'): Promise<Answer> {
    return this.ask('GET', '/content', undefined, { accept })
  }

  async markdown(): Promise<string> {
    return (await this.read()).text.trimEnd()
  }

  async blockId(text: string): Promise<string> {
    const { body } = await this.ask('GET', '/blocks')
    return body.items.find((item: { text: string }) => item.text.includes(text)).id
  }

  state(): Promise<Uint8Array> {
    return this.server.registry.withRoom(this.documentId, room => Y.encodeStateAsUpdate(room.ydoc))
  }

  async person(): Promise<RemoteEditor> {
    const person = await RemoteEditor.open(this.server.url, this.documentId)
    onTestFinished(() => person.document.close())
    return person
  }
}

const rounds = caseCount({ short: 20, long: 400 })
const plan = '# Plan\n\nGoal: Ship in May, not later.\n\n## Risks\n\n- Money\n\n## Next\n\nEnd.'

describe('contract 1: a person types in the same paragraph while a program edits it', () => {
  const edits: Record<string, (program: Program, rev: string) => Promise<Answer>> = {
    replaceText: program => program.edit([{ op: 'replaceText', target: { quote: 'in May' }, text: 'in June' }]),
    'replaceText for the state before': (program, base) =>
      program.edit([{ op: 'replaceText', target: { quote: 'in May' }, text: 'in June' }], { base }),
    insert: program => program.edit([{ op: 'insert', target: { quote: 'later', edge: 'after' }, text: ' than that' }]),
    delete: program => program.edit([{ op: 'delete', target: { quote: ', not later' } }]),
    format: program => program.edit([{ op: 'format', target: { quote: 'in May' }, add: [{ type: 'strong' }] }]),
    setBlock: async program =>
      program.edit([{ op: 'setBlock', target: { block: await program.blockId('Ship') }, kind: 'h2' }]),
    'replaceBlock for the state before': async (program, base) => {
      const target = { block: await program.blockId('Ship') }
      return program.edit([{ op: 'replaceBlock', target, markdown: 'Goal: Ship in June, not later.' }], { base })
    },
    'move for the state before': (program, base) =>
      program.edit([{ op: 'move', target: { heading: 'Risks' }, to: { document: 'start' } }], { base }),
    'PUT with Merge-Base': (program, base) =>
      program.ask('PUT', '/content', plan.replace('May', 'June'), { 'merge-base': base }),
    setTitle: program => program.edit([{ op: 'setTitle', text: 'The plan' }]),
  }

  test.each(Object.keys(edits))('%s', async name => {
    const program = await Program.with(plan)
    const person = await program.person()
    const rev = (await program.read()).headers.get('document-revision')!
    const typed = ' absolutely everything'
    // Half of it is typed before, half of it while the edit is on its way.
    person.type(1, 'Goal: Ship'.length, typed.slice(0, 11))
    await person.document.saved()
    const answer = edits[name]!(program, rev)
    person.type(1, 'Goal: Ship'.length + 11, typed.slice(11))
    const { status, body, text } = await answer
    expect(status, text).toBe(200)
    expect(body).toMatchObject({ durable: true, results: [{ status: 'applied' }], live: { peers: 1 } })
    await person.document.saved()
    expect(await program.markdown()).toContain('Goal: Ship absolutely everything')
    const { text: stored } = await program.read('text/plain')
    await person.shows(blocks => blocks.map(block => `${block.textContent}\n`).join('') === stored)
  })

  test(`${rounds} random places and moments`, async () => {
    const server = await startServer()
    for (let round = 0; round < rounds; round++) {
      const words = Array.from({ length: 8 }, (_, index) => `word${index}`)
      const program = await Program.with(words.join(' '), server)
      const person = await RemoteEditor.open(server.url, program.documentId)
      const { headers } = await program.read()
      const base = headers.get('document-revision')!
      const at = Math.floor(Math.random() * words.length)
      const own = (at + 1 + Math.floor(Math.random() * (words.length - 1))) % words.length
      const offset = words.slice(0, own + 1).join(' ').length
      const changed = `changed${round}`
      const [quote, target] = [words[at]!, { quote: words[at]! }]
      const ways: (() => Promise<Answer>)[] = [
        () => program.edit([{ op: 'replaceText', target, text: changed }]),
        () => program.edit([{ op: 'replaceText', target, text: changed }], { base }),
        () => program.ask('PUT', '/content', words.join(' ').replace(quote, changed), { 'merge-base': base }),
      ]
      let asked: Promise<Answer> | undefined
      const moment = Math.floor(Math.random() * 4)
      for (const [index, character] of [...'-abc'].entries()) {
        if (index === moment) asked = ways[round % ways.length]!()
        person.type(0, offset + index, character)
      }
      const answer = await asked!
      expect(answer.status, answer.text).toBe(200)
      await person.document.saved()
      words[at] = changed
      words[own] += '-abc'
      expect(await program.markdown()).toBe(words.join(' '))
      await person.document.close()
    }
  })
})

describe('contract 2: a whole body', () => {
  test('without a precondition is 428, with a stale one 412, and nothing is changed', async () => {
    const program = await Program.with(plan)
    const before = await program.state()
    const bare = await program.ask('PUT', '/content', 'All new')
    expect(bare).toMatchObject({ status: 428, body: { code: 'precondition-required', retry: 'fix-request' } })
    expect(bare.body.detail).toContain('Merge-Base')
    expect(await program.state()).toEqual(before)
    const etag = (await program.read()).headers.get('etag')!
    await program.edit([{ op: 'replaceText', target: { quote: 'May' }, text: 'June' }])
    const changed = await program.state()
    const stale = await program.ask('PUT', '/content', 'All new', { 'if-match': etag })
    expect(stale).toMatchObject({ status: 412, body: { code: 'precondition-failed', retry: 'after-refresh' } })
    expect(stale.body.rev).toBe((await program.read()).headers.get('document-revision'))
    expect(await program.state()).toEqual(changed)
  })

  test('with the tag of what is there, or *, is what the document says, and ids stay', async () => {
    const program = await Program.with(plan)
    const id = await program.blockId('Money')
    const etag = (await program.read()).headers.get('etag')!
    const put = await program.ask('PUT', '/content', plan.replace('Money', 'Money, again'), { 'if-match': etag })
    expect(put.status, put.text).toBe(200)
    expect(await program.blockId('Money')).toBe(id)
    expect((await program.ask('PUT', '/content', '# Other', { 'if-match': '*' })).status).toBe(200)
    expect(await program.markdown()).toBe('# Other')
  })

  test('that says what is there already makes no revision', async () => {
    const program = await Program.with(plan)
    const { headers, text } = await program.read()
    const put = await program.ask('PUT', '/content', text, { 'if-match': '*' })
    expect(put.body).toMatchObject({ rev: headers.get('document-revision'), results: [{ status: 'noop' }] })
  })
})

test('contract 3: an edit that only deletes has another revision and entity tag', async () => {
  const program = await Program.with(plan)
  const before = await program.read()
  const { body } = await program.edit([{ op: 'delete', target: { quote: ', not later' } }])
  const after = await program.read()
  expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'))
  expect(after.headers.get('document-revision')).toBe(body.rev)
  const again = await program.ask('GET', '/content', undefined, {
    accept: 'text/markdown',
    'if-none-match': after.headers.get('etag')!,
  })
  expect([again.status, again.text]).toEqual([304, ''])
})

describe('contract 4: a key', () => {
  const edits = [{ op: 'insert', target: { document: 'end' }, text: 'Once.' }]
  const key = { 'idempotency-key': 'seven' }

  test('sent 50 times at once makes one change', async () => {
    const program = await Program.with(plan)
    const answers = await Promise.all(Array.from({ length: 50 }, () => program.edit(edits, {}, key)))
    const codes = answers.map(({ status, body }) => (status === 200 ? 'ok' : body.code))
    expect(codes).toContain('ok')
    expect(codes.filter(code => code !== 'ok' && code !== 'idempotency-in-progress')).toEqual([])
    const replay = await program.edit(edits, {}, key)
    expect(replay.headers.get('idempotency-replayed')).toBe('true')
    expect(replay.text).toBe(answers.find(({ status }) => status === 200)!.text)
    expect((await program.markdown()).split('Once.')).toHaveLength(2)
    const other = await program.edit([{ op: 'setTitle', text: 'x' }], {}, key)
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } })
  })

  test('is in the log with its row: whatever of the two a restart finds, it finds the other', async () => {
    const data = await tempDirectory()
    const first = await startServer({ memory: false, data })
    const program = await Program.with(plan, first)
    const made = await program.edit(edits, {}, key)
    expect(made.status).toBe(200)
    await first.close({ atOnce: true })
    const second = await startServer({ memory: false, data })
    const replay = await fetch(`${second.url}/api/v1/documents/${program.documentId}/edits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...key },
      body: JSON.stringify({ edits }),
    })
    expect(replay.headers.get('idempotency-replayed')).toBe('true')
    expect(await replay.text()).toBe(made.text)
  })

  test('is forgotten after a day', async () => {
    const clock = new ManualClock()
    const program = await Program.with(plan, await startServer({ clock }))
    await program.edit(edits, {}, key)
    clock.advance(24 * 60 * 60_000)
    expect((await program.edit(edits, {}, key)).headers.get('idempotency-replayed')).toBeNull()
    expect(await program.server.store.records.list('idempotency')).toHaveLength(1)
    clock.advance(60_000)
  })
})

test('contract 5: reading in every format, looking around and finding leave the bytes as they are', async () => {
  const program = await Program.with(`${plan}\n\n| a | b |\n| - | - |\n| 1 | 2 |`)
  const before = await program.state()
  const types = ['application/json', 'text/markdown', 'text/html', 'text/plain', 'application/vnd.yjs.update']
  for (const accept of [...types, 'application/octet-stream']) {
    const answer = await program.read(accept)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toContain(accept)
  }
  await program.ask('GET', '/content?ids=1', undefined, { accept: 'text/markdown' })
  expect((await program.ask('GET', '/outline')).body).toMatchObject({
    items: [
      { level: 1, text: 'Plan' },
      { level: 2, text: 'Risks', characters: 10 },
      { level: 2, text: 'Next' },
    ],
  })
  const first = await program.ask('GET', '/blocks?limit=2')
  const rest = await program.ask('GET', `/blocks?after=${first.body.next}`)
  expect([...first.body.items, ...rest.body.items].map(({ text }) => text)).toEqual([
    ...['Plan', 'Goal: Ship in May, not later.', 'Risks', 'Money', 'Next', 'End.', 'a\tb\n1\t2'],
  ])
  await program.ask('POST', '/find', { quote: '2' })
  await program.edit([{ op: 'delete', target: { document: 'all' } }], { mode: 'preview' })
  expect(await program.state()).toEqual(before)
  expect((await program.server.store.find(program.documentId))!.revision).toBe(1)
})

test('contract 6: what is ambiguous is refused with a handle for each place, which still leads there after other edits', async () => {
  const program = await Program.with('Ship in May.\n\nRest in May.')
  const refused = await program.edit([{ op: 'replaceText', target: { quote: 'May' }, text: 'June' }])
  expect(refused).toMatchObject({ status: 422, body: { code: 'ambiguous-target', retry: 'fix-request', edit: 0 } })
  expect(refused.body.candidates).toHaveLength(2)
  await program.edit([{ op: 'insert', target: { document: 'start' }, markdown: '# In May\n\nLong before.' }])
  await program.edit([{ op: 'insert', target: { quote: 'Rest', edge: 'after' }, text: ' well' }])
  const { handle } = refused.body.candidates[1]
  const done = await program.edit([{ op: 'replaceText', target: { handle }, text: 'June' }])
  expect(done.body.results).toMatchObject([
    { matchedBy: 'handle', before: expect.stringContaining('Rest well in May.') },
  ])
  expect(await program.markdown()).toBe('# In May\n\nLong before.\n\nShip in May.\n\nRest well in June.')
  const forged = `${handle.slice(0, -1)}${handle.endsWith('A') ? 'B' : 'A'}`
  expect((await program.edit([{ op: 'delete', target: { handle: forged } }])).status).toBe(400)
})

test('contract 7: a handle whose words were changed or taken away says so, with what stands there', async () => {
  const program = await Program.with('Ship in May, not later.')
  const found = await program.ask('POST', '/find', { quote: 'in May', context: 5 })
  expect(found.body).toMatchObject({
    total: 1,
    matches: [{ text: 'in May', context: 'Ship in May, not', matchedBy: 'exact' }],
  })
  const [{ handle }] = found.body.matches
  await program.edit([{ op: 'replaceText', target: { quote: 'in May' }, text: 'in early May' }])
  const changed = await program.edit([{ op: 'delete', target: { handle } }])
  expect(changed).toMatchObject({
    status: 409,
    body: { code: 'target-changed', current: 'in early May', retry: 'after-refresh' },
  })
  await program.edit([{ op: 'delete', target: { document: 'all' } }])
  expect(await program.edit([{ op: 'delete', target: { handle } }])).toMatchObject({
    status: 409,
    body: { code: 'target-deleted' },
  })
})

test('contract 8: a base of another timeline is 409, one that never was 422; one that must be the newest 409', async () => {
  const program = await Program.with(plan)
  const rev = (await program.read()).headers.get('document-revision')!
  const edits = [{ op: 'setTitle', text: 'x' }]
  expect(await program.edit(edits, { base: 'abcdefgh.1' })).toMatchObject({
    status: 409,
    body: { code: 'epoch-mismatch', rev },
  })
  const ahead = `${rev.split('.')[0]}.99`
  expect(await program.edit(edits, { base: ahead })).toMatchObject({ status: 422, body: { code: 'unknown-revision' } })
  await program.edit([{ op: 'delete', target: { quote: 'May' } }])
  expect(await program.edit(edits, { base: rev, onStale: 'fail' })).toMatchObject({
    status: 409,
    body: { code: 'stale-base' },
  })
  const pinned = await program.ask('GET', `/content?rev=${rev}`, undefined, { accept: 'text/markdown' })
  expect(pinned.text).toContain('in May')
  expect(pinned.headers.get('cache-control')).toContain('immutable')
})

test('contract 10: a thousand appends do not lengthen the state vector', async () => {
  const program = await Program.with('Log')
  const ids = async () => Y.decodeStateVector(Y.encodeStateVectorFromUpdate(await program.state())).size
  const before = await ids()
  const count = caseCount({ short: 100, long: 1_000 })
  for (let index = 0; index < count; index++) {
    await program.edit([{ op: 'insert', target: { document: 'end' }, text: `line ${index}` }])
  }
  expect((await program.markdown()).split('line')).toHaveLength(count + 1)
  expect(await ids()).toBe(before)
})

test('contract 10: nor do edits after each of many loads', async () => {
  const data = await tempDirectory()
  const sizes = []
  let documentId = ''
  for (let load = 0; load < 5; load++) {
    const server = await startServer({ memory: false, data })
    const program = load === 0 ? await Program.with('Log', server) : Program.of(server, documentId)
    documentId = program.documentId
    const inserted = await program.edit([{ op: 'insert', target: { document: 'end' }, text: `line ${load}` }])
    expect(inserted.status, inserted.text).toBe(200)
    sizes.push(Y.decodeStateVector(Y.encodeStateVectorFromUpdate(await program.state())).size)
    await server.close({ atOnce: true })
  }
  expect(sizes).toEqual([1, 1, 1, 1, 1])
})

test('contract 11: of two who make the same document at once one makes it', async () => {
  const server = await startServer()
  const put = () =>
    fetch(`${server.url}/api/v1/documents/plan`, {
      method: 'PUT',
      headers: { 'if-none-match': '*', 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'Once.' }),
    })
  const answers = await Promise.all([put(), put()])
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 412])
  const content = await fetch(`${server.url}/api/v1/documents/plan/content`, { headers: { accept: 'text/plain' } })
  expect(await content.text()).toBe('Once.\n')
})

describe('an edit', () => {
  test('stands in the log under who asked for it, and with its token and run', async () => {
    const { server, owner, stranger } = await startPlace()
    await owner.ask('PUT', '/documents/plan', { text: 'Ship in May.' }, { 'if-none-match': '*' })
    const { body } = await owner.ask('POST', '/tokens', { scopes: ['docs:write'] })
    const { id, token } = body as { id: string; token: string }
    const edits = [{ op: 'replaceText', target: { quote: 'May' }, text: 'June' }]
    const answer = await stranger().ask(
      'POST',
      '/documents/plan/edits',
      { edits, run: { id: 'r-91' } },
      { authorization: `Bearer ${token}` },
    )
    expect(answer.status, answer.text).toBe(200)
    const { number } = (await server.store.find('plan'))!
    const rows = []
    for await (const row of server.store.readRows(number, 2, 9)) rows.push(row)
    const me = await owner.ask('GET', '/me')
    expect(rows).toMatchObject([{ origin: 'api', principal: me.body!.principal, session: `${id}/r-91` }])
    await owner.ask('PATCH', '/documents/plan', { title: 'Plan' })
    const { body: changes } = await owner.ask('GET', '/documents/plan/changes?after=1')
    expect(changes).toMatchObject({
      items: [
        { by: me.body!.principal, origin: 'api', token: id, run: 'r-91', rev: expect.stringMatching(/\.2$/) },
        { by: me.body!.principal, origin: 'api', rev: expect.stringMatching(/\.3$/) },
      ],
    })
    const ofRun = await owner.ask('GET', '/documents/plan/changes?run=r-91&limit=1')
    expect(ofRun.body).toMatchObject({ items: [{ run: 'r-91' }], next: '2' })
    expect((await owner.ask('GET', '/documents/plan/changes?after=2')).body!.next).toBeUndefined()
    const authors = await server.registry.authorshipOf('plan')
    expect(
      authors.filter(({ origin }) => origin === 'api').every(({ principal }) => principal === me.body!.principal),
    ).toBe(true)
    const { client } = authors.find(({ origin }) => origin === 'api')!
    expect((await owner.ask('GET', `/documents/plan/authors?clients=${client}`)).body).toMatchObject({
      items: expect.arrayContaining([expect.objectContaining({ client, by: me.body!.principal })]),
      people: { [String(me.body!.principal)]: { name: 'Mira Halden' } },
    })
    expect((await owner.ask('GET', '/documents/plan/authors?clients=x')).status).toBe(400)
  })

  test('is all or nothing, and says which field or edit is wrong', async () => {
    const program = await Program.with(plan)
    const before = await program.state()
    const good = { op: 'setTitle', text: 'x' }
    const cases: [object, object][] = [
      [
        { edits: [good, { op: 'delete', target: { quote: 'nowhere to be found' } }] },
        { status: 422, body: { code: 'target-not-found', edit: 1 } },
      ],
      [
        { edits: [good, { op: 'delete', target: { somewhere: 1 } }] },
        { status: 400, body: { code: 'invalid-field', field: '/edits/1/target' } },
      ],
      [
        { edits: [good, { op: 'burn', target: { quote: 'May' } }] },
        { status: 400, body: { code: 'invalid-field', field: '/edits/1/op' } },
      ],
      [
        { edits: [good, { op: 'insert', target: { document: 'end' } }] },
        { status: 400, body: { code: 'invalid-field', field: '/edits/1' } },
      ],
      [{ edits: [] }, { status: 400, body: { code: 'invalid-field', field: '/edits' } }],
      [
        { edits: [good], mode: 'suggest' },
        { status: 400, body: { code: 'invalid-field', field: '/mode' } },
      ],
      [
        { edits: [{ op: 'delete', target: { quote: 'x'.repeat(10_001) } }] },
        { status: 400, body: { code: 'invalid-field', field: '/edits/0/target/quote' } },
      ],
      [{ edits: [good, good] }, { status: 422, body: { code: 'target-overlap' } }],
    ]
    for (const [body, wanted] of cases) expect(await program.ask('POST', '/edits', body)).toMatchObject(wanted)
    expect(await program.state()).toEqual(before)
  })

  test('that is only looked at shows what it would do, and does nothing', async () => {
    const program = await Program.with(plan)
    const { body } = await program.edit([{ op: 'replaceText', target: { quote: 'May' }, text: 'June' }], {
      mode: 'preview',
    })
    expect(body.rev).toBeUndefined()
    expect(body.results).toMatchObject([
      { before: 'Plan\nGoal: Ship in May, not later.\nRisks\nMoney\nNext\nEnd.', matches: 1 },
    ])
    expect(body.diff).toBe(
      '@@ -1 +1 @@\n # Plan\n \n-Goal: Ship in May, not later.\n+Goal: Ship in June, not later.\n \n ## Risks\n',
    )
  })

  test('can keep away from where somebody is', async () => {
    const program = await Program.with(plan)
    const person = await program.person()
    const body = new Body(person.document.ydoc)
    const { blocks, entry } = body.locate(person.positionOf(1) + 3)
    const caret = caretId(blocks!.sequence, { entry: entry!, offset: 3 })
    person.document.presence.setCaret({ anchor: caret, head: caret })
    const edits = [{ op: 'replaceText', target: { quote: 'May' }, text: 'June' }]
    await expect.poll(() => program.server.registry.presenceIn(program.documentId).join('')).toContain(caret)
    const refused = await program.edit(edits, { ifBusy: 'fail' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'block-busy', retry: 'later', edit: 0 } })
    expect(refused.headers.get('retry-after')).toBe('2')
    const elsewhere = [{ op: 'replaceText', target: { quote: 'End' }, text: 'Rest' }]
    expect((await program.edit(elsewhere, { ifBusy: 'fail' })).status).toBe(200)
    expect((await program.edit(edits)).status).toBe(200)
  })
})

test('the address that people share is the document for who asks for Markdown or JSON, by its rights', async () => {
  const { server, owner, stranger } = await startPlace()
  await owner.ask('PUT', '/documents/plan', { text: 'Ship in May.' }, { 'if-none-match': '*' })
  const get = (headers: Record<string, string>) => fetch(`${server.url}/d/plan`, { headers })
  const read = await get({ accept: 'text/markdown', cookie: owner.cookie })
  expect(await read.text()).toBe('Ship in May.\n')
  expect(read.headers.get('link')).toContain('/api/v1/documents/plan/edits')
  expect((await get({ accept: 'application/json', cookie: owner.cookie })).headers.get('content-type')).toBe(
    'application/json',
  )
  expect((await get({ accept: 'text/markdown', cookie: stranger().cookie })).status).toBe(401)
  const page = await get({ accept: 'text/html,application/xhtml+xml,*/*;q=0.8' })
  expect(page.headers.get('content-type')).toContain('text/html')
  expect((await get({})).headers.get('content-type')).toContain('text/html')
})
