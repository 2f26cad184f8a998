// Blocks → Markdown that reads back as the same blocks. What Markdown has no words for stands in comments (notes.ts) or as HTML.

import type { Fragment, Node } from 'prosemirror-model'
import { blocksOf } from '../blocks.ts'
import { schema } from '../schema.ts'
import { blockHtml, inlineElement, openTag } from './html-serialize.ts'
import { append } from './lists.ts'
import { type InlineOptions, imageMarkdown, inlineMarkdown, longestRun } from './markdown-inline.ts'
import { pipeTable } from './markdown-table.ts'
import { isListItem, type Nested, nestBlocks, runsOf } from './nesting.ts'
import { normalizeBlocks } from './normalize.ts'
import { type MarkdownNote, writeNote } from './notes.ts'

const { nodes } = schema

export interface MarkdownOptions {
  /** Says the id of each block in a comment before it. */
  readonly ids?: boolean
}

/**
 * Markdown of a document or of some of its blocks. `parseMarkdown` reads it back as `normalize` of what was given, ids included
 * where `ids` is set.
 */
export function serializeMarkdown(source: Node | readonly Node[], options: MarkdownOptions = {}): string {
  const blocks = 'type' in source ? blocksOf(source) : source
  const writer = new MarkdownWriter()
  const kept = blocks.flatMap(block => {
    const [first, ...further] = normalizeBlocks([block])
    const { id } = block.attrs
    return options.ids === true
      ? [first!.type.create({ ...first!.attrs, id }, first!.content), ...further]
      : [first!, ...further]
  })
  const lines = writer.siblings(nestBlocks(kept), false)
  const notes = writer.footnotes()
  if (notes.length > 0) append(lines, ['', ...notes])
  return `${lines.join('\n')}\n`
}

const alerts = new Map([
  ['note', 'NOTE'],
  ['tip', 'TIP'],
  ['careful', 'WARNING'],
  ['stop', 'CAUTION'],
  ['plain', 'PLAIN'],
])

/** Largest number that a list of CommonMark can begin with. */
const maxListNumber = 999_999_999

class MarkdownWriter {
  readonly #footnotes: string[] = []

