// Looks after what a newer Sheaf wrote and this one does not know: says once that it is there, and lets no key that is pressed beside it
// and no command take it away (docs/body.md, B11, B29). To delete it one selects it.

import { holdsUnknown, schema } from '@sheaf/model'
import type { Node, ResolvedPos, Slice } from 'prosemirror-model'
import { type Command, Selection, TextSelection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { remoteMeta, structuralMeta } from './binding.ts'
import { type Block, blockAfter, blockBefore, caretBlock } from './blocks.ts'
import { insertAfter } from './commands.ts'
import { words } from './words.ts'

const { nodes } = schema

export class Warden {
  /** Here before there are words in it, for only what comes into it is spoken. */
  readonly #notice = document.createElement('div')
  readonly #close = document.createElement('button')
  #isShown = false
  #isPutAway = false

  /** @param mount where the notice is put, behind what is there. */
  constructor(mount: HTMLElement) {
    this.#notice.className = 'sheaf-newer'
    this.#notice.setAttribute('role', 'status')
    this.#close.type = 'button'
    this.#close.textContent = '×'
    this.#close.setAttribute('aria-label', words.close)
    // The caret stays where it is.
    this.#close.addEventListener('mousedown', event => event.preventDefault())
    this.#close.addEventListener('click', () => {
      this.#isPutAway = true
      this.show(false)
    })
    mount.append(this.#notice)
  }

  /** Shows the notice or not; once it was put away it stays away. */
  show(isThere: boolean): void {
    const isShown = isThere && !this.#isPutAway
    if (isShown === this.#isShown) return
    this.#isShown = isShown
    requestAnimationFrame(() => this.#notice.replaceChildren(...(this.#isShown ? [words.newer, this.#close] : [])))
  }

  /** Whether the key was dealt with: where it would take an unknown block away or apart. */
  handleKey(view: EditorView, event: KeyboardEvent): boolean {
    return sparing(event.key)?.(view.state, view.dispatch) ?? false
  }

  /** See {@link shortOf}. */
  selectionBetween($anchor: ResolvedPos, $head: ResolvedPos): Selection | null {
    return shortOf($anchor, $head)
  }

  /** Whether a drop was dealt with: what is unknown is not dragged from its place. */
  handleDrop(slice: Slice, isMoved: boolean): boolean {
    return isMoved && holdsUnknownParts(slice)
  }

  /** Whether a transaction leaves unknown blocks that stay of the kind that they are. */
  spares(tr: Transaction): boolean {
    return sparesUnknown(tr)
  }

  destroy(): void {
    this.#notice.remove()
  }
}

/**
 * A selection that goes down to the start of an unknown block, as that of a triple click does, ends in front of the block: what is typed
 * then replaces the words above it. Null for any other.
 */
export function shortOf($anchor: ResolvedPos, $head: ResolvedPos): Selection | null {
  if ($head.parent.type !== nodes.opaque || $head.parentOffset > 0 || $anchor.pos >= $head.before()) return null
  return TextSelection.between($anchor, Selection.near($head.doc.resolve($head.before()), -1).$head)
}

/** Whether a slice holds unknown blocks or atoms: dragged elsewhere they would be written anew, as far as they are known. */
export function holdsUnknownParts(slice: Slice): boolean {
  let found = false
  slice.content.descendants(node => {
    found ||= node.type === nodes.opaque || node.type === nodes.opaque_atom
  })
  return found
}

/** What a key does instead where it would take an unknown block away or apart. */
export function sparing(key: string): Command | undefined {
  return { Enter: leave, Backspace: spareAbove, Delete: spareBelow }[key]
}

/**
 * An unknown block that stays is of the kind that it was: no command makes it into another, no drag takes it along, and deleting a part of it
 * does not take the rest.
 */
export function sparesUnknown(tr: Transaction): boolean {
  if (!tr.docChanged || tr.getMeta(remoteMeta) === true || !holdsUnknown(tr.before)) return true
  const before = blocksBeyond(tr.doc, tr.before).filter(({ node }) => node.type === nodes.opaque)
  if (before.length === 0) return true
  const after = new Map(blocksBeyond(tr.before, tr.doc).map(({ node }) => [node.attrs.id, node]))
  return before.every(({ node, pos }) => {
    const now = after.get(node.attrs.id)
    if (now !== undefined) return now.type === nodes.opaque
    const end = pos + 1 + node.content.size
    const isEmpty = node.content.size === 0
    const isWhole = isEmpty ? tr.mapping.mapResult(end).deletedAfter : tr.mapping.mapResult(end, -1).deletedBefore
    return isWhole && tr.getMeta('uiEvent') !== 'drop'
  })
}

/** The blocks in the sections of a document that another one does not have. */
function blocksBeyond(other: Node, doc: Node): Block[] {
  const blocks: Block[] = []
  const shared = new Set(other.children)
  doc.forEach((section, offset) => {
    if (shared.has(section)) return
    section.descendants((node, pos) => {
      blocks.push({ node, pos: offset + 1 + pos })
      return !node.isTextblock
    })
  })
  return blocks
}

/** An unknown block is never split: half of it would be something else. */
const leave: Command = (state, dispatch) => {
  const block = caretBlock(state)
  if (block?.node.type !== nodes.opaque || !state.selection.empty) return false
  if (dispatch) {
    const tr = state.tr
    insertAfter(tr, block, nodes.paragraph.create({ indent: block.node.attrs.indent }))
    dispatch(tr.setMeta(structuralMeta, true).scrollIntoView())
  }
  return true
}

/** Nothing flows into an unknown block or out of it; an empty block below one goes. */
const spareAbove: Command = state => {
  const block = caretBlock(state)
  if (block === null || !state.selection.empty || state.selection.$from.parentOffset > 0) return false
  const { type, attrs, content } = block.node
  if (type === nodes.opaque) return true
  // Everything else changes itself before it joins what is above.
  const joins = type === nodes.paragraph ? attrs.indent === 0 : type.spec.code === true && content.size > 0
  const above = joins ? blockBefore(state.doc, block) : null
  return above?.node.type === nodes.opaque && (content.size > 0 || above.node.content.size === 0)
}

/** The same at the end of a block; an empty block above one goes. */
const spareBelow: Command = state => {
  const block = caretBlock(state)
  if (block === null || !state.selection.empty) return false
  const { content, type } = block.node
  if (state.selection.$from.parentOffset < content.size) return false
  return type === nodes.opaque || (content.size > 0 && blockAfter(state.doc, block)?.node.type === nodes.opaque)
}
