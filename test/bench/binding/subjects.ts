// What is measured: the editor of Sheaf with all that it installs, plain ProseMirror, and the two bindings of trees with their own
// sync and undo plugins, set up as their manuals say. All of them have the same blocks.

import '../../helpers/dom.ts'
import { blocksOf, schema as bodySchema, cutSections, openBody, readBody, seedUpdate, writeBody } from '@sheaf/model'
import * as tiptap from '@tiptap/y-tiptap'
import { baseKeymap } from 'prosemirror-commands'
import { keymap } from 'prosemirror-keymap'
import { type Node, Schema } from 'prosemirror-model'
import type { Plugin, Transaction } from 'prosemirror-state'
import * as prosemirror from 'y-prosemirror'
import * as Y from 'yjs'
import { type Binding, bindBody } from '../../../packages/editor/src/binding.ts'
import { createEditor, type Editor } from '../../../packages/editor/src/editor.ts'
import type { SubjectName } from './process.ts'
import { ScriptView } from './script-view.ts'
import type { BenchBlock } from './text.ts'

/** A document that is open in an editor. */
export interface BenchEditor {
  readonly view: ScriptView
  /** Updates that this person made. */
  readonly outbox: Uint8Array[]
  receive(updates: readonly Uint8Array[]): void
  /** Makes the block at a position a heading. */
  retype(tr: Transaction, position: number, level: number): Transaction
  /** The caret as it is sent to others. */
  caret(): string
  /** The positions of a caret that came from somebody else. */
  findCaret(sent: string): readonly [number | null, number | null]
  close(): void
}

export interface Subject {
  readonly name: SubjectName
  /** Whether there are other people at all. */
  readonly isShared: boolean
  /** The encoded state of a document. */
  seed(blocks: readonly BenchBlock[]): Uint8Array
  open(state: Uint8Array, clientID: number): BenchEditor
  /** The Y.Doc of a document, and with `read` what an editor shows first of it. */
  load(state: Uint8Array): Y.Doc
  read(ydoc: Y.Doc): Node
}

/** All plugins that the editor installs, from an editor on an empty document, with the binding of another document in place of its own. */
function sheafPlugins(binding: Binding): Plugin[] {
  emptyEditor ??= openEmpty()
  const plugins = emptyEditor.view.state.plugins.map(plugin => (isBinding(plugin) ? binding.plugin : plugin))
  if (!plugins.includes(binding.plugin)) throw new TypeError('The editor has no binding')
  return plugins
}

let emptyEditor: Editor | null = null

function openEmpty(): Editor {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate())
  return createEditor({ mount: document.createElement('div'), ydoc })
}

function isBinding(plugin: Plugin): boolean {
  return (plugin as unknown as { readonly key: string }).key.startsWith('sheaf-binding')
}

export const sheaf: Subject = {
  name: 'Sheaf',
  isShared: true,
  seed: blocks => {
    const ydoc = newReplica()
    openBody(ydoc)
    Y.applyUpdate(ydoc, seedUpdate())
    const [first] = blocksOf(readBody(ydoc))
    const { paragraph } = bodySchema.nodes
    const nodes = blocks.map((block, index) =>
      paragraph.create({ id: index === 0 ? first!.attrs.id : null }, textNodes(bodySchema, block)),
    )
    writeBody(ydoc, cutSections(nodes))
    return Y.encodeStateAsUpdate(ydoc)
  },
  open: (state, clientID) => {
    const { ydoc, outbox } = openReplica(sheaf.load(state), clientID)
    const binding = bindBody(ydoc)
    const view = new ScriptView(binding.doc, sheafPlugins(binding), (view, tr) => binding.dispatch(view, tr))
    return {
      view,
      outbox,
      receive: updates => receive(ydoc, updates),
      retype: (tr, position, level) =>
        tr.setNodeMarkup(position, bodySchema.nodes.heading, { ...tr.doc.nodeAt(position)!.attrs, level }),
      caret: () => JSON.stringify(binding.caretOf(view.state)),
      findCaret: sent => {
        const { anchor, head } = JSON.parse(sent) as { anchor: unknown; head: unknown }
        return [binding.resolveCaret(anchor), binding.resolveCaret(head)]
      },
      close: () => {
        view.destroy()
        binding.destroy()
        ydoc.destroy()
      },
    }
  },
  load: state => {
    const ydoc = new Y.Doc()
    openBody(ydoc)
    Y.applyUpdate(ydoc, state)
    return ydoc
  },
  read: readBody,
}

const treeSchema = new Schema({
  nodes: {
    doc: { content: 'block+' },
    paragraph: { content: 'inline*', group: 'block' },
    heading: { attrs: { level: { default: 1 } }, content: 'inline*', group: 'block', defining: true },
    text: { group: 'inline' },
  },
  marks: { strong: {} },
})

