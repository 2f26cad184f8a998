// Files in and out, over real HTTP: what was brought comes back as it was, and a hostile file costs nobody else anything.

import { Document, Packer, Paragraph } from 'docx'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import type { ImportReport } from '../../../server/src/http/imports.ts'
import { type RunningServer, startServer } from '../../helpers/running-server.ts'

function bring(server: RunningServer, name: string, body: string | Uint8Array, more = ''): Promise<Response> {
  const url = `${server.url}/api/v1/imports?name=${encodeURIComponent(name)}${more}`
  return fetch(url, { method: 'POST', body: body as BodyInit })
}

async function imported(server: RunningServer, name: string, body: string | Uint8Array): Promise<ImportReport> {
  const answer = await bring(server, name, body)
  expect(answer.status, await answer.clone().text()).toBe(201)
  return (await answer.json()) as ImportReport
}

async function exported(server: RunningServer, id: string, format: string): Promise<Uint8Array> {
  const answer = await fetch(`${server.url}/api/v1/documents/${id}/export?format=${format}`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="/)
  return new Uint8Array(await answer.arrayBuffer())
}

const markdown = `# The plan

First **bold** and [a link](https://sheaf.example).

- one
- two
  - inside

1. first
2. second

- [x] done

> said

| Work | Cost |
| --- | --- |
| Gutter | 8,400 |

\`\`\`js
let a = 1
\`\`\`
`

describe('what mentions a document', () => {
  test('is exported with the title as it is for who asks, whatever the text said', async () => {
    const server = await startServer()
    const { documents } = await imported(server, 'secret.md', '# Lamps\n\nDim.\n')
    const mention = (ref: string) => `<span data-mention="document" data-ref="${ref}" data-label="Told">@Told</span>`
    const text = `See ${mention(documents[0]!.id)} and ${mention('nowhere')}.\n`
    const { documents: made } = await imported(server, 'plan.md', text)
    const read = async (format: string) => strFromU8(await exported(server, made[0]!.id, format))
    expect(await read('text')).toBe('plan\n\nSee @Lamps and @document.\n')
    expect(await read('html')).toContain('@Lamps</span>')
    expect(await read('markdown')).not.toContain('Told')
  })
})

describe('POST /imports', () => {
  test('makes a document of Markdown, its first heading the title, and gives it back as it was', async () => {
    const server = await startServer()
    const { documents, skipped } = await imported(server, 'plan.md', markdown)
    expect(skipped).toEqual([])
    expect(documents).toMatchObject([{ title: 'The plan', notes: [] }])
    expect(strFromU8(await exported(server, documents[0]!.id, 'markdown'))).toBe(markdown)
  })

  test.each([
    ['page.html', '<h1>The page</h1><p>Said <b>so</b></p><script>alert(1)</script>', 'The page', 'Said so'],
    ['Notes of today.txt', 'first\nsecond', 'Notes of today', 'first\nsecond'],
    ['two.md', '# One\n\n# Two\n', 'two', 'One\nTwo'],
    ['table.md', '| a | b |\n| - | - |\n| c | d |\n', 'table', '\na\tb\nc\td'],
  ])('%s', async (name, body, title, text) => {
    const server = await startServer()
    const { documents } = await imported(server, name, body)
    expect(documents[0]!.title).toBe(title)
    expect(strFromU8(await exported(server, documents[0]!.id, 'text'))).toBe(`${title}\n\n${text}\n`)
  })

  test('reads Word, and Word reads what is exported', async () => {
    const server = await startServer()
    const first = await imported(server, 'plan.md', markdown)
    const word = await exported(server, first.documents[0]!.id, 'docx')
    const { documents } = await imported(server, 'again.docx', word)
    expect(documents[0]!.title).toBe('The plan')
    const again = strFromU8(await exported(server, documents[0]!.id, 'markdown'))
    for (const part of [
      'First **bold** and',
      'https://sheaf.example',
      '- one',
      '  - inside',
      '1. first',
      'Gutter',
      '8,400',
      'let a = 1',
    ]) {
      expect(again).toContain(part)
    }
  })

  test('a zip becomes a document for each file, and names those that it cannot read', async () => {
    const server = await startServer()
    const zip = zipSync({
      'notes/a.md': strToU8('# A\n\ntext'),
      'b.txt': strToU8('b'),
      'broken.docx': strToU8('no zip'),
      '__MACOSX/a.md': strToU8('x'),
      'picture.png': new Uint8Array(10),
    })
    const report = await imported(server, 'all.zip', zip)
    expect(report.documents.map(({ title }) => title).sort()).toEqual(['A', 'b'])
    expect(report.skipped).toMatchObject([{ name: 'broken.docx' }])
  })

  test('goes into a folder, and is found by the search', async () => {
    const server = await startServer()
    const folder = await fetch(`${server.url}/api/v1/folders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Library"}',
    }).then(answer => answer.json() as Promise<{ id: string }>)
    await bring(server, 'plan.md', 'The umbrella', `&folder=${folder.id}`)
    const search = async (): Promise<number> => {
      const answer = await fetch(`${server.url}/api/v1/search?q=umbrella&folder=${folder.id}`)
      return ((await answer.json()) as { items: unknown[] }).items.length
    }
    await expect.poll(search, { timeout: 20_000 }).toBe(1)
  })

  test.each<[string, string, () => string | Uint8Array, number]>([
    ['a program', 'virus.exe', () => 'MZ', 415],
    ['a Word file that is none', 'a.docx', () => 'nothing', 415],
    ['a zip bomb', 'bomb.zip', () => zipSync({ 'a.md': new Uint8Array(30_000_000) }, { level: 9 }), 415],
    [
      'a Word file that is a bomb',
      'bomb.docx',
      () => zipSync({ 'word/document.xml': new Uint8Array(30_000_000) }),
      415,
    ],
    ['an empty zip', 'empty.zip', () => zipSync({}), 415],
    ['more than an upload may be', 'long.txt', () => new Uint8Array(21 * 1024 * 1024), 413],
  ])('refuses %s, and makes nothing of it', async (_what, name, body, status) => {
    const server = await startServer()
    const answer = await bring(server, name, body())
    expect(answer.status).toBe(status)
    expect((await server.store.list()).items).toEqual([])
  })

  test('a file that is nested without end is read all the same', async () => {
    const server = await startServer()
    await imported(server, 'deep.md', `${'> '.repeat(5_000)}x`)
    await imported(server, 'deep.html', `${'<div><ul><li>'.repeat(5_000)}x`)
  })
})

describe('exports', () => {
  test('a folder and those below it come as one zip, each document in its place', async () => {
    const server = await startServer()
    const make = async (path: string, body: object): Promise<string> => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${server.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      return ((await answer.json()) as { id: string }).id
    }
    const outer = await make('/folders', { name: 'Library' })
    const inner = await make('/folders', { name: 'A/B', parent: outer })
    await make('/documents', { title: 'Plan', text: 'one', folder: inner })
    await make('/documents', { title: 'Plan', text: 'two', folder: inner })
    await make('/documents', { title: '../../etc', folder: outer })
    await make('/documents', { title: 'Elsewhere' })
    const zipped = async (query: string): Promise<string[]> => {
      const answer = await fetch(`${server.url}/api/v1/exports?${query}`)
      return Object.keys(unzipSync(new Uint8Array(await answer.arrayBuffer()))).sort()
    }
    expect(await zipped(`folder=${outer}`)).toEqual(['Library/A B/Plan 2.md', 'Library/A B/Plan.md', 'Library/etc.md'])
    expect(await zipped('format=docx')).toHaveLength(4)
  })

  test('HTML is one page, in which a title is no tag', async () => {
    const server = await startServer()
    const { documents } = await imported(server, 'x.md', '# <script>a</script>\n\ntext')
    const html = strFromU8(await exported(server, documents[0]!.id, 'html'))
    expect(html).toContain('<!doctype html>')
    expect(html).not.toContain('<script>')
  })

  test('Word takes every character that a document may hold', async () => {
    const server = await startServer()
    const { documents } = await imported(server, 'x.txt', 'a\u0001b \ufffe & < 😀')
    const word = unzipSync(await exported(server, documents[0]!.id, 'docx'))
    const xml = strFromU8(word['word/document.xml']!)
    expect(xml).toContain('&amp; &lt; 😀')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no place for these
    expect(xml).not.toMatch(/[\u0000-\u0008\ufffe]/)
  })
})

test('a Word file of somebody else keeps its title and its text', async () => {
  const server = await startServer()
  const file = new Document({ sections: [{ children: [new Paragraph('Hello from Word')] }] })
  const { documents } = await imported(server, 'Letter.docx', new Uint8Array(await Packer.toBuffer(file)))
  expect(documents[0]!.title).toBe('Letter')
  expect(strFromU8(await exported(server, documents[0]!.id, 'text'))).toBe('Letter\n\nHello from Word\n')
})
