// Where other people are: carets, flags and selections in layers of their own, over and under the text. No transaction and no
// widget in the text, so nothing reflows when they come, go or move. Places are measured once a frame at most, after whatever
// could have moved them, in coordinates of the editor's element: scrolling the page moves nothing here.

import type { Node, ResolvedPos } from 'prosemirror-model'
import { TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Peer, PresencePort } from './presence.ts'

export type Place = 'above' | 'visible' | 'below'

export interface PeerPlace {
  readonly peer: Peer
  /** Where the peer's caret is, seen from this window; null while it is in no place of the text. */
  readonly place: Place | null
}

export interface CaretsOptions {
  readonly view: EditorView
  /** Positioned, and as wide as the text: the layers lie in it. */
  readonly layer: HTMLElement
  readonly presence: PresencePort
  /** The document position of one end of a caret; null where it cannot be found (yet). */
  readonly resolve: (end: unknown) => number | null
}

/** A flag stands this long after a movement, and all stand as long when the document is opened. */
const flagMs = 2000
/** Without movement for so long a selection is only hinted at. */
const idleMs = 10_000
/** From the 13th person on colours repeat, and carets are dashed. */
const colors = 12
/** After a jump the goal is looked at again this often at most. */
const approachFrames = 12
const namedClass = 'sheaf-named'

interface Drawn {
  readonly caret: HTMLElement
  readonly flag: HTMLElement
  parts: HTMLElement[]
  /** What was drawn, so that a movement can be told from a new measurement. */
  key: string
  flagTimer?: ReturnType<typeof setTimeout>
  idleTimer?: ReturnType<typeof setTimeout>
  idle: boolean
  place: Place | null
  /** Document position of the head; null while unknown. */
  head: number | null
}

export class Carets {
  readonly #options: CaretsOptions
  readonly #under = makeLayer('sheaf-selections')
  readonly #over = makeLayer('sheaf-selections sheaf-above')
  readonly #carets = makeLayer('sheaf-carets')
  readonly #drawn = new Map<string, Drawn>()
  readonly #observer: ResizeObserver
  readonly #listeners = new Set<() => void>()
  readonly #stop = new AbortController()
  readonly #unsubscribe: () => void
  #frame: number | null = null
  /** Session key of the one whose caret is kept in sight. */
  #followed: string | null = null
  #places: readonly PeerPlace[] = []

  constructor(options: CaretsOptions) {
    this.#options = options
    options.layer.append(this.#under, this.#over, this.#carets)
    // Fonts, images, a narrower window, a longer text: all of it changes the size of the text.
    this.#observer = new ResizeObserver(() => this.schedule())
    this.#observer.observe(options.view.dom)
    this.#unsubscribe = options.presence.onChange(() => this.schedule())
    const { signal } = this.#stop
    // Scrolling the page moves no caret, but it decides who is above and below; a wide table scrolls by itself.
    window.addEventListener('scroll', () => this.schedule(), { signal, passive: true, capture: true })
    window.addEventListener('resize', () => this.schedule(), { signal })
    this.schedule()
  }

  get places(): readonly PeerPlace[] {
    return this.#places
  }

  onPlaces(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Something may have moved: measure in the next frame. */
  schedule(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = null
      this.#measure()
    })
  }

  /** Scrolls the page so that the peer's caret is a third down the window. */
  reveal(sessionKey: string): boolean {
    const drawn = this.#drawn.get(sessionKey)
    if (drawn?.head == null) return false
    this.#approach(drawn.head, approachFrames)
    this.#nameFor(drawn)
    return true
  }

  /** Keeps somebody's caret in sight, by its place in the document, whatever the width of either window; null ends it. */
  follow(sessionKey: string | null): boolean {
    this.#followed = sessionKey
    return sessionKey === null || this.reveal(sessionKey)
  }

