// Blocks → nested semantic HTML: lists, quotes, callouts and toggles hold what stands below them with a larger indent. Nothing but
// the schema's own elements and attributes is written, and addresses pass the list of schemes (P11).

import type { Fragment, Mark, Node } from 'prosemirror-model'
import { blocksOf } from '../blocks.ts'
import { isTable, textOf } from '../kinds.ts'
import { maxIndent, schema } from '../schema.ts'
import { type GridCell, readGrid } from '../table-grid.ts'
import { isListItem, type Nested, nestBlocks, runsOf } from './nesting.ts'
import { normalize } from './normalize.ts'
import { headerOf } from './table-nodes.ts'

const { nodes, marks } = schema

/** Nested semantic HTML of a document. Footnotes are numbered and listed at the end. */
export function serializeHtml(doc: Node): string {
  const writer = new HtmlWriter()
  writer.siblings(nestBlocks(blocksOf(normalize(doc))))
  return writer.finish()
}

/** One normal block as an HTML element, for formats that cannot say it themselves: on one line, a table on several without an empty one. */
export function blockHtml(block: Node): string {
  const writer = new HtmlWriter(false)
  writer.siblings([{ block, natural: block.attrs.indent, children: [] }])
  return isTable(block) ? writer.html : writer.html.replaceAll('\n', '&#10;')
}

/** An element with inline content, on one line. */
export function inlineElement(name: string, content: Fragment): string {
  const writer = new HtmlWriter(false)
  writer.element(name, {}, content)
  return writer.html.replaceAll('\n', '&#10;')
}

export function openTag(name: string, attributes: Readonly<Record<string, unknown>> = {}): string {
  let tag = `<${name}`
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value === true) tag += ` ${attribute}`
    else if (value !== null && value !== undefined && value !== false)
      tag += ` ${attribute}="${escapeHtml(String(value))}"`
  }
  return `${tag}>`
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"\n]/g, character => escapes[character]!)
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
}

const simpleMarks = new Map([
  [marks.em, 'em'],
  [marks.strong, 'strong'],
  [marks.underline, 'u'],
  [marks.strike, 's'],
  [marks.code, 'code'],
])

/** The element of a mark. */
export function markTag(mark: Mark): { name: string; attributes: Record<string, unknown> } {
  const simple = simpleMarks.get(mark.type)
  if (simple !== undefined) return { name: simple, attributes: {} }
  if (mark.type === marks.link) return { name: 'a', attributes: { href: mark.attrs.href, title: mark.attrs.title } }
  if (mark.type === marks.highlight) return { name: 'mark', attributes: { 'data-color': mark.attrs.color } }
  return {
    name: 'span',
    attributes: { 'data-mark': mark.attrs.name, 'data-value': JSON.stringify(mark.attrs.value) },
  }
}

/** An atom as HTML; `note` is the number of a footnote that is listed elsewhere. */
export function atomHtml(node: Node, note?: number): string {
  const { attrs } = node
  switch (node.type) {
    case nodes.hard_break:
      return '<br>'
    case nodes.mention: {
      const tag = openTag('span', { 'data-mention': attrs.target, 'data-ref': attrs.ref, 'data-label': attrs.label })
      return `${tag}@${escapeHtml(attrs.label)}</span>`
    }
    case nodes.inline_math:
      return `${openTag('span', { 'data-math': attrs.tex })}${escapeHtml(attrs.tex)}</span>`
    case nodes.inline_image:
      return openTag('img', { src: attrs.src, alt: attrs.alt, width: attrs.width })
    case nodes.footnote: {
      const link = note === undefined ? '' : `<a href="#fn-${note}" id="fnref-${note}">${note}</a>`
      return `${openTag('sup', { 'data-footnote': attrs.text })}${link}</sup>`
    }
    default:
      return `${openTag('span', { 'data-opaque': attrs.size })}</span>`
  }
}

class HtmlWriter {
  html = ''
  readonly #isWhole: boolean
  readonly #notes: string[] = []

  /** @param isWhole whether it is a document of its own: notes are numbered, and code keeps its line breaks */
  constructor(isWhole = true) {
    this.#isWhole = isWhole
  }

