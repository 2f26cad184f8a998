// The code in docs/sdk.md, as it stands there, against a running server.

import { readFileSync } from 'node:fs'
import { connect } from '@sheaf/client/http'
import { transformSync } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { startServer } from '../helpers/running-server.ts'

const page = readFileSync(new URL('../../docs/sdk.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(match => match[1]!)

/** Runs the example with these names in scope. */
async function run(example: string, scope: Record<string, unknown>): Promise<void> {
  const { code } = transformSync(example, { loader: 'ts', target: 'node20' })
  const body = code.replace(/^import \{(.*)\} from "(.*)";$/gm, 'const {$1} = await load("$2");')
  const names = ['load', ...Object.keys(scope)]
  const AsyncFunction = Object.getPrototypeOf(run).constructor as new (
    ...args: string[]
  ) => (...args: unknown[]) => Promise<void>
  await new AsyncFunction(...names, body)((name: string) => import(name), ...Object.values(scope))
}

describe('docs/sdk.md', () => {
  test('the page has the examples that are run here', () => {
    expect(examples).toHaveLength(7)
  })

  test('opening, writing, saving', async () => {
    const { url } = await startServer()
    await createDocument(url, 'plan', { title: 'Plan' })
    await run(examples[0]!, { url, documentId: 'plan' })
    expect((await readDocument(url, 'plan')).getText('title').toString()).toBe('Notes: Plan')
  })

  test('showing the status', async () => {
    const { url } = await startServer()
    await createDocument(url, 'plan')
    const shown: string[] = []
    await run(examples[1]!, { url, documentId: 'plan', show: (text: string) => shown.push(text) })
    expect(shown).toContain('Saving…')
    expect(shown.lastIndexOf('Saved')).toBeGreaterThan(shown.indexOf('Saving…'))
  })

  test('documents over HTTP', async () => {
    const { url } = await startServer()
    await run(examples[2]!, { url })
    const { items } = (await (await fetch(`${url}/api/v1/documents`)).json()) as { items: { title: string }[] }
    expect(items.map(item => item.title)).toEqual(['The plan'])
  })

  test('files of a document', async () => {
    const { url } = await startServer()
    const shown: string[] = []
    await run(examples[3]!, { url, show: (text: string) => shown.push(text) })
    expect(shown).toEqual(['100 %'])
  })

  test('edits by a program', async () => {
    const { url } = await startServer()
    await createDocument(url, 'plan')
    const content = `${url}/api/v1/documents/plan/content`
    const headers = { 'content-type': 'text/markdown', 'if-match': '*' }
    await fetch(content, { method: 'PUT', headers, body: 'Ship in May.\n\n## Risks\n\n- Money' })
    const shown: string[] = []
    await run(examples[4]!, { url, show: (code: string) => shown.push(code) })
    expect(shown).toEqual(['target-not-found'])
    const read = await fetch(content, { headers: { accept: 'text/markdown' } })
    expect(await read.text()).toBe('Ship in **June**.\n\n## Risks\n\n- Money\n- Vendor delay\n')
  })

  test('the client without Yjs', async () => {
    const { url } = await startServer()
    await createDocument(url, 'plan', { title: 'The plan' })
    const content = `${url}/api/v1/documents/plan/content`
    const headers = { 'content-type': 'text/markdown', 'if-match': '*' }
    await fetch(content, { method: 'PUT', headers, body: '# Draft\n\nWords.' })
    const shown: unknown[][] = []
    await run(examples[5]!, { url, token: 'sheaf_pat_0', show: (...what: unknown[]) => shown.push(what) })
    expect(shown[0]).toEqual(['Plan', 1])
    expect(shown[1]).toEqual([expect.any(String), expect.any(String)])
    expect(shown.at(-1)).toEqual(['The plan'])
  })

  test('a text that comes word by word', async () => {
    const { url } = await startServer()
    await createDocument(url, 'plan')
    const content = `${url}/api/v1/documents/plan/content`
    const headers = { 'content-type': 'text/markdown', 'if-match': '*' }
    await fetch(content, { method: 'PUT', headers, body: '## Summary\n\n## Risks' })
    const textStream = (async function* () {
      yield* ['The **gut', 'ter** ', 'leaks.']
    })()
    await run(examples[6]!, { edits: connect(url).edits, model: { textStream } })
    const read = await fetch(content, { headers: { accept: 'text/markdown' } })
    expect(await read.text()).toBe('## Summary\n\nThe **gutter** leaks.\n\n## Risks\n')
  })
})
