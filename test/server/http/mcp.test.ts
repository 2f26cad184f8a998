// The tools that models are given, with the official client of the protocol as the judge, in both revisions.

import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { EditsApi, openDocument } from '@sheaf/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startPlace } from '../../helpers/people.ts'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'

/** What the tools that are tried here answer with, of all of them. */
interface Data {
  readonly id: string
  readonly rev: string
  readonly run: string
  readonly markdown: string
  readonly next?: number
  readonly total: number
  readonly items: readonly object[]
}

type Mode = 'legacy' | { pin: string }

async function connected(url: string, { mode = { pin: '2026-07-28' }, token }: { mode?: Mode; token?: string } = {}) {
  const client = new Client({ name: 'judge', title: 'The judge', version: '1' }, { versionNegotiation: { mode } })
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }))
  onTestFinished(() => client.close())
  return {
    client,
    async call(name: string, args: Record<string, unknown>) {
      const { content, structuredContent, isError } = await client.callTool({ name, arguments: args })
      const [first] = content as { type: string; text: string }[]
      return { text: first!.text, data: structuredContent as unknown as Data, isError: isError === true }
    },
  }
}

async function planned(server: RunningServer, text = '# Goal\n\nShip in May.\n\n# Risks\n\n- Money') {
  const edits = new EditsApi({ url: server.url })
  await fetch(`${server.url}/api/v1/documents/plan`, { method: 'PUT', headers: { 'if-none-match': '*' } })
  await edits.put('plan', text, { only: '*' })
  return edits
}

describe.each<Mode>(['legacy', { pin: '2026-07-28' }])('the official client, revision %j', mode => {
  test('lists the tools with schemas that it takes, and works through a document with them', async () => {
    const server = await startServer()
    const edits = await planned(server)
    const { client, call } = await connected(server.url, { mode })
    expect(client.getNegotiatedProtocolVersion()).toBe(mode === 'legacy' ? '2025-11-25' : '2026-07-28')
    expect(client.getInstructions()).toContain('Read before you edit')
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['search_documents', 'read_document', 'edit_document', 'wait_for_changes']),
    )
    for (const { inputSchema, outputSchema } of tools)
      expect([inputSchema.type, outputSchema?.type]).toEqual(['object', 'object'])

    const read = await call('read_document', { id: 'plan' })
    expect(read.text).toContain('Ship in May.')
    await edits.edit('plan', e => e.replaceText('Ship', 'We ship'))
    const edited = await call('edit_document', {
      id: 'plan',
      base: read.data.rev,
      edits: [
        { old_text: 'May', new_text: 'June' },
        { insert_after: 'Money', markdown: '- Vendor' },
      ],
    })
    expect(edited).toMatchObject({ isError: false, data: { merged: true, results: [{ status: 'applied' }, {}] } })
    await call('append_to_document', { id: 'plan', markdown: '- Time', heading: 'Risks' })
    expect((await edits.read('plan')).body).toBe('# Goal\n\nWe ship in June.\n\n# Risks\n\n- Money\n- Vendor\n- Time\n')
    expect((await call('document_outline', { id: 'plan' })).data.items).toMatchObject([
      { text: 'Goal' },
      { text: 'Risks' },
    ])
    expect((await call('find_in_document', { id: 'plan', text: 'ship' })).data.total).toBe(1)
    const { data } = await call('document_changes', { id: 'plan', run: edited.data.run })
    expect(data.items).toMatchObject([{ rev: edited.data.rev }])
    expect((await call('revert_changes', { id: 'plan', run: edited.data.run })).isError).toBe(false)
    expect((await edits.read('plan')).body).toBe('# Goal\n\nWe ship in May.\n\n# Risks\n\n- Money\n- Time\n')
    const made = await call('create_document', { title: 'Notes', markdown: 'One.' })
    expect((await edits.read(made.data.id)).body).toBe('One.\n')
    expect((await call('search_documents', {})).text).toContain('Notes')
  })
})

