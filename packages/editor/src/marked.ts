// Blocks that are marked for a while, without a change of the document: those that a menu is about or that are being dragged, and the one
// that a link led to.

import type { Node } from 'prosemirror-model'
import { type EditorState, Plugin, PluginKey } from 'prosemirror-state'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'
import type { Block } from './blocks.ts'
import { scrollToBlock } from './scrolling.ts'

type Look = 'sheaf-meant' | 'sheaf-found-block'

const key = new PluginKey<DecorationSet>('sheaf-marked')
/** How long the goal of a link stays marked. */
const markedMs = 2400

export function marked(): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, value) => (tr.getMeta(key) as DecorationSet | undefined) ?? value.map(tr.mapping, tr.doc),
    },
    props: { decorations: state => key.getState(state) },
  })
}

/** Instead of those before. */
export function markBlocks(view: EditorView, blocks: readonly Block[], look: Look): void {
  const all = blocks.map(({ node, pos }) => Decoration.node(pos, pos + node.nodeSize, { class: look }))
  view.dispatch(view.state.tr.setMeta(key, DecorationSet.create(view.state.doc, all)))
}

export function unmarkBlocks(view: EditorView): void {
  if (!view.isDestroyed && key.getState(view.state) !== DecorationSet.empty) {
    view.dispatch(view.state.tr.setMeta(key, DecorationSet.empty))
  }
}

/** Goes to a block and marks it for a moment; false where the document has none with this id. */
export function revealBlock(view: EditorView, id: string): boolean {
  const block = findBlock(view.state, id)
  if (block === null) return false
  scrollToBlock(view, block.pos)
  markBlocks(view, [block], 'sheaf-found-block')
  setTimeout(() => unmarkBlocks(view), markedMs)
  return true
}

function findBlock({ doc }: EditorState, id: string): Block | null {
  let found: Block | null = null
  doc.descendants((node: Node, pos) => {
    if (found !== null) return false
    if (node.attrs.id === id) found = { node, pos }
    return !node.isTextblock
  })
  return found
}
