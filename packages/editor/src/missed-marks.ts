// What others changed while one was away, marked in the text until one has seen it: their words with a tint in their colour, the blocks with a
// strand at the edge. Decorations and a layer of its own: nothing moves, and nothing of it is in the document.

import { type MissedPlace, type MissedRuns, missedPlaces } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'
import type * as Y from 'yjs'
import { addPlugins } from './later.ts'
import { scrollToBlock } from './scrolling.ts'

/** Who wrote something. */
export interface MissedAuthor {
  readonly id: string
  /** 1–12 */
  readonly color: number
}

export interface MissedOptions {
  readonly view: EditorView
  /** Positioned, and as wide as the text. */
  readonly layer: HTMLElement
  readonly ydoc: Y.Doc
  /** The document position of a caret id; null where it is in no place of the text. */
  readonly resolve: (id: string) => number | null
  /** Undefined: nobody knows; null: the reader, whose own changes are no news. */
  readonly authorOf: (client: number, clock: number) => MissedAuthor | null | undefined
}

export interface MissedMarks {
  /** How many places there are: blocks that stand next to each other are one. */
  readonly count: number
  /** Who changed something, as far as it is known, most first. */
  readonly authors: readonly string[]
  /** True where somebody nobody knows changed something. */
  readonly hasUnknown: boolean
  /** Goes to a place, from 0. */
  reveal(index: number): void
  clear(): void
}

/** A block that was changed: where it begins, and by whom. */
interface Changed {
  readonly pos: number
  readonly color: number
}

interface Marks {
  readonly tints: DecorationSet
  readonly blocks: readonly Changed[]
}

const key = new PluginKey<Marks>('sheaf-missed')
const none: Marks = { tints: DecorationSet.empty, blocks: [] }
/** Of more tints than this only the strands are shown. */
const maxTints = 1500
/** A strand stands so far before the edge of its block, where there is room. */
const strandPx = 26
const strandWidthPx = 3

/** Null where nothing is left of it, or all of it was the reader's own. */
export function markMissed(options: MissedOptions, runs: MissedRuns): MissedMarks | null {
  const { view } = options
  const found = readPlaces(options, runs)
  if (found.blocks.length === 0) return null
  const strands = new Strands(options.layer, view)
  const plugin = new Plugin<Marks>({
    key,
    state: {
      init: () => found,
      apply: (tr, marks) => (tr.getMeta(key) as Marks | undefined) ?? mapMarks(tr, marks),
    },
    props: { decorations: state => key.getState(state)?.tints },
    view: () => ({ update: () => strands.schedule(), destroy: () => strands.destroy() }),
  })
  addPlugins(view, [plugin], null)
  strands.schedule()
  const places = placesOf(view.state.doc, found.blocks)
  return {
    count: places.length,
    authors: found.authors,
    hasUnknown: found.hasUnknown,
    reveal: index => {
      const now = placesOf(view.state.doc, key.getState(view.state)?.blocks ?? [])
      const place = now[Math.min(index, now.length - 1)]
      if (place !== undefined) scrollToBlock(view, place)
    },
    clear: () => {
      if (view.isDestroyed) return
      view.dispatch(view.state.tr.setMeta(key, none))
      view.updateState(view.state.reconfigure({ plugins: view.state.plugins.filter(other => other !== plugin) }))
    },
  }
}

interface Found extends Marks {
  readonly authors: readonly string[]
  readonly hasUnknown: boolean
}

function readPlaces({ view, ydoc, resolve, authorOf }: MissedOptions, runs: MissedRuns): Found {
  const { doc } = view.state
  const weights = new Map<string, number>()
  const colors = new Map<number, number>()
  const tints: Decoration[] = []
  let hasUnknown = false
  const places = missedPlaces(ydoc, runs).toSorted((a, b) => Number(a.author === null) - Number(b.author === null))
  for (const place of places) {
    const author = place.author === null ? undefined : authorOf(place.author.client, place.author.clock)
    if (author === null) continue
    const at = spanOf(place, resolve, doc.content.size)
    const block = at === null ? null : blockAt(doc, at.to)
    if (at === null || block === null) continue
    // Who took words away is not written down; whoever put some in their place is meant by that.
    const isNamed = author !== undefined
    if (isNamed) weights.set(author.id, (weights.get(author.id) ?? 0) + 1 + at.to - at.from)
    else if (!colors.has(block) || place.author !== null) hasUnknown = true
    if (isNamed || !colors.has(block)) colors.set(block, author?.color ?? 0)
    if (place.what === 'text' && at.to > at.from) {
      tints.push(Decoration.inline(at.from, at.to, { class: `sheaf-missed p${author?.color ?? 0}` }))
    }
  }
  return {
    tints: DecorationSet.create(doc, tints.length > maxTints ? [] : tints),
    blocks: [...colors].map(([pos, color]) => ({ pos, color })).sort((a, b) => a.pos - b.pos),
    authors: [...weights].sort(([, a], [, b]) => b - a).map(([id]) => id),
    hasUnknown,
  }
}