describe('a tool', () => {
  test('that is refused says what would be right, and changes nothing', async () => {
    const server = await startServer()
    const edits = await planned(server, 'Ship in May.\n\nRest in May.')
    const { rev } = await edits.read('plan')
    const { call } = await connected(server.url)
    const ambiguous = await call('edit_document', { id: 'plan', edits: [{ old_text: 'May', new_text: 'June' }] })
    expect(ambiguous.isError).toBe(true)
    expect(ambiguous.text).toMatch(/Rest in May\.[\s\S]*`before` or `after`/)
    expect((await call('edit_document', { id: 'plan', edits: [{ old: 'May' }] })).text).toContain('edits')
    expect((await call('read_document', { id: 'none' })).isError).toBe(true)
    const preview = await call('edit_document', {
      id: 'plan',
      preview: true,
      edits: [{ old_text: 'Rest', new_text: 'R' }],
    })
    expect(preview.text).toContain('+R in May.')
    expect((await edits.read('plan')).rev).toBe(rev)
    expect(await server.store.find('none')).toBeUndefined()
    const once = await call('edit_document', {
      id: 'plan',
      edits: [{ old_text: 'May', new_text: 'June', before: 'Rest in ' }],
    })
    expect(once.isError).toBe(false)
  })

  test('shows a long document in parts', async () => {
    const server = await startServer()
    await planned(server, 'word '.repeat(100))
    const { call } = await connected(server.url)
    let from: number | undefined = 0
    let all = ''
    while (from !== undefined) {
      const { data } = await call('read_document', { id: 'plan', from, max_chars: 150 })
      all += data.markdown
      from = data.next
    }
    expect(all.trim()).toBe('word '.repeat(100).trim())
  })

  test('waits for the next change, and ends empty-handed in time', async () => {
    const server = await startServer()
    const edits = await planned(server)
    const { call } = await connected(server.url)
    const { rev } = await edits.read('plan')
    expect((await call('wait_for_changes', { id: 'plan', since: rev, timeout_s: 0 })).data).toEqual({ rev, items: [] })
    const waiting = call('wait_for_changes', { id: 'plan', since: rev, timeout_s: 50 })
    const { rev: next } = await edits.edit('plan', e => e.append('More.'))
    expect((await waiting).data).toMatchObject({ rev: next, items: [{ rev: next, origin: 'api' }] })
  })

  test('shows its program in the document to people while it works', async () => {
    const server = await startServer()
    await planned(server)
    const person = openDocument({ url: server.url, documentId: 'plan', identity: { id: 'ana', name: 'Ana' } })
    onTestFinished(() => person.close())
    await person.synced
    const { call } = await connected(server.url)
    const { data } = await call('read_document', { id: 'plan' })
    await expect.poll(() => person.presence.peers().map(({ name }) => name)).toEqual(['The judge'])
    const waiting = call('wait_for_changes', { id: 'plan', since: data.rev, timeout_s: 50 })
    person.ydoc.getText('title').insert(0, 'x')
    expect((await waiting).data.items).toHaveLength(1)
  })
})

describe('rights', () => {
  test('a token sees the tools of its scopes, reaches what it may, and nobody is in without one', async () => {
    const { owner, server } = await startPlace()
    await owner.ask('PUT', '/documents/plan', { text: 'Secret.' }, { 'if-none-match': '*' })
    await owner.ask('PUT', '/documents/other', { text: 'Other.' }, { 'if-none-match': '*' })
    const fields = { note: 'reader', scopes: ['docs:read'], documents: ['plan'] }
    const { token } = (await owner.ask('POST', '/tokens', fields)).body as { token: string }
    const { client, call } = await connected(server.url, { token })
    const names = (await client.listTools()).tools.map(({ name }) => name)
    expect(names).toContain('read_document')
    expect(names).not.toContain('edit_document')
    expect((await call('read_document', { id: 'plan' })).text).toContain('Secret.')
    expect((await call('read_document', { id: 'other' })).isError).toBe(true)
    await expect(call('edit_document', { id: 'plan', edits: [] })).rejects.toThrow('no tool')
    await expect(connected(server.url)).rejects.toThrow()
    await expect(connected(server.url, { token: 'sheaf_pat_wrong' })).rejects.toThrow()
  })

  test('a page of another web site is refused, as is a revision that is not spoken', async () => {
    const { url } = await startServer()
    const post = (headers: Record<string, string>, params: object = {}) =>
      fetch(`${url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params }),
      })
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await post({})).status).toBe(200)
    const unknown = await post({ 'mcp-protocol-version': '1999-01-01' })
    expect(unknown.status).toBe(400)
    expect(await unknown.json()).toMatchObject({ error: { code: -32022, data: { supported: expect.any(Array) } } })
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    expect((await post({ 'mcp-protocol-version': '2025-11-25' }, { _meta })).status).toBe(400)
    expect((await fetch(`${url}/mcp`)).status).toBe(405)
    expect((await fetch(`${url}/mcp`, { method: 'POST', body: '{' })).status).toBe(415)
  })
})
