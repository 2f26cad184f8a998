// A second editor on a running server: the client package and the real binding in Node, without a DOM. It edits as somebody else
// would, and shows what somebody else sees.

import { openDocument, type SheafDocument } from '@sheaf/client'
import { blocksOf, cutSections, readBody, schema, writeBody } from '@sheaf/model'
import type { Attrs, Node, NodeType } from 'prosemirror-model'
import { TextSelection, type Transaction } from 'prosemirror-state'
import { bindBody } from '../../packages/editor/src/binding.ts'
import { backspace } from '../../packages/editor/src/commands.ts'
import { HeadlessView, typeAt } from './editors.ts'
import { isLongRun } from './requirements.ts'

// Of an update of a megabyte half goes through in a second, and the next one waits for it (docs/protocol.md, limits).
const patienceMs = isLongRun ? 60_000 : 15_000

export class RemoteEditor {
  readonly document: SheafDocument
  readonly view: HeadlessView

  private constructor(document: SheafDocument) {
    this.document = document
    this.view = new HeadlessView(bindBody(document.ydoc))
  }

  static async open(url: string, documentId: string): Promise<RemoteEditor> {
    const document = openDocument({ url, documentId, identity: { id: 'writer', name: 'Writer' }, offline: null })
    await document.synced
    return new RemoteEditor(document)
  }

  /** What its editor shows. */
  get blocks(): Node[] {
    return blocksOf(this.view.state.doc)
  }

  /** What a fresh reading of the same document gives. */
  get reading(): Node[] {
    return blocksOf(readBody(this.document.ydoc))
  }

  /** One edit, as a person does it. */
  edit(change: (tr: Transaction) => unknown): void {
    const { tr } = this.view.state
    change(tr)
    this.view.dispatch(tr)
  }

  /** Types at `offset` of a block, one transaction a character. */
  type(block: number, offset: number, text: string): void {
    typeAt(this, this.positionOf(block) + 1 + offset, text)
  }

  split(block: number, offset: number): void {
    this.edit(tr => tr.split(this.positionOf(block) + 1 + offset))
  }

  insert(block: number, text: string): void {
    this.edit(tr => tr.insert(this.positionOf(block), schema.nodes.paragraph.create(null, schema.text(text))))
  }

  remove(block: number): void {
    const position = this.positionOf(block)
    this.edit(tr => tr.delete(position, position + tr.doc.nodeAt(position)!.nodeSize))
  }

  erase(block: number, from: number, to: number): void {
    const start = this.positionOf(block) + 1
    this.edit(tr => tr.delete(start + from, start + to))
  }

  /** Joins a block with the one above. */
  join(block: number): void {
    const caret = this.positionOf(block) + 1
    this.edit(tr => tr.setSelection(TextSelection.create(tr.doc, caret)))
    backspace(this.view.state, tr => this.view.dispatch(tr))
  }

  retype(block: number, type: NodeType, attrs: Attrs = {}): void {
    const position = this.positionOf(block)
    this.edit(tr => tr.setNodeMarkup(position, type, { ...tr.doc.nodeAt(position)!.attrs, ...attrs }))
  }

  /** Brings the document to these blocks, in one Yjs transaction. */
  write(blocks: readonly Node[]): void {
    writeBody(this.document.ydoc, cutSections(blocks), 'remote editor')
  }

  /** Position before a block. */
  positionOf(index: number): number {
    let left = index
    let position = 0
    for (const section of this.view.state.doc.children) {
      if (left < section.childCount) {
        position++
        for (let i = 0; i < left; i++) position += section.child(i).nodeSize
        return position
      }
      left -= section.childCount
      position += section.nodeSize
    }
    throw new RangeError(`No block ${index}`)
  }

  /** Resolves as soon as its editor shows what is asked for. @throws Error after 15 seconds. */
  async shows(isShown: (blocks: readonly Node[]) => boolean): Promise<void> {
    const { ydoc } = this.document
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        ydoc.off('update', look)
      }
      const look = (): void => {
        if (!isShown(this.blocks)) return
        stop()
        resolve()
      }
      const timer = setTimeout(() => {
        stop()
        reject(new Error('The other editor does not come to show it.'))
      }, patienceMs)
      ydoc.on('update', look)
      look()
    })
  }

  async close(): Promise<void> {
    await this.document.close({ drainMs: patienceMs })
  }
}
