// Reads the elements of a y-prosemirror or Tiptap document into blocks. Names are those of prosemirror-schema-basic and -list, of
// Tiptap's extensions, and of editors built on them. An element that is not known is as if it were not there: what stands inside
// of it stays, in lines or in blocks of its own.

import type { Fragment } from 'prosemirror-model'
import type { BlockBuilder, Registers } from '../formats/builder.ts'
import { InlineBuilder } from '../formats/inline.ts'
import type { calloutTones } from '../schema.ts'
import { embedSource, imageRegisters, readInlineElement } from './atoms.ts'
import type { Losses } from './losses.ts'
import { readMarks } from './marks.ts'
import { readCell } from './table.ts'
import { alignOf, fits, integerOf, isSet, isUnset, own, plainName, textOf } from './values.ts'
import type { Attributes, TreeListener } from './walk.ts'

interface Element {
  readonly close: () => void
  /** The element inside of it that was opened last. */
  lastInside: string | null
}

/** The block whose line is being read. */
interface Leaf {
  write(content: Fragment): void
  readonly isCode: boolean
}

interface List {
  readonly kind: 'bullet' | 'ordered' | 'task'
  /** Number of the next item where it does not go on counting. */
  start: number | null
}

const lists = new Map<string, List['kind']>([
  ['bulletlist', 'bullet'],
  ['unorderedlist', 'bullet'],
  ['orderedlist', 'ordered'],
  ['numberedlist', 'ordered'],
  ['tasklist', 'task'],
  ['todolist', 'task'],
  ['checklist', 'task'],
  ['checkboxlist', 'task'],
])
const listItems = new Set(['listitem', 'taskitem', 'todoitem', 'checkboxitem', 'checklistitem'])
const embeds = new Set(['embed', 'iframe', 'youtube', 'video', 'audio', 'twitter', 'attachment', 'bookmark'])

/** Elements that say nothing but where their contents stand. */
const transparent = new Set(['doc', 'detailscontent', 'tbody', 'thead', 'tfoot'])

const tones = new Map<string, (typeof calloutTones)[number]>(
  (
    [
      ['note', 'note info information default'],
      ['tip', 'tip success hint'],
      ['careful', 'careful warning caution'],
      ['stop', 'stop danger error critical'],
      ['plain', 'plain'],
    ] as const
  ).flatMap(([tone, names]) => names.split(' ').map((name): [string, typeof tone] => [name, tone])),
)

export class TreeReader implements TreeListener {
  readonly #losses: Losses
  readonly #inline = new InlineBuilder()
  readonly #elements: Element[] = []
  readonly #builder: BlockBuilder
  #leaf: Leaf | null = null
  #list: List | null = null
  #lastAtRoot: string | null = null

  constructor(builder: BlockBuilder, losses: Losses) {
    this.#builder = builder
    this.#losses = losses
  }

  open(name: string, attributes: Attributes): void {
    const plain = plainName(name)
    const outer = this.#elements.at(-1)
    const before = outer === undefined ? this.#lastAtRoot : outer.lastInside
    const close = this.#openList(plain, attributes, before) ?? this.#openBlock(plain, attributes)
    this.#elements.push({ close: close ?? this.#openInline(name, attributes), lastInside: null })
    if (outer === undefined) this.#lastAtRoot = plain
    else outer.lastInside = plain
  }

  close(): void {
    this.#elements.pop()!.close()
  }

  text(text: string, formatting: Attributes): void {
    if (text === '') return
    this.#beginLine()
    const marks = readMarks(formatting, this.#losses)
    if (this.#leaf?.isCode === true) for (const mark of marks) this.#losses.add('mark', `${mark.type.name} in code`)
    this.#inline.marks = marks
    this.#inline.text(text)
  }

  strange(name: string): void {
    this.#losses.add('node', name)
  }

  /** Ends the last line; to be called behind the last element. */
  finish(): void {
    this.#flush()
  }

  /** Text that stands in no block is a paragraph. */
  #beginLine(): void {
    this.#leaf ??= { write: content => this.#builder.paragraph(content), isCode: false }
  }

  #flush(): void {
    const leaf = this.#leaf
    this.#leaf = null
    const content = this.#inline.take()
    leaf?.write(content)
  }

