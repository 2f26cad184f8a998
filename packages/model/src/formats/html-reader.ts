// Reads HTML as a stream of tags and text into blocks: an allow-list of elements, everything else is its text. It keeps its own
// stack, so nesting costs no recursion, and what lies deeper than `maxDepth` elements is read as if those elements were not there.

import { Fragment, type Mark } from 'prosemirror-model'
import { schema } from '../schema.ts'
import type { BlockBuilder, Registers } from './builder.ts'
import { type Attributes, hiddenTags, inlineTag, readInteger } from './html-tags.ts'
import { cleanText, InlineBuilder } from './inline.ts'
import { safeAddress } from './normalize.ts'

const maxDepth = 256

interface Element {
  readonly name: string
  readonly marks: readonly Mark[]
  readonly close?: () => void
}

/** Where the inline content that is being read goes. */
interface Leaf {
  write(content: Fragment): void
  /** White space counts: in code, and where `data-space` says so. */
  readonly keepsSpace: boolean
}

/** A block whose text is its caption: figure, divider, embed, a kind from a newer version. */
interface Captioned {
  registers: Record<string, unknown>
  caption: Fragment
  /** Without an image a figure is only a frame around other things. */
  isShown: boolean
}

interface List {
  readonly isOrdered: boolean
  start: number | null
}

// Elements that stand on lines of their own.
const lineTags = new Set(
  'address article aside body center dd details dialog dir div dl dt fieldset figure footer form header hgroup html legend main menu nav optgroup option search section select summary table tbody tfoot thead caption colgroup tr textarea'.split(
    ' ',
  ),
)

export class HtmlReader {
  readonly #builder: BlockBuilder
  readonly #inline = new InlineBuilder()
  readonly #elements: Element[] = []
  #leaf: Leaf | null = null
  #captioned: Captioned | null = null
  #list: List | null = null
  /** Elements inside one that is not shown. */
  #hidden = 0
  /** Elements deeper than `maxDepth`, and which of them is the outermost that is not shown. */
  #ignored = 0
  #ignoredHidden = 0
  /** The code block that is being read, until its language is known. */
  #code: Record<string, unknown> | null = null
  /** HTML drops a line break right behind <pre>. */
  #dropsBreak = false
  #cells = 0

  constructor(builder: BlockBuilder) {
    this.#builder = builder
  }

  /** How many elements are open, and their names from the outermost. */
  get open(): readonly string[] {
    return this.#elements.map(element => element.name)
  }

