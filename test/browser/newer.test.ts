// A document in which a newer Sheaf has written: this one shows that it keeps what it does not know, says so once, and keeps it.

import { openDocument, type SheafDocument } from '@sheaf/client'
import { openBody } from '@sheaf/model'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import * as Y from 'yjs'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

const notice = 'Some of this document needs a newer Sheaf. It is kept as it is.'
const face = 'This block needs a newer Sheaf. It is kept as it is.'

describeUnless(noChromium, 'what a newer Sheaf wrote', () => {
  let server: ServerProcess
  let ada: Person

  beforeAll(async () => {
    server = await ServerProcess.start()
    return () => server.dispose()
  })

  beforeEach(async () => {
    ada = await Person.arrive({ name: 'Ada' })
  })

  afterEach(async () => {
    await ada.leave()
  })

  /** A program that knows more than the page. */
  async function newerProgram(documentId: string): Promise<SheafDocument> {
    const ydoc = new Y.Doc()
    openBody(ydoc)
    const identity = { id: 'newer', name: 'Newer' }
    const document = openDocument({ url: server.url, documentId, identity, offline: null, ydoc })
    await document.synced
    return document
  }

  /** A board behind the first paragraph, a poll in it, and a glow on its first word. */
  async function writeNewer(documentId: string): Promise<void> {
    await using document = await newerProgram(documentId)
    const body = document.ydoc.getText('body')
    document.ydoc.transact(() => {
      const board = new Y.Map<unknown>([
        ['kind', 'board'],
        ['lanes', 3],
      ])
      body.insertEmbed(body.length, board)
      body.insert(body.length, 'To do, doing, done')
      body.insertEmbed(body.length, new Y.Map())
      body.insert(body.length, 'Below')
      body.insertEmbed(6, { kind: 'poll', question: 'Boots?' })
      body.format(1, 4, { 'glow~1~ab': { strength: 2 } })
    })
    await document.saved()
  }

  async function foreignParts(documentId: string): Promise<unknown[]> {
    const ydoc = await readDocument(server.url, documentId)
    const parts: unknown[] = []
    for (const { insert, attributes } of ydoc.getText('body').toDelta() as { insert: unknown; attributes?: object }[]) {
      if (insert instanceof Y.Map && insert.get('kind') === 'board') parts.push(insert.toJSON())
      else if (typeof insert === 'object' && !(insert instanceof Y.Map)) parts.push(insert)
      else if (attributes !== undefined) parts.push([insert, attributes])
    }
    return parts
  }

  test('it is said when it comes, its blocks and atoms have a face and a name, and typing beside them leaves them alone', async () => {
    await createDocument(server.url, 'newer', { title: 'The plan', text: 'Pack boots and a torch' })
    await ada.open(server.url, 'newer')
    await ada.sees('Pack boots and a torch')
    const status = ada.page.locator('.sheaf-editor [role="status"]')
    expect(await status.count()).toBe(0)
    await writeNewer('newer')
    await ada.page.getByText(notice).waitFor()
    await ada.page.getByRole('group', { name: face }).waitFor()
    await ada.page.getByRole('img', { name: 'This needs a newer Sheaf. It is kept as it is.' }).waitFor()
    const before = await foreignParts('newer')
    expect(before).toEqual([
      ['Pack', { 'glow~1~ab': { strength: 2 } }],
      { kind: 'poll', question: 'Boots?' },
      { kind: 'board', lanes: 3 },
    ])

    // Every key that could take the board away or apart, in it and at both its edges.
    const press = async (...keys: string[]) => {
      for (const key of keys) await ada.page.keyboard.press(key)
    }
    await ada.page.getByText('To do, doing, done').click()
    await press('Home', 'Backspace', 'Control+Alt+1')
    await ada.type('Now: ')
    await press('End', 'Delete', 'Enter')
    await ada.type('after')
    await ada.page.getByText('Pack boots').click()
    await press('End', 'Delete')
    await ada.type('!')
    await ada.sees('Pack boots and a torch!', 'Now: To do, doing, done', 'after', 'Below')
    // Nor does dragging: the words with the poll in them stay where they are.
    await ada.page.getByText('Pack boots').click()
    await press('Home', 'Shift+End')
    const words = await ada.page.getByText('Pack boots').boundingBox()
    const below = await ada.page.getByText('Below').boundingBox()
    await ada.page.mouse.move(words!.x + 100, words!.y + 10)
    await ada.page.mouse.down()
    await ada.page.mouse.move(below!.x + 30, below!.y + 10, { steps: 5 })
    await ada.page.mouse.up()
    await ada.sees('Pack boots and a torch!', 'Now: To do, doing, done', 'after', 'Below')
    await ada.says(/^Saved$/)
    expect(await foreignParts('newer')).toEqual(before)

    await ada.page.getByRole('button', { name: 'Close' }).click()
    await ada.page.getByText(notice).waitFor({ state: 'detached' })
    await ada.clickBody()
    await ada.type(' More.')
    await ada.sees('More.')
    expect(await ada.page.getByText(notice).count()).toBe(0)
  })

  test('a document of a newer layout says so too', async () => {
    await createDocument(server.url, 'layout', { text: 'Plain words' })
    const document = await newerProgram('layout')
    document.ydoc.getMap('meta').set('format', 2)
    await document.saved()
    await document.close()
    await ada.open(server.url, 'layout')
    await ada.page.getByText(notice).waitFor()
    await ada.sees('Plain words')
  })
})
