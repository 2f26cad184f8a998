// Reads HTML as a stream of tags and text into blocks: an allow-list of elements, everything else is its text. It keeps its own
// stack, so nesting costs no recursion, and what lies deeper than `maxDepth` elements is read as if those elements were not there.

import { Fragment, type Mark, type Node } from 'prosemirror-model'
import { schema } from '../schema.ts'
import type { BlockBuilder, Registers } from './builder.ts'
import { OpenElements } from './html-elements.ts'
import { isLineTag, voidTags } from './html-structure.ts'
import { openTablePart, readTableHeader, type TableHost } from './html-table.ts'
import { hiddenTags, inlineTag, readAlign, readInteger } from './html-tags.ts'
import type { Attributes, HtmlListener } from './html-tokens.ts'
import { cleanText, InlineBuilder, withMark } from './inline.ts'
import { append } from './lists.ts'
import { safeAddress } from './normalize.ts'

const maxDepth = 256

/** Where the inline content that is being read goes. */
interface Leaf {
  write(content: Fragment): void
  /** White space counts: in code, and where `data-space` says so. */
  readonly keepsSpace: boolean
}

/** A block whose text is its caption: figure, divider, embed, a kind from a newer version. */
interface Captioned {
  registers: Record<string, unknown>
  readonly caption: Node[]
  /** Without an image a figure is only a frame around other things. */
  isShown: boolean
  /** A table that stands in a figure has its caption. */
  hasTable?: boolean
  /** The caption of a table: headings and images in it are its text. */
  readonly isOfTable?: boolean
}

interface List {
  readonly isOrdered: boolean
  start: number | null
}

export class HtmlReader implements HtmlListener {
  readonly #builder: BlockBuilder
  readonly #inline = new InlineBuilder()
  readonly #elements = new OpenElements()
  #leaf: Leaf | null = null
  #captioned: Captioned | null = null
  #list: List | null = null
  /** Elements that are open and leave no trace: those inside of one that is not shown, and those deeper than `maxDepth`. */
  readonly #silent = new Map<string, number>()
  #isHidden = false
  /** The code block that is being read, until its language is known. */
  #code: Record<string, unknown> | null = null
  /** HTML drops a line break right behind <pre>. */
  #dropsBreak = false

  readonly #tableHost: TableHost

  constructor(builder: BlockBuilder) {
    this.#builder = builder
    this.#tableHost = { builder, flush: () => this.flush(), isolate: () => this.#isolate() }
  }

  /** A container that is not HTML begins: until its end nothing in it closes what was opened before. */
  enter(): void {
    this.#elements.raiseFloor()
  }