  finish(): string {
    if (this.#notes.length === 0) return this.html
    const items = this.#notes.map((text, index) => `<li id="fn-${index + 1}">${escapeHtml(text)}</li>`)
    return `${this.html}\n<section data-footnotes><ol>${items.join('')}</ol></section>`
  }

  siblings(siblings: readonly Nested[]): void {
    for (const run of runsOf(siblings)) {
      if (this.html !== '') this.html += '\n'
      const first = run[0]!
      if (isListItem(first.block)) this.#list(run)
      else if (first.block.type === nodes.quote) this.#quotes(run)
      else this.#block(first)
    }
  }

  inline(content: Fragment): void {
    let open: readonly Mark[] = []
    content.forEach(node => {
      let kept = 0
      while (kept < open.length && kept < node.marks.length && open[kept]!.eq(node.marks[kept]!)) kept++
      for (let i = open.length; i > kept; i--) this.html += `</${markTag(open[i - 1]!).name}>`
      for (const mark of node.marks.slice(kept)) {
        const { name, attributes } = markTag(mark)
        this.html += openTag(name, attributes)
      }
      open = node.marks
      this.html += node.isText ? escapeText(node.text!) : this.#atom(node)
    })
    for (let i = open.length; i > 0; i--) this.html += `</${markTag(open[i - 1]!).name}>`
  }

  #atom(node: Node): string {
    if (node.type !== nodes.footnote || !this.#isWhole) return atomHtml(node)
    return atomHtml(node, this.#notes.push(node.attrs.text))
  }

  #list(items: readonly Nested[]): void {
    const isOrdered = items[0]!.block.type === nodes.ordered
    const start = isOrdered ? items[0]!.block.attrs.start : null
    const isStart = start !== null && start !== 1
    this.html += isStart ? openTag('ol', { start }) : isOrdered ? '<ol>' : '<ul>'
    items.forEach((item, index) => {
      const { block } = item
      const value = isOrdered && !(index === 0 && isStart) ? block.attrs.start : null
      const checked = block.type === nodes.task ? String(block.attrs.checked) : null
      this.html += `\n${openTag('li', { value, 'data-checked': checked, 'data-indent': oddIndent(item) })}`
      if (checked !== null)
        this.html += openTag('input', { type: 'checkbox', checked: block.attrs.checked, disabled: true })
      this.#ownText(item)
      this.#children(item)
      this.html += '</li>'
    })
    this.html += isOrdered ? '\n</ol>' : '\n</ul>'
  }

  /** The text of a list item stands bare where nothing would be read differently for it. */
  #ownText({ block, children }: Nested): void {
    const isBare = !keepsSpace(block.content) && (block.content.size > 0 || children.length === 0)
    if (isBare) this.inline(block.content)
    else this.element('p', {}, block.content)
  }

