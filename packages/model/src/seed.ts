// A new document. The server makes the first marker together with the document, so that two people who type first into it meet
// in one block.

import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { blocksOf, cutSections } from './blocks.ts'
import { Body } from './body.ts'
import { isTable } from './kinds.ts'
import { firstItem, insertAnchor, insertMarker, lastItem, openBody } from './layout.ts'
import { bodyFormat, schema } from './schema.ts'
import { write } from './write.ts'

/**
 * A fresh document as one Yjs update (V1): layout version, title, and a body of one paragraph per line of `text` (one empty
 * paragraph without it).
 */
export function seedUpdate({
  title = '',
  text = '',
  body: blocks,
}: {
  title?: string
  text?: string
  /** Instead of `text`. */
  body?: readonly Node[]
} = {}): Uint8Array {
  const ydoc = new Y.Doc()
  // Where two insert at one place, the lower client id comes first: the first marker stands before what was typed into a document
  // that was made without a network. Other ids are random below 2^32, so hardly ever one of these.
  ydoc.clientID = 1 + Math.floor(Math.random() * 0xffff)
  const body = openBody(ydoc)
  ydoc.transact(tr => {
    ydoc.getMap('meta').set('format', bodyFormat)
    if (title !== '') ydoc.getText('title').insert(0, title.replace(/\s+/g, ' '))
    insertAnchor(tr, body, insertMarker(tr, body, lastItem(firstItem(body))))
    if (text === '' && blocks === undefined) return
    const index = new Body(ydoc)
    const [first] = blocksOf(index.doc)
    if (blocks !== undefined) {
      if (blocks.length > 0) write(index, cutSections(begunBy(first!, blocks)), run => run(tr))
      return
    }
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

/** The blocks, the first of which is the one that is there already. A table cannot be: then that one stays, empty, before it. */
function begunBy(there: Node, [first, ...rest]: readonly Node[]): Node[] {
  if (first === undefined || isTable(first)) return [there, ...(first === undefined ? [] : [first]), ...rest]
  return [first.type.create({ ...first.attrs, id: there.attrs.id }, first.content, first.marks), ...rest]
}
