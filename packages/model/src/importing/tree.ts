// Documents of other editors: a Yjs document that y-prosemirror or Tiptap wrote becomes a body. Total: whatever stands in the tree, its
// text comes out in the same order. docs/formats.md lists what each element becomes.

import type { Node } from 'prosemirror-model'
import * as Y from 'yjs'
import { blocksOf, cutSections } from '../blocks.ts'
import { readBody, writeBody } from '../document.ts'
import { BlockBuilder } from '../formats/builder.ts'
import { cleanText } from '../formats/inline.ts'
import { openBody } from '../layout.ts'
import { schema } from '../schema.ts'
import { seedUpdate } from '../seed.ts'
import { Losses } from './losses.ts'
import { TreeReader } from './reader.ts'
import { walkTree } from './walk.ts'

export interface ImportOptions {
  /** Root that holds the tree. Without it: `prosemirror` or `default`, the first that holds something. */
  readonly fragment?: string
  /** Title of the document. Without it: the heading of level 1 that opens the tree. */
  readonly title?: string
}

export interface ImportedTree {
  /** A schema-valid document without ids. */
  readonly doc: Node
  /** In one line. A plain heading that became the title does not stand in the body again. */
  readonly title: string
  /** What had no place, by name and count: `node poll: 2`, `mark textStyle: 5`. Its text is in the document all the same. */
  readonly lost: readonly string[]
}

/** A longer heading is no title. */
const maxTitleLength = 300

/** Reads the tree of a y-prosemirror or Tiptap document. Total and pure: nothing is written to the document. */
export function importTree(ydoc: Y.Doc, options: ImportOptions = {}): ImportedTree {
  const losses = new Losses()
  const builder = new BlockBuilder()
  const root = findRoot(ydoc, options.fragment)
  if (root !== null) {
    const reader = new TreeReader(builder, losses)
    walkTree(root.fragment, reader)
    reader.finish()
  }
  for (const name of ydoc.share.keys()) if (name !== root?.name && !isEmptyRoot(ydoc, name)) losses.add('root', name)
  return { ...takeTitle(builder.finish(), options.title), lost: losses.list() }
}

/**
 * A fresh Sheaf document with what the tree says, as one Yjs update (V1). Nothing of the source's history, ids or clients is in it.
 */
export function importedUpdate(source: Y.Doc, options: ImportOptions = {}): Uint8Array {
  const { doc, title } = importTree(source, options)
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate({ title }))
  // All of it has one author: the one who made the first marker.
  ydoc.clientID = [...Y.decodeStateVector(Y.encodeStateVector(ydoc)).keys()][0]!
  const { id } = blocksOf(readBody(ydoc))[0]!.attrs
  const [first, ...others] = blocksOf(doc)
  writeBody(ydoc, cutSections([first!.type.create({ ...first!.attrs, id }, first!.content), ...others]))
  const update = Y.encodeStateAsUpdate(ydoc)
  ydoc.destroy()
  return update
}

function findRoot(ydoc: Y.Doc, name: string | undefined): { name: string; fragment: Y.XmlFragment } | null {
  for (const candidate of name === undefined ? ['prosemirror', 'default'] : [name]) {
    const type = ydoc.share.get(candidate)
    // A root that nobody asked for yet has no type of its own; asking for it gives it one and writes nothing.
    const isUntyped = type?.constructor === Y.AbstractType
    if (!isUntyped && !(type instanceof Y.XmlFragment)) continue
    const fragment = ydoc.getXmlFragment(candidate)
    if (fragment.length > 0) return { name: candidate, fragment }
  }
  return null
}

/** Whether a root is known to hold nothing; one without a type of its own may hold anything. */
function isEmptyRoot(ydoc: Y.Doc, name: string): boolean {
  const type = ydoc.share.get(name)
  if (type instanceof Y.Map) return type.size === 0
  return (type instanceof Y.XmlFragment || type instanceof Y.Text || type instanceof Y.Array) && type.length === 0
}

function takeTitle(doc: Node, given: string | undefined): { doc: Node; title: string } {
  if (given !== undefined) return { doc, title: oneLine(given) }
  const [first, ...others] = blocksOf(doc)
  if (first!.type !== schema.nodes.heading || first!.attrs.level !== 1) return { doc, title: '' }
  const title = oneLine(first!.textBetween(0, first!.content.size, null, leaf => leaf.type.spec.leafText?.(leaf) ?? ''))
  if (title.length > maxTitleLength) return { doc, title: '' }
  // Only what the title says as it is leaves the body: no formatting, no white space, no alignment is lost.
  const isPlain =
    first!.textContent === title && first!.content.content.every(node => node.isText && !node.marks.length)
  if (title === '' || !isPlain || first!.attrs.align !== null || first!.attrs.indent !== 0) return { doc, title }
  return { doc: cutSections(others.length === 0 ? [schema.nodes.paragraph.create()] : others), title }
}

function oneLine(text: string): string {
  return cleanText(text).replace(/\s+/g, ' ').trim()
}
