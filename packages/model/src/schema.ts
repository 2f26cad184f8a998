// The ProseMirror schema of a body: doc → section+ → block+. Blocks are flat: what other editors nest is the attribute
// `indent`, and no node wraps another, but for a table, whose cells hold blocks and no tables. Sections exist only in a local
// document (docs/body.md, "Sections"). Every kind takes text, so that whatever others type meanwhile has a place to stand.

import {
  type DOMOutputSpec,
  type Mark,
  type MarkSpec,
  type Node,
  type NodeSpec,
  Schema,
  type TagParseRule,
} from 'prosemirror-model'

/** Layout version, kept in the register `format` of the root `meta`. */
export const bodyFormat = 1

/** Deepest indent that is shown; a larger register reads as this. */
export const maxIndent = 12

export const calloutTones = ['note', 'tip', 'careful', 'stop', 'plain'] as const
export const alignments = ['center', 'end', 'justify'] as const
export const imageAlignments = ['start', 'center', 'end', 'full'] as const
/** Which cells of a table are headers: those of the first row, of the first column, or of both. */
export const tableHeaders = ['row', 'column', 'both'] as const

/** Most rows or columns that one cell of a pasted table covers. */
const maxSpan = 100

/** Attributes of every block: `id` is the block id, null until the block is written; `indent` is 0…12. */
const shared = { id: { default: null }, indent: { default: 0 } }
const aligned = { ...shared, align: { default: null } }

