// What a browser shows of the text, asked in the page. ProseMirror hangs a description on each element that it draws
// (`pmViewDesc`), with the node behind it; so a test sees the document and its DOM side by side, and can tell when they differ.
// The functions are sent to the page as source: each stands for itself.

import type { Page } from 'playwright-core'
import type { Node } from 'prosemirror-model'
import type { Spot } from '../helpers/lines.ts'

export interface Selected {
  readonly anchor: Spot
  readonly head: Spot
}

export interface Look {
  /** Blocks of the document. */
  readonly count: number
  /** Of all blocks, ids included, as `digestOf` makes it. */
  readonly digest: string
  /** Of the blocks in front of those asked for, and behind them. */
  readonly around: readonly [before: string, after: string]
  /** Blocks of each section. */
  readonly sections: readonly number[]
  /** The blocks asked for, as JSON. */
  readonly blocks: readonly unknown[]
  /** The browser's own selection; null where it is elsewhere. */
  readonly selected: Selected | null
  /** Blocks whose DOM says something else than the node behind it. */
  readonly wrong: readonly string[]
}

interface Probe {
  look(from: number, behind: number): Look
  select(anchor: Spot, head: Spot): Promise<void>
  point(spot: Spot): { x: number; y: number }
}

/** Puts the probe into the page that is open now. */
export async function installProbe(page: Page): Promise<void> {
  // Where tsx runs this it marks functions with a call of its own, which the page does not know.
  await page.evaluate(
    `globalThis.probe = (__name => ({
      look: ${lookAtText.toString()},
      select: ${selectInText.toString()},
      point: ${pointInText.toString()},
    }))(it => it); undefined`,
  )
}

/** @param behind so many blocks at the end are not asked for */
export function look(page: Page, from: number, behind: number): Promise<Look> {
  return page.evaluate(range => (globalThis as unknown as { probe: Probe }).probe.look(range.from, range.behind), {
    from,
    behind,
  })
}

const hashes = new WeakMap<Node, number>()

/** What `look` says of the same blocks. */
export function digestOf(blocks: readonly Node[]): string {
  let hash = 0
  for (const block of blocks) {
    let own = hashes.get(block)
    if (own === undefined) {
      own = 0
      const text = JSON.stringify(block.toJSON())
      for (let i = 0; i < text.length; i++) own = (Math.imul(own, 31) + text.charCodeAt(i)) | 0
      hashes.set(block, own)
    }
    hash = (Math.imul(hash, 31) + own) | 0
  }
  return `${blocks.length}:${hash}`
}

/** Resolves as soon as the page shows what has this digest. */
export async function shows(page: Page, digest: string): Promise<void> {
  await page.waitForFunction(
    wanted => (globalThis as unknown as { probe: Probe }).probe.look(0, Number.MAX_SAFE_INTEGER).digest === wanted,
    digest,
  )
}

/** Scrolls there and selects, as the browser does it, in blocks of the whole document. */
export async function select(page: Page, anchor: Spot, head: Spot): Promise<void> {
  await page.evaluate(ends => (globalThis as unknown as { probe: Probe }).probe.select(ends.anchor, ends.head), {
    anchor,
    head,
  })
}

/** Where a place is in the window, in the middle of its line; it must be in sight. */
export function pointOf(page: Page, spot: Spot): Promise<{ x: number; y: number }> {
  return page.evaluate(at => (globalThis as unknown as { probe: Probe }).probe.point(at), spot)
}

/** What ProseMirror hangs on the elements that it draws. */
interface Described extends Element {
  readonly pmViewDesc?: Description
}

interface Description {
  readonly node: {
    readonly content: { readonly size: number }
    readonly textContent: string
    readonly nodeSize: number
    toJSON(): unknown
  }
  readonly contentDOM: HTMLElement
  readonly children: readonly Description[]
  readonly posAtStart: number
  readonly size: number
  posFromDOM(dom: globalThis.Node, offset: number, bias: number): number
  domFromPos(position: number, side: number): { node: globalThis.Node; offset: number }
}

