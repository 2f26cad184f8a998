// Mentions of documents in what is exported: the text holds ids, and a file says what they are called, as far as who exports may know.

import { schema } from '@sheaf/model'
import { Fragment, type Node } from 'prosemirror-model'

/** Resolves with what a document is called; null where there is none, or none that who asks may read. */
export type TitleOf = (documentId: string) => Promise<string | null>

/** Words for a document without a title that may be told. */
const unnamed = 'document'

/** The same text, with mentions that say what they mention. */
export async function nameMentions(doc: Node, titleOf: TitleOf): Promise<Node> {
  const labels = new Map<string, string>()
  doc.descendants(node => {
    if (isMention(node)) labels.set(node.attrs.ref, '')
  })
  if (labels.size === 0) return doc
  for (const id of labels.keys()) labels.set(id, (await titleOf(id))?.trim() || unnamed)
  return labelled(doc, labels)
}

function labelled(node: Node, labels: ReadonlyMap<string, string>): Node {
  if (isMention(node)) {
    return node.type.create({ ...node.attrs, label: labels.get(node.attrs.ref) }, null, node.marks)
  }
  if (node.isLeaf) return node
  return node.copy(Fragment.from(node.children.map(child => labelled(child, labels))))
}

function isMention({ type, attrs }: Node): boolean {
  return type === schema.nodes.mention && attrs.target === 'document'
}