/** ProseMirror as one person has it: its keys, no binding, no undo. What `seed` gives is its JSON. */
export const plain: Subject = {
  name: 'ProseMirror',
  isShared: false,
  seed: blocks => new TextEncoder().encode(JSON.stringify(treeDoc(blocks))),
  open: state => {
    const doc = treeSchema.nodeFromJSON(JSON.parse(new TextDecoder().decode(state)))
    const view = new ScriptView(doc, [keymap(baseKeymap)])
    return {
      view,
      outbox: [],
      receive: noDocument,
      retype: retypeInTree,
      caret: noDocument,
      findCaret: noDocument,
      close: () => view.destroy(),
    }
  },
  load: noDocument,
  read: noDocument,
}

/** What is used of the two bindings, under the names that they share. */
interface TreeBinding {
  ySyncPlugin(fragment: Y.XmlFragment, options: { mapping: never }): Plugin
  yUndoPlugin(): Plugin
  ySyncPluginKey: { getState(state: ScriptView['state']): { binding: { mapping: never } } | undefined }
  initProseMirrorDoc(fragment: Y.XmlFragment, schema: Schema): { doc: Node; mapping: unknown }
  prosemirrorToYXmlFragment(doc: Node, fragment: Y.XmlFragment): unknown
  absolutePositionToRelativePosition(position: number, type: Y.XmlFragment, mapping: never): unknown
  relativePositionToAbsolutePosition(
    ydoc: Y.Doc,
    type: Y.XmlFragment,
    position: Y.RelativePosition,
    mapping: never,
  ): number | null
}

const root = 'prosemirror'

function treeSubject(name: SubjectName, library: TreeBinding): Subject {
  const load = (state: Uint8Array): Y.Doc => {
    const ydoc = new Y.Doc()
    Y.applyUpdate(ydoc, state)
    return ydoc
  }
  return {
    name,
    isShared: true,
    seed: blocks => {
      const ydoc = newReplica()
      library.prosemirrorToYXmlFragment(treeDoc(blocks), ydoc.getXmlFragment(root))
      return Y.encodeStateAsUpdate(ydoc)
    },
    open: (state, clientID) => {
      const { ydoc, outbox } = openReplica(load(state), clientID)
      const fragment = ydoc.getXmlFragment(root)
      const { doc, mapping } = library.initProseMirrorDoc(fragment, treeSchema)
      const plugins = [library.ySyncPlugin(fragment, { mapping: mapping as never }), library.yUndoPlugin()]
      const view = new ScriptView(doc, [...plugins, keymap(baseKeymap)])
      const mappingNow = (): never => library.ySyncPluginKey.getState(view.state)!.binding.mapping
      return {
        view,
        outbox,
        receive: updates => receive(ydoc, updates),
        retype: retypeInTree,
        caret: () => {
          const { anchor, head } = view.state.selection
          const relative = (position: number): unknown =>
            library.absolutePositionToRelativePosition(position, fragment, mappingNow())
          return JSON.stringify({ anchor: relative(anchor), head: relative(head) })
        },
        findCaret: sent => {
          const { anchor, head } = JSON.parse(sent) as { anchor: unknown; head: unknown }
          const absolute = (position: unknown): number | null =>
            library.relativePositionToAbsolutePosition(
              ydoc,
              fragment,
              Y.createRelativePositionFromJSON(position),
              mappingNow(),
            )
          return [absolute(anchor), absolute(head)]
        },
        close: () => {
          view.destroy()
          ydoc.destroy()
        },
      }
    },
    load,
    read: ydoc => library.initProseMirrorDoc(ydoc.getXmlFragment(root), treeSchema).doc,
  }
}

export const peers: readonly Subject[] = [
  treeSubject('y-prosemirror', prosemirror as unknown as TreeBinding),
  treeSubject('y-tiptap', tiptap as unknown as TreeBinding),
]

export const subjects: readonly Subject[] = [sheaf, plain, ...peers]

const network = { name: 'network' }

/** Who wrote the document; the number is as long as almost all random ones are, so that states can be compared by their lengths. */
function newReplica(): Y.Doc {
  const ydoc = new Y.Doc()
  ydoc.clientID = 0x9000_0000
  return ydoc
}

/** Keeps what is written here, for others. */
function openReplica(ydoc: Y.Doc, clientID: number): { ydoc: Y.Doc; outbox: Uint8Array[] } {
  ydoc.clientID = clientID
  const outbox: Uint8Array[] = []
  ydoc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== network) outbox.push(update)
  })
  return { ydoc, outbox }
}

function receive(ydoc: Y.Doc, updates: readonly Uint8Array[]): void {
  for (const update of updates) Y.applyUpdate(ydoc, update, network)
}

function treeDoc(blocks: readonly BenchBlock[]): Node {
  const nodes = blocks.map(block => treeSchema.node('paragraph', null, textNodes(treeSchema, block)))
  return treeSchema.node('doc', null, nodes)
}

function textNodes(schema: Schema, { parts }: BenchBlock): Node[] {
  return parts.map(({ text, isStrong }) => schema.text(text, isStrong ? [schema.mark('strong')] : []))
}

function retypeInTree(tr: Transaction, position: number, level: number): Transaction {
  return tr.setNodeMarkup(position, treeSchema.nodes.heading, { level })
}

function noDocument(): never {
  throw new TypeError('Plain ProseMirror has no shared document')
}
