// The intention matrix for the bindings that keep a document as a tree of elements: y-prosemirror and the one of Tiptap. Both have a
// real EditorView with their own sync and undo plugins, set up as their manuals say, ProseMirror's standard commands, and a schema
// with the node names and shapes of prosemirror-schema-basic and -list (`paragraph` is the name that their undo protects).

import '../helpers/dom.ts'
import * as tiptap from '@tiptap/y-tiptap'
import { baseKeymap, lift, setBlockType, toggleMark, wrapIn } from 'prosemirror-commands'
import { Fragment, type Node, type NodeType, Schema, Slice } from 'prosemirror-model'
import { type Command, EditorState, type Plugin, TextSelection, type Transaction } from 'prosemirror-state'
import { tableNodes } from 'prosemirror-tables'
import { EditorView } from 'prosemirror-view'
import * as prosemirror from 'y-prosemirror'
import * as Y from 'yjs'
import { typeAt } from '../helpers/editors.ts'
import {
  type Case,
  type Choice,
  deleteRange,
  type Edit,
  inserted,
  lines,
  runCases,
  type Subject,
  target,
} from './cases.ts'
import { cellTexts, paragraphs, type TableWriter, tablePlaces } from './table-edits.ts'

/** An edit and the name that it has in our own matrix. */
export interface PeerEdit extends Edit<PeerPerson> {
  readonly ours: string
}

/** What the harness uses of a binding; the two have it under the same names. */
interface TreeBinding {
  ySyncPlugin(fragment: Y.XmlFragment, options: { mapping: never }): Plugin
  yUndoPlugin(): Plugin
  yUndoPluginKey: { getState(state: EditorState): { undoManager: Y.UndoManager } | undefined }
  initProseMirrorDoc(fragment: Y.XmlFragment, schema: Schema): { doc: Node; mapping: unknown }
  prosemirrorToYDoc(doc: Node, root: string): Y.Doc
  undo(state: EditorState): boolean
  redo(state: EditorState): boolean
}

const bindings: Record<PeerName, TreeBinding> = { 'y-prosemirror': prosemirror, '@tiptap/y-tiptap': tiptap }

export type PeerName = 'y-prosemirror' | '@tiptap/y-tiptap'
export const peerNames: readonly PeerName[] = ['y-prosemirror', '@tiptap/y-tiptap']

const schema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { content: 'inline*', group: 'block', toDOM: () => ['p', 0] },
    blockquote: { content: 'block+', group: 'block', defining: true, toDOM: () => ['blockquote', 0] },
    horizontal_rule: { group: 'block', toDOM: () => ['hr'] },
    heading: {
      attrs: { level: { default: 1 } },
      content: 'inline*',
      group: 'block',
      defining: true,
      toDOM: node => [`h${node.attrs.level}`, 0],
    },
    code_block: {
      content: 'text*',
      marks: '',
      group: 'block',
      code: true,
      defining: true,
      toDOM: () => ['pre', ['code', 0]],
    },
    ordered_list: { content: 'list_item+', group: 'block', toDOM: () => ['ol', 0] },
    bullet_list: { content: 'list_item+', group: 'block', toDOM: () => ['ul', 0] },
    list_item: { content: 'paragraph block*', defining: true, toDOM: () => ['li', 0] },
    task_list: { content: 'task_item+', group: 'block', toDOM: () => ['ul', 0] },
    task_item: {
      attrs: { checked: { default: false } },
      content: 'paragraph block*',
      defining: true,
      toDOM: () => ['li', 0],
    },
    ...tableNodes({ tableGroup: 'block', cellContent: 'block+', cellAttributes: {} }),
    text: { group: 'inline' },
    hard_break: { inline: true, group: 'inline', selectable: false, toDOM: () => ['br'] },
  },
  marks: {
    link: { attrs: { href: {} }, inclusive: false, toDOM: mark => ['a', { href: String(mark.attrs.href) }, 0] },
    em: { toDOM: () => ['em', 0] },
    strong: { toDOM: () => ['strong', 0] },
  },
})
const { paragraph, heading, code_block, blockquote, bullet_list, ordered_list, task_list, horizontal_rule } =
  schema.nodes as Record<string, NodeType> & Record<TreeNode, NodeType>
const { strong, em, link } = schema.marks

type TreeNode =
  | 'paragraph'
  | 'heading'
  | 'code_block'
  | 'blockquote'
  | 'bullet_list'
  | 'ordered_list'
  | 'task_list'
  | 'horizontal_rule'

const root = 'prosemirror'

/** One person with a view on a replica. */
export class PeerPerson implements TableWriter {
  readonly ydoc = new Y.Doc()
  readonly outbox: Uint8Array[] = []
  readonly view: EditorView