/** Block kinds of the layout (the register `kind` of a marker) by node name; a heading's kind holds its level. */
export const schema = new Schema({
  topNode: 'doc',
  nodes: {
    doc: { content: 'section+' },
    section: {
      content: 'block+',
      toDOM: () => ['section', { class: 'sheaf-section' }, 0],
    },

    paragraph: block({
      attrs: aligned,
      parseDOM: [{ tag: 'p', getAttrs: readShared }],
      toDOM: node => ['p', blockAttributes(node), 0],
    }),
    heading: block({
      attrs: { ...aligned, level: { default: 1 } },
      defining: true,
      parseDOM: [1, 2, 3, 4, 5, 6].map(level => ({
        tag: `h${level}`,
        getAttrs: (dom: HTMLElement) => ({ ...readShared(dom), level: Math.min(level, 4) }),
      })),
      toDOM: node => [`h${node.attrs.level}`, blockAttributes(node), 0],
    }),
    bullet: block({
      attrs: shared,
      defining: true,
      parseDOM: [kindRule('bullet'), { tag: 'ul > li', getAttrs: readListItem }],
      toDOM: node => ['div', blockAttributes(node), 0],
    }),
    ordered: block({
      // `start` is the number of the first item of a list; null goes on counting.
      attrs: { ...shared, start: { default: null } },
      defining: true,
      parseDOM: [
        kindRule('ordered', dom => ({ start: readInteger(dom.getAttribute('data-start')) })),
        { tag: 'ol > li', getAttrs: dom => ({ ...readListItem(dom), start: readListStart(dom) }) },
      ],
      toDOM: node => ['div', blockAttributes(node, { 'data-start': node.attrs.start }), 0],
    }),
    task: block({
      attrs: { ...shared, checked: { default: false } },
      defining: true,
      parseDOM: [kindRule('task', dom => ({ checked: dom.getAttribute('data-checked') === 'true' }))],
      toDOM: node => ['div', blockAttributes(node, { 'data-checked': node.attrs.checked }), 0],
    }),
    quote: block({
      attrs: shared,
      defining: true,
      parseDOM: [kindRule('quote'), { tag: 'blockquote > p', getAttrs: readShared }],
      toDOM: node => ['blockquote', blockAttributes(node), 0],
    }),
    callout: block({
      attrs: { ...shared, tone: { default: 'note' } },
      defining: true,
      parseDOM: [
        kindRule('callout', dom => ({ tone: readOneOf(calloutTones, dom.getAttribute('data-tone')) ?? 'note' })),
      ],
      toDOM: node => [
        'div',
        blockAttributes(node, { 'data-tone': node.attrs.tone }),
        ['div', { class: 'sheaf-content' }, 0],
      ],
    }),
    toggle: block({
      attrs: { ...shared, open: { default: true } },
      defining: true,
      parseDOM: [kindRule('toggle', dom => ({ open: dom.getAttribute('data-open') !== 'false' }))],
      toDOM: node => ['div', blockAttributes(node, { 'data-open': node.attrs.open }), 0],
    }),
    code_block: block({
      attrs: { ...shared, language: { default: null } },
      code: true,
      defining: true,
      marks: '',
      whitespace: 'pre',
      parseDOM: [
        {
          tag: 'pre',
          preserveWhitespace: 'full',
          getAttrs: dom => ({ ...readShared(dom), language: dom.getAttribute('data-language') || null }),
        },
      ],
      toDOM: node => [
        'pre',
        blockAttributes(node, { 'data-language': node.attrs.language }),
        ['code', { spellcheck: 'false' }, 0],
      ],
    }),
    // The text of a math block is its TeX source.
    math_block: block({
      attrs: shared,
      code: true,
      defining: true,
      marks: '',
      whitespace: 'pre',
      parseDOM: [{ ...kindRule('math'), preserveWhitespace: 'full' }],
      toDOM: node => ['pre', blockAttributes(node), ['code', { spellcheck: 'false' }, 0]],
    }),
    // The text of an image, a divider and an embed is its caption.
    image: block({
      attrs: {
        ...shared,
        src: { default: '' },
        alt: { default: '' },
        width: { default: null },
        align: { default: null },
      },
      defining: true,
      parseDOM: [
        {
          ...kindRule('image', dom => ({
            src: dom.querySelector('img')?.getAttribute('src') ?? '',
            alt: dom.querySelector('img')?.getAttribute('alt') ?? '',
            width: readInteger(dom.getAttribute('data-width')),
            align: readOneOf(imageAlignments, dom.getAttribute('data-align')),
          })),
          contentElement: 'figcaption',
        },
      ],
      toDOM: node => [
        'figure',
        blockAttributes(node, { 'data-width': node.attrs.width }),
        ['img', imageAttributes(node)],
        ['figcaption', 0],
      ],
    }),
    divider: block({
      attrs: shared,
      defining: true,
      parseDOM: [{ ...kindRule('divider'), contentElement: '.sheaf-caption' }, { tag: 'hr' }],
      toDOM: node => [
        'div',
        blockAttributes(node),
        ['hr', { contenteditable: 'false' }],
        ['div', { class: 'sheaf-caption' }, 0],
      ],
    }),
    embed: block({
      attrs: { ...shared, src: { default: '' } },
      defining: true,
      parseDOM: [
        {
          ...kindRule('embed', dom => ({ src: dom.getAttribute('data-src') ?? '' })),
          contentElement: '.sheaf-caption',
        },
      ],
      toDOM: node => [
        'div',
        blockAttributes(node, { 'data-src': node.attrs.src }),
        [
          'a',
          {
            class: 'sheaf-embed-link',
            href: safeHref(node.attrs.src),
            rel: 'noopener noreferrer',
            contenteditable: 'false',
          },
          node.attrs.src,
        ],
        ['div', { class: 'sheaf-caption' }, 0],
      ],
    }),
    // `table` names the table that the block shows: the roots that hold its rows, columns and cells (docs/body.md, "Tables"). It is
    // null until the block is written. Text behind the marker of a table is its caption.
    table_block: block({
      group: 'block',
      content: 'table table_caption?',
      attrs: { ...shared, table: { default: null }, header: { default: null } },
      defining: true,
      parseDOM: [
        kindRule('table', dom => ({ header: readOneOf(tableHeaders, dom.getAttribute('data-header')) })),
        { tag: 'figure', getAttrs: dom => (dom.querySelector(':scope > table') === null ? false : readShared(dom)) },
      ],
      toDOM: node => ['figure', blockAttributes(node, { 'data-header': node.attrs.header }), 0],
    }),
    table: {
      content: 'table_row+',
      tableRole: 'table',
      isolating: true,
      parseDOM: [{ tag: 'table' }],
      toDOM: () => ['table', ['tbody', 0]],
    },
    // `row` and, on cells, `column` are the ids that the layout knows them by; null until written, and never taken from a paste.
    table_row: {
      content: 'table_cell*',
      attrs: { row: { default: null } },
      tableRole: 'row',
      parseDOM: [{ tag: 'tr' }],
      toDOM: () => ['tr', 0],
    },
    table_cell: {
      content: 'flow+',
      attrs: {
        column: { default: null },
        colspan: { default: 1 },
        rowspan: { default: 1 },
        // Widths of the columns that the cell covers, in CSS pixels; 0 where one has none, null where none has.
        colwidth: { default: null },
        // `col` or `row` in a header, as in HTML. It follows from `header` of the table and the place of the cell.
        scope: { default: null },
      },
      tableRole: 'cell',
      isolating: true,
      parseDOM: [{ tag: 'td, th', getAttrs: readCell }],
      toDOM: node => [node.attrs.scope === null ? 'td' : 'th', cellAttributes(node), 0],
    },
    table_caption: {
      content: 'inline*',
      defining: true,
      parseDOM: [{ tag: 'figcaption' }, { tag: 'caption' }],
      toDOM: () => ['figcaption', 0],
    },
    // A kind that this version does not know. It is kept as it is; only its text can be edited.
    opaque: block({
      attrs: { ...shared, kind: { default: '' } },
      defining: true,
      toDOM: node => [
        'div',
        blockAttributes(node, {
          'data-unknown-kind': node.attrs.kind,
          role: 'group',
          'aria-label': 'This block needs a newer Sheaf. It is kept as it is.',
        }),
        0,
      ],
    }),

    text: { group: 'inline' },
    hard_break: {
      group: 'inline',
      inline: true,
      selectable: false,
      linebreakReplacement: true,
      parseDOM: [{ tag: 'br' }],
      leafText: () => '\n',
      toDOM: () => ['br'],
    },
    mention: atom({
      // `target` is what is mentioned: `person` or `document`; `ref` its id; `label` the name at the time of writing.
      attrs: { target: { default: 'person' }, ref: { default: '' }, label: { default: '' } },
      parseDOM: [
        {
          tag: 'span[data-mention]',
          getAttrs: dom => ({
            target: dom.getAttribute('data-mention') || 'person',
            ref: dom.getAttribute('data-ref') ?? '',
            label: (dom.textContent ?? '').replace(/^@/, ''),
          }),
        },
      ],
      leafText: node => `@${node.attrs.label}`,
      toDOM: node => [
        'span',
        { class: 'sheaf-mention', 'data-mention': node.attrs.target, 'data-ref': node.attrs.ref },
        `@${node.attrs.label}`,
      ],
    }),
    inline_math: atom({
      attrs: { tex: { default: '' } },
      parseDOM: [{ tag: 'span[data-math]', getAttrs: dom => ({ tex: dom.getAttribute('data-math') ?? '' }) }],
      leafText: node => `$${node.attrs.tex}$`,
      toDOM: node => ['span', { class: 'sheaf-math', 'data-math': node.attrs.tex }, node.attrs.tex],
    }),
    inline_image: atom({
      attrs: { src: { default: '' }, alt: { default: '' }, width: { default: null } },
      parseDOM: [
        {
          tag: 'img[src]',
          getAttrs: dom => ({
            src: dom.getAttribute('src') ?? '',
            alt: dom.getAttribute('alt') ?? '',
            width: readInteger(dom.getAttribute('width')),
          }),
        },
      ],
      leafText: node => node.attrs.alt,
      toDOM: node => [
        'img',
        {
          class: 'sheaf-inline-image',
          src: safeSource(node.attrs.src),
          alt: node.attrs.alt,
          ...(node.attrs.width === null ? {} : { width: node.attrs.width }),
        },
      ],
    }),
    footnote: atom({
      // `text` is the note, as Markdown.
      attrs: { text: { default: '' } },
      parseDOM: [{ tag: 'sup[data-footnote]', getAttrs: dom => ({ text: dom.getAttribute('data-footnote') ?? '' }) }],
      leafText: () => '',
      toDOM: node => ['sup', { class: 'sheaf-footnote', 'data-footnote': node.attrs.text }],
    }),
    // Content that this version does not know: `size` neighbouring places of the body. It cannot be copied, only kept.
    opaque_atom: atom({
      attrs: { size: { default: 1 } },
      draggable: false,
      leafText: () => '',
      toDOM: () => [
        'span',
        {
          class: 'sheaf-opaque',
          'data-opaque': '',
          role: 'img',
          'aria-label': 'This needs a newer Sheaf. It is kept as it is.',
        },
      ],
    }),
  },

  marks: {
    link: {
      attrs: { href: { default: '' }, title: { default: null } },
      inclusive: false,
      parseDOM: [
        {
          tag: 'a[href]',
          getAttrs: dom => ({ href: dom.getAttribute('href') ?? '', title: dom.getAttribute('title') }),
        },
      ],
      toDOM: mark => ['a', linkAttributes(mark), 0],
    },
    highlight: {
      // `color` 1…12 is a presence colour; null is the wheat of the highlighter.
      attrs: { color: { default: null } },
      parseDOM: [{ tag: 'mark', getAttrs: dom => ({ color: readColor(dom.getAttribute('data-color')) }) }],
      toDOM: mark => ['mark', mark.attrs.color === null ? {} : { 'data-color': mark.attrs.color }, 0],
    },
    em: simpleMark('em', [{ tag: 'em' }, { tag: 'i' }, { style: 'font-style=italic' }]),
    strong: simpleMark('strong', [
      { tag: 'strong' },
      // Google Docs wraps everything it copies in <b style="font-weight: normal">.
      { tag: 'b', getAttrs: (dom: HTMLElement) => dom.style.fontWeight !== 'normal' && null },
      { style: 'font-weight', getAttrs: (value: string) => /^(bold(er)?|[6-9]\d{2})$/.test(value) && null },
    ]),
    underline: simpleMark('u', [{ tag: 'u' }, { style: 'text-decoration=underline' }]),
    strike: simpleMark('s', [
      { tag: 's' },
      { tag: 'del' },
      { tag: 'strike' },
      { style: 'text-decoration=line-through' },
    ]),
    code: { code: true, parseDOM: [{ tag: 'code' }], toDOM: () => ['code', { spellcheck: 'false' }, 0] },
    // A mark that this version does not know. Several may cover one text.
    opaque_mark: {
      attrs: { name: {}, value: { default: true } },
      excludes: '',
      toDOM: mark => ['span', { class: 'sheaf-opaque-mark', 'data-unknown-mark': mark.attrs.name }, 0],
    },
  },
})

