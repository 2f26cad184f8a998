// Markdown → blocks: one pass over the tokens. Nested lists, quotes, alerts and <details> become indents; HTML between is read by
// the same allow-list as HTML files.

import type { Token } from 'markdown-it'
import { Fragment, type Mark, type Node } from 'prosemirror-model'
import { schema } from '../schema.ts'
import { BlockBuilder } from './builder.ts'
import { HtmlReader } from './html-reader.ts'
import { linkMark } from './html-tags.ts'
import { tokenizeHtml } from './html-tokens.ts'
import { cleanText, InlineBuilder } from './inline.ts'
import { append } from './lists.ts'
import { type Footnotes, tokenizeMarkdown, unescapeMarkdown } from './markdown-syntax.ts'
import { safeAddress } from './normalize.ts'
import { parseNote } from './notes.ts'

const { marks, nodes } = schema

/**
 * Reads Markdown (CommonMark, GFM, math, footnotes, alerts, `<details>`) into a document. Total: whatever the input, the result
 * is schema-valid. Ids are read from the notes that `serializeMarkdown` writes with `ids`.
 */
export function parseMarkdown(text: string): Node {
  const { tokens, footnotes } = tokenizeMarkdown(text)
  const reader = new MarkdownReader(footnotes)
  for (const token of tokens) reader.read(token)
  return reader.finish()
}

interface List {
  readonly isOrdered: boolean
  start: number | null
}

class MarkdownReader {
  readonly #builder = new BlockBuilder()
  readonly #html = new HtmlReader(this.#builder)
  readonly #footnotes: Footnotes
  readonly #lists: List[] = []
  /** Level of the heading that is being read, 0 in a paragraph. */
  #heading = 0
  /** Of Markdown: false where it stands in a cell of HTML, which holds no table. */
  #isInTable = false

  constructor(footnotes: Footnotes) {
    this.#footnotes = footnotes
  }