function lookAtText(from: number, behind: number): Look {
  const root = (document.querySelector('.sheaf-text') as Described).pmViewDesc!
  const sections = root.children.filter(child => child.node !== undefined)
  const blocks = sections.flatMap(section => section.children.filter(child => child.node !== undefined))
  const starts: number[] = []
  let position = 0
  for (const section of sections) {
    position++
    for (const block of section.children) {
      if (block.node === undefined) continue
      starts.push(position + 1)
      position += block.node.nodeSize
    }
    position++
  }
  // A node never changes, so each is read once.
  const memory = globalThis as { blockHashes?: WeakMap<object, { hash: number; text: string | null }> }
  memory.blockHashes ??= new WeakMap()
  const read = (node: Description['node']) => {
    let known = memory.blockHashes!.get(node)
    if (known === undefined) {
      const json = node.toJSON() as { content?: { type?: string; text?: string }[] }
      let hash = 0
      const text = JSON.stringify(json)
      for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0
      const inline = json.content ?? []
      // Atoms show what they mean in words of their own.
      const isText = inline.every(part => part.text !== undefined || part.type === 'hard_break')
      known = { hash, text: isText ? inline.map(part => part.text ?? '').join('') : null }
      memory.blockHashes!.set(node, known)
    }
    return known
  }
  const digest = (some: readonly Description[]): string => {
    let hash = 0
    for (const { node } of some) hash = (Math.imul(hash, 31) + read(node).hash) | 0
    return `${some.length}:${hash}`
  }
  const wrong = blocks.flatMap(({ node, contentDOM }) => {
    const { text } = read(node)
    const shown = (contentDOM.textContent ?? '').replaceAll('\ufeff', '')
    return text === null || text === shown ? [] : [`${JSON.stringify(text)} is shown as ${JSON.stringify(shown)}`]
  })
  const end = Math.max(blocks.length - behind, 0)
  const spotOf = (node: globalThis.Node | null, offset: number) => {
    if (node === null || !root.contentDOM.contains(node)) return null
    const at = root.posFromDOM(node, offset, -1)
    let block = 0
    while (block + 1 < starts.length && starts[block + 1]! <= at) block++
    return { block, offset: Math.min(Math.max(at - starts[block]!, 0), blocks[block]!.node.content.size) }
  }
  const selection = document.getSelection()
  const anchor = selection === null ? null : spotOf(selection.anchorNode, selection.anchorOffset)
  const head = selection === null ? null : spotOf(selection.focusNode, selection.focusOffset)
  return {
    count: blocks.length,
    digest: digest(blocks),
    around: [digest(blocks.slice(0, from)), digest(blocks.slice(end))],
    sections: sections.map(section => section.children.filter(child => child.node !== undefined).length),
    blocks: blocks.slice(from, end).map(block => block.node.toJSON()),
    selected: anchor === null || head === null ? null : { anchor, head },
    wrong,
  }
}

async function selectInText(anchor: Spot, head: Spot): Promise<void> {
  const dom = document.querySelector('.sheaf-text') as HTMLElement & Described
  const root = dom.pmViewDesc!
  dom.focus({ preventScroll: true })
  const starts: number[] = []
  let position = 0
  for (const section of root.children) {
    position++
    for (const block of section.children) {
      if (block.node === undefined) continue
      starts.push(position + 1)
      position += block.node.nodeSize
    }
    position++
  }
  const placeOf = ({ block, offset }: { block: number; offset: number }) => root.domFromPos(starts[block]! + offset, 0)
  const a = placeOf(anchor)
  const h = placeOf(head)
  const element = h.node instanceof Element ? h.node : h.node.parentElement!
  element.scrollIntoView({ block: 'center', behavior: 'instant' })
  const selection = document.getSelection()!
  selection.setBaseAndExtent(a.node, a.offset, h.node, h.offset)
  // The editor hears of it in a task of its own; what came into sight is laid out in the frame after the next.
  await new Promise<void>(resolve => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))
  })
}

function pointInText({ block, offset }: Spot): { x: number; y: number } {
  const root = (document.querySelector('.sheaf-text') as Described).pmViewDesc!
  let index = 0
  let position = 0
  for (const section of root.children) {
    position++
    for (const child of section.children) {
      if (child.node === undefined) continue
      if (index++ === block) {
        const { node, offset: at } = root.domFromPos(position + 1 + offset, offset > 0 ? -1 : 1)
        const range = document.createRange()
        const isBehind = at > 0 && at === node.textContent?.length
        range.setStart(node, isBehind ? at - 1 : at)
        if (isBehind) range.setEnd(node, at)
        const box = range.getClientRects()[0] ?? child.contentDOM.getBoundingClientRect()
        return { x: isBehind ? box.right : box.left + 1, y: (box.top + box.bottom) / 2 }
      }
      position += child.node.nodeSize
    }
    position++
  }
  throw new RangeError(`No block ${block}`)
}