  #openList(name: string, attributes: Attributes, before: string | null): (() => void) | null {
    const kind = lists.get(name)
    if (kind !== undefined) {
      const outer = this.#list
      this.#flush()
      this.#list = { kind, start: kind === 'ordered' ? startOf(attributes, before === name) : null }
      return () => {
        this.#flush()
        this.#list = outer
      }
    }
    if (!listItems.has(name)) return null
    return this.#openFrame(this.#itemRegisters(name, attributes))
  }

  #itemRegisters(name: string, attributes: Attributes): Registers {
    const list = this.#list
    const isTask = name !== 'listitem' || list?.kind === 'task' || typeof own(attributes, 'checked') === 'boolean'
    if (isTask) return { kind: 'task', checked: isSet(attributes, 'checked') }
    if (list?.kind !== 'ordered') return { kind: 'bullet' }
    const { start } = list
    list.start = null
    return { kind: 'ordered', start }
  }

  /** What happens when the element ends; null where it is no block. */
  #openBlock(name: string, attributes: Attributes): (() => void) | null {
    const align = alignOf(attributes)
    switch (name) {
      case 'paragraph':
      case 'tableparagraph':
        return this.#openLeaf(content => this.#builder.paragraph(content, { align }))
      case 'heading': {
        const level = Math.min(Math.max(integerOf(attributes, 'level') ?? 1, 1), 4)
        return this.#openLeaf(content => this.#builder.block({ kind: `h${level}`, align }, content))
      }
      case 'codeblock':
      case 'codefence':
        return this.#openCode({ kind: 'code', language: this.#languageOf(attributes) })
      case 'mathblock':
      case 'blockmath':
        return this.#openMath(attributes)
      case 'blockquote':
      case 'quote':
        return this.#openFrame({ kind: 'quote' }, true)
      case 'callout':
      case 'admonition':
      case 'alert':
      case 'notice':
      case 'containernotice':
        return this.#openFrame({ kind: 'callout', tone: toneOf(attributes) })
      case 'details':
      case 'toggle':
      case 'containertoggle':
        return this.#openFrame({ kind: 'toggle', open: !isUnset(attributes, 'open') })
      case 'detailssummary':
        return this.#openLeaf(content => this.#builder.paragraph(content))
      case 'table':
        return this.#openTable()
      case 'tablerow':
      case 'tr':
        return this.#openRow()
      case 'tablecell':
      case 'tableheader':
      case 'td':
      case 'th':
        return this.#openCell(name, attributes)
      case 'tablecaption':
        return this.#openLeaf(content => {
          if (content.size > 0 && !this.#builder.caption(content)) this.#builder.paragraph(content)
        })
      default:
        return this.#openWithoutText(name, attributes)
    }
  }

  /** Dividers, pictures and what is shown from elsewhere. Inside a line a picture is an atom. */
  #openWithoutText(name: string, attributes: Attributes): (() => void) | null {
    if (name === 'horizontalrule' || name === 'hr' || name === 'divider') this.#writeBlock({ kind: 'divider' })
    else if (name === 'image' && this.#leaf === null) {
      const align = alignOf(attributes)
      const caption = textOf(attributes, 'title')
      this.#writeBlock({ ...imageRegisters(attributes, this.#losses), align }, caption)
    } else if (embeds.has(name)) {
      const src = embedSource(attributes)
      if (src === undefined) return null
      this.#writeBlock({ kind: 'embed', src }, textOf(attributes, 'title', 'name'))
    } else if (transparent.has(name)) this.#flush()
    else return null
    return () => this.#flush()
  }

  #writeBlock(registers: Registers, text = ''): void {
    this.#flush()
    this.#inline.marks = []
    this.#inline.text(text)
    this.#builder.block(registers, this.#inline.take())
  }

  /** Inside a line, or an element of a kind that is not known. */
  #openInline(name: string, attributes: Attributes): () => void {
    const plain = plainName(name)
    this.#inline.marks = []
    if (plain === 'hardbreak' || plain === 'br') {
      this.#beginLine()
      this.#inline.lineBreak(false)
      return doNothing
    }
    const inline = readInlineElement(name, attributes, this.#losses)
    if (inline !== null) {
      this.#beginLine()
      if (inline.isText) this.#inline.text(inline.text!)
      else this.#inline.atom(inline)
      return doNothing
    }
    this.#losses.add('node', name)
    return this.#leaf === null ? () => this.#flush() : doNothing
  }

  #openLeaf(write: (content: Fragment) => void, isCode = false): () => void {
    this.#flush()
    this.#leaf = { write, isCode }
    return () => this.#flush()
  }

  #openCode(registers: Registers): () => void {
    return this.#openLeaf(content => this.#builder.block(registers, content), true)
  }

  #openMath(attributes: Attributes): () => void {
    const tex = textOf(attributes, 'latex', 'tex', 'text', 'formula')
    const close = this.#openCode({ kind: 'math' })
    this.#inline.marks = []
    if (tex !== undefined) this.#inline.text(tex)
    return close
  }

  #openFrame(registers: Registers, repeats = false): () => void {
    this.#flush()
    this.#builder.open(registers, repeats)
    return () => {
      this.#flush()
      this.#builder.close()
    }
  }

  #openTable(): () => void {
    this.#flush()
    const isOpen = this.#builder.openTable()
    if (!isOpen) this.#losses.add('node', 'table in a table')
    return () => {
      this.#flush()
      if (isOpen) this.#builder.closeTable()
    }
  }

  /** A row or a cell that stands in no table, or in another one's cell, is as if it were not there. */
  #openRow(): () => void {
    this.#flush()
    const isOpen = this.#builder.openRow()
    return () => {
      this.#flush()
      if (isOpen) this.#builder.closeRow()
    }
  }

  #openCell(name: string, attributes: Attributes): () => void {
    this.#flush()
    const isOpen = this.#builder.openCell(readCell(name, attributes))
    const list = this.#list
    if (isOpen) this.#list = null
    return () => {
      this.#flush()
      this.#list = list
      if (isOpen) this.#builder.closeCell()
    }
  }

  #languageOf(attributes: Attributes): string | undefined {
    const language = textOf(attributes, 'language', 'lang') ?? textOf(attributes, 'params')?.split(/\s/, 1)[0]
    if (language === undefined || fits(language)) return language
    this.#losses.add('value', 'language of code')
    return undefined
  }
}

function doNothing(): void {
  // An element inside a line ends without a trace.
}

/** A list begins at 1 if it says nothing; behind another list only a number keeps it from going on. */
function startOf(attributes: Attributes, isBehindAnother: boolean): number | null {
  const start = integerOf(attributes, 'start', 'order') ?? 1
  return start === 1 && !isBehindAnother ? null : start
}

function toneOf(attributes: Attributes): string {
  for (const name of ['type', 'tone', 'variant', 'kind', 'style', 'calloutType']) {
    const tone = tones.get(textOf(attributes, name)?.toLowerCase() ?? '')
    if (tone !== undefined) return tone
  }
  return 'note'
}
