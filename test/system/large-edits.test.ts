// A person who deletes, undoes, types over and pastes all of a long document, again and again: every one of these edits is saved, and
// shown by a second editor, by way of the real server and its limits.

import { blocksOf, cutSections, schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import type { Transaction } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { bindBody, structuralMeta } from '../../packages/editor/src/binding.ts'
import { digestOf } from '../browser/text-probe.ts'
import { createDocument } from '../helpers/documents.ts'
import { HeadlessView } from '../helpers/editors.ts'
import { RemoteEditor } from '../helpers/remote-editor.ts'
import { isLongRun } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'

const size = isLongRun ? 10_000 : 1_500
const rounds = isLongRun ? 2 : 1

test(`K4, K6, K7: all of ${size} blocks is deleted, typed over, cut, pasted and undone, and a second editor shows each of it`, async () => {
  const server = await ServerProcess.start()
  await createDocument(server.url, 'long')
  const ana = await RemoteEditor.open(server.url, 'long')
  const ben = await RemoteEditor.open(server.url, 'long')
  try {
    const binding = bindBody(ana.document.ydoc)
    const view = new HeadlessView(binding)
    const edit = (change: (tr: Transaction) => Transaction): void =>
      view.dispatch(change(view.state.tr).setMeta(structuralMeta, true))
    const replaceAll = (blocks: readonly Node[]): void =>
      edit(tr => tr.replaceWith(0, tr.doc.content.size, cutSections(blocks).content))
    const paragraph = (text: string): Node =>
      schema.nodes.paragraph.create(null, text === '' ? null : schema.text(text))
    const arrives = async (count: number): Promise<void> => {
      const shown = blocksOf(view.state.doc)
      expect(shown).toHaveLength(count)
      await ana.document.saved()
      const digest = digestOf(shown)
      await ben.shows(blocks => digestOf(blocks) === digest)
    }
    replaceAll(Array.from({ length: size }, (_, i) => paragraph(`line ${i}`)))
    await arrives(size)
    for (let round = 0; round < rounds; round++) {
      replaceAll([paragraph('')])
      await arrives(1)
      binding.undo()
      await arrives(size)
      replaceAll([paragraph('x')])
      await arrives(1)
      binding.undo()
      await arrives(size)
      const copied = blocksOf(view.state.doc).map(({ textContent }) => paragraph(textContent))
      replaceAll([paragraph('')])
      await arrives(1)
      replaceAll(copied)
      await arrives(size)
    }
    expect(ana.document.status).toMatchObject({ pending: 0, readOnly: false })
  } finally {
    await ana.close()
    await ben.close()
    await server.dispose()
  }
})