  #quotes(quotes: readonly Nested[]): void {
    this.html += '<blockquote>'
    quotes.forEach((quote, index) => {
      const { block, children } = quote
      const isImplied = index === 0 && block.content.size === 0 && children.length > 0 && oddIndent(quote) === null
      if (!isImplied || isParagraph(children[0]!)) this.#line('p', { 'data-indent': oddIndent(quote) }, block)
      this.#children(quote, true)
    })
    this.html += '\n</blockquote>'
  }

  #children({ children }: Nested, inQuote = false): void {
    if (children.length === 0) return
    if (!inQuote) {
      this.siblings(children)
      return
    }
    // A plain paragraph in a quote is a quote block, so a child says what it is.
    for (const run of runsOf(children)) {
      if (isParagraph(run[0]!)) this.#line('p', { 'data-kind': 'paragraph', ...textAttributes(run[0]!) }, run[0]!.block)
      else this.siblings(run)
    }
  }

  #block(nested: Nested): void {
    const { block } = nested
    const { attrs } = block
    const indent = { 'data-indent': oddIndent(nested) }
    switch (block.type) {
      case nodes.paragraph:
        return this.element('p', textAttributes(nested), block.content)
      case nodes.heading:
        return this.element(`h${attrs.level}`, textAttributes(nested), block.content)
      case nodes.callout:
        this.html += openTag('aside', { 'data-kind': 'callout', 'data-tone': attrs.tone, ...indent })
        this.#line('p', {}, block)
        this.#children(nested)
        this.html += '\n</aside>'
        return
      case nodes.toggle:
        this.html += openTag('details', { open: attrs.open, ...indent })
        this.#line('summary', {}, block)
        this.#children(nested)
        this.html += '\n</details>'
        return
      case nodes.code_block:
      case nodes.math_block: {
        const isMath = block.type === nodes.math_block
        this.html += openTag(
          'pre',
          isMath ? { 'data-kind': 'math', ...indent } : { 'data-language': attrs.language, ...indent },
        )
        this.html += openTag('code', isMath || attrs.language === null ? {} : { class: `language-${attrs.language}` })
        this.#code(block.content)
        this.html += '</code></pre>'
        return
      }
      case nodes.image: {
        this.html += openTag('figure', { 'data-width': attrs.width, 'data-align': attrs.align, ...indent })
        this.html += openTag('img', { src: attrs.src, alt: attrs.alt })
        if (block.content.size > 0) this.element('figcaption', {}, block.content)
        this.html += '</figure>'
        return
      }
      case nodes.table_block:
        return this.#table(block, indent)
      case nodes.divider:
        if (block.content.size === 0) {
          this.html += openTag('hr', indent)
          return
        }
        return this.#captioned(block, { 'data-kind': 'divider', ...indent }, '<hr>')
      case nodes.embed: {
        const link = `${openTag('a', { 'data-embed': true, href: attrs.src })}${escapeHtml(attrs.src)}</a>`
        return this.#captioned(block, { 'data-kind': 'embed', 'data-src': attrs.src, ...indent }, link)
      }
      default:
        return this.#captioned(block, { 'data-kind': 'opaque', 'data-unknown-kind': attrs.kind, ...indent }, '')
    }
  }

  #table(block: Node, indent: Record<string, unknown>): void {
    const { header } = block.attrs
    const rows = block.firstChild!.children
    const grid = readGrid(block.firstChild!, 0)
    // No cell reaches out of a head.
    const isAlone = rows[0]!.children.every(cell => cell.attrs.rowspan === 1)
    const hasHead = (header === 'row' || header === 'both') && isAlone
    const headers = grid.cells.map(({ node, top, left }) => ({ top, left, header: node.attrs.scope }))
    const told = headerOf(headers, hasHead)
    this.html += openTag('table', { 'data-header': told === header ? null : header, ...indent })
    const caption = textOf(block)
    if (caption.size > 0) {
      this.html += '\n'
      this.element('caption', {}, caption)
    }
    const widths = widthsOf(grid)
    if (widths.some(width => width > 0)) {
      const columns = widths.map(width => openTag('col', { width: width === 0 ? null : width }))
      this.html += `\n<colgroup>${columns.join('')}</colgroup>`
    }
    this.html += hasHead ? '\n<thead>' : '\n<tbody>'
    rows.forEach((row, index) => {
      if (hasHead && index === 1) this.html += '\n</thead>\n<tbody>'
      this.html += '\n<tr>'
      for (const cell of row.children) this.#cell(cell)
      this.html += '</tr>'
    })
    this.html += hasHead && rows.length === 1 ? '\n</thead>\n</table>' : '\n</tbody>\n</table>'
  }

  #cell(cell: Node): void {
    const { scope, colspan, rowspan } = cell.attrs
    const name = scope === null ? 'td' : 'th'
    const first = cell.firstChild!
    const isBare = cell.childCount === 1 && first.type === nodes.paragraph && first.attrs.indent === 0
    this.html += openTag(name, {
      scope,
      colspan: colspan === 1 ? null : colspan,
      rowspan: rowspan === 1 ? null : rowspan,
      'data-align': isBare ? first.attrs.align : null,
    })
    if (!isBare) this.siblings(nestBlocks(cell.children))
    else if (keepsSpace(first.content)) this.element('p', {}, first.content)
    else this.inline(first.content)
    this.html += `</${name}>`
  }

  #captioned(block: Node, attributes: Record<string, unknown>, before: string): void {
    this.html += openTag('div', attributes) + before
    if (block.content.size > 0) this.element('p', {}, block.content)
    this.html += '</div>'
  }

  #line(name: string, attributes: Record<string, unknown>, block: Node): void {
    this.html += '\n'
    this.element(name, attributes, block.content)
  }

  element(name: string, attributes: Record<string, unknown>, content: Fragment): void {
    this.html += openTag(name, { ...attributes, 'data-space': keepsSpace(content) })
    this.inline(content)
    this.html += `</${name}>`
  }

  #code(content: Fragment): void {
    let code = ''
    content.forEach(node => {
      code += node.isText ? escapeText(node.text!) : atomHtml(node)
    })
    // The last line ends as the others do; a reader takes that break away.
    if (content.size > 0) code += '\n'
    this.html += this.#isWhole ? code : code.replaceAll('\n', '&#10;')
  }
}

/** Width of each column, 0 where it has none. */
function widthsOf({ cells, width }: { cells: readonly GridCell[]; width: number }): number[] {
  const widths = new Array<number>(width).fill(0)
  for (const { node, left } of cells) {
    const given = (node.attrs.colwidth ?? []) as readonly number[]
    given.forEach((value, index) => {
      widths[left + index] = value
    })
  }
  return widths
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, character => escapes[character]!)
}

function textAttributes(nested: Nested): Record<string, unknown> {
  return { 'data-align': nested.block.attrs.align, 'data-indent': oddIndent(nested) }
}

function isParagraph({ block }: Nested): boolean {
  return block.type === nodes.paragraph
}

function oddIndent({ block, natural }: Nested): number | null {
  return block.attrs.indent === Math.min(natural, maxIndent) ? null : block.attrs.indent
}

/** Whether white space would be lost if it collapsed, as it does in HTML. */
function keepsSpace(content: Fragment): boolean {
  let line = ''
  content.forEach(node => {
    line += node.isText ? node.text! : node.type === nodes.hard_break ? '\n' : '\ufffc'
  })
  return /[\t\f]| {2}|(^|\n) | (\n|$)/.test(line)
}
