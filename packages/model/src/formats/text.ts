// Plain text: one line per block, nothing else. What it cannot say (kinds, marks, indents) is not said.

import { Fragment, type Node } from 'prosemirror-model'
import { blocksOf, cutSections } from '../blocks.ts'
import { linesOf } from '../document.ts'
import { schema } from '../schema.ts'
import { textNodes } from './inline.ts'

/** Reads each line as a paragraph. A line break at the very end is the end of the last line, not another one. */
export function parseText(text: string): Node {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n')
  return cutSections(lines.map(line => schema.nodes.paragraph.create(null, Fragment.fromArray(textNodes(line, [])))))
}

/**
 * The text of a document: a line per block, breaks and the lines of code as lines, atoms as what they show; of a table a line per row,
 * its cells between tabs, and its caption.
 */
export function serializeText(doc: Node): string {
  return blocksOf(doc)
    .flatMap(linesOf)
    .map(line => `${line}\n`)
    .join('')
}