/** The first scheme of an address, lower case, as a browser would see it; null where it is relative. */
function schemeOf(address: string): string | null {
  // Browsers drop tabs, newlines and leading control characters before they look for the scheme.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  const cleaned = address.replace(/[\u0000-\u0020\u007f-\u00a0]/g, '')
  return /^([a-z][a-z0-9+.-]*):/i.exec(cleaned)?.[1]?.toLowerCase() ?? null
}

/** The address, or `#` where following it could run script (P11). */
export function safeHref(address: string): string {
  const scheme = schemeOf(address)
  return scheme === null || ['http', 'https', 'mailto', 'tel'].includes(scheme) ? address : '#'
}

/** The address of an image, or nothing where loading it could run script or read a local file. */
export function safeSource(address: string): string {
  const scheme = schemeOf(address)
  if (scheme === null || ['http', 'https', 'blob'].includes(scheme)) return address
  return scheme === 'data' && /^\s*data:image\/(png|jpeg|gif|webp|avif)[;,]/i.test(address) ? address : ''
}

/**
 * How large the picture at an address is, in its own pixels: its fragment says so (`…#1200x800`), so that whoever shows it keeps the room.
 * Null where it does not.
 */
export function imageSize(address: string): { readonly width: number; readonly height: number } | null {
  const match = /#([1-9]\d{0,4})x([1-9]\d{0,4})$/.exec(address)
  return match === null ? null : { width: Number(match[1]), height: Number(match[2]) }
}

