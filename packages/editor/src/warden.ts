// Looks after what a newer Sheaf wrote and this one does not know: says once that it is there, and lets no key that is pressed beside it
// and no command take it away (docs/body.md, B11, B29). To delete it one selects it.

import { holdsUnknown, schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import type { Command, Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { remoteMeta, structuralMeta } from './binding.ts'
import { blockAfter, blockBefore, caretBlock } from './blocks.ts'
import { insertAfter } from './commands.ts'

const { nodes } = schema

const words = { notice: 'Some of this document needs a newer Sheaf. It is kept as it is.', close: 'Close' }

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
    requestAnimationFrame(() => this.#notice.replaceChildren(...(this.#isShown ? [words.notice, this.#close] : [])))
  }

  /** Whether the key was dealt with: where it would take an unknown block away or apart. */
  handleKey(view: EditorView, event: KeyboardEvent): boolean {
    return sparing(event.key)?.(view.state, view.dispatch) ?? false
  }

  /** Whether a transaction leaves unknown blocks that stay of the kind that they are. */
  spares(tr: Transaction): boolean {
    return sparesUnknown(tr)
  }

  destroy(): void {
    this.#notice.remove()
  }
}

/** What a key does instead where it would take an unknown block away or apart. */
export function sparing(key: string): Command | undefined {
  return { Enter: leave, Backspace: spareAbove, Delete: spareBelow }[key]
}

/** An unknown block that stays is of the kind that it was: no command and no rule makes it into another. */
export function sparesUnknown(tr: Transaction): boolean {
  if (!tr.docChanged || tr.getMeta(remoteMeta) === true || !holdsUnknown(tr.before)) return true
  const unknown = new Set(idsBeyond(tr.doc, tr.before, true))
  return unknown.size === 0 || !idsBeyond(tr.before, tr.doc, false).some(id => unknown.has(id))
}

/** Ids of the unknown blocks, or of all others, in the sections of a document that another one does not have. */
function idsBeyond(other: Node, doc: Node, isUnknown: boolean): string[] {
  const ids: string[] = []
  const shared = new Set(other.children)
  for (const section of doc.children) {
    if (shared.has(section)) continue
    section.descendants(node => {
      if ((node.type === nodes.opaque) === isUnknown) ids.push(node.attrs.id)
      return !node.isTextblock
    })
  }
  return ids
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

const spareAbove: Command = state => {
  const block = caretBlock(state)
  if (block === null || !state.selection.empty || state.selection.$from.parentOffset > 0) return false
  const { type, attrs, content } = block.node
  if (type === nodes.opaque) return true
  // Everything else changes itself before it takes away what is above.
  const takesAbove = type === nodes.paragraph ? attrs.indent === 0 : type.spec.code === true && content.size > 0
  const above = takesAbove ? blockBefore(state.doc, block) : null
  return above?.node.type === nodes.opaque && above.node.content.size === 0
}

const spareBelow: Command = state => {
  const block = caretBlock(state)
  if (block === null || !state.selection.empty) return false
  const { content, type } = block.node
  if (state.selection.$from.parentOffset < content.size) return false
  if (type === nodes.opaque && content.size === 0) return true
  return blockAfter(state.doc, block)?.node.type === nodes.opaque && (content.size > 0 || type === nodes.opaque)
}
