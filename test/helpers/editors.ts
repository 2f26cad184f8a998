// Editors without a DOM: the real plugin stack of the binding on a host that applies transactions as an EditorView does, and peers
// that exchange updates when a test says so.

import { Body, blocksOf, openBody, seedUpdate } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { EditorState, type Plugin, TextSelection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import * as Y from 'yjs'
import { type Binding, bindBody } from '../../packages/editor/src/binding.ts'

export class HeadlessView {
  state: EditorState
  composing = false
  readonly #binding: Binding
  readonly #plugins: ReturnType<NonNullable<Plugin['spec']['view']>>[]

  constructor(binding: Binding, plugins: readonly Plugin[] = []) {
    this.#binding = binding
    this.state = EditorState.create({ doc: binding.doc, plugins: [binding.plugin, ...plugins] })
    const view = this as unknown as EditorView
    // What other plugins draw needs a DOM; what they do to the state does not.
    this.#plugins = [binding.plugin.spec.view!(view)]
  }

  dispatch(tr: Transaction): void {
    this.#binding.dispatch(this, tr)
  }

  updateState(state: EditorState): void {
    const before = this.state
    this.state = state
    for (const plugin of this.#plugins) plugin.update?.(this as unknown as EditorView, before)
  }
}

/** Types at a position, one transaction a character, as keys do. */
export function typeAt(
  host: { edit(change: (tr: Transaction) => unknown): void },
  position: number,
  text: string,
): void {
  let at = position
  for (const character of text) {
    host.edit(tr => tr.insertText(character, at))
    at += character.length
  }
}

/** One person: a replica with an editor on it. What they write waits in `outbox` until it is delivered. */
export class Person {
  readonly ydoc = new Y.Doc()
  readonly binding: Binding
  readonly view: HeadlessView
  readonly outbox: Uint8Array[] = []

  constructor(clientID: number, seed: Uint8Array, plugins: readonly Plugin[] = []) {
    this.ydoc.clientID = clientID
    openBody(this.ydoc)
    Y.applyUpdate(this.ydoc, seed)
    this.binding = bindBody(this.ydoc)
    this.view = new HeadlessView(this.binding, plugins)
    this.ydoc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== 'network') this.outbox.push(update)
    })
  }

  get state(): EditorState {
    return this.view.state
  }

  get doc(): Node {
    return this.view.state.doc
  }

  get blocks(): Node[] {
    return blocksOf(this.doc)
  }

  /** The texts of the blocks. */
  get texts(): string[] {
    return this.blocks.map(block => block.textContent)
  }

  /** Position before a block. */
  positionOf(index: number): number {
    let found = -1
    let count = 0
    this.doc.forEach((section, offset) => {
      section.forEach((_block, at) => {
        if (count++ === index) found = offset + 1 + at
      })
    })
    if (found < 0) throw new RangeError(`No block ${index}`)
    return found
  }

  edit(change: (tr: Transaction) => unknown): void {
    const { tr } = this.state
    change(tr)
    this.view.dispatch(tr)
  }

  select(block: number, from: number, to = from): void {
    const start = this.positionOf(block) + 1
    this.edit(tr => tr.setSelection(TextSelection.create(tr.doc, start + from, start + to)))
  }

  /** Types into a block, one transaction a character, as keys do. */
  type(block: number, offset: number, text: string): void {
    typeAt(this, this.positionOf(block) + 1 + offset, text)
  }

  receive(updates: readonly Uint8Array[]): void {
    for (const update of updates) Y.applyUpdate(this.ydoc, update, 'network')
  }

  /** What a fresh reading of the body shows: the view must always be equal to it. */
  get reading(): Node {
    return new Body(this.ydoc).doc
  }
}

/** So many people on one document with these paragraphs; the client ids grow with the index. */
export function people(count: number, text: string, plugins: () => readonly Plugin[] = () => []): Person[] {
  const seed = seedUpdate({ text })
  return Array.from({ length: count }, (_, index) => new Person(1000 + index, seed, plugins()))
}

/** Delivers everything to everybody, each person's updates in their order. */
export function deliverAll(persons: readonly Person[]): void {
  while (persons.some(person => person.outbox.length > 0)) {
    for (const sender of persons) {
      const updates = sender.outbox.splice(0)
      for (const receiver of persons) if (receiver !== sender) receiver.receive(updates)
    }
  }
}

/** Sections apart: they are local. */
export function sameBlocks(a: Node, b: Node): boolean {
  const x = blocksOf(a)
  const y = blocksOf(b)
  return x.length === y.length && x.every((block, index) => block.eq(y[index]!))
}