function block(spec: NodeSpec): NodeSpec {
  return { group: 'block flow', content: 'inline*', ...spec }
}

function atom(spec: NodeSpec): NodeSpec {
  return { group: 'inline', inline: true, atom: true, draggable: true, ...spec }
}

function simpleMark(tag: string, parseDOM: NonNullable<MarkSpec['parseDOM']>): MarkSpec {
  return { parseDOM, toDOM: (): DOMOutputSpec => [tag, 0] }
}

function linkAttributes(mark: Mark): Record<string, string> {
  const { href, title } = mark.attrs as { href: string; title: string | null }
  return { href: safeHref(href), rel: 'noopener noreferrer nofollow', ...(title === null ? {} : { title }) }
}

/** Class, kind, indent and block id; attributes whose value is null or false are left out. */
function blockAttributes(node: Node, more: Record<string, unknown> = {}): Record<string, string> {
  const kind = node.type.name.replace('_block', '')
  const attributes: Record<string, string> = {
    class: `sheaf-block sheaf-${kind}`,
    'data-kind': kind,
    'data-indent': String(node.attrs.indent),
  }
  // What is written decides on which side a block begins; code is the same everywhere.
  if (node.type.spec.code !== true) attributes.dir = 'auto'
  if (node.attrs.id !== null) attributes['data-id'] = node.attrs.id
  if (typeof node.attrs.align === 'string') attributes['data-align'] = node.attrs.align
  for (const [name, value] of Object.entries(more)) {
    if (value !== null && value !== undefined && value !== '') attributes[name] = String(value)
  }
  return attributes
}

