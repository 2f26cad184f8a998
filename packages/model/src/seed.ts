// A new document. The server makes the first marker together with the document, so that two people who type first into it meet
// in one block.

import * as Y from 'yjs'
import { blocksOf, cutSections } from './blocks.ts'
import { Body } from './body.ts'
import { firstItem, insertAnchor, insertMarker, lastItem, openBody } from './layout.ts'
import { bodyFormat, schema } from './schema.ts'
import { write } from './write.ts'

/**
 * A fresh document as one Yjs update (V1): layout version, title, and a body of one paragraph per line of `text` (one empty
 * paragraph without it).
 */
export function seedUpdate({ title = '', text = '' }: { title?: string; text?: string } = {}): Uint8Array {
  const ydoc = new Y.Doc()
  const body = openBody(ydoc)
  ydoc.transact(tr => {
    ydoc.getMap('meta').set('format', bodyFormat)
    if (title !== '') ydoc.getText('title').insert(0, title.replace(/\s+/g, ' '))
    insertAnchor(tr, body, insertMarker(tr, body, lastItem(firstItem(body))))
    if (text === '') return
    const index = new Body(ydoc)
    const [first] = blocksOf(index.doc)
    const paragraphs = text.split('\n').map((line, index) => {
      const id = index === 0 ? first!.attrs.id : null
      return schema.nodes.paragraph.create({ id }, line === '' ? null : schema.text(line))
    })
    write(index, cutSections(paragraphs), run => run(tr))
  })
  const update = Y.encodeStateAsUpdate(ydoc)
  ydoc.destroy()
  return update
}