  siblings(siblings: readonly Nested[], inQuote: boolean): string[] {
    const lines: string[] = []
    for (const run of runsOf(siblings)) {
      if (lines.length > 0) lines.push('')
      const first = run[0]!
      const { type } = first.block
      if (isListItem(first.block)) append(lines, this.#list(run))
      else if (type === nodes.quote) append(lines, prefixed(this.#quotes(run), '> ', '> '))
      else append(lines, this.#block(first, inQuote))
    }
    return lines
  }

  footnotes(): string[] {
    return this.#footnotes.flatMap((text, index) =>
      text.split('\n').map((line, at) => (at === 0 ? `[^${index + 1}]: ${line}` : line === '' ? '' : `    ${line}`)),
    )
  }

  #list(items: readonly Nested[]): string[] {
    const lines: string[] = []
    let number = 0
    items.forEach((item, index) => {
      const { block } = item
      let marker = '- '
      let start: number | undefined
      if (block.type === nodes.ordered) {
        const wanted = block.attrs.start as number | null
        const fits = wanted !== null && wanted >= 0 && wanted <= maxListNumber
        number = fits ? wanted : Math.min(number + 1, maxListNumber)
        marker = `${number}. `
        if (wanted !== null && (index > 0 || !fits || wanted === 1)) start = wanted
      }
      append(lines, prefixed(this.#item(item, start), marker, ' '.repeat(marker.length)))
    })
    return lines
  }

  #item(item: Nested, start: number | undefined): string[] {
    const { block, children } = item
    const note = { ...noteOf(item), ...(start === undefined ? {} : { start }) }
    const box = block.type === nodes.task ? (block.attrs.checked ? '[x] ' : '[ ] ') : ''
    const isEmpty = block.content.size === 0 && box === ''
    const isExplicit = isEmpty && (writeNote(note) !== null || children[0]?.block.type === nodes.paragraph)
    const lines = noted(
      isExplicit ? { ...note, isEmpty } : note,
      isEmpty ? [] : lineOf(box + this.#text(block.content)),
    )
    if (lines.length === 0) lines.push('')
    if (children.length === 0) return lines
    const below = this.siblings(children, false)
    const isImplied = isEmpty && !isExplicit
    // A tag alone on its line begins HTML, which goes on to the next empty line.
    const isTight = isImplied || (startsTightList(children[0]!) && !lines.at(-1)!.startsWith('<'))
    if (!isTight) lines.push('')
    append(lines, below)
    return lines
  }

  #quotes(quotes: readonly Nested[]): string[] {
    const lines: string[] = []
    quotes.forEach((quote, index) => {
      const { block, children } = quote
      const note = noteOf(quote)
      const isEmpty = block.content.size === 0
      const isImplied = isEmpty && index === 0 && children.length > 0 && writeNote(note) === null
      if (index > 0) lines.push('')
      if (!isImplied)
        append(lines, noted(isEmpty ? { ...note, isEmpty } : note, isEmpty ? [] : lineOf(this.#text(block.content))))
      if (children.length === 0) return
      if (!isImplied) lines.push('')
      append(lines, this.siblings(children, true))
    })
    return lines
  }

  #block(nested: Nested, inQuote: boolean): string[] {
    const { block, children } = nested
    const { attrs } = block
    const note = noteOf(nested)
    switch (block.type) {
      case nodes.paragraph: {
        const isEmpty = block.content.size === 0
        const more = inQuote ? { isParagraph: true } : {}
        const empty = isEmpty ? { isEmpty } : {}
        return noted(
          { ...note, ...aligned(block), ...more, ...empty },
          isEmpty ? [] : lineOf(this.#text(block.content)),
        )
      }
      case nodes.heading: {
        const text = this.#text(block.content, 'heading')
        return noted({ ...note, ...aligned(block) }, [`${'#'.repeat(attrs.level)} ${text}`.trimEnd()])
      }
      case nodes.callout: {
        const lines = [`[!${alerts.get(attrs.tone)}]`]
        if (block.content.size > 0) append(lines, lineOf(this.#text(block.content)))
        if (children.length > 0) append(lines, ['', ...this.siblings(children, false)])
        return noted(note, prefixed(lines, '> ', '> '))
      }
      case nodes.toggle: {
        const lines = [openTag('details', { open: attrs.open }), inlineElement('summary', block.content)]
        if (children.length > 0) append(lines, ['', ...this.siblings(children, false), ''])
        return noted(note, [...lines, '</details>'])
      }
      case nodes.code_block:
      case nodes.math_block:
        return noted(note, codeLines(block) ?? [blockHtml(block)])
      case nodes.image:
        return noted(note, [plainImage(block) ?? blockHtml(block)])
      case nodes.table_block: {
        const plain = pipeTable(block, content => this.#text(content, 'cell'))
        return noted(note, plain ?? blockHtml(block).split('\n'))
      }
      case nodes.divider:
        return noted(note, [block.content.size === 0 ? '---' : blockHtml(block)])
      default:
        return noted(note, [blockHtml(block)])
    }
  }

  #text(content: Fragment, place: InlineOptions['place'] = 'paragraph'): string {
    return inlineMarkdown(content, { place, footnote: text => this.#footnote(text) })
  }

  /** The label of a note that can stand at the end of the document as it is. */
  #footnote(text: string): string | null {
    if (!/^\S/.test(text) || /\s$/.test(text) || /\n[^\S\n]+(\n|$)/.test(text)) return null
    return String(this.#footnotes.push(text))
  }
}

/** What the place of a block does not say. */
function noteOf({ block, natural }: Nested): MarkdownNote {
  const { id, indent } = block.attrs
  return { ...(id === null ? {} : { id }), ...(indent === natural ? {} : { indent }) }
}

function aligned(block: Node): MarkdownNote {
  return block.attrs.align === null ? {} : { align: block.attrs.align }
}

function noted(note: MarkdownNote, lines: readonly string[]): string[] {
  const comment = writeNote(note)
  return comment === null ? [...lines] : [comment, ...lines]
}

function lineOf(text: string): string[] {
  return text.split('\n')
}

function prefixed(lines: readonly string[], first: string, further: string): string[] {
  return lines.map((line, index) => {
    const prefix = index === 0 ? first : further
    return line === '' ? prefix.trimEnd() : prefix + line
  })
}

/** Whether a list may begin right below a line of text: an empty item, and a number but 1, may not. */
function startsTightList({ block, natural }: Nested): boolean {
  if (!isListItem(block) || block.attrs.indent !== natural) return false
  if (block.type === nodes.task) return true
  return block.content.size > 0 && (block.type === nodes.bullet || block.attrs.start === null)
}

/** Fenced code or math; null where atoms stand in it, or a language that would not be read as one word. */
function codeLines(block: Node): string[] | null {
  if (block.children.some(node => !node.isText)) return null
  const text = block.textContent
  const body = text === '' ? [] : text.split('\n')
  if (block.type === nodes.math_block) {
    const fence = '$'.repeat(Math.max(2, longestRun(text, /\$+/g) + 1))
    return [fence, ...body, fence]
  }
  const language = (block.attrs.language as string | null) ?? ''
  if (!/^[\w+#.-]*$/.test(language)) return null
  const fence = '`'.repeat(Math.max(3, longestRun(text, /`+/g) + 1))
  return [fence + language, ...body, fence]
}

/** An image whose caption is bare text, which stands in the place of a title. */
function plainImage(block: Node): string | null {
  const { src, alt, width, align } = block.attrs
  if (width !== null || align !== null || block.childCount > 1) return null
  const caption = block.firstChild
  if (caption !== null && (!caption.isText || caption.marks.length > 0)) return null
  return imageMarkdown(src, alt, caption?.text ?? null)
}
