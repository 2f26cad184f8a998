// A document on a table between a browser and a second editor: laid out block by block, edited in one of them by real keys, and
// looked at in both. What the page shows is read from its DOM; the ProseMirror node behind it hangs on the DOM too (`pmViewDesc`).

import { schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { expect } from 'vitest'
import { createDocument } from '../helpers/documents.ts'
import { type Lines, readLines, type Spot, writeLines } from '../helpers/lines.ts'
import { RemoteEditor } from '../helpers/remote-editor.ts'
import type { Person } from './editor-page.ts'
import { digestOf, installProbe, type Look, look, pointOf, type Selected, select, shows } from './text-probe.ts'

/** Where the lines of a case stand: somewhere in a section, or with the edge of two sections behind the line with this index. */
export type Spread = 'inside' | number

export class Sheet {
  readonly person: Person
  readonly other: RemoteEditor
  /** The paragraphs around every case, as they are whenever a case begins. */
  #fill: readonly Node[]
  /** Index of the first block of the case that is laid out. */
  #at = 0
  /** Blocks of the case that is laid out. */
  #length = 0

  private constructor(person: Person, other: RemoteEditor, fill: readonly Node[]) {
    this.person = person
    this.other = other
    this.#fill = fill
  }

  static async open(person: Person, url: string, documentId: string, size: number): Promise<Sheet> {
    await createDocument(url, documentId, { title: 'Sheet' })
    const other = await RemoteEditor.open(url, documentId)
    const fill = Array.from({ length: size }, (_, i) => schema.nodes.paragraph.create(null, schema.text(`line ${i}`)))
    other.write([fill[0]!.type.create({ id: other.blocks[0]!.attrs.id }, fill[0]!.content), ...fill.slice(1)])
    await other.document.saved()
    await person.open(url, documentId)
    await installProbe(person.page)
    const sheet = new Sheet(person, other, other.blocks)
    await sheet.pageCatchesUp()
    return sheet
  }

  /**
   * Lays lines out among the others, over the edge of two sections if that is asked for, and selects what they say; `alone` they
   * are the whole document.
   */
  async lay(lines: Lines, spread: Spread | 'alone'): Promise<void> {
    const { blocks, selection } = readLines(lines)
    this.#length = blocks.length
    if (spread === 'alone') {
      this.#at = 0
      this.other.write(blocks.map((block, i) => withId(block, this.#fill[i]!)))
      await this.pageCatchesUp()
    } else {
      do {
        const edges = (await this.look()).sections
        const edge = edges.slice(0, Math.ceil(edges.length / 2)).reduce((sum, count) => sum + count, 0)
        this.#at = spread === 'inside' ? Math.floor((edge - blocks.length) / 2) : edge - 1 - spread
        if (spread !== 'inside' && edges.length < 2) throw new RangeError('The document has one section only.')
        this.other.write(
          this.#fill.map((block, i) => {
            const own = blocks[i - this.#at]
            return own === undefined ? block : withId(own, block)
          }),
        )
        await this.pageCatchesUp()
        this.#fill = this.#fill.map((block, i) => withId(block, this.other.blocks[i]!))
      } while (spread !== 'inside' && !(await this.#hasEdgeBehind(this.#at + spread)))
    }
    if (selection !== null) await this.select(this.#move(selection.from, 1), this.#move(selection.to, 1))
  }

  async #hasEdgeBehind(block: number): Promise<boolean> {
    let last = -1
    for (const count of (await this.look()).sections) {
      last += count
      if (last === block) return true
    }
    return false
  }

  /**
   * What stands where the case was laid out, with the selection that the browser shows. Blocks that came or went are told from
   * the number of blocks; everything around must be untouched.
   */
  async lines(): Promise<string[]> {
    return (await this.#window()).lines
  }

  /** Resolves when the page shows these lines; then everything must agree: DOM, document, the other editor and a fresh reading. */
  async expectLines(lines: Lines): Promise<void> {
    await this.expectShown(lines)
    await this.expectAgreement()
  }

  /** Resolves when the page shows these lines with this selection. */
  async expectShown(lines: Lines): Promise<void> {
    const { blocks, selection } = readLines(lines)
    await expect.poll(() => this.lines(), { interval: 15 }).toEqual(writeLines(blocks, selection))
  }

  /** Resolves when the page shows what the other editor shows. */
  async pageCatchesUp(): Promise<void> {
    await shows(this.person.page, digestOf(this.other.blocks))
  }

  /** The page, its DOM, the other editor and a fresh reading of the document say the same, and nothing around the case was touched. */
  async expectAgreement(): Promise<void> {
    const { look, around } = await this.#window()
    expect(look.wrong, 'DOM and document').toEqual([])
    expect(look.around, 'blocks around the case').toEqual(around)
    await this.other.shows(blocks => digestOf(blocks) === look.digest)
    expect(digestOf(this.other.reading), 'a fresh reading').toBe(look.digest)
    expect((await this.look()).digest, 'the page afterwards').toBe(look.digest)
  }

  async #window(): Promise<{ lines: string[]; own: Node[]; look: Look; around: readonly string[] }> {
    const isAlone = this.#at === 0
    const behind = isAlone ? 0 : this.#fill.length - this.#at - this.#length
    const seen = await this.look(this.#at, behind)
    const own = seen.blocks.map(json => schema.nodeFromJSON(json))
    const selection = seen.selected === null ? null : ordered(seen.selected)
    const shown = selection === null ? null : { from: this.#move(selection.from, -1), to: this.#move(selection.to, -1) }
    const around = isAlone
      ? seen.around
      : [digestOf(this.#fill.slice(0, this.#at)), digestOf(this.#fill.slice(this.#fill.length - behind))]
    return { lines: writeLines(own, shown), own, look: seen, around }
  }

  async look(from = 0, behind = Number.MAX_SAFE_INTEGER): Promise<Look> {
    return look(this.person.page, from, behind)
  }

  /** Selects with the browser's own selection, in blocks of the whole document. */
  async select(anchor: Spot, head: Spot = anchor): Promise<void> {
    await select(this.person.page, anchor, head)
  }

  /** The blocks of the case as they are now, without their ids. */
  async shownBlocks(): Promise<unknown[]> {
    const { own } = await this.#window()
    return own.map(block => block.type.create({ ...block.attrs, id: null }, block.content).toJSON())
  }

  /** A block that `shownBlocks` gave. */
  nodeOf(json: unknown): Node {
    return schema.nodeFromJSON(json)
  }

  /** Index in the document of a line of the case. */
  indexOf(line: number): number {
    return this.#at + line
  }

  /** Puts the caret into a line of the case. */
  async putCaret(line: number, offset: number): Promise<void> {
    await this.select(this.#move({ block: line, offset }, 1))
  }

  /** Where a place in a line of the case stands in the window, in CSS pixels. */
  async pointOf(line: number, offset: number): Promise<{ x: number; y: number }> {
    return pointOf(this.person.page, this.#move({ block: line, offset }, 1))
  }

  async selected(): Promise<Selected | null> {
    return (await this.look()).selected
  }

  /** Resolves when the caret is there, and within the window. */
  async expectCaret(spot: Spot): Promise<void> {
    await expect.poll(() => this.selected(), { interval: 15 }).toEqual({ anchor: spot, head: spot })
    await this.caretInSight()
  }

  /** Where the caret is, once it stands within the window. */
  async caretInSight(): Promise<Spot> {
    await this.person.page.waitForFunction(() => {
      const selection = document.getSelection()
      if (selection === null || selection.rangeCount === 0) return false
      const range = document.createRange()
      range.selectNode(selection.focusNode!)
      const { top, bottom } = range.getBoundingClientRect()
      return bottom > 0 && top < window.innerHeight
    })
    return (await this.selected())!.head
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.person.page.keyboard.press(key)
  }

  #move({ block, offset }: Spot, sign: 1 | -1): Spot {
    return { block: block + sign * this.#at, offset }
  }

  async close(): Promise<void> {
    await this.other.close()
  }
}

function withId(block: Node, like: Node): Node {
  return block.type.create({ ...block.attrs, id: like.attrs.id }, block.content)
}

function ordered({ anchor, head }: Selected): { from: Spot; to: Spot } {
  const isForward = anchor.block < head.block || (anchor.block === head.block && anchor.offset <= head.offset)
  return isForward ? { from: anchor, to: head } : { from: head, to: anchor }
}