  leave(): void {
    this.closeTo(this.#elements.floor)
    this.#elements.lowerFloor()
  }

  /** How many elements are open. */
  get depth(): number {
    return this.#elements.depth
  }

  openTag(name: string, attributes: Attributes): void {
    if (this.#isHidden || this.#elements.depth >= maxDepth) {
      if (!voidTags.has(name)) this.#silent.set(name, (this.#silent.get(name) ?? 0) + 1)
      if (hiddenTags.has(name)) this.#isHidden = true
      return
    }
    this.#dropsBreak = false
    this.#closeElements(this.#elements.findEndedByPart(name))
    this.#closeElements(this.#elements.findImplied(name))
    const marks = this.#inline.marks
    const close = this.#openBlock(name, attributes)
    if (close === null) this.openInline(name, attributes)
    else if (voidTags.has(name)) close()
    else this.#elements.push({ name, marks, close })
  }

  /** Reads a tag that stands in the middle of a paragraph: what it says of blocks does not count. */
  openInline(name: string, attributes: Attributes): void {
    if (this.#isHidden || this.#elements.depth >= maxDepth) {
      if (!voidTags.has(name)) this.#silent.set(name, (this.#silent.get(name) ?? 0) + 1)
      return
    }
    const inline = this.#inline
    if (name === 'code' && this.#code !== null) this.#code.language ??= languageOf(attributes)
    if (!voidTags.has(name)) this.#elements.push({ name, marks: inline.marks })
    if (name === 'br') inline.lineBreak(this.#isFlow)
    const tag = inlineTag(name, attributes)
    if (tag?.atom !== undefined) {
      const captioned = this.#captioned
      const isPicture = name === 'img' && captioned?.isShown === false && captioned.isOfTable !== true
      if (isPicture) this.#pictured(attributes)
      else inline.atom(tag.atom)
    }
    for (const mark of tag?.marks ?? []) if (inline.marks.length < 32) inline.marks = withMark(mark, inline.marks)
    if (tag?.skips === true && !voidTags.has(name)) this.#isHidden = true
  }

  /** An element that is known by its mark. */
  openMark(name: string, mark: Mark): void {
    if (this.#isHidden || this.#elements.depth >= maxDepth) this.#silent.set(name, (this.#silent.get(name) ?? 0) + 1)
    else {
      this.#elements.push({ name, marks: this.#inline.marks })
      if (this.#inline.marks.length < 32) this.#inline.marks = withMark(mark, this.#inline.marks)
    }
  }

  /** Text whose white space counts. */
  literal(text: string): void {
    if (!this.#isHidden) this.#inline.text(text)
  }

  atom(node: Node): void {
    if (!this.#isHidden) this.#inline.atom(node)
  }

  /** Closes the innermost open element of that name, if it was opened above `floor`, and what it holds. */
  closeTag(name: string, floor = this.#elements.floor): void {
    const silent = this.#silent.get(name) ?? 0
    if (silent > 0) {
      this.#silent.set(name, silent - 1)
      if (hiddenTags.has(name) && this.#elements.depth >= maxDepth) this.#isHidden = false
      return
    }
    this.#closeElements(this.#elements.find(name, floor))
  }

  text(text: string): void {
    if (this.#isHidden || text === '') return
    if (this.#isFlow) this.#inline.flow(text)
    else this.#inline.text(this.#dropsBreak ? text.replace(/^\r?\n/, '') : text)
    this.#dropsBreak = false
  }

  /** Ends everything that was opened above `depth`, and the paragraph. */
  closeTo(depth: number): void {
    this.#closeElements(depth)
    this.flush()
  }

  /** Ends the inline elements of a paragraph that is not HTML, and gives its content. */
  takeInline(depth: number): Fragment {
    this.closeInline(depth)
    return this.#inline.take()
  }

  closeInline(depth: number): void {
    this.#closeElements(depth)
    this.#silent.clear()
    this.#isHidden = false
  }

  /** Between two pieces of HTML: a line that has only begun is no empty line. */
  pause(): void {
    if (this.#inline.isEmpty) this.#leaf = null
    this.flush()
  }

  #closeElements(depth: number | null): void {
    if (depth === null || this.#elements.depth <= depth) return
    this.#silent.clear()
    this.#isHidden = false
    while (this.#elements.depth > depth) {
      const element = this.#elements.pop()
      element.close?.()
      this.#inline.marks = element.marks
    }
  }

  /** Writes the inline content that was read so far. */
  flush(): void {
    const leaf = this.#leaf
    const content = this.#inline.take(this.#isFlow)
    this.#leaf = null
    if (leaf !== null) leaf.write(content)
    else if (content.size > 0) this.#anonymous(content)
  }

  get #isFlow(): boolean {
    return this.#leaf?.keepsSpace !== true
  }

  #anonymous(content: Fragment): void {
    if (this.#captioned !== null) this.#addCaption(content)
    else this.#builder.paragraph(content)
  }

  #addCaption(content: Fragment): void {
    const { caption } = this.#captioned!
    if (caption.length > 0) caption.push(schema.nodes.hard_break.create())
    append(caption, content.content)
  }

  /** The act of closing, or null where the element is not a block. */
  #openBlock(name: string, attributes: Attributes): (() => void) | null {
    const kind = attributes['data-kind']
    if (name === 'p') return this.#openLeaf(attributes, content => this.#paragraph(content, attributes))
    if (/^h[1-6]$/.test(name)) {
      const level = Math.min(Number(name[1]), 4)
      return this.#openLeaf(attributes, content => {
        if (this.#captioned?.isOfTable === true) this.#addCaption(content)
        else this.#block({ kind: `h${level}`, ...aligned(attributes) }, content, attributes)
      })
    }
    if (name === 'pre') return this.#openCode(attributes)
    if (name === 'hr') {
      this.flush()
      if (this.#captioned === null) this.#block({ kind: 'divider' }, null, attributes)
      return () => undefined
    }
    if (name === 'figure' || (name === 'div' && (kind === 'divider' || kind === 'opaque' || kind === 'embed'))) {
      return this.#openCaptioned(name === 'figure' ? 'image' : kind!, attributes)
    }
    if (name === 'figcaption') {
      return this.#openLeaf(attributes, content =>
        this.#captioned === null ? this.#builder.paragraph(content) : content.size > 0 && this.#addCaption(content),
      )
    }
    if (name === 'ul' || name === 'ol') return this.#openList(name === 'ol', attributes)
    if (name === 'li') return this.#openItem(attributes)
    if (name === 'blockquote') return this.#openFrame(attributes, { kind: 'quote' }, true)
    if (name === 'aside' && kind === 'callout') {
      return this.#openFrame(attributes, { kind: 'callout', tone: attributes['data-tone'] }, false)
    }
    if (name === 'details') {
      return this.#openFrame(attributes, { kind: 'toggle', open: attributes.open !== undefined }, false)
    }
    if (name === 'summary') return this.#openLeaf(attributes, content => this.#builder.paragraph(content))
    if (name === 'section' && attributes['data-footnotes'] !== undefined) return this.#hide()
    if (name === 'a' && attributes['data-embed'] !== undefined) return this.#hide()
    if (name === 'table') return this.#openTable(attributes)
    if (name === 'caption') return this.#openTableCaption(attributes)
    const part = openTablePart(name, attributes, this.#tableHost)
    if (part !== null) return part
    if (name === 'input') return this.#openCheckbox(attributes)
    if (isLineTag(name) && !hiddenTags.has(name)) {
      this.flush()
      return () => this.flush()
    }
    return null
  }

  #hide(): () => void {
    this.#isHidden = true
    return () => undefined
  }

  #openLeaf(attributes: Attributes, write: (content: Fragment) => void): () => void {
    this.flush()
    this.#leaf = { write, keepsSpace: attributes['data-space'] !== undefined }
    return () => this.flush()
  }

  #paragraph(content: Fragment, attributes: Attributes): void {
    if (this.#captioned !== null) this.#addCaption(content)
    else {
      this.#note(attributes)
      if (attributes['data-kind'] === 'paragraph') this.#builder.note({ isParagraph: true })
      this.#builder.paragraph(content, aligned(attributes))
    }
  }

  #block(registers: Registers, content: Fragment | null, attributes: Attributes): void {
    this.#note(attributes)
    this.#builder.block(registers, content)
  }

  #note(attributes: Attributes): void {
    const indent = readInteger(attributes['data-indent'])
    if (indent !== undefined) this.#builder.note({ indent })
  }

  #openCode(attributes: Attributes): () => void {
    this.flush()
    const isMath = attributes['data-kind'] === 'math'
    const registers = isMath ? { kind: 'math' } : { kind: 'code', language: languageOf(attributes) }
    this.#leaf = { write: content => this.#block(registers, withoutLastBreak(content), attributes), keepsSpace: true }
    this.#code = isMath ? null : registers
    this.#dropsBreak = true
    return () => {
      this.flush()
      this.#code = null
    }
  }

  #openCaptioned(kind: string, attributes: Attributes): () => void {
    this.flush()
    const outer = this.#captioned
    const registers: Record<string, unknown> = {
      kind: kind === 'opaque' ? cleanText(attributes['data-unknown-kind'] ?? '') : kind,
    }
    if (kind === 'embed') registers.src = safeAddress(kind, cleanText(attributes['data-src'] ?? ''))
    if (kind === 'image') {
      registers.width = readInteger(attributes['data-width'])
      registers.align = attributes['data-align']
    }
    const captioned: Captioned = { registers, caption: [], isShown: kind !== 'image' }
    this.#captioned = captioned
    return () => {
      this.flush()
      this.#captioned = outer
      const caption = Fragment.fromArray(captioned.caption)
      if (captioned.isShown) this.#block(registers, caption, attributes)
      else if (caption.size > 0 && !(captioned.hasTable === true && this.#builder.caption(caption)))
        this.#anonymous(caption)
    }
  }

  #pictured(attributes: Attributes): void {
    const captioned = this.#captioned!
    captioned.isShown = true
    captioned.registers.src = safeAddress('image', cleanText(attributes.src ?? ''))
    captioned.registers.alt = cleanText(attributes.alt ?? '')
  }

  #openList(isOrdered: boolean, attributes: Attributes): () => void {
    this.flush()
    const [outer, captioned] = [this.#list, this.#captioned]
    const start = readInteger(attributes.start)
    this.#list = { isOrdered, start: start === undefined || start === 1 ? null : start }
    this.#captioned = null
    return () => {
      this.flush()
      this.#list = outer
      this.#captioned = captioned
    }
  }

  #openItem(attributes: Attributes): () => void {
    const list = this.#list
    const checked = attributes['data-checked']
    if (checked !== undefined) return this.#openFrame(attributes, { kind: 'task', checked: checked === 'true' }, false)
    if (list?.isOrdered !== true) return this.#openFrame(attributes, { kind: 'bullet' }, false)
    const value = readInteger(attributes.value)
    const start = value ?? list.start
    list.start = null
    return this.#openFrame(attributes, { kind: 'ordered', start }, false)
  }

  #openFrame(attributes: Attributes, own: Registers, repeats: boolean): () => void {
    this.flush()
    const captioned = this.#captioned
    this.#captioned = null
    const indent = readInteger(attributes['data-indent'])
    this.#builder.open(indent === undefined ? own : { ...own, indent }, repeats)
    return () => {
      this.flush()
      this.#builder.close()
      this.#captioned = captioned
    }
  }

  #openTable(attributes: Attributes): () => void {
    this.flush()
    const captioned = this.#captioned
    this.#note(attributes)
    const isOpen = this.#builder.openTable(readTableHeader(attributes))
    if (isOpen) this.#captioned = null
    return () => {
      this.flush()
      this.#captioned = captioned
      if (!isOpen) return
      this.#builder.closeTable()
      if (captioned !== null) captioned.hasTable = true
    }
  }

