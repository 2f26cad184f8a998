// Full text search, over real HTTP and with edits over real sockets.

import { openDocument } from '@sheaf/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { SearchHit } from '../../../server/src/http/search.ts'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'
import { openStore } from '../../helpers/stores.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'

async function make(server: RunningServer, title: string, text: string, more: object = {}): Promise<string> {
  const answer = await fetch(`${server.url}/api/v1/documents`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ title, text, ...more }),
  })
  return ((await answer.json()) as { id: string }).id
}

async function search(server: RunningServer, words: string, more = ''): Promise<SearchHit[]> {
  const answer = await fetch(`${server.url}/api/v1/search?q=${encodeURIComponent(words)}${more}`)
  expect(answer.status).toBe(200)
  return ((await answer.json()) as { items: SearchHit[] }).items
}

const titles = (hits: readonly SearchHit[]): string[] => hits.map(({ title }) => title.text)

/** What is marked, as people see it. */
function marked(part: { text: string; marks: readonly (readonly [number, number])[] } | null): string[] {
  return part === null ? [] : part.marks.map(([from, to]) => part.text.slice(from, to))
}

/** The search follows some seconds later, on a busy machine more. */
const soon = { timeout: 20_000 }

async function library(): Promise<RunningServer> {
  const server = await startServer()
  await make(server, 'Reopening the Reading Room', 'The gutter first.\nThen the lamps, by the first week of April.')
  await make(server, 'Shelf marks', 'A table of rows\nthe lamp in the reading room is broken')
  await make(server, 'Café Straße', 'Über den Wolken')
  await make(server, '東京の図書館', '京都の図書館は大きいです。')
  await expect
    .poll(async () => (await search(server, 'wolken')).length + (await search(server, '京都')).length, soon)
    .toBe(2)
  return server
}

describe('GET /search', () => {
  test('finds words of titles and of the text, the title first, with the words around', async () => {
    const server = await library()
    const hits = await search(server, 'reading room')
    expect(titles(hits)).toEqual(['Reopening the Reading Room', 'Shelf marks'])
    expect(marked(hits[0]!.title)).toEqual(['Reading', 'Room'])
    expect(hits[0]!.snippet).toBeNull()
    expect(hits[1]!.snippet?.text).toBe('the lamp in the reading room is broken')
    expect(marked(hits[1]!.snippet)).toEqual(['reading', 'room'])
    expect(hits[1]!.snippet?.block).toMatch(/^[0-9a-z]+\.[0-9a-z]+$/)
  })

  test.each([
    ['the beginning of a word', 'gutt', 'Reopening the Reading Room'],
    ['a mistake', 'guttre', 'Reopening the Reading Room'],
    ['another case, without accents', 'CAFE strasse', 'Café Straße'],
    ['words in any order', 'april lamps', 'Reopening the Reading Room'],
    ['Japanese, inside a sentence', '図書館は', '東京の図書館'],
    ['one character of it', '京', '東京の図書館'],
  ])('forgives %s', async (_what, words, title) => {
    expect(titles(await search(await library(), words))).toContain(title)
  })

  test('finds nothing where one of the words is missing', async () => {
    const server = await library()
    expect(await search(server, 'gutter umbrella')).toEqual([])
    expect(await search(server, '!?')).toEqual([])
  })

  test('follows edits, also those that nobody else sees yet', async () => {
    const server = await startServer()
    const id = await make(server, 'Plan', 'Ship in May')
    const document = openDocument({
      url: server.url,
      documentId: id,
      identity: { id: 'ana', name: 'Ana' },
      offline: null,
    })
    onTestFinished(() => document.close())
    await document.synced
    document.ydoc.getText('title').insert(0, 'Zeppelin ')
    await document.saved()
    await expect.poll(async () => titles(await search(server, 'zeppelin')), soon).toEqual(['Zeppelin Plan'])
    document.ydoc.getText('title').delete(0, 9)
    await document.saved()
    await expect.poll(() => search(server, 'zeppelin'), soon).toEqual([])
  })

  test('knows nothing of what is in the trash, and nothing again of what is gone for good', async () => {
    const server = await library()
    const [{ id }] = (await search(server, 'gutter')) as [SearchHit]
    await fetch(`${server.url}/api/v1/documents/${id}`, { method: 'DELETE' })
    expect(await search(server, 'gutter')).toEqual([])
    await fetch(`${server.url}/api/v1/documents/${id}/restore`, { method: 'POST' })
    expect(await search(server, 'gutter')).toHaveLength(1)
    await fetch(`${server.url}/api/v1/documents/${id}`, { method: 'DELETE' })
    await fetch(`${server.url}/api/v1/documents/${id}?permanent=true`, { method: 'DELETE' })
    expect(await server.store.records.get('text', id)).toBeUndefined()
  })

  test('looks in a folder and those below it', async () => {
    const server = await startServer()
    const folder = async (name: string, parent: string | null): Promise<string> => {
      const headers = { 'content-type': 'application/json' }
      const body = JSON.stringify({ name, parent })
      const answer = await fetch(`${server.url}/api/v1/folders`, { method: 'POST', headers, body })
      return ((await answer.json()) as { id: string }).id
    }
    const outer = await folder('Outer', null)
    await make(server, 'lamp one', '', { folder: await folder('Inner', outer) })
    await make(server, 'lamp two', '')
    await expect.poll(async () => titles(await search(server, 'lamp')).length, soon).toBe(2)
    expect(titles(await search(server, 'lamp', `&folder=${outer}`))).toEqual(['lamp one'])
  })

  test('refuses a query that is none, and points to the field', async () => {
    const server = await startServer()
    for (const [query, field] of [
      ['', '/q'],
      ['?q=', '/q'],
      ['?q=a&limit=0', '/limit'],
      [`?q=${'x'.repeat(501)}`, '/q'],
    ]) {
      const answer = await fetch(`${server.url}/api/v1/search${query}`)
      expect(await answer.json()).toMatchObject({ code: 'invalid-field', field })
    }
  })

  test('after a start it knows what was written before, without opening a document', async () => {
    const data = await tempDirectory()
    const first = await startServer({ memory: false, data })
    await make(first, 'Plan', 'The gutter first')
    await make(first, 'Notes', 'The lamps')
    await expect.poll(async () => titles(await search(first, 'gutter')), soon).toEqual(['Plan'])
    await expect.poll(async () => titles(await search(first, 'lamps')), soon).toEqual(['Notes'])
    await first.close()
    // The text of one was not kept in time.
    const store = await openStore(data)
    const { documentId } = (await store.list({ titleContains: 'notes' })).items[0]!
    await store.records.change(change => change.delete('text', documentId))
    await store.close()
    const second = await startServer({ memory: false, data })
    await expect.poll(async () => titles(await search(second, 'gutter')), soon).toEqual(['Plan'])
    await expect.poll(async () => titles(await search(second, 'lamps')), soon).toEqual(['Notes'])
    expect(second.registry.openDocuments).toBe(0)
  })
})