  constructor(binding: TreeBinding, clientID: number, update: Uint8Array) {
    this.ydoc.clientID = clientID
    Y.applyUpdate(this.ydoc, update)
    const fragment = this.ydoc.getXmlFragment(root)
    const { doc, mapping } = binding.initProseMirrorDoc(fragment, schema)
    const plugins = [binding.ySyncPlugin(fragment, { mapping: mapping as never }), binding.yUndoPlugin()]
    this.view = new EditorView(document.createElement('div'), { state: EditorState.create({ doc, plugins }) })
    this.ydoc.on('update', (written: Uint8Array, origin: unknown) => {
      if (origin !== 'network') this.outbox.push(written)
    })
  }

  get state(): EditorState {
    return this.view.state
  }

  get doc(): Node {
    return this.state.doc
  }

  /** The blocks of text, wherever they stand in the tree. */
  get textblocks(): { node: Node; pos: number }[] {
    const found: { node: Node; pos: number }[] = []
    this.view.state.doc.descendants((node, pos) => {
      if (node.isTextblock) found.push({ node, pos })
      return !node.isTextblock
    })
    return found
  }

  get texts(): string[] {
    return this.textblocks.map(({ node }) => node.textContent)
  }

  positionOf(block: number): number {
    const found = this.textblocks[block]
    if (found === undefined) throw new RangeError(`No block ${block}`)
    return found.pos
  }

  edit(change: (tr: Transaction) => unknown): void {
    const { tr } = this.view.state
    change(tr)
    this.view.dispatch(tr)
  }

  /** Types into a block, one transaction a character, as keys do. */
  type(block: number, offset: number, text: string): void {
    typeAt(this, this.positionOf(block) + 1 + offset, text)
  }

  receive(updates: readonly Uint8Array[]): void {
    for (const update of updates) Y.applyUpdate(this.ydoc, update, 'network')
  }
}

/** The cases of one edit with a peer's binding. */
export function runPeerEdit(name: PeerName, edit: PeerEdit, isWanted?: Choice): Case[] {
  return runCases(subjectOf(bindings[name]), [edit], isWanted)
}

/** The same for an edit of a table. */
export function runPeerTableEdit(name: PeerName, edit: Edit<TableWriter>, isWanted?: Choice): Case[] {
  const rows = cellTexts.map(texts =>
    schema.node(
      'table_row',
      null,
      texts.map(text => schema.node('table_cell', null, paragraphOf(text))),
    ),
  )
  const [before, after] = paragraphs.map(paragraphOf)
  const doc = schema.node('doc', null, [before!, schema.node('table', null, rows), after!])
  return runCases({ ...subjectOf(bindings[name], doc), places: tablePlaces }, [edit], isWanted)
}

function paragraphOf(text: string): Node {
  return schema.node('paragraph', null, text === '' ? [] : schema.text(text))
}

function subjectOf(
  binding: TreeBinding,
  doc: Node = schema.node('doc', null, lines.map(paragraphOf)),
): Subject<PeerPerson> {
  return {
    seed: Y.encodeStateAsUpdate(binding.prosemirrorToYDoc(doc, root)),
    open: (clientID, update) => new PeerPerson(binding, clientID, update),
    close: person => {
      person.view.destroy()
      person.ydoc.destroy()
    },
    undo: person => binding.undo(person.view.state),
    redo: person => binding.redo(person.view.state),
    endStep: person => binding.yUndoPluginKey.getState(person.view.state)?.undoManager.stopCapturing(),
    shown: person => JSON.stringify(person.view.state.doc),
    // What is typed into a block that somebody moves or deletes has only to survive, anywhere.
    isNamed: (edit, inTarget) => inTarget && /^(move|delete block|delete two blocks|delete the)/.test(edit),
  }
}

function at(block: number, from: number, run: Command, to = from): (person: PeerPerson) => void {
  return person => {
    const start = person.positionOf(block) + 1
    person.edit(tr => tr.setSelection(TextSelection.create(tr.doc, start + from, start + to)))
    // A command that does nothing would make the case meaningless.
    if (!run(person.view.state, tr => person.view.dispatch(tr))) throw new RangeError('The command does not apply')
  }
}

function insertBlock(before: number, block: () => Node): (person: PeerPerson) => void {
  return person => person.edit(tr => tr.insert(person.positionOf(before), block()))
}

function pasteBlocks(offset: number, texts: readonly string[]): (person: PeerPerson) => void {
  const blocks = texts.map(text => schema.node('paragraph', null, schema.text(text)))
  return person => {
    const place = person.positionOf(target) + 1 + offset
    person.edit(tr => tr.replace(place, place, new Slice(Fragment.from(blocks), 1, 1)))
  }
}

function deleteBlocks(from: number, to: number): (person: PeerPerson) => void {
  return person => person.edit(tr => tr.delete(person.positionOf(from), person.positionOf(to)))
}

/** As drag and drop does it: deleted and inserted in one transaction. */
function moveBlock(from: number, before: number): (person: PeerPerson) => void {
  return person => {
    const { node, pos } = person.textblocks[from]!
    const to = before < person.textblocks.length ? person.positionOf(before) : person.view.state.doc.content.size
    person.edit(tr => tr.delete(pos, pos + node.nodeSize).insert(tr.mapping.map(to), node))
  }
}