  read(token: Token): void {
    const builder = this.#builder
    switch (token.type) {
      case 'bullet_list_open':
        this.#lists.push({ isOrdered: false, start: null })
        break
      case 'ordered_list_open': {
        const start = Number(token.attrGet('start') ?? 1)
        this.#lists.push({ isOrdered: true, start: start === 1 ? null : start })
        break
      }
      case 'bullet_list_close':
      case 'ordered_list_close':
        this.#lists.pop()
        break
      case 'list_item_open':
        builder.open(this.#item(token))
        this.#html.enter()
        break
      case 'blockquote_open': {
        const meta = token.meta as { tone: string } | null
        builder.open(meta === null ? { kind: 'quote' } : { kind: 'callout', tone: meta.tone }, meta === null)
        this.#html.enter()
        break
      }
      case 'list_item_close':
      case 'blockquote_close':
        this.#html.leave()
        builder.close()
        break
      case 'heading_open':
        this.#heading = Math.min(Number(token.tag[1]), 4)
        break
      case 'inline':
        this.#line(token.children ?? [])
        break
      case 'fence':
        builder.block({ kind: 'code', language: languageOf(token) }, rawText(token.content.replace(/\n$/, '')))
        break
      case 'code_block':
        builder.block({ kind: 'code' }, rawText(token.content.replace(/\n$/, '')))
        break
      case 'math_block':
        builder.block({ kind: 'math' }, rawText(token.content))
        break
      case 'hr':
        builder.block({ kind: 'divider' })
        break
      case 'html_block':
        this.#htmlBlock(token.content)
        break
      case 'table_open':
        this.#isInTable = builder.openTable('row')
        break
      case 'table_close':
        if (this.#isInTable) builder.closeTable()
        this.#isInTable = false
        break
      case 'tr_open':
        if (this.#isInTable) builder.openRow()
        break
      case 'tr_close':
        if (this.#isInTable) builder.closeRow()
        break
      case 'th_open':
      case 'td_open':
        if (this.#isInTable) builder.openCell({ align: alignOf(token) })
        break
      case 'th_close':
      case 'td_close':
        if (this.#isInTable) builder.closeCell()
        break
    }
  }

  finish(): Node {
    this.#html.closeTo(0)
    for (const [label, text] of this.#footnotes.notes) {
      if (this.#footnotes.used.has(label)) continue
      this.#builder.paragraph(
        Fragment.fromArray([schema.text(cleanText(label)), nodes.footnote.create({ text: cleanText(text) })]),
      )
    }
    return this.#builder.finish()
  }

  #item(token: Token): Record<string, unknown> {
    const list = this.#lists.at(-1)!
    const { start } = list
    list.start = null
    const task = token.meta as { checked: boolean } | null
    if (task !== null) return { kind: 'task', checked: task.checked }
    return list.isOrdered ? { kind: 'ordered', start } : { kind: 'bullet' }
  }

  /** A heading, a paragraph, or the cell of a table. */
  #line(children: readonly Token[]): void {
    const image = this.#heading === 0 && !this.#isInTable ? loneImage(children) : null
    if (image !== null) {
      const caption = attribute(image, 'title')
      const registers = {
        kind: 'image',
        src: safeAddress('image', cleanText(attribute(image, 'src'))),
        alt: cleanText(altOf(image)),
      }
      this.#builder.block(registers, caption === '' ? null : lineText(caption))
      return
    }
    this.#readInline(children)
    const content = this.#html.takeInline(this.#html.depth)
    if (this.#heading > 0) this.#builder.block({ kind: `h${this.#heading}` }, content)
    else this.#builder.paragraph(content)
    this.#heading = 0
  }

  #readInline(children: readonly Token[]): void {
    const floor = this.#html.depth
    for (const token of children) {
      switch (token.type) {
        case 'text':
        case 'text_special':
          this.#html.literal(token.content)
          break
        case 'softbreak':
          this.#html.literal(' ')
          break
        case 'hardbreak':
          this.#html.openInline('br', {})
          break
        case 'code_inline': {
          const depth = this.#html.depth
          this.#html.openMark('code', marks.code.create())
          this.#html.literal(token.content)
          this.#html.closeTag('code', depth)
          break
        }
        case 'math_inline':
          this.#html.atom(nodes.inline_math.create({ tex: cleanText(token.content) }))
          break
        case 'footnote':
          this.#html.atom(nodes.footnote.create({ text: cleanText(token.content) }))
          break
        case 'image':
          this.#html.openInline('img', { src: attribute(token, 'src'), alt: altOf(token) })
          break
        case 'html_inline':
          this.#htmlInline(token.content, floor)
          break
        case 'em_open':
        case 'strong_open':
        case 's_open':
          this.#html.openMark(token.tag, marksOf(token.tag))
          break
        case 'link_open':
          this.#html.openMark('a', linkMark(attribute(token, 'href'), attribute(token, 'title')))
          break
        case 'em_close':
        case 'strong_close':
        case 's_close':
        case 'link_close':
          this.#html.closeTag(token.tag, floor)
          break
      }
    }
    this.#html.closeInline(floor)
  }

  #htmlInline(html: string, floor: number): void {
    tokenizeHtml(html, {
      openTag: (name, attributes) => this.#html.openInline(name, attributes),
      closeTag: name => this.#html.closeTag(name, floor),
      // One tag holds no text.
      text: () => undefined,
    })
  }

  #htmlBlock(html: string): void {
    const note = parseNote(html)
    if (note !== null) {
      this.#builder.note(note)
      if (note.isEmpty) this.#builder.paragraph(null)
      return
    }
    tokenizeHtml(html, this.#html)
    this.#html.pause()
  }
}

/** The alignment of a column, in the words of the layout. */
function alignOf(token: Token): string | undefined {
  const align = /^text-align:(\w+)$/.exec(attribute(token, 'style'))?.[1]
  return align === 'right' ? 'end' : align
}

function marksOf(tag: string): Mark {
  return tag === 'em' ? marks.em.create() : tag === 'strong' ? marks.strong.create() : marks.strike.create()
}

function rawText(text: string): Fragment {
  return text === '' ? Fragment.empty : Fragment.from(schema.text(cleanText(text)))
}

function lineText(text: string): Fragment {
  const inline = new InlineBuilder()
  inline.text(text)
  return inline.take()
}

function languageOf(token: Token): string | null {
  // The word behind the fence; what else stands there is for renderers of other products.
  return /^\S+/.exec(cleanText(unescapeMarkdown(token.info.trim())))?.[0] ?? null
}

/** The image, where a paragraph holds nothing else. */
function loneImage(children: readonly Token[]): Token | null {
  return children.length === 1 && children[0]!.type === 'image' ? children[0]! : null
}

/** The text of an image's label. */
function altOf(image: Token): string {
  let alt = ''
  const waiting: Token[] = [...(image.children ?? [])].reverse()
  for (let token = waiting.pop(); token !== undefined; token = waiting.pop()) {
    if (token.type === 'image') append(waiting, [...(token.children ?? [])].reverse())
    else if (token.type === 'softbreak' || token.type === 'hardbreak') alt += '\n'
    else if (token.type !== 'html_inline') alt += token.content
  }
  return alt
}

function attribute(token: Token, name: string): string {
  return String(token.attrGet(name) ?? '')
}