  openTag(name: string, attributes: Attributes): void {
    if (this.#hidden > 0) {
      this.#hidden++
      return
    }
    if (this.#elements.length >= maxDepth) {
      this.#ignored++
      if (this.#ignoredHidden === 0 && hiddenTags.has(name)) this.#ignoredHidden = this.#ignored
      return
    }
    this.#dropsBreak = false
    if (name === 'code' && this.#code !== null) this.#code.language ??= languageOf(attributes)
    if (name === 'br') {
      this.#inline.lineBreak(this.#isFlow)
      this.#elements.push({ name, marks: this.#inline.marks })
      return
    }
    const marks = this.#inline.marks
    const close = this.#openBlock(name, attributes)
    if (close !== null) {
      this.#elements.push({ name, marks, close })
      return
    }
    this.#elements.push({ name, marks })
    const inline = inlineTag(name, attributes)
    if (inline === null) return
    if (inline.atom !== undefined) {
      if (name === 'img' && this.#captioned?.registers.kind === 'image' && !this.#captioned.isShown)
        this.#pictured(attributes)
      else this.#inline.atom(inline.atom)
    }
    for (const mark of inline.marks ?? []) {
      if (this.#inline.marks.length < 32) this.#inline.marks = mark.addToSet(this.#inline.marks)
    }
    if (inline.skips) this.#hidden = 1
  }

  closeTag(_name: string): void {
    if (this.#hidden > 1) {
      this.#hidden--
      return
    }
    if (this.#ignored > 0) {
      if (this.#ignored === this.#ignoredHidden) this.#ignoredHidden = 0
      this.#ignored--
      return
    }
    this.#hidden = 0
    const element = this.#elements.pop()
    if (element === undefined) return
    element.close?.()
    this.#inline.marks = element.marks
  }

  text(text: string): void {
    if (this.#hidden > 0 || this.#ignoredHidden > 0 || text === '') return
    if (this.#isFlow) this.#inline.flow(text)
    else this.#inline.text(this.#dropsBreak ? text.replace(/^\r?\n/, '') : text)
    this.#dropsBreak = false
  }

  /** Closes elements until so many are open. */
  closeTo(depth: number): void {
    this.#ignored = 0
    this.#ignoredHidden = 0
    while (this.#elements.length > depth) {
      this.#hidden = Math.min(this.#hidden, 1)
      this.closeTag('')
    }
    this.flush()
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
    const captioned = this.#captioned!
    const isFirst = captioned.caption.size === 0
    const divided = isFirst ? content : Fragment.from(schema.nodes.hard_break.create()).append(content)
    captioned.caption = captioned.caption.append(divided)
  }

  /** The act of closing, or null where the element is not a block. */
  #openBlock(name: string, attributes: Attributes): (() => void) | null {
    const kind = attributes['data-kind']
    if (name === 'p') return this.#openLeaf(attributes, content => this.#paragraph(content, attributes))
    if (/^h[1-6]$/.test(name)) {
      const level = Math.min(Number(name[1]), 4)
      return this.#openLeaf(attributes, content =>
        this.#block({ kind: `h${level}`, ...aligned(attributes) }, content, attributes),
      )
    }
    if (name === 'pre') return this.#openCode(attributes)
    if (name === 'hr') {
      this.flush()
      if (this.#captioned === null) this.#block({ kind: 'divider' }, null, attributes)
      return () => {}
    }
    if (name === 'figure' || (name === 'div' && (kind === 'divider' || kind === 'opaque' || kind === 'embed'))) {
      return this.#openCaptioned(kind ?? 'image', attributes)
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
    if (name === 'td' || name === 'th') return this.#openCell()
    if (name === 'input') return this.#openCheckbox(attributes)
    if (lineTags.has(name) && !hiddenTags.has(name)) {
      this.flush()
      if (name === 'tr') this.#cells = 0
      return () => this.flush()
    }
    return null
  }

  #hide(): () => void {
    this.#hidden = 1
    return () => {}
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
    this.#leaf = { write: content => this.#block(registers, content, attributes), keepsSpace: true }
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
    const captioned: Captioned = { registers, caption: Fragment.empty, isShown: kind !== 'image' }
    this.#captioned = captioned
    return () => {
      this.flush()
      this.#captioned = outer
      if (captioned.isShown) this.#block(registers, captioned.caption, attributes)
      else if (captioned.caption.size > 0) this.#anonymous(captioned.caption)
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

  /** The cells of a row stand in one paragraph, as the model has no tables yet. */
  #openCell(): () => void {
    if (this.#cells++ > 0 && !this.#inline.isEmpty) this.#inline.flow(' | ')
    return () => {}
  }

  #openCheckbox(attributes: Attributes): () => void {
    if (attributes.type?.toLowerCase() === 'checkbox') this.#builder.check(attributes.checked !== undefined)
    return () => {}
  }
}

function languageOf(attributes: Attributes): string | undefined {
  const language = attributes['data-language'] ?? /(?:^|\s)lang(?:uage)?-(\S+)/.exec(attributes.class ?? '')?.[1]
  return language === undefined ? undefined : cleanText(language)
}

function aligned(attributes: Attributes): Registers {
  const align =
    attributes['data-align'] ?? attributes.align ?? /text-align:\s*([a-z]+)/i.exec(attributes.style ?? '')?.[1]
  return { align: align?.toLowerCase() === 'right' ? 'end' : align?.toLowerCase() }
}
