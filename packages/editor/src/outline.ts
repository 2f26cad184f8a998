// The headings of a document, which of them one is reading under, and who else is. Headings are remembered by section, so that a keystroke
// costs one section; where one is, is asked of the sections first, so that nothing is laid out that is not in sight.

import type { Node } from 'prosemirror-model'
import { type EditorState, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Peer, PresencePort } from './presence.ts'
import { scrollToBlock } from './scrolling.ts'

export interface OutlineEntry {
  readonly id: string
  readonly text: string
  /** 0 for the highest level that the document uses. */
  readonly depth: number
  /** Others whose caret is in the section of this heading. */
  readonly people: readonly Peer[]
}

export interface OutlineOptions {
  readonly view: EditorView
  readonly presence: PresencePort | null
  /** The document position of one end of a caret; null where it cannot be found (yet). */
  readonly resolve: (end: unknown) => number | null
}

interface Heading {
  readonly node: Node
  /** Position before the block. */
  readonly pos: number
}

/** An outline that changes under the hands of a writer is in nobody's hurry. */
const restMs = 250
/** The heading that one reads under is the last one above this line of the window. */
const readingPx = 120

export class Outline {
  readonly #options: OutlineOptions
  readonly #known = new WeakMap<Node, readonly { readonly node: Node; readonly offset: number }[]>()
  readonly #listeners = new Set<() => void>()
  readonly #stop = new AbortController()
  readonly #unsubscribe: () => void
  readonly plugin: Plugin
  #headings: readonly Heading[] = []
  #entries: readonly OutlineEntry[] = []
  #active: string | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #frame: number | null = null

  constructor(options: OutlineOptions) {
    this.#options = options
    const { signal } = this.#stop
    window.addEventListener('scroll', () => this.#lookSoon(), { signal, passive: true })
    window.addEventListener('resize', () => this.#lookSoon(), { signal, passive: true })
    this.#unsubscribe = options.presence?.onChange(() => this.#readSoon()) ?? (() => undefined)
    this.plugin = new Plugin({
      view: () => ({
        update: (view: EditorView, before: EditorState) => {
          if (before.doc !== view.state.doc) this.#readSoon()
        },
      }),
    })
    this.#read()
  }

  get entries(): readonly OutlineEntry[] {
    return this.#entries
  }

  /** Id of the heading that one reads under; null where there is none. */
  get active(): string | null {
    return this.#active
  }

  /** Called when one of the two changes. @returns stops listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Scrolls to a heading. */
  go(id: string): void {
    this.#read()
    const heading = this.#headings.find(({ node }) => node.attrs.id === id)
    if (heading !== undefined) scrollToBlock(this.#options.view, heading.pos, readingPx - 24)
  }

  destroy(): void {
    clearTimeout(this.#timer)
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    this.#stop.abort()
    this.#unsubscribe()
    this.#listeners.clear()
  }

  #readSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#read()
    }, restMs)
  }

  #read(): void {
    const { view } = this.#options
    if (view.isDestroyed) return
    const headings: Heading[] = []
    view.state.doc.forEach((section, offset) => {
      for (const heading of this.#within(section))
        headings.push({ node: heading.node, pos: offset + 1 + heading.offset })
    })
    const people = this.#people(headings)
    const top = Math.min(...headings.map(({ node }) => node.attrs.level as number))
    const entries = headings.map(({ node }, index) => ({
      id: node.attrs.id as string,
      text: node.textContent,
      depth: (node.attrs.level as number) - top,
      people: people.get(index) ?? [],
    }))
    this.#headings = headings
    const isSame =
      entries.length === this.#entries.length && entries.every((entry, i) => isAlike(entry, this.#entries[i]!))
    if (!isSame) {
      this.#entries = entries
      this.#tell()
    }
    this.#lookSoon()
  }

  #within(section: Node): readonly { readonly node: Node; readonly offset: number }[] {
    let found = this.#known.get(section)
    if (found === undefined) {
      const headings: { node: Node; offset: number }[] = []
      section.forEach((node, offset) => {
        if (node.type.name === 'heading' && node.textContent.trim() !== '') headings.push({ node, offset })
      })
      found = headings
      this.#known.set(section, found)
    }
    return found
  }

  /** By the index of the heading: each person once, wherever their caret is first. */
  #people(headings: readonly Heading[]): Map<number, Peer[]> {
    const { presence, resolve } = this.#options
    const people = new Map<number, Peer[]>()
    for (const peer of presence?.peers() ?? []) {
      const at = peer.caret === null ? null : resolve(peer.caret.head)
      const index = at === null ? -1 : lastAtOrBefore(headings, at)
      if (index < 0) continue
      const here = people.get(index) ?? []
      if (here.every(other => other.id !== peer.id)) people.set(index, [...here, peer])
    }
    return people
  }

  #lookSoon(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      const active = this.#look()
      if (active === this.#active) return
      this.#active = active
      this.#tell()
    })
  }

  /** At the end of the page the line moves down, so that the last headings have their turn. */
  #look(): string | null {
    const { view } = this.#options
    if (view.isDestroyed || this.#headings.length === 0) return null
    const left = Math.max(0, document.documentElement.scrollHeight - window.innerHeight - window.scrollY)
    const share = window.scrollY > 0 ? 1 - Math.min(1, left / window.innerHeight) : 0
    const line = readingPx + share * Math.max(0, window.innerHeight - readingPx)
    const { doc } = view.state
    const sections = view.dom.children
    let low = 0
    let high = Math.min(doc.childCount, sections.length)
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (sections[middle]!.getBoundingClientRect().top <= line) low = middle
      else high = middle
    }
    let start = 0
    for (let i = 0; i < low; i++) start += doc.child(i).nodeSize
    let index = lastAtOrBefore(this.#headings, start)
    const end = start + (doc.maybeChild(low)?.nodeSize ?? 0)
    for (let i = index + 1; i < this.#headings.length && this.#headings[i]!.pos < end; i++) {
      const dom = view.nodeDOM(this.#headings[i]!.pos)
      if (!(dom instanceof Element) || dom.getBoundingClientRect().top > line) break
      index = i
    }
    return (this.#headings[Math.max(index, 0)]!.node.attrs.id as string | null) ?? null
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

function isAlike(a: OutlineEntry, b: OutlineEntry): boolean {
  return (
    a.id === b.id &&
    a.text === b.text &&
    a.depth === b.depth &&
    a.people.length === b.people.length &&
    a.people.every((peer, i) => peer.id === b.people[i]!.id && peer.color === b.people[i]!.color)
  )
}

function lastAtOrBefore(headings: readonly Heading[], position: number): number {
  let low = 0
  let high = headings.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (headings[middle]!.pos <= position) low = middle + 1
    else high = middle
  }
  return low - 1
}
