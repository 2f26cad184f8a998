// Where matches are: highlights of the browser in what is near the window, and marks along its edge. Neither touches the DOM of the text.
// A browser without such highlights (Firefox before 140) shows the marks only.

import type { EditorView } from 'prosemirror-view'
import type { Match } from './find.ts'

/** Names in `::highlight()`. */
const allName = 'sheaf-find'
const currentName = 'sheaf-find-current'
/** Height of the header of a page. */
const headPx = 52

export class FindMarks {
  readonly #view: EditorView
  readonly #title: EditorView | null
  readonly #edge = document.createElement('canvas')
  readonly #observer: ResizeObserver
  #inTitle: readonly Match[] = []
  #inText: readonly Match[] = []
  #current: (Match & { in: 'title' | 'text' }) | null = null
  #frame: number | null = null

  constructor(view: EditorView, title: EditorView | null) {
    this.#view = view
    this.#title = title
    this.#edge.className = 'sheaf-find-edge'
    this.#edge.hidden = true
    this.#edge.setAttribute('aria-hidden', 'true')
    document.body.append(this.#edge)
    this.#observer = new ResizeObserver(() => this.schedule())
    this.#observer.observe(view.dom)
  }

  show(inTitle: readonly Match[], inText: readonly Match[], current: (Match & { in: 'title' | 'text' }) | null): void {
    this.#inTitle = inTitle
    this.#inText = inText
    this.#current = current
    this.schedule()
  }

  clear(): void {
    this.show([], [], null)
  }

  /** The window shows something else: drawn in the next frame. */
  schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      if (this.#view.isDestroyed) return
      this.#highlight()
      this.#drawEdge()
    })
  }

  destroy(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    this.#observer.disconnect()
    this.#edge.remove()
    CSS.highlights?.delete(allName)
    CSS.highlights?.delete(currentName)
  }

  #highlight(): void {
    if (CSS.highlights === undefined) return
    const all: Range[] = []
    const [first, last] = this.#inSight()
    for (const match of this.#inText) {
      if (match.to < first) continue
      if (match.from > last) break
      if (match.from !== this.#current?.from || this.#current.in !== 'text') all.push(rangeOf(this.#view, match))
    }
    if (this.#title !== null) for (const match of this.#inTitle) all.push(rangeOf(this.#title, match))
    const current = this.#current
    const host = current?.in === 'title' ? this.#title : this.#view
    CSS.highlights.set(allName, new Highlight(...all))
    const highlight = new Highlight(...(current === null || host === null ? [] : [rangeOf(host, current)]))
    highlight.priority = 1
    CSS.highlights.set(currentName, highlight)
  }

  /** Positions of the first and the last section that are near the window. */
  #inSight(): [number, number] {
    let first = Number.POSITIVE_INFINITY
    let last = -1
    this.#view.state.doc.forEach((section, offset, index) => {
      const box = this.#view.dom.children[index]?.getBoundingClientRect()
      if (box === undefined || box.bottom < -window.innerHeight || box.top > 2 * window.innerHeight) return
      first = Math.min(first, offset)
      last = offset + section.nodeSize
    })
    return [first, last]
  }

  /** One line of pixels for each match; heights out of sight are those that the browser estimates. */
  #drawEdge(): void {
    const total = this.#inTitle.length + this.#inText.length
    const page = document.documentElement.scrollHeight
    this.#edge.hidden = total === 0 || page <= window.innerHeight
    if (this.#edge.hidden) return
    const high = window.innerHeight - headPx
    const ratio = window.devicePixelRatio
    this.#edge.width = Math.round(8 * ratio)
    this.#edge.height = Math.round(high * ratio)
    const context = this.#edge.getContext('2d')
    if (context === null) return
    context.fillStyle = getComputedStyle(this.#edge).color
    const rows = new Set<number>()
    let at = 0
    this.#view.state.doc.forEach((section, offset, index) => {
      if (at >= this.#inText.length || this.#inText[at]!.from >= offset + section.nodeSize) return
      const box = this.#view.dom.children[index]!.getBoundingClientRect()
      for (; at < this.#inText.length && this.#inText[at]!.from < offset + section.nodeSize; at++) {
        const share = (this.#inText[at]!.from - offset) / section.nodeSize
        rows.add(Math.round(((box.top + window.scrollY + share * box.height) / page) * high))
      }
    })
    if (this.#inTitle.length > 0) rows.add(0)
    for (const y of rows) context.fillRect(0, y * ratio, this.#edge.width, 2 * ratio)
  }
}

/** The title may have become shorter since it was looked through. */
function rangeOf(view: EditorView, { from, to }: Match): Range {
  const range = document.createRange()
  const { size } = view.state.doc.content
  const start = view.domAtPos(Math.min(from, size), 1)
  const end = view.domAtPos(Math.min(to, size), -1)
  range.setStart(start.node, start.offset)
  range.setEnd(end.node, end.offset)
  return range
}