function spanOf(
  place: MissedPlace,
  resolve: MissedOptions['resolve'],
  size: number,
): { from: number; to: number } | null {
  const to = resolve(place.last)
  if (to === null || to > size) return null
  if (place.what !== 'text') return { from: to, to }
  // A caret stands behind its unit.
  const first = resolve(place.first) ?? to
  return { from: Math.max(Math.min(first, to) - 1, 0), to }
}

/** Where the outermost block around a place begins; null between blocks. */
function blockAt(doc: Node, pos: number): number | null {
  const $pos = doc.resolve(pos)
  return $pos.depth < 2 ? null : $pos.before(2)
}

/** The first block of each run of neighbours. */
function placesOf(doc: Node, blocks: readonly Changed[]): number[] {
  const places: number[] = []
  let behind = -1
  for (const { pos } of blocks) {
    const node = doc.nodeAt(pos)
    if (node === null) continue
    // Between the last block of a section and the first of the next lie two positions.
    if (pos - behind > 2 || behind < 0) places.push(pos)
    behind = pos + node.nodeSize
  }
  return places
}

function mapMarks(tr: Transaction, marks: Marks): Marks {
  if (!tr.docChanged) return marks
  const blocks = new Map<number, Changed>()
  for (const { pos, color } of marks.blocks) {
    const { pos: mapped, deleted } = tr.mapping.mapResult(pos, 1)
    if (!deleted && tr.doc.nodeAt(mapped) !== null) blocks.set(mapped, { pos: mapped, color })
  }
  return { tints: marks.tints.map(tr.mapping, tr.doc), blocks: [...blocks.values()] }
}

/** The lines at the edge. Measured once a frame at most, and only in what is near the window. */
class Strands {
  readonly #view: EditorView
  readonly #layer = document.createElement('div')
  readonly #observer: ResizeObserver
  readonly #stop = new AbortController()
  #frame: number | null = null

  constructor(layer: HTMLElement, view: EditorView) {
    this.#view = view
    this.#layer.className = 'sheaf-strands'
    // Told by the page; this is for the eye.
    this.#layer.setAttribute('aria-hidden', 'true')
    layer.append(this.#layer)
    this.#observer = new ResizeObserver(() => this.schedule())
    this.#observer.observe(view.dom)
    window.addEventListener('scroll', () => this.schedule(), { signal: this.#stop.signal, passive: true })
  }

  schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      if (!this.#view.isDestroyed) this.#draw()
    })
  }

  destroy(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    this.#observer.disconnect()
    this.#stop.abort()
    this.#layer.remove()
  }

  #draw(): void {
    const { state, dom } = this.#view
    const origin = this.#layer.parentElement!.getBoundingClientRect()
    const text = dom.getBoundingClientRect()
    const isRightToLeft = getComputedStyle(dom).direction === 'rtl'
    const room = isRightToLeft ? window.innerWidth - text.right : text.left
    const gap = Math.min(strandPx, room - strandWidthPx)
    const near = [...dom.children].map(section => {
      const box = section.getBoundingClientRect()
      return box.bottom > -window.innerHeight && box.top < 2 * window.innerHeight
    })
    const lines = (key.getState(state) ?? none).blocks.flatMap(({ pos, color }) => {
      if (near[state.doc.resolve(pos).index(0)] !== true) return []
      const block = this.#view.nodeDOM(pos)
      if (!(block instanceof HTMLElement)) return []
      const box = block.getBoundingClientRect()
      if (box.height === 0) return []
      const line = document.createElement('i')
      line.className = `p${color}`
      const x = isRightToLeft ? text.right + gap - strandWidthPx : text.left - gap
      line.style.transform = `translate(${x - origin.left}px, ${box.top - origin.top}px)`
      line.style.height = `${box.height}px`
      return [line]
    })
    this.#layer.replaceChildren(...lines)
  }
}
