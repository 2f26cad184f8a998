// The client without Yjs, from its own entry `@sheaf/client/http`: how small it is, and what a program does with it.

import { gzipSync } from 'node:zlib'
import { connect, type EditRefused, type SheafError } from '@sheaf/client/http'
import { build } from 'esbuild'
import { beforeAll, describe, expect, test } from 'vitest'
import { createDocument } from '../helpers/documents.ts'
import { startServer } from '../helpers/running-server.ts'
import { repositoryRoot } from '../helpers/sources.ts'
import { tempDirectory } from '../helpers/tempdir.ts'

describe('@sheaf/client/http', () => {
  let bundle: string
  let inputs: string[]

  beforeAll(async () => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: `export * from '@sheaf/client/http'`, resolveDir: `${repositoryRoot}/server` },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'neutral',
      target: 'es2022',
      metafile: true,
      write: false,
    })
    bundle = outputFiles[0]!.text
    inputs = Object.keys(metafile.inputs)
  })

  test('is less than 10 KB as it travels', () => {
    const bytes = gzipSync(bundle, { level: 9 }).byteLength
    expect(bytes).toBeLessThan(10_000)
    // Less than this is no client: then something was left out.
    expect(bytes).toBeGreaterThan(1_500)
  })

  test('has no Yjs, no socket and nothing of Node in it', () => {
    expect(inputs.filter(path => /\/(yjs|ws|y-protocols|y-websocket)\/|runtime\.node/.test(path))).toEqual([])
    expect(bundle).not.toMatch(/from"|require\(|process\./)
  })

  test('the built file alone makes, edits and reads a document', async () => {
    const { url } = await startServer()
    const built = (await import(`data:text/javascript,${encodeURIComponent(bundle)}`)) as { connect: typeof connect }
    await using server = built.connect(url)
    const { id } = await server.documents.create({ title: 'Plan', text: 'Ship in May.' })
    await server.edits.edit(id, e => e.replaceText('May', 'June'))
    expect((await server.edits.read(id, { as: 'text' })).body).toContain('Ship in June.')
  })
})

describe('a program', () => {
  const plan = '# Goal\n\nShip in May.\n\n# Risks\n\nRest in May.'

  async function planned() {
    const { url } = await startServer()
    await createDocument(url, 'plan', { title: 'Plan' })
    const server = connect(url)
    await server.edits.put('plan', plan, { only: '*' })
    return server
  }

  test('reads the outline, the blocks, places and who changed what', async () => {
    const { edits } = await planned()
    const { rev } = await edits.read('plan')
    await edits.edit('plan', e => e.replaceText({ quote: 'May', suffix: '.', occurrence: 1 }, 'June'), {
      run: { id: 'r-1' },
    })
    expect(await edits.outline('plan')).toMatchObject([{ text: 'Goal' }, { text: 'Risks' }])
    expect((await gather(edits.blocks('plan'))).map(({ text }) => text)).toContain('Ship in June.')
    expect(await edits.find('plan', { quote: 'in', prefix: 'Rest ' })).toMatchObject([{ text: 'in' }])
    const changes = await gather(edits.changes('plan', { since: rev }))
    expect(changes).toMatchObject([{ origin: 'api', run: 'r-1' }])
    expect((await edits.read('plan', { rev })).body).toContain('Ship in May.')
  })

  test('is told how to mend what was refused: the code, whether to try again, and the places that may have been meant', async () => {
    const { edits } = await planned()
    const refused: EditRefused = await edits.edit('plan', e => e.replaceText('May', 'June')).catch(error => error)
    expect(refused).toMatchObject({ name: 'EditRefused', code: 'ambiguous-target', retry: 'fix-request', edit: 0 })
    await edits.edit('plan', e => e.replaceText({ handle: refused.candidates[1]!.handle }, 'June'))
    expect((await edits.read('plan')).body).toContain('Rest in June.')

    const missing: SheafError = await edits.read('none').catch(error => error)
    expect(missing).toMatchObject({ name: 'SheafError', code: 'not-found', retry: 'never' })
    await expect(edits.put('plan', 'x', {})).rejects.toMatchObject({ code: 'precondition-required' })
  })

  test('puts a whole body that was made from an older one, and nothing that came meanwhile is lost', async () => {
    const { edits } = await planned()
    const { body, rev } = await edits.read('plan')
    await edits.edit('plan', e => e.replaceText('Ship in', 'We ship in'))
    await expect(edits.put('plan', 'x', { only: rev })).rejects.toMatchObject({
      code: 'precondition-failed',
      retry: 'after-refresh',
    })
    const put = await edits.put('plan', body.replace('Rest in May', 'Rest in August'), { base: rev })
    expect(put).toMatchObject({ merged: true, durable: true })
    const { body: now } = await edits.read('plan')
    expect(now).toContain('We ship in May.')
    expect(now).toContain('Rest in August.')
  })

  test('sees every document of a list of many pages, once', async () => {
    const { url } = await startServer()
    const { documents } = connect(url)
    for (let number = 0; number < 5; number++) await documents.create({ title: `${number}` })
    const all = await gather(documents.all({ limit: 2, sort: 'title' }))
    expect(all.map(({ title }) => title)).toEqual(['0', '1', '2', '3', '4'])
  })

  test('asks for a token before each request, and says when it is none', async () => {
    const { url } = await startServer({ openMode: false })
    let asked = 0
    const { documents, me } = connect(url, { token: async () => `wrong-${++asked}` })
    await expect(me()).rejects.toMatchObject({ code: 'unauthorized' })
    await expect(documents.list()).rejects.toMatchObject({ code: 'unauthorized' })
    expect(asked).toBe(2)
    await expect(connect(url, { token: 'sheaf_pat_…' }).me()).rejects.toThrow(TypeError)
  })

  test('is told of changes as they come, each once, also over a restart of the server', async () => {
    const data = await tempDirectory()
    const first = await startServer({ memory: false, data })
    const { port, url } = first
    const server = connect(url)
    await createDocument(url, 'plan', { text: 'Ship.' })
    const { rev } = await server.edits.read('plan')
    const changes = server.events.watch('plan', { since: rev })
    const told: (string | undefined)[] = []
    const next = async () => told.push((await changes.next()).value?.rev)
    const made = [await server.edits.edit('plan', e => e.append('One.'))]
    await next()
    await first.close({ atOnce: true })
    await startServer({ memory: false, data, listen: { host: '127.0.0.1', port } })
    made.push(await server.edits.edit('plan', e => e.append('Two.')))
    await next()
    expect(told).toEqual(made.map(edited => edited.rev))
    await changes.return(undefined)

    await server.documents.trash('plan')
    await expect(server.events.watch('plan').next()).rejects.toMatchObject({ code: 'document-deleted' })
  })

  test('ends its requests at the end of the block, and knows an unreachable server', async () => {
    const { url, close } = await startServer()
    let after: Promise<unknown>
    {
      await using server = connect(url)
      const { documents } = server
      after = Promise.resolve().then(() => documents.list())
      after.catch(() => undefined)
      await server.me()
      after = after.then(() => documents.list())
    }
    await expect(after).rejects.toMatchObject({ name: 'AbortError' })
    await close()
    await expect(connect(url).me()).rejects.toMatchObject({ code: 'going-away', retry: 'later' })
  })
})

async function gather<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
