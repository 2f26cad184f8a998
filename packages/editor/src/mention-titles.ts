// What mentioned documents are called now, for whoever looks: the text holds their ids, never their titles, so nobody reads the title of a
// document that is not shared with them.

import { schema } from '@sheaf/model'
import { Fragment, type Node, Slice } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'
import { type DocumentsPort, portsOf } from './ports.ts'

/** How long a title is believed. */
const freshMs = 30_000

interface Known {
  /** Null: there is none, or none for this person; undefined: it could not be asked. */
  title: string | null | undefined
  askedMs: number
  readonly listeners: Set<() => void>
}

class Titles {
  readonly #port: DocumentsPort
  readonly #known = new Map<string, Known>()

  constructor(port: DocumentsPort) {
    this.#port = port
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#refresh()
    })
  }

  get(id: string): string | null | undefined {
    return this.#known.get(id)?.title
  }

  /** Called when it is known, and when it changes. @returns stops listening. */
  follow(id: string, listener: () => void): () => void {
    const known: Known = this.#known.get(id) ?? { title: undefined, askedMs: -freshMs, listeners: new Set() }
    this.#known.set(id, known)
    known.listeners.add(listener)
    this.#ask(id, known)
    return () => known.listeners.delete(listener)
  }

  #ask(id: string, known: Known): void {
    if (performance.now() - known.askedMs < freshMs) return
    known.askedMs = performance.now()
    this.#port.title(id).then(
      title => {
        if (title === known.title) return
        known.title = title
        for (const listener of [...known.listeners]) listener()
      },
      () => {
        // No network: what was known is shown, and it is asked for again.
        known.askedMs = -freshMs
      },
    )
  }

  #refresh(): void {
    for (const [id, known] of this.#known) if (known.listeners.size > 0) this.#ask(id, known)
  }
}

const titles = new WeakMap<DocumentsPort, Titles>()

export function titlesOf(port: DocumentsPort): Titles {
  const known = titles.get(port) ?? new Titles(port)
  titles.set(port, known)
  return known
}

export function isDocumentMention(node: Node): boolean {
  return node.type === schema.nodes.mention && node.attrs.target === 'document'
}

/** For other programs: mentions say what they are called, as far as this person sees it. */
export function withTitles(view: EditorView, slice: Slice): Slice {
  const { documents } = portsOf(view)
  return relabelled(slice, id => (documents === undefined ? null : (titlesOf(documents).get(id) ?? null)))
}

/** For the text: it holds no titles of other documents. */
export function withoutTitles(slice: Slice): Slice {
  return relabelled(slice, () => '')
}

function relabelled(slice: Slice, labelOf: (id: string) => string | null): Slice {
  const walk = (fragment: Fragment): Fragment =>
    Fragment.from(
      fragment.content.map(node => {
        if (!isDocumentMention(node)) return node.isText ? node : node.copy(walk(node.content))
        const label = labelOf(node.attrs.ref)
        return label === null ? node : node.type.create({ ...node.attrs, label }, null, node.marks)
      }),
    )
  return new Slice(walk(slice.content), slice.openStart, slice.openEnd)
}