function edit(
  name: string,
  run: (person: PeerPerson) => void,
  more: { ours?: string; prepare?: (person: PeerPerson) => void } = {},
): PeerEdit {
  return { name, run, ours: more.ours ?? name, ...(more.prepare && { prepare: more.prepare }) }
}

const enter = baseKeymap.Enter!
const wordBlock = (): Node => schema.node('paragraph', null, schema.text(inserted))

/** The edits that both a tree and a line of blocks have. */
export const peerEdits: readonly PeerEdit[] = [
  ...[0, 2, 4, 9, 12, 14].map(offset => edit(`split at ${offset}`, at(target, offset, enter))),
  edit('join backward', at(target, 0, baseKeymap.Backspace!)),
  edit('join forward', at(target, 14, baseKeymap.Delete!)),
  edit('retype to h1', at(target, 3, setBlockType(heading, { level: 1 }))),
  edit('retype to h3', at(target, 3, setBlockType(heading, { level: 3 }))),
  edit('h1 to h3', at(target, 3, setBlockType(heading, { level: 3 })), {
    prepare: at(target, 0, setBlockType(heading, { level: 1 })),
  }),
  edit('retype to code', at(target, 3, setBlockType(code_block))),
  edit('code to paragraph', at(target, 3, setBlockType(paragraph)), {
    prepare: at(target, 0, setBlockType(code_block)),
  }),
  edit('wrap in quote', at(target, 3, wrapIn(blockquote)), { ours: 'retype to quote' }),
  edit('lift out of quote', at(target, 3, lift), { prepare: at(target, 0, wrapIn(blockquote)) }),
  edit('wrap in bullet list', at(target, 3, wrapIn(bullet_list)), { ours: 'retype to bullet' }),
  edit('wrap in ordered list', at(target, 3, wrapIn(ordered_list)), { ours: 'retype to ordered' }),
  edit('wrap in task list', at(target, 3, wrapIn(task_list)), { ours: 'retype to task' }),
  edit('lift out of bullet list', at(target, 3, lift), {
    ours: 'bullet to paragraph',
    prepare: at(target, 0, wrapIn(bullet_list)),
  }),
  edit(
    'check',
    person => {
      const item = person.view.state.doc.resolve(person.positionOf(target)).before()
      person.edit(tr => tr.setNodeAttribute(item, 'checked', true))
    },
    { prepare: at(target, 0, wrapIn(task_list)) },
  ),
  edit(
    'input rule for a heading',
    person => {
      const start = person.positionOf(target) + 1
      person.edit(tr => tr.delete(start, start + 1).setBlockType(start, start, heading, { level: 1 }))
    },
    { prepare: person => person.type(target, 0, '#') },
  ),
  edit('delete block', deleteBlocks(target, target + 1)),
  edit('delete two blocks', deleteBlocks(target, target + 2)),
  edit('delete over two blocks', deleteRange(target, 7, target + 1, 5)),
  edit('delete over three blocks', deleteRange(0, 5, 2, 5)),
  edit('type over two blocks', deleteRange(target, 7, target + 1, 5, inserted)),
  edit('delete a word', deleteRange(target, 5, target, 10)),
  edit('empty the block', deleteRange(target, 0, target, 14)),
  edit('replace two words', deleteRange(target, 5, target, 14, `${inserted} ò`)),
  edit('replace all text', deleteRange(target, 0, target, 14, inserted)),
  edit('insert a block before', insertBlock(target, wordBlock)),
  edit(
    'insert a block after',
    insertBlock(target + 1, () => heading.create(null, schema.text(inserted))),
  ),
  edit(
    'insert a divider',
    insertBlock(target + 1, () => horizontal_rule.create()),
  ),
  edit('duplicate', insertBlock(target + 1, wordBlock)),
  edit('paste text', person => person.edit(tr => tr.insertText(inserted, person.positionOf(target) + 1 + 7))),
  edit('paste blocks in the middle', pasteBlocks(7, ['àè', 'ìò', 'ùâ'])),
  edit('paste blocks at the end', pasteBlocks(14, ['àè', 'ìò'])),
  edit('paste blocks at the start', pasteBlocks(0, ['àè', 'ìò'])),
  edit('format a word', at(target, 5, toggleMark(strong!), 9)),
  edit('format the block', at(target, 0, toggleMark(em!), 14)),
  edit('unformat a word', at(target, 5, toggleMark(strong!), 9), {
    prepare: at(target, 0, toggleMark(strong!), 14),
  }),
  edit('link a word', person => {
    const start = person.positionOf(target) + 1
    person.edit(tr => tr.addMark(start + 5, start + 9, link!.create({ href: 'https://example.org' })))
  }),
  edit('move down', moveBlock(target, target + 2)),
  edit('move up', moveBlock(target, 0)),
  edit('move to the end', moveBlock(target, 4)),
]
