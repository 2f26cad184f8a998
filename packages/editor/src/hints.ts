// The words that stand in an empty line, and the mark on a closed block (a divider, an image, a formula) that the caret is in. Node
// decorations: they take no room, so nothing moves when they come and go.

import { schema } from '@sheaf/model'
import type { Node, NodeType } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { caretBlock, isEmptyDocument } from './blocks.ts'
import { words } from './words.ts'

const { nodes } = schema

const marked: ReadonlySet<NodeType> = new Set([
  nodes.code_block,
  nodes.divider,
  nodes.embed,
  nodes.image,
  nodes.math_block,
])

/** @param isEditable asked at each drawing: who cannot write is not invited to. */
export function hints(isEditable: () => boolean): Plugin {
  return new Plugin({
    props: {
      decorations: state => {
        if (!isEditable()) return null
        if (isEmptyDocument(state.doc)) {
          return DecorationSet.create(state.doc, [hint(1, state.doc.firstChild!.firstChild!, words.write)])
        }
        const block = caretBlock(state)
        if (block === null) return null
        if (state.selection.empty && block.node.content.size === 0) {
          const text = hintOf(block.node)
          if (text !== null) return DecorationSet.create(state.doc, [hint(block.pos, block.node, text)])
        }
        if (!marked.has(block.node.type)) return null
        const selected = Decoration.node(block.pos, block.pos + block.node.nodeSize, { class: 'sheaf-selected' })
        return DecorationSet.create(state.doc, [selected])
      },
    },
  })
}

function hint(pos: number, node: Node, text: string): Decoration {
  return Decoration.node(pos, pos + node.nodeSize, { class: 'sheaf-hint', 'data-hint': text })
}

function hintOf(node: Node): string | null {
  if (node.type === nodes.heading) return words.heading(node.attrs.level as number)
  return node.type === nodes.paragraph ? words.write : null
}
