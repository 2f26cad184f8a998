// Walks a tree of Yjs XML types in document order. It keeps its own stack, so no depth of nesting overflows the one of the machine.
// Only the public reading of Yjs is used: the types of a foreign document are never written.

import * as Y from 'yjs'

/** Attributes of an element, or the formatting of a text, by name: whatever others stored there. */
export type Attributes = Readonly<Record<string, unknown>>

export interface TreeListener {
  open(name: string, attributes: Attributes): void
  /** Ends the element that was opened last. */
  close(): void
  text(text: string, formatting: Attributes): void
  /** What no tree of elements and text holds: a map, bytes, an embedded object. */
  strange(name: string): void
}

interface Level {
  readonly pieces: readonly unknown[]
  next: number
  readonly kind: 'element' | 'list' | 'delta'
}

interface Run {
  readonly insert: unknown
  readonly attributes?: Attributes
}

export function walkTree(root: Y.XmlFragment, listener: TreeListener): void {
  const levels: Level[] = [{ pieces: root.toArray(), next: 0, kind: 'list' }]
  while (levels.length > 0) {
    const level = levels.at(-1)!
    if (level.next === level.pieces.length) {
      levels.pop()
      if (level.kind === 'element') listener.close()
      continue
    }
    const piece = level.pieces[level.next++]
    const { insert, attributes = {} } = level.kind === 'delta' ? (piece as Run) : { insert: piece }
    const inner = visit(insert, attributes, listener)
    if (inner !== null) levels.push(inner)
  }
}

/** What lies inside of a piece; null where nothing does. */
function visit(piece: unknown, formatting: Attributes, listener: TreeListener): Level | null {
  if (typeof piece === 'string') listener.text(piece, formatting)
  else if (piece instanceof Y.XmlElement) {
    listener.open(String(piece.nodeName), piece.getAttributes() as Attributes)
    return { pieces: piece.toArray(), next: 0, kind: 'element' }
  } else if (piece instanceof Y.Text) return { pieces: piece.toDelta(), next: 0, kind: 'delta' }
  else if (piece instanceof Y.XmlFragment || piece instanceof Y.Array) {
    return { pieces: piece.toArray(), next: 0, kind: 'list' }
  } else listener.strange(nameOf(piece))
  return null
}

function nameOf(piece: unknown): string {
  if (piece instanceof Y.XmlHook) return `hook ${String(piece.hookName)}`
  if (piece instanceof Y.Map) return 'map'
  if (piece instanceof Y.Doc) return 'document'
  return piece instanceof Uint8Array ? 'bytes' : typeof piece
}
