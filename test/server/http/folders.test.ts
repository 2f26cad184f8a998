// Folders, stars and the trash of /api/v1, over real HTTP.

import { encodeAwareness } from '@sheaf/protocol'
import { describe, expect, test } from 'vitest'
import type { DocumentResource } from '../../../server/src/http/documents.ts'
import type { FolderResource } from '../../../server/src/http/folders.ts'
import { ManualClock } from '../../helpers/clock.ts'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'
import { WireClient } from '../../helpers/wire-client.ts'

class Person {
  readonly #server: RunningServer
  readonly #cookie: string

  constructor(server: RunningServer, name: string) {
    this.#server = server
    this.#cookie = `sheaf_device=${name.padEnd(22, 'x')}`
  }

  async call(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.#server.url}/api/v1${path}`, {
      method,
      headers: { cookie: this.#cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  }

  async get<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call(method, path, body)
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (answer.status === 204 ? undefined : await answer.json()) as T
  }

  async refused(method: string, path: string, body?: unknown): Promise<{ code: string; field?: string }> {
    const answer = await this.call(method, path, body)
    expect(answer.ok).toBe(false)
    return (await answer.json()) as { code: string; field?: string }
  }

  folder(name: string, parent: string | null = null): Promise<FolderResource> {
    return this.get('POST', '/folders', { name, parent })
  }

  document(title: string, folder: string | null = null): Promise<DocumentResource> {
    return this.get('POST', '/documents', { title, folder })
  }

  async titles(query: string): Promise<string[]> {
    const { items } = await this.get<{ items: DocumentResource[] }>('GET', `/documents?${query}`)
    return items.map(({ title }) => title)
  }

  /** The tree as lines of `Library/Catalogue`. */
  async tree(): Promise<string[]> {
    const { items } = await this.get<{ items: FolderResource[] }>('GET', '/folders')
    const path = ({ name, parent }: FolderResource): string =>
      parent === null ? name : `${path(items.find(({ id }) => id === parent)!)}/${name}`
    return items.map(path).sort()
  }
}

async function start(): Promise<Person> {
  return new Person(await startServer(), 'ada')
}

describe('folders', () => {
  test('are made, renamed and moved', async () => {
    const ada = await start()
    const library = await ada.folder('Library')
    const catalogue = await ada.folder('Catalogue', library.id)
    await ada.folder('Talks')
    expect(await ada.tree()).toEqual(['Library', 'Library/Catalogue', 'Talks'])
    await ada.get('PATCH', `/folders/${catalogue.id}`, { name: 'Cards', parent: null })
    await ada.get('PATCH', `/folders/${library.id}`, { parent: catalogue.id })
    expect(await ada.tree()).toEqual(['Cards', 'Cards/Library', 'Talks'])
    expect(await ada.get('GET', `/folders/${library.id}`)).toMatchObject({ name: 'Library', parent: catalogue.id })
  })

  test('never lie inside themselves, however many are moved at once', async () => {
    const ada = await start()
    const made = await Promise.all(['a', 'b', 'c', 'd'].map(name => ada.folder(name)))
    const ids = made.map(({ id }) => id)
    expect(await ada.refused('PATCH', `/folders/${ids[0]}`, { parent: ids[0] })).toMatchObject({
      code: 'invalid-field',
      field: '/parent',
    })
    const moves = ids.flatMap(id => ids.map(parent => ada.call('PATCH', `/folders/${id}`, { parent })))
    for (const answer of await Promise.all(moves)) expect([200, 400]).toContain(answer.status)
    const { items } = await ada.get<{ items: FolderResource[] }>('GET', '/folders')
    expect(items).toHaveLength(4)
    for (const { id } of items) {
      let steps = 0
      for (let at: string | null = id; at !== null; at = items.find(item => item.id === at)!.parent) steps += 1
      expect(steps).toBeLessThanOrEqual(4)
    }
  })

  test('lie at most ten deep, also by a move of many', async () => {
    const ada = await start()
    const chain: string[] = []
    for (let depth = 0; depth < 10; depth++) chain.push((await ada.folder(`f${depth}`, chain.at(-1) ?? null)).id)
    expect(await ada.refused('POST', '/folders', { name: 'x', parent: chain.at(-1) })).toMatchObject({
      field: '/parent',
    })
    const other = await ada.folder('other')
    expect(await ada.refused('PATCH', `/folders/${chain[0]}`, { parent: other.id })).toMatchObject({ field: '/parent' })
  })

  test.each([
    [{ name: '' }, '/name'],
    [{ name: '  ' }, '/name'],
    [{ name: 'x'.repeat(101) }, '/name'],
    [{ name: 'two\nlines' }, '/name'],
    [{ name: 'x', parent: 7 }, '/parent'],
    [{ name: 'x', colour: 'red' }, '/colour'],
  ])('refuse %o and point to the field', async (fields, field) => {
    const ada = await start()
    expect(await ada.refused('POST', '/folders', fields)).toMatchObject({ code: 'invalid-field', field })
  })

  test('that are not there are not found, and nothing is made in them', async () => {
    const ada = await start()
    for (const [method, path, body] of [
      ['GET', '/folders/none', undefined],
      ['PATCH', '/folders/none', { name: 'x' }],
      ['DELETE', '/folders/none', undefined],
      ['POST', '/folders/none/restore', undefined],
      ['POST', '/folders', { name: 'x', parent: 'none' }],
      ['POST', '/documents', { folder: 'none' }],
      ['GET', '/documents?folder=gone', undefined],
    ] as const) {
      expect(await ada.refused(method, path, body)).toMatchObject({ code: 'not-found' })
    }
    expect(await ada.titles('')).toEqual([])
  })
})

describe('documents in folders', () => {
  test('are made there, moved, and listed', async () => {
    const ada = await start()
    const { id: library } = await ada.folder('Library')
    const { id: talks } = await ada.folder('Talks')
    const shelf = await ada.document('Shelf marks', library)
    await ada.document('Draft')
    expect(shelf.folder).toBe(library)
    expect(await ada.titles(`folder=${library}`)).toEqual(['Shelf marks'])
    expect(await ada.titles('folder=none')).toEqual(['Draft'])
    await ada.get('PATCH', `/documents/${shelf.id}`, { folder: talks })
    expect(await ada.titles(`folder=${library}`)).toEqual([])
    expect(await ada.titles(`folder=${talks}`)).toEqual(['Shelf marks'])
    await ada.get('PATCH', `/documents/${shelf.id}`, { folder: null })
    expect((await ada.titles('folder=none')).sort()).toEqual(['Draft', 'Shelf marks'])
  })

  test('go up or into the trash with a folder that is thrown away, and come back with it', async () => {
    const ada = await start()
    const { id: library } = await ada.folder('Library')
    const { id: catalogue } = await ada.folder('Catalogue', library)
    await ada.folder('Cards', catalogue)
    await ada.document('In the library', library)
    await ada.document('In the catalogue', catalogue)

    await ada.get('DELETE', `/folders/${catalogue}?contents=up`)
    expect(await ada.tree()).toEqual(['Library', 'Library/Cards'])
    expect((await ada.titles(`folder=${library}`)).sort()).toEqual(['In the catalogue', 'In the library'])
    await ada.get('POST', `/folders/${catalogue}/restore`)
    expect(await ada.tree()).toEqual(['Library', 'Library/Catalogue', 'Library/Catalogue/Cards'])
    expect(await ada.titles(`folder=${catalogue}`)).toEqual(['In the catalogue'])

    expect(await ada.get('DELETE', `/folders/${library}`)).toEqual({ documents: 2 })
    expect(await ada.tree()).toEqual([])
    expect(await ada.titles('')).toEqual([])
    expect((await ada.titles('trashed=true')).sort()).toEqual(['In the catalogue', 'In the library'])
    expect(await ada.get('POST', `/folders/${library}/restore`)).toEqual({ documents: 2 })
    expect(await ada.tree()).toEqual(['Library', 'Library/Catalogue', 'Library/Catalogue/Cards'])
    expect(await ada.titles(`folder=${catalogue}`)).toEqual(['In the catalogue'])
  })

  test('what lay in the trash before its folder went stays there when the folder comes back', async () => {
    const clock = new ManualClock()
    const ada = new Person(await startServer({ clock }), 'ada')
    const { id: library } = await ada.folder('Library')
    const old = await ada.document('Old', library)
    await ada.document('New', library)
    await ada.get('DELETE', `/documents/${old.id}`)
    clock.advance(10)
    await ada.get('DELETE', `/folders/${library}`)
    await ada.get('POST', `/folders/${library}/restore`)
    expect(await ada.titles(`folder=${library}`)).toEqual(['New'])
    expect(await ada.titles('trashed=true')).toEqual(['Old'])
  })

  test('one that is taken back from the trash brings its folders back', async () => {
    const ada = await start()
    const { id: library } = await ada.folder('Library')
    const { id: catalogue } = await ada.folder('Catalogue', library)
    const { id } = await ada.document('Shelf marks', catalogue)
    await ada.get('DELETE', `/folders/${library}`)
    expect(await ada.get('POST', `/documents/${id}/restore`)).toMatchObject({ folder: catalogue })
    expect(await ada.tree()).toEqual(['Library', 'Library/Catalogue'])
  })
})

describe('lists', () => {
  test('by title, by date, by owner and by what was edited since, page by page', async () => {
    const server = await startServer()
    const [ada, bo] = [new Person(server, 'ada'), new Person(server, 'bo')]
    for (const title of ['note 10', 'note 9', 'Émile', 'apple']) await ada.document(title)
    await bo.document('zebra')
    expect(await ada.titles('sort=title')).toEqual(['apple', 'Émile', 'note 9', 'note 10', 'zebra'])
    expect(await ada.titles('owner=me&sort=title')).toEqual(['apple', 'Émile', 'note 9', 'note 10'])
    expect(await bo.titles('owner=me')).toEqual(['zebra'])
    expect(await ada.titles('q=NOTE&sort=title')).toEqual(['note 9', 'note 10'])
    const seen: string[] = []
    for (let cursor = ''; ; ) {
      const page = await ada.get<{ items: DocumentResource[]; next?: string }>(
        'GET',
        `/documents?sort=title&limit=2${cursor}`,
      )
      seen.push(...page.items.map(({ title }) => title))
      if (page.next === undefined) break
      cursor = `&cursor=${page.next}`
    }
    expect(seen).toEqual(['apple', 'Émile', 'note 9', 'note 10', 'zebra'])
    const sinceMs = Date.now() + 3_600_000
    expect(await ada.titles(`updatedAfter=${new Date(sinceMs).toISOString()}`)).toEqual([])
    expect(await ada.titles('updatedAfter=2020-01-01T00:00:00Z')).toHaveLength(5)
    for (const query of ['sort=title&cursor=x', 'sort=size', 'updatedAfter=yesterday', 'starred=yes']) {
      expect(await ada.refused('GET', `/documents?${query}`)).toMatchObject({ code: 'invalid-field' })
    }
  })

  test('say who is in a document now, as they say themselves', async () => {
    const server = await startServer()
    const ada = new Person(server, 'ada')
    const { id } = await ada.document('Plan')
    const client = await WireClient.open(server.url, id)
    const state = JSON.stringify({ user: { id: 'ana', name: 'Ana Ruiz', color: 3 } })
    client.send({ type: 'awareness', update: encodeAwareness([{ clientId: 7, clock: 1, state }]) })
    await expect
      .poll(async () => (await ada.get<DocumentResource>('GET', `/documents/${id}`)).people)
      .toEqual([{ name: 'Ana Ruiz', color: 3 }])
    await client.close()
    await expect.poll(async () => (await ada.get<DocumentResource>('GET', `/documents/${id}`)).people).toBeUndefined()
  })
})

describe('stars and what was opened last', () => {
  test('are each person’s own', async () => {
    const clock = new ManualClock()
    const server = await startServer({ clock })
    const [ada, bo] = [new Person(server, 'ada'), new Person(server, 'bo')]
    const plan = await ada.document('Plan')
    const notes = await ada.document('Notes')
    await ada.get('PUT', `/documents/${plan.id}/star`)
    await bo.get('PUT', `/documents/${notes.id}/star`)
    expect(await ada.titles('starred=true')).toEqual(['Plan'])
    expect(await ada.get('GET', `/documents/${plan.id}`)).toMatchObject({ starred: true })
    expect(await bo.get('GET', `/documents/${plan.id}`)).toMatchObject({ starred: false })
    await ada.get('DELETE', `/documents/${plan.id}/star`)
    expect(await ada.titles('starred=true')).toEqual([])
    expect(await bo.titles('starred=true')).toEqual(['Notes'])

    await ada.get('PUT', `/documents/${plan.id}/visit`)
    clock.advance(10)
    await ada.get('PUT', `/documents/${notes.id}/visit`)
    expect(await ada.titles('sort=opened')).toEqual(['Notes', 'Plan'])
    expect(await bo.titles('sort=opened')).toEqual([])
    expect(await ada.refused('PUT', '/documents/none/star')).toMatchObject({ code: 'not-found' })
  })
})

describe('deleting for good', () => {
  test('is for what is in the trash, and nothing of it is left', async () => {
    const server = await startServer()
    const ada = new Person(server, 'ada')
    const { id: library } = await ada.folder('Library')
    const { id } = await ada.document('A secret', library)
    await ada.get('PUT', `/documents/${id}/star`)
    await ada.get('PUT', `/documents/${id}/visit`)
    expect(await ada.refused('DELETE', `/documents/${id}?permanent=true`)).toMatchObject({
      code: 'precondition-failed',
    })
    await ada.get('DELETE', `/documents/${id}`)
    await ada.get('DELETE', `/documents/${id}?permanent=true`)
    expect(await ada.titles('trashed=true')).toEqual([])
    for (const collection of ['placement', 'star', 'visit', 'text'] as const) {
      expect(await server.store.records.list(collection)).toEqual([])
    }
    expect(await ada.refused('POST', `/documents/${id}/restore`)).toMatchObject({ code: 'not-found' })
    expect(await ada.refused('DELETE', `/documents/${id}?permanent=true`)).toMatchObject({ code: 'not-found' })
  })

  test('waits for nobody: who has it open is shown out first', async () => {
    const server = await startServer()
    const ada = new Person(server, 'ada')
    const { id } = await ada.document('Plan')
    const client = await WireClient.open(server.url, id)
    await ada.get('DELETE', `/documents/${id}`)
    await ada.get('DELETE', `/documents/${id}?permanent=true`)
    expect(server.registry.openDocuments).toBe(0)
    await client.close()
  })

  test('comes by itself after 30 days, and a list says when', async () => {
    const clock = new ManualClock()
    const server = await startServer({ clock })
    const ada = new Person(server, 'ada')
    const { id: library } = await ada.folder('Library')
    const old = await ada.document('Old', library)
    const young = await ada.document('Young')
    await ada.document('Kept')
    await ada.get('DELETE', `/folders/${library}`)
    await ada.get('DELETE', `/documents/${young.id}`)
    const { items } = await ada.get<{ items: DocumentResource[] }>('GET', '/documents?trashed=true')
    for (const { deletedAt, goneAt } of items) {
      expect((Date.parse(goneAt!) - Date.parse(deletedAt!)) / 86_400_000).toBe(30)
    }
    await server.store.setDeleted(old.id, clock.nowMs() - 30 * 86_400_000)
    await server.store.setDeleted(young.id, clock.nowMs() - 29 * 86_400_000)
    clock.advance(61_000)
    await expect.poll(() => ada.titles('trashed=true')).toEqual(['Young'])
    expect(await ada.titles('')).toEqual(['Kept'])
    expect(await ada.refused('POST', `/documents/${old.id}/restore`)).toMatchObject({ code: 'not-found' })
  })
})