  /** A cell holds lists and captions of its own. */
  #isolate(): () => void {
    const [list, captioned] = [this.#list, this.#captioned]
    this.#list = null
    this.#captioned = null
    return () => {
      this.#list = list
      this.#captioned = captioned
    }
  }

  #openTableCaption(attributes: Attributes): () => void {
    this.flush()
    const outer = this.#captioned
    const caption: Node[] = []
    this.#captioned = { registers: {}, caption, isShown: false, isOfTable: true }
    const close = this.#openLeaf(attributes, content => content.size > 0 && this.#addCaption(content))
    return () => {
      close()
      this.#captioned = outer
      const content = Fragment.fromArray(caption)
      if (content.size > 0 && !this.#builder.caption(content)) this.#anonymous(content)
    }
  }

  #openCheckbox(attributes: Attributes): () => void {
    if (attributes.type?.toLowerCase() === 'checkbox') this.#builder.check(attributes.checked !== undefined)
    return () => undefined
  }
}

/** The break that ends the last line of code is no empty line. */
function withoutLastBreak(content: Fragment): Fragment {
  return content.lastChild?.type === schema.nodes.hard_break ? content.cut(0, content.size - 1) : content
}

function languageOf(attributes: Attributes): string | undefined {
  const language = attributes['data-language'] ?? /(?:^|\s)lang(?:uage)?-(\S+)/.exec(attributes.class ?? '')?.[1]
  return language === undefined ? undefined : cleanText(language)
}

function aligned(attributes: Attributes): Registers {
  return { align: readAlign(attributes) }
}
