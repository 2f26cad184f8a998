// A document as a Word file: every kind of block, lists by their indent, tables with merged cells and header rows, links and marks.
// What Word has no kind for is said as a paragraph of its own look.

import { blocksOf, isTable, textOf } from '@sheaf/model'
import {
  AlignmentType,
  BorderStyle,
  Document,
  ExternalHyperlink,
  HeadingLevel,
  type IParagraphOptions,
  LevelFormat,
  Packer,
  Paragraph,
  type ParagraphChild,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalMergeType,
  WidthType,
} from 'docx'
import type { Fragment, Mark, Node } from 'prosemirror-model'

const headings = [
  HeadingLevel.HEADING_1,
  HeadingLevel.HEADING_2,
  HeadingLevel.HEADING_3,
  HeadingLevel.HEADING_4,
] as const
const alignments = { center: AlignmentType.CENTER, end: AlignmentType.END, justify: AlignmentType.JUSTIFIED } as const
/** Word has nine levels of a list. */
const maxLevel = 8
/** Twentieths of a point. */
const indentStep = 360
const mono = 'Consolas'
const tones: Readonly<Record<string, string>> = {
  note: 'E9EDF7',
  tip: 'E6F1EA',
  careful: 'FBF4E2',
  stop: 'FBEAE7',
  plain: 'F6F5F1',
}

export async function exportDocx(title: string, doc: Node): Promise<Uint8Array> {
  const writer = new Writer()
  const children = [
    ...(title === '' ? [] : [new Paragraph({ heading: HeadingLevel.TITLE, children: [new TextRun(clean(title))] })]),
    ...writer.blocks(blocksOf(doc)),
  ]
  const levels = Array.from({ length: maxLevel + 1 }, (_, level) => ({
    level,
    format: [LevelFormat.DECIMAL, LevelFormat.LOWER_LETTER, LevelFormat.LOWER_ROMAN][level % 3]!,
    text: `%${level + 1}.`,
    alignment: AlignmentType.START,
    style: { paragraph: { indent: { left: indentStep * (level + 1), hanging: indentStep } } },
  }))
  const file = new Document({
    title: clean(title),
    creator: 'Sheaf',
    numbering: { config: [{ reference: 'numbers', levels }] },
    footnotes: Object.fromEntries(
      writer.footnotes.map((text, place) => [place + 1, { children: [new Paragraph(clean(text))] }]),
    ),
    sections: [{ children }],
  })
  return new Uint8Array(await Packer.toBuffer(file))
}

class Writer {
  readonly footnotes: string[] = []
  /** Every numbered list counts for itself. */
  #list = 0
  #isInNumbers = false

