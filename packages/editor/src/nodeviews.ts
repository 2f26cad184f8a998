// Blocks that carry something to press beside their text: the box of a task, the chevron of a toggle. Plain DOM; the text itself
// is always ProseMirror's. What carries more is a shell (shells.ts).

import type { Node } from 'prosemirror-model'
import type { EditorView, NodeView, NodeViewConstructor, ViewMutationRecord } from 'prosemirror-view'
import { blockIcons, icon } from './icons.ts'
import { shellViews } from './shells.ts'
import { words } from './words.ts'

export const nodeViews: Record<string, NodeViewConstructor> = {
  task: (node, view, getPos) => new TaskView(node, view, getPos),
  toggle: (node, view, getPos) => new ToggleView(node, view, getPos),
  ...shellViews,
}

/** The shared half: an outer element with the block's attributes, something of ours, and the element that holds the text. */
class BlockView implements NodeView {
  readonly dom: HTMLElement
  readonly contentDOM: HTMLElement
  #node: Node

  constructor(node: Node, tag: string, contentTag: string) {
    this.#node = node
    this.dom = document.createElement(tag)
    this.contentDOM = document.createElement(contentTag)
    this.contentDOM.className = 'sheaf-content'
    this.#show(node)
  }

  get node(): Node {
    return this.#node
  }

  accept(node: Node): boolean {
    if (node.type !== this.#node.type) return false
    this.#node = node
    this.#show(node)
    return true
  }

  /** ProseMirror reads changes of the text; what happens in our own parts is ours. */
  ignores(mutation: ViewMutationRecord): boolean {
    if (mutation.type === 'selection') return false
    return !this.contentDOM.contains(mutation.target)
  }

  /** The attributes of the schema's own DOM; decorations add classes of their own to the same element. */
  #show(node: Node): void {
    const spec = node.type.spec.toDOM?.(node) as readonly [string, Record<string, string>]
    const attributes = spec[1]
    for (const name of this.dom.getAttributeNames()) {
      if (name.startsWith('data-') && !(name in attributes)) this.dom.removeAttribute(name)
    }
    for (const [name, value] of Object.entries(attributes)) {
      if (name === 'class') this.dom.classList.add(...value.split(' '))
      else this.dom.setAttribute(name, value)
    }
  }
}

class TaskView implements NodeView {
  readonly dom: HTMLElement
  readonly contentDOM: HTMLElement
  readonly #block: BlockView
  readonly #box: HTMLInputElement

  constructor(node: Node, view: EditorView, getPos: () => number | undefined) {
    this.#block = new BlockView(node, 'div', 'div')
    this.dom = this.#block.dom
    this.contentDOM = this.#block.contentDOM
    this.#box = document.createElement('input')
    this.#box.type = 'checkbox'
    this.#box.className = 'sheaf-task-box'
    this.#box.contentEditable = 'false'
    this.#box.setAttribute('aria-label', words.done)
    // The caret stays where it is.
    this.#box.addEventListener('mousedown', event => event.preventDefault())
    this.#box.addEventListener('change', () => {
      if (view.editable) setAttribute(view, getPos, 'checked', this.#box.checked)
      // What counts is the document, whatever the browser has put into the box.
      this.#show()
    })
    this.dom.append(this.#box, this.contentDOM)
    this.#show()
  }

  update(node: Node): boolean {
    const accepted = this.#block.accept(node)
    if (accepted) this.#show()
    return accepted
  }

  stopEvent(event: Event): boolean {
    return event.target === this.#box
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return this.#block.ignores(mutation)
  }

  #show(): void {
    this.#box.checked = this.#block.node.attrs.checked as boolean
  }
}

class ToggleView implements NodeView {
  readonly dom: HTMLElement
  readonly contentDOM: HTMLElement
  readonly #block: BlockView
  readonly #button: HTMLButtonElement

  constructor(node: Node, view: EditorView, getPos: () => number | undefined) {
    this.#block = new BlockView(node, 'div', 'div')
    this.dom = this.#block.dom
    this.contentDOM = this.#block.contentDOM
    this.#button = ownButton('sheaf-toggle-button', 'chevron-right', words.fold)
    this.#button.addEventListener('click', () => setAttribute(view, getPos, 'open', !this.#block.node.attrs.open))
    this.dom.append(this.#button, this.contentDOM)
    this.#show()
  }

  update(node: Node): boolean {
    const accepted = this.#block.accept(node)
    if (accepted) this.#show()
    return accepted
  }

  stopEvent(event: Event): boolean {
    return event.target instanceof globalThis.Node && this.#button.contains(event.target)
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return this.#block.ignores(mutation)
  }

  /** Closed is an attribute without a value in the schema's DOM, so it is said here. */
  #show(): void {
    const open = this.#block.node.attrs.open as boolean
    this.dom.dataset.open = String(open)
    this.#button.setAttribute('aria-expanded', String(open))
  }
}

function ownButton(className: string, name: keyof typeof blockIcons, label: string): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = className
  button.contentEditable = 'false'
  button.setAttribute('aria-label', label)
  button.append(icon(blockIcons[name], 16))
  // Pressing it must not take the caret out of the text.
  button.addEventListener('mousedown', event => event.preventDefault())
  return button
}

function setAttribute(view: EditorView, getPos: () => number | undefined, name: string, value: unknown): void {
  const pos = getPos()
  const node = pos === undefined ? null : view.state.doc.nodeAt(pos)
  if (pos === undefined || node === null || !view.editable) return
  view.dispatch(view.state.tr.setNodeMarkup(pos, null, { ...node.attrs, [name]: value }))
}