function imageAttributes({ attrs }: Node): Record<string, string> {
  const size = imageSize(attrs.src)
  return {
    src: safeSource(attrs.src),
    alt: attrs.alt,
    draggable: 'false',
    contenteditable: 'false',
    ...(size === null ? {} : { width: String(size.width), height: String(size.height) }),
    ...(attrs.width === null ? {} : { style: `width: ${attrs.width}px` }),
  }
}

function cellAttributes({ attrs }: Node): Record<string, string> {
  const attributes: Record<string, string> = { class: 'sheaf-cell' }
  if (attrs.scope !== null) attributes.scope = attrs.scope
  if (attrs.colspan > 1) attributes.colspan = String(attrs.colspan)
  if (attrs.rowspan > 1) attributes.rowspan = String(attrs.rowspan)
  if (attrs.colwidth !== null) attributes['data-colwidth'] = attrs.colwidth.join(',')
  return attributes
}

function readCell(dom: HTMLElement): Record<string, unknown> {
  const colspan = Math.min(Math.max(readInteger(dom.getAttribute('colspan')) ?? 1, 1), maxSpan)
  const widths = (dom.getAttribute('data-colwidth') ?? '').split(',').map(width => readInteger(width) ?? 0)
  return {
    colspan,
    rowspan: Math.min(Math.max(readInteger(dom.getAttribute('rowspan')) ?? 1, 1), maxSpan),
    colwidth: widths.length === colspan && widths.some(width => width > 0) ? widths : null,
    scope: dom.nodeName !== 'TH' ? null : dom.getAttribute('scope') === 'row' ? 'row' : 'col',
  }
}

/** Reads our own HTML back. Ids are never read: a pasted block is a new block. */
function kindRule(kind: string, read: (dom: HTMLElement) => Record<string, unknown> = () => ({})): TagParseRule {
  return { tag: `[data-kind="${kind}"]`, priority: 60, getAttrs: dom => ({ ...readShared(dom), ...read(dom) }) }
}

function readShared(dom: HTMLElement): Record<string, unknown> {
  const align = readOneOf(alignments, dom.getAttribute('data-align') ?? dom.style.textAlign)
  return { indent: readIndent(dom.getAttribute('data-indent')), align }
}

/** Nested lists become flat blocks: the indent of an item is the number of lists around its own. */
function readListItem(dom: HTMLElement): Record<string, unknown> {
  let indent = -1
  for (let list = dom.parentElement; list !== null; list = list.parentElement) {
    if (list.nodeName === 'UL' || list.nodeName === 'OL') indent++
  }
  return { indent: Math.min(Math.max(indent, 0), maxIndent) }
}

function readListStart(dom: HTMLElement): number | null {
  const list = dom.parentElement
  const start = readInteger(list?.getAttribute('start') ?? null)
  return start !== null && list?.firstElementChild === dom ? start : null
}

function readIndent(value: string | null): number {
  return Math.min(Math.max(readInteger(value) ?? 0, 0), maxIndent)
}

function readInteger(value: string | null): number | null {
  return value !== null && /^-?\d{1,9}$/.test(value) ? Number(value) : null
}

function readColor(value: string | null): number | null {
  const color = readInteger(value)
  return color !== null && color >= 1 && color <= 12 ? color : null
}

function readOneOf<T extends string>(values: readonly T[], value: string | null): T | null {
  return (values as readonly (string | null)[]).includes(value) ? (value as T) : null
}
