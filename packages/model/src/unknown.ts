// What this version does not know: kinds of blocks, atoms and marks of a newer one, and a newer layout altogether. All of it is kept
// (docs/body.md, B11); here it is only noticed, so that somebody can be told.

import type { Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import { bodyFormat, schema } from './schema.ts'

const { nodes, marks } = schema
const known = new WeakMap<Node, boolean>()

/** Whether the layout of a document is newer than the one that this version writes; anything but a number says nothing. */
export function isOfNewerFormat(ydoc: Y.Doc): boolean {
  const format = ydoc.getMap('meta').get('format')
  return typeof format === 'number' && format > bodyFormat
}

/**
 * Whether anything in a document reads as opaque. Sections and blocks that were looked at are not looked at again, so asking after each
 * edit costs the block that changed.
 */
export function holdsUnknown(doc: Node): boolean {
  return doc.children.some(section => remember(section, () => section.children.some(isOrHoldsUnknownOnce)))
}

function isOrHoldsUnknownOnce(block: Node): boolean {
  return remember(block, () => isOrHoldsUnknown(block))
}

function remember(node: Node, look: () => boolean): boolean {
  let found = known.get(node)
  if (found === undefined) {
    found = look()
    known.set(node, found)
  }
  return found
}

function isOrHoldsUnknown(node: Node): boolean {
  if (node.isText) return marks.opaque_mark.isInSet(node.marks) !== undefined
  if (node.type === nodes.opaque || node.type === nodes.opaque_atom) return true
  return node.children.some(isOrHoldsUnknown) || marks.opaque_mark.isInSet(node.marks) !== undefined
}
