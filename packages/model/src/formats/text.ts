// Plain text: one line per block, nothing else. What it cannot say (kinds, marks, indents) is not said.

import { Fragment, type Node } from 'prosemirror-model'
import { blocksOf, cutSections } from '../blocks.ts'
import { schema } from '../schema.ts'
import { textNodes } from './inline.ts'

/** Reads each line as a paragraph. A line break at the very end is the end of the last line, not another one. */
export function parseText(text: string): Node {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n')
  return cutSections(lines.map(line => schema.nodes.paragraph.create(null, Fragment.fromArray(textNodes(line, [])))))
}

/** The text of a document: a line per block, breaks and the lines of code as lines, atoms as what they show. */
export function serializeText(doc: Node): string {
  return blocksOf(doc)
    .map(block => `${block.textBetween(0, block.content.size, null, leaf => leaf.type.spec.leafText?.(leaf) ?? '')}\n`)
    .join('')
}
