// What is measured: the editor of Sheaf with all that it installs, plain ProseMirror, and the two bindings of trees with their own
// sync and undo plugins, set up as their manuals say. All of them have the same blocks.

import '../../intention/dom.ts'
import { blocksOf, schema as bodySchema, cutSections, openBody, readBody, seedUpdate, writeBody } from '@sheaf/model'
import * as tiptap from '@tiptap/y-tiptap'
import { baseKeymap } from 'prosemirror-commands'
import { keymap } from 'prosemirror-keymap'
import { type Node, Schema } from 'prosemirror-model'
import { Plugin, type Transaction } from 'prosemirror-state'
import * as prosemirror from 'y-prosemirror'
import * as Y from 'yjs'
import { bindBody } from '../../../packages/editor/src/binding.ts'
import { bubble } from '../../../packages/editor/src/bubble.ts'
import { clipboard } from '../../../packages/editor/src/clipboard.ts'
import { flow } from '../../../packages/editor/src/flow.ts'
import { hints } from '../../../packages/editor/src/hints.ts'
import { markdownRules } from '../../../packages/editor/src/inputrules.ts'
import { textKeymap } from '../../../packages/editor/src/keymap.ts'
import { slashMenu } from '../../../packages/editor/src/slash-menu.ts'
import { ScriptView } from './script-view.ts'
import type { BenchBlock } from './text.ts'

export type SubjectName = 'Sheaf' | 'ProseMirror' | 'y-prosemirror' | 'y-tiptap'

/** A document that is open in an editor. */
export interface BenchEditor {
  readonly view: ScriptView
  /** Updates that this person made. */
  readonly outbox: Uint8Array[]
  receive(update: Uint8Array): void
  /** Makes the block at a position a heading. */
  retype(tr: Transaction, position: number): Transaction
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

/** Nobody else is here: what is published goes nowhere. */
const publish = (_caret: unknown): void => undefined

/** The plugins that `createEditor` gives to its view, in its order; bench.test.ts compares the two. */
export function sheafPlugins(binding: ReturnType<typeof bindBody>): Plugin[] {
  const mount = document.createElement('div')
  const linkBubble = bubble(mount)
  const keys = { undo: () => false, redo: () => false, leaveUp: () => false, editLink: linkBubble.editLink }
  return [
    binding.plugin,
    slashMenu(mount),
    markdownRules(),
    textKeymap(keys),
    flow(),
    hints({ untitled: '', empty: '' } as { empty: string }, () => true),
    clipboard(),
    linkBubble.plugin,
    new Plugin({ view: () => ({ update: view => publish(binding.caretOf(view.state)) }) }),
  ]
}

export const sheaf: Subject = {
  name: 'Sheaf',
  isShared: true,
  seed: blocks => {
    const ydoc = new Y.Doc()
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
      receive: update => Y.applyUpdate(ydoc, update, network),
      retype: (tr, position) =>
        tr.setNodeMarkup(position, bodySchema.nodes.heading, { ...tr.doc.nodeAt(position)!.attrs, level: 2 }),
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
  prosemirrorToYDoc(doc: Node, root: string): Y.Doc
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
    seed: blocks => Y.encodeStateAsUpdate(library.prosemirrorToYDoc(treeDoc(blocks), root)),
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
        receive: update => Y.applyUpdate(ydoc, update, network),
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

/** Keeps what is written here, for others. */
function openReplica(ydoc: Y.Doc, clientID: number): { ydoc: Y.Doc; outbox: Uint8Array[] } {
  ydoc.clientID = clientID
  const outbox: Uint8Array[] = []
  ydoc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== network) outbox.push(update)
  })
  return { ydoc, outbox }
}

function treeDoc(blocks: readonly BenchBlock[]): Node {
  const nodes = blocks.map(block => treeSchema.node('paragraph', null, textNodes(treeSchema, block)))
  return treeSchema.node('doc', null, nodes)
}

function textNodes(schema: Schema, { parts }: BenchBlock): Node[] {
  return parts.map(({ text, isStrong }) => schema.text(text, isStrong ? [schema.mark('strong')] : []))
}

function retypeInTree(tr: Transaction, position: number): Transaction {
  return tr.setNodeMarkup(position, treeSchema.nodes.heading, { level: 2 })
}

function noDocument(): never {
  throw new TypeError('Plain ProseMirror has no shared document')
}