  /** Text of the heading that somebody's caret stands under; empty where there is none, or no caret. */
  sectionOf(sessionKey: string): string {
    const head = this.#headOf(sessionKey)
    return head === null ? '' : headingAbove(this.#options.view.state.doc.resolve(head))
  }

  /** Puts one's own caret where somebody's is. */
  goBeside(sessionKey: string): boolean {
    const head = this.#headOf(sessionKey)
    if (head === null) return false
    const { view } = this.#options
    view.dispatch(view.state.tr.setSelection(TextSelection.near(view.state.doc.resolve(head))))
    view.focus()
    return this.reveal(sessionKey)
  }

  /** Document position of somebody's caret; null while it is in no place of the text. */
  #headOf(sessionKey: string): number | null {
    const head = this.#drawn.get(sessionKey)?.head ?? null
    return head === null ? null : Math.min(head, this.#options.view.state.doc.content.size)
  }

  /**
   * Far away heights are only estimated: what comes into sight is laid out, and the goal moves. So a long way is gone at once
   * and looked at again; only the last bit glides.
   */
  #approach(head: number, frames: number): void {
    const { view } = this.#options
    if (view.isDestroyed || frames === 0) return
    const way = view.coordsAtPos(Math.min(head, view.state.doc.content.size)).top - window.innerHeight / 3
    if (Math.abs(way) < 2) return
    const glides = Math.abs(way) < 2 * window.innerHeight && frames === approachFrames
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
    window.scrollBy({ top: way, behavior: glides && !calm ? 'smooth' : 'instant' })
    if (!glides) requestAnimationFrame(() => this.#approach(head, frames - 1))
  }

  destroy(): void {
    if (this.#frame !== null) cancelAnimationFrame(this.#frame)
    this.#stop.abort()
    this.#observer.disconnect()
    this.#unsubscribe()
    for (const drawn of this.#drawn.values()) this.#remove(drawn)
    this.#under.remove()
    this.#over.remove()
    this.#carets.remove()
  }

  /** Reads all places first and writes all styles afterwards, so that the browser lays out once. */
  #measure(): void {
    const { view, layer, presence } = this.#options
    if (view.isDestroyed) return
    const origin = layer.getBoundingClientRect()
    const peers = presence.peers()
    const writes: (() => void)[] = []
    const seen = new Set<string>()
    const people = [...new Set(peers.map(peer => peer.id))]
    const places: PeerPlace[] = []
    for (const peer of peers) {
      seen.add(peer.sessionKey)
      const anchor = peer.caret === null ? null : this.#options.resolve(peer.caret.anchor)
      const head = peer.caret === null ? null : this.#options.resolve(peer.caret.head)
      if (anchor === null || head === null || !isInText(view, head)) {
        const gone = this.#drawn.get(peer.sessionKey)
        if (gone !== undefined) writes.push(() => this.#forget(peer.sessionKey, gone))
        places.push({ peer, place: null })
        continue
      }
      const drawn = this.#drawn.get(peer.sessionKey) ?? this.#add(peer.sessionKey)
      const place = roughPlace(view, head)
      drawn.head = head
      drawn.place = place === 'near' ? exactPlace(view, head) : place
      places.push({ peer, place: drawn.place })
      const at = place === 'near' ? caretBox(view, head, origin) : null
      const parts =
        place === 'near' && anchor !== head
          ? selectionBoxes(view, Math.min(anchor, head), Math.max(anchor, head), origin)
          : []
      const dashed = people.indexOf(peer.id) >= colors
      const key = JSON.stringify(peer.caret)
      writes.push(() => this.#draw(drawn, peer, { at, parts, dashed, key, width: origin.width }))
    }
    for (const [sessionKey, drawn] of this.#drawn)
      if (!seen.has(sessionKey)) writes.push(() => this.#forget(sessionKey, drawn))
    for (const write of writes) write()
    const followed = this.#followed === null ? undefined : this.#drawn.get(this.#followed)
    if (followed?.head != null && followed.place !== 'visible') this.#approach(followed.head, approachFrames)
    if (!samePlaces(places, this.#places)) {
      this.#places = places
      for (const listener of [...this.#listeners]) listener()
    }
  }

  #draw(
    drawn: Drawn,
    peer: Peer,
    what: { at: CaretBox | null; parts: readonly PartBox[]; dashed: boolean; key: string; width: number },
  ): void {
    const { caret, flag } = drawn
    const moved = drawn.key !== what.key
    drawn.key = what.key
    if (moved) {
      this.#nameFor(drawn)
      drawn.idle = false
      clearTimeout(drawn.idleTimer)
      drawn.idleTimer = setTimeout(() => {
        drawn.idle = true
        for (const part of drawn.parts) part.classList.add('sheaf-idle')
      }, idleMs)
    }
    const color = `p${peer.color}`
    if (flag.textContent !== peer.name) flag.textContent = peer.name
    caret.hidden = what.at === null
    if (what.at !== null) {
      const { x, y, height, firstLine } = what.at
      // A caret that was hidden appears where it is; it does not fly there.
      const flies = caret.dataset.placed === 'true'
      caret.style.transition = flies ? '' : 'none'
      caret.style.transform = `translate(${x}px, ${y}px)`
      caret.style.height = `${height}px`
      caret.dataset.placed = 'true'
      caret.className = `sheaf-caret ${color}${caret.classList.contains(namedClass) ? ` ${namedClass}` : ''}`
      caret.classList.toggle('sheaf-below', firstLine)
      caret.classList.toggle('sheaf-flipped', x > what.width - 80)
      caret.classList.toggle('sheaf-repeated', what.dashed)
    } else caret.dataset.placed = 'false'
    for (const part of drawn.parts) part.remove()
    drawn.parts = what.parts.map(box => {
      const part = document.createElement('div')
      part.className = `sheaf-selection-part ${color}${drawn.idle ? ' sheaf-idle' : ''}`
      part.style.transform = `translate(${box.x}px, ${box.y}px)`
      part.style.width = `${box.width}px`
      part.style.height = `${box.height}px`
      ;(box.above ? this.#over : this.#under).append(part)
      return part
    })
  }

  #nameFor(drawn: Drawn): void {
    drawn.caret.classList.add(namedClass)
    clearTimeout(drawn.flagTimer)
    drawn.flagTimer = setTimeout(() => drawn.caret.classList.remove(namedClass), flagMs)
  }

  #add(sessionKey: string): Drawn {
    const caret = document.createElement('div')
    const flag = document.createElement('span')
    caret.className = 'sheaf-caret'
    flag.className = 'sheaf-flag'
    caret.append(flag)
    this.#carets.append(caret)
    const drawn: Drawn = { caret, flag, parts: [], key: '', idle: false, place: null, head: null }
    this.#drawn.set(sessionKey, drawn)
    return drawn
  }

  #forget(sessionKey: string, drawn: Drawn): void {
    this.#remove(drawn)
    this.#drawn.delete(sessionKey)
  }

  #remove(drawn: Drawn): void {
    clearTimeout(drawn.flagTimer)
    clearTimeout(drawn.idleTimer)
    drawn.caret.remove()
    for (const part of drawn.parts) part.remove()
  }
}

interface CaretBox {
  readonly x: number
  readonly y: number
  readonly height: number
  /** On the first line of the text or of the window: the flag goes below. */
  readonly firstLine: boolean
}

interface PartBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  /** Over the glyphs, where the block has a ground of its own that would hide it. */
  readonly above: boolean
}

/** Height of the header of a page: a line under it is the first one. */
const headPx = 52
/** Of the height of a letter's box: a caret of 1.3 em in a serif whose box is 1.37 em. */
const caretShare = 0.95

/** Null where it is scrolled out of sight, sideways, with its table. */
function caretBox(view: EditorView, pos: number, origin: DOMRect): CaretBox | null {
  const box = view.coordsAtPos(pos)
  const frame = frameAround(view, pos)
  if (frame !== null && (box.left < frame.left || box.left > frame.right)) return null
  const height = (box.bottom - box.top) * caretShare
  const y = box.top + (box.bottom - box.top - height) / 2
  return { x: box.left - origin.left - 1, y: y - origin.top, height, firstLine: y - headPx < 18 }
}

/** One box a line, as high as the text and its selection are. */
function selectionBoxes(view: EditorView, from: number, to: number, origin: DOMRect): PartBox[] {
  const boxes: PartBox[] = []
  view.state.doc.nodesBetween(from, to, (node, pos) => {
    if (!node.isTextblock) return true
    const start = Math.max(from, pos + 1)
    const end = Math.min(to, pos + 1 + node.content.size)
    if (start < end && roughPlace(view, start) === 'near')
      boxes.push(...lineBoxes(view, start, end, origin, hasGround(node)))
    return false
  })
  return boxes
}

function lineBoxes(view: EditorView, from: number, to: number, origin: DOMRect, above: boolean): PartBox[] {
  const range = document.createRange()
  const start = view.domAtPos(from, 1)
  const end = view.domAtPos(to, -1)
  range.setStart(start.node, start.offset)
  range.setEnd(end.node, end.offset)
  const lines: { left: number; right: number; top: number; bottom: number }[] = []
  for (const rect of range.getClientRects()) {
    if (rect.width === 0) continue
    const last = lines[lines.length - 1]
    // Parts of one line (bold, links) overlap in height; a mark's own box repeats that of its text.
    if (last !== undefined && rect.top < (last.top + last.bottom) / 2 && rect.bottom > (last.top + last.bottom) / 2) {
      last.left = Math.min(last.left, rect.left)
      last.right = Math.max(last.right, rect.right)
      last.top = Math.min(last.top, rect.top)
      last.bottom = Math.max(last.bottom, rect.bottom)
    } else lines.push({ left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom })
  }
  const frame = frameAround(view, from)
  if (frame !== null) {
    for (const line of lines) {
      line.left = Math.max(line.left, frame.left)
      line.right = Math.min(line.right, frame.right)
    }
  }
  const shown = lines.filter(line => line.right > line.left)
  return shown.map(line => ({
    x: line.left - origin.left,
    y: line.top - 2 - origin.top,
    width: line.right - line.left,
    height: line.bottom - line.top + 5,
    above,
  }))
}

/** What the table around a place shows of itself; null where there is no table. */
function frameAround(view: EditorView, pos: number): DOMRect | null {
  if (view.state.doc.resolve(pos).depth < 4) return null
  const { node } = view.domAtPos(pos)
  const element = node instanceof Element ? node : node.parentElement
  return element?.closest('.sheaf-table-scroll')?.getBoundingClientRect() ?? null
}

function hasGround(node: Node): boolean {
  return node.type.spec.code === true || node.type.name === 'callout'
}

/**
 * By the block's own box: a position far outside of the window is never measured to the letter, for that would make the
 * browser lay out sections that it has put off.
 */
function roughPlace(view: EditorView, pos: number): 'above' | 'near' | 'below' {
  const $pos = view.state.doc.resolve(pos)
  for (const depth of [1, 2]) {
    if ($pos.depth < depth) break
    const dom = view.nodeDOM($pos.before(depth))
    if (!(dom instanceof HTMLElement)) break
    const box = dom.getBoundingClientRect()
    if (box.bottom < -window.innerHeight) return 'above'
    if (box.top > 2 * window.innerHeight) return 'below'
  }
  return 'near'
}

function exactPlace(view: EditorView, pos: number): Place {
  const box = view.coordsAtPos(pos)
  if (box.bottom < headPx) return 'above'
  return box.top > window.innerHeight ? 'below' : 'visible'
}

function isInText(view: EditorView, pos: number): boolean {
  return pos >= 0 && pos <= view.state.doc.content.size && view.state.doc.resolve(pos).depth >= 2
}

function headingAbove($pos: ResolvedPos): string {
  // A caret that was found while others edit may stand behind the last block, or the last section.
  const first = Math.min($pos.index(0), $pos.doc.childCount - 1)
  for (let at = first; at >= 0; at--) {
    const section = $pos.doc.child(at)
    const last = section.childCount - 1
    for (let i = at === first && $pos.depth >= 1 ? Math.min($pos.index(1), last) : last; i >= 0; i--) {
      const block = section.child(i)
      if (block.type.name === 'heading' && block.textContent.trim() !== '') return block.textContent.trim()
    }
  }
  return ''
}

function samePlaces(a: readonly PeerPlace[], b: readonly PeerPlace[]): boolean {
  return (
    a.length === b.length && a.every((place, index) => place.peer === b[index]!.peer && place.place === b[index]!.place)
  )
}

function makeLayer(className: string): HTMLElement {
  const layer = document.createElement('div')
  layer.className = className
  // Names are told by the page's live region; the drawing is for the eye.
  layer.setAttribute('aria-hidden', 'true')
  return layer
}