  blocks(blocks: readonly Node[]): (Paragraph | Table)[] {
    return blocks.flatMap(block => this.#block(block))
  }

  #block(block: Node): (Paragraph | Table)[] {
    const { name } = block.type
    const level = Math.min(maxLevel, Number(block.attrs.indent ?? 0))
    if (name === 'ordered') {
      if (!this.#isInNumbers || block.attrs.start !== null) this.#list += 1
    }
    this.#isInNumbers = name === 'ordered' || (this.#isInNumbers && level > 0)
    if (isTable(block)) return this.#table(block)
    const children = this.#inline(textOf(block))
    const indent = level === 0 ? {} : { indent: { left: level * indentStep } }
    switch (name) {
      case 'heading':
        return [
          paragraph({ ...aligned(block), heading: headings[Number(block.attrs.level) - 1] ?? headings[3], children }),
        ]
      case 'bullet':
        return [paragraph({ bullet: { level }, children })]
      case 'ordered':
        return [paragraph({ numbering: { reference: 'numbers', level, instance: this.#list }, children })]
      case 'task':
        return [paragraph({ ...indent, children: [new TextRun(block.attrs.checked ? '☑ ' : '☐ '), ...children] })]
      case 'quote':
        return [
          paragraph({
            indent: { left: (level + 1) * indentStep },
            border: { left: { style: BorderStyle.SINGLE, size: 12, space: 12, color: '22252A' } },
            children: this.#inline(textOf(block), { italics: true }),
          }),
        ]
      case 'callout':
        return [paragraph({ ...indent, ...shaded(tones[String(block.attrs.tone)] ?? tones.plain!), children })]
      case 'code_block':
      case 'math_block':
        return [
          paragraph({ ...indent, ...shaded('F6F5F1'), children: lines(block.textContent, { font: mono, size: 20 }) }),
        ]
      case 'divider':
        return [
          paragraph({
            children: [],
            border: { bottom: { style: BorderStyle.SINGLE, size: 6, space: 1, color: 'BBBBBB' } },
          }),
          ...(children.length > 0 ? [paragraph({ children })] : []),
        ]
      case 'image':
      case 'embed':
        return [paragraph({ ...indent, children: [...this.#source(block), ...children] })]
      default:
        return [paragraph({ ...aligned(block), ...indent, children })]
    }
  }

  /** What an image or an embed shows stays where it is; here its description and address are told. */
  #source(block: Node): ParagraphChild[] {
    const src = String(block.attrs.src ?? '')
    const text = String(block.attrs.alt ?? '') || src
    if (text === '') return []
    const run = new TextRun({ text: `[${clean(text)}] `, color: '666A72' })
    return /^https?:\/\//.test(src) ? [new ExternalHyperlink({ link: src, children: [run] })] : [run]
  }

  #table(block: Node): (Paragraph | Table)[] {
    const rows = block.firstChild!.children
    const isHead = block.attrs.header === 'row' || block.attrs.header === 'both'
    const grid = gridOf(rows)
    const table = new Table({
      width: { size: 100, type: WidthType.PERCENTAGE },
      rows: grid.map(
        (cells, place) =>
          new TableRow({
            tableHeader: isHead && place === 0,
            children: cells.map(({ cell, columns, merge }) => {
              const inside = cell === null ? [] : this.blocks(cell.children)
              return new TableCell({
                children: inside.length === 0 ? [new Paragraph('')] : inside,
                ...(columns > 1 && { columnSpan: columns }),
                ...(merge !== undefined && { verticalMerge: merge }),
                ...(cell?.attrs.scope != null && { shading: { type: ShadingType.CLEAR, fill: 'F6F5F1' } }),
              })
            }),
          }),
      ),
    })
    const caption = this.#inline(textOf(block), { italics: true })
    return [table, paragraph({ children: caption })]
  }

  #inline(content: Fragment, more: RunOptions = {}): ParagraphChild[] {
    const runs: ParagraphChild[] = []
    content.forEach(node => {
      if (node.type.name === 'footnote') {
        this.footnotes.push(String(node.attrs.text))
        runs.push(new TextRun({ text: `[${this.footnotes.length}]`, superScript: true }))
        return
      }
      const text = node.isText ? node.text! : (node.type.spec.leafText?.(node) ?? '')
      const made = lines(text, { ...more, ...looks(node.marks) })
      const link = node.marks.find(mark => mark.type.name === 'link')
      const href = String(link?.attrs.href ?? '')
      if (/^(https?:|mailto:|tel:)/i.test(href)) runs.push(new ExternalHyperlink({ link: href, children: made }))
      else runs.push(...made)
    })
    return runs
  }
}

interface RunOptions {
  readonly bold?: boolean
  readonly italics?: boolean
  readonly strike?: boolean
  readonly underline?: Record<string, never>
  readonly superScript?: boolean
  readonly subScript?: boolean
  readonly highlight?: 'yellow'
  readonly font?: string
  readonly size?: number
  readonly color?: string
}

function looks(marks: readonly Mark[]): RunOptions {
  const has = (name: string): boolean => marks.some(mark => mark.type.name === name)
  return {
    ...(has('strong') && { bold: true }),
    ...(has('em') && { italics: true }),
    ...((has('strike') || has('strikethrough')) && { strike: true }),
    ...(has('underline') && { underline: {} }),
    ...(has('superscript') && { superScript: true }),
    ...(has('subscript') && { subScript: true }),
    ...(has('highlight') && { highlight: 'yellow' as const }),
    ...(has('code') && { font: mono }),
    ...(has('link') && { color: '2F4C9B', underline: {} }),
  }
}

/** A run for each line. */
function lines(text: string, options: RunOptions): TextRun[] {
  return clean(text)
    .split('\n')
    .map((line, place) => new TextRun({ ...options, text: line, ...(place > 0 && { break: 1 }) }))
}

interface GridCell {
  /** Null below the first row of a merged cell. */
  readonly cell: Node | null
  readonly columns: number
  readonly merge?: (typeof VerticalMergeType)[keyof typeof VerticalMergeType]
}

/** Word says of every row which of its cells go on from the row above. */
function gridOf(rows: readonly Node[]): GridCell[][] {
  const open = new Map<number, { columns: number; rows: number }>()
  return rows.map(row => {
    const cells: GridCell[] = []
    let column = 0
    const goOn = (): void => {
      for (let above = open.get(column); above !== undefined; above = open.get(column)) {
        cells.push({ cell: null, columns: above.columns, merge: VerticalMergeType.CONTINUE })
        if (above.rows > 1) open.set(column, { ...above, rows: above.rows - 1 })
        else open.delete(column)
        column += above.columns
      }
    }
    row.forEach(cell => {
      goOn()
      const { colspan, rowspan } = cell.attrs as { colspan: number; rowspan: number }
      cells.push({ cell, columns: colspan, ...(rowspan > 1 && { merge: VerticalMergeType.RESTART }) })
      if (rowspan > 1) opening.push([column, { columns: colspan, rows: rowspan - 1 }])
      column += colspan
    })
    goOn()
    for (const [at, span] of opening.splice(0)) open.set(at, span)
    return cells
  })
}

/** Spans that begin in the row that is being read. */
const opening: [number, { columns: number; rows: number }][] = []

function aligned(block: Node): Pick<IParagraphOptions, 'alignment'> {
  const alignment = alignments[block.attrs.align as keyof typeof alignments]
  return alignment === undefined ? {} : { alignment }
}

function shaded(fill: string): Pick<IParagraphOptions, 'shading'> {
  return { shading: { type: ShadingType.CLEAR, fill } }
}

function paragraph(options: IParagraphOptions): Paragraph {
  return new Paragraph(options)
}

/** XML has no place for control characters. */
function clean(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what goes
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
}
