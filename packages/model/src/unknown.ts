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
 * Whether anything in a document reads as opaque. What was looked at once is not looked at again, so asking after each edit costs
 * the sections and the block that changed.
 */
export function holdsUnknown(doc: Node): boolean {
  return doc.children.some(section => remembered(section, () => section.children.some(holdsUnknownBlock)))
}

function holdsUnknownBlock(block: Node): boolean {
  return remembered(block, () => {
    let found = isUnknown(block)
    block.descendants(node => {
      found ||= isUnknown(node)
      return !found
    })
    return found
  })
}

function isUnknown(node: Node): boolean {
  return (
    node.type === nodes.opaque || node.type === nodes.opaque_atom || marks.opaque_mark.isInSet(node.marks) !== undefined
  )
}

function remembered(node: Node, look: () => boolean): boolean {
  let found = known.get(node)
  if (found === undefined) {
    found = look()
    known.set(node, found)
  }
  return found
}
