// Documents of every kind, indent, mark and atom, with tables, and with text that the formats have to guard, for fast-check.

import { alignments, calloutTones, imageAlignments, schema } from '@sheaf/model'
import fc from 'fast-check'
import { Fragment, Mark, type Node } from 'prosemirror-model'

const { nodes, marks } = schema

const awkward = [
  'a',
  'word',
  'Ünïcode',
  '漢字',
  'かな',
  '한국어',
  'שלום',
  'العربية',
  '😀',
  '👩‍👩‍👧',
  'é',
  '\u00a0',
  '\u2003',
  '\u2028',
  '\ufeff',
  '\u200b',
  ' ',
  '  ',
  '    ',
  '\t',
  '#',
  '## ',
  '#hash',
  '*',
  '**',
  '*a*',
  '_',
  '__b__',
  'snake_case',
  '`',
  '``',
  '`code`',
  '~',
  '~~s~~',
  '~~~',
  '1.',
  '1. ',
  '12) ',
  '-',
  '- ',
  '---',
  '+ ',
  '===',
  '>',
  '> q',
  '|',
  '| a | b |',
  '|---|---|',
  '\\',
  '\\n',
  '\\*',
  '[',
  ']',
  '[x] ',
  '[ ] ',
  '[!NOTE]',
  '[a](b)',
  '![a](b)',
  '[^1]',
  '[^1]: n',
  '[a]: b',
  '<',
  '<b>',
  '</b>',
  '<!-- c -->',
  '<!-- sheaf empty -->',
  '<script>',
  '&',
  '&amp;',
  '&#32;',
  '&nbsp;',
  '$',
  '$$',
  '$x$',
  '$5',
  'http://a.bc',
  'https://x.yz/q?a=b_c*',
  'www.x.yz',
  'me@x.yz',
  '!',
  ':',
  '.',
  ',',
  '"',
  "'",
  '(',
  ')',
  '{',
  '}',
  '=',
  '\u0007',
  '\ud800',
  'javascript:alert(1)',
  '<details>',
  '</details>',
  '```',
  '```js',
  '\r',
]

const text = fc
  .array(
    fc.oneof({ arbitrary: fc.constantFrom(...awkward), weight: 5 }, fc.string({ maxLength: 6, unit: 'grapheme' })),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map(parts => parts.join('') || 'x')
const label = fc.oneof(
  fc.constant(''),
  text,
  fc.array(text, { maxLength: 3 }).map(lines => lines.join('\n')),
)
const address = fc.oneof(
  fc.constantFrom(
    'https://example.org/a_b?c=d&e=f#g',
    'http://x.yz',
    '/relative/ä b',
    '',
    '#top',
    'mailto:a@b.co',
    'javascript:alert(1)',
    'a)b(c',
    '<x>',
    'a\\b',
  ),
  text,
)
const width = fc.constantFrom(null, 1, 240, 4000)
const json = fc.constantFrom<unknown>(true, 1, 'x"<>&', { a: ['b', null], c: { d: 1.5 } })

const mark: fc.Arbitrary<Mark> = fc.oneof(
  fc.constantFrom(marks.em, marks.strong, marks.underline, marks.strike, marks.code).map(type => type.create()),
  fc.constantFrom(marks.em, marks.strong, marks.strike, marks.code).map(type => type.create()),
  fc.constantFrom(null, 1, 12).map(color => marks.highlight.create({ color })),
  fc.record({ href: address, title: fc.oneof(fc.constant(null), label) }).map(attrs => marks.link.create(attrs)),
  fc
    .record({ name: fc.constantFrom('comment', 'x-y', 'Ω'), value: json })
    .map(attrs => marks.opaque_mark.create(attrs)),
)
const markSet = fc
  .oneof({ arbitrary: fc.constant<Mark[]>([]), weight: 3 }, fc.array(mark, { maxLength: 3 }))
  .map(list => list.reduce<readonly Mark[]>((set, mark) => mark.addToSet(set), Mark.none))

const leaf: fc.Arbitrary<Node> = fc.oneof(
  { arbitrary: text.map(value => schema.text(value)), weight: 8 },
  { arbitrary: fc.constantFrom('one', 'two', 'three').map(value => schema.text(value)), weight: 3 },
  fc.constant(null).map(() => nodes.hard_break.create()),
  fc
    .record({ target: fc.constantFrom('person', 'document'), ref: label, label })
    .map(attrs => nodes.mention.create(attrs)),
  fc.oneof(fc.constantFrom('x^2', '\\frac{a}{b}', '\\'), label).map(tex => nodes.inline_math.create({ tex })),
  fc.record({ src: address, alt: label, width }).map(attrs => nodes.inline_image.create(attrs)),
  fc.oneof(fc.constantFrom('See *there*.', 'a\n\n- b\n- c'), label).map(text => nodes.footnote.create({ text })),
  fc.integer({ min: 1, max: 9 }).map(size => nodes.opaque_atom.create({ size })),
)
const inline = fc
  .array(fc.tuple(leaf, markSet), { maxLength: 6 })
  .map(list => list.map(([node, set]) => node.mark(set)))
const code = fc.array(
  fc.oneof(
    {
      arbitrary: fc.array(text, { minLength: 1, maxLength: 4 }).map(lines => schema.text(lines.join('\n'))),
      weight: 8,
    },
    {
      arbitrary: fc
        .constantFrom('\n', '\n\n', ' \n  ', '\ta\n\n\tb', '```\n````', '$$\n$$$', '</code></pre>')
        .map(value => schema.text(value)),
      weight: 4,
    },
    leaf,
  ),
  { maxLength: 3 },
)

const aligned = { align: fc.constantFrom(null, ...alignments) }
const typed: fc.Arbitrary<[string, Record<string, unknown>]> = fc.oneof(
  ...(
    [
      ['paragraph', aligned],
      ['paragraph', {}],
      ['heading', { level: fc.integer({ min: 1, max: 4 }), ...aligned }],
      ['bullet', {}],
      ['bullet', {}],
      ['ordered', { start: fc.constantFrom(null, null, null, 0, 1, 7, -3, 999_999_999, 1_000_000_000) }],
      ['task', { checked: fc.boolean() }],
      ['quote', {}],
      ['callout', { tone: fc.constantFrom(...calloutTones) }],
      ['toggle', { open: fc.boolean() }],
      ['code_block', { language: fc.constantFrom(null, 'js', 'c++', 'c#', 'two words', '`', '"<&') }],
      ['math_block', {}],
      ['image', { src: address, alt: label, width, align: fc.constantFrom(null, ...imageAlignments) }],
      ['image', { src: fc.constant('a.png'), alt: label }],
      ['divider', {}],
      ['embed', { src: address }],
      ['opaque', { kind: fc.constantFrom('poll', 'chart', 'x"<') }],
    ] as const
  ).map(([name, attrs]) =>
    fc
      .record(attrs as Record<string, fc.Arbitrary<unknown>>)
      .map((values): [string, Record<string, unknown>] => [name, values]),
  ),
)

const block = fc
  .tuple(
    typed,
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 12 })),
    inline,
    code,
    fc.boolean(),
  )
  .map(([[name, attrs], indent, content, lines, isEmpty]) => {
    const type = nodes[name as keyof typeof nodes]!
    const children =
      isEmpty && indent % 2 === 0 ? [] : type.spec.code === true ? lines.map(node => node.mark([])) : content
    return type.create({ ...attrs, indent }, children)
  })

const align = fc.constantFrom(null, null, 'center', 'end')
const plainCell = fc.oneof(inline, fc.constant([])).map(content => nodes.paragraph.create(null, content))
const span = fc.constantFrom(1, 1, 1, 1, 2, 3)

/** As people write them: full rows, a paragraph in each cell, and every column aligned. */
const plainTable = fc
  .record({
    aligns: fc.array(align, { minLength: 1, maxLength: 4 }),
    rows: fc.array(fc.array(plainCell, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ aligns, rows }) =>
    nodes.table.create(
      null,
      rows.map(cells =>
        nodes.table_row.create(
          null,
          aligns.map((align, column) =>
            nodes.table_cell.create(null, nodes.paragraph.create({ align }, cells[column]!.content)),
          ),
        ),
      ),
    ),
  )

/** Rows of any length, merged cells that may run into each other or out of the table, blocks of every kind. */
const anyTable = fc
  .array(
    fc.array(
      fc.record({
        attrs: fc.record({
          colspan: span,
          rowspan: span,
          colwidth: fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, fc.array(fc.constantFrom(0, 1, 240, 10_000))),
          scope: fc.constantFrom(null, 'col', 'row'),
        }),
        blocks: fc.oneof(
          fc.array(plainCell, { minLength: 1, maxLength: 1 }),
          fc.array(block, { minLength: 1, maxLength: 3 }),
        ),
      }),
      { maxLength: 4 },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .filter(rows => rows.some(cells => cells.length > 0))
  .map(rows =>
    nodes.table.create(
      null,
      rows.map(cells =>
        nodes.table_row.create(
          null,
          cells.map(({ attrs, blocks }) => nodes.table_cell.create(attrs, blocks)),
        ),
      ),
    ),
  )

const tableBlock = fc
  .record({
    table: fc.oneof(plainTable, anyTable),
    header: fc.constantFrom('row', 'row', null, 'column', 'both'),
    indent: fc.constantFrom(0, 0, 1, 3),
    caption: fc.oneof({ arbitrary: fc.constant([]), weight: 2 }, inline),
  })
  .map(({ table, header, indent, caption }) =>
    nodes.table_block.create({ header, indent }, [
      table,
      ...(caption.length === 0 ? [] : [nodes.table_caption.create(null, caption)]),
    ]),
  )

/** A document in one section. */
export const anyDocument: fc.Arbitrary<Node> = fc
  .array(fc.oneof({ arbitrary: block, weight: 5 }, { arbitrary: tableBlock, weight: 1 }), {
    minLength: 1,
    maxLength: 8,
  })
  .map(blocks => nodes.doc.create(null, nodes.section.create(null, blocks)))

/**
 * The document without what a body cannot take from a document: unknown atoms, marks whose name it has no letters for, and a second mark
 * of one name on a text.
 */
export function writable(node: Node): Node {
  const names = node.marks.map(({ type, attrs }) => (type === marks.opaque_mark ? attrs.name : type.name) as string)
  const kept = node.mark(
    node.marks.filter((_, index) => names[index] !== 'Ω' && names.indexOf(names[index]!) === index),
  )
  if (node.isText) return kept
  const children = node.children.filter(child => child.type !== nodes.opaque_atom).map(writable)
  return kept.copy(Fragment.fromArray(children))
}

const sourceParts = [
  ...awkward,
  ...[
    '\n',
    '\n',
    '\n\n',
    '\n  ',
    '\n    ',
    '\n> ',
    '\n- ',
    '\n1. ',
    '\n# ',
    '\n---\n',
    '\n$$\n',
    '\n```\n',
    '<u>',
    '</u>',
    '<p>',
    '</p>',
    '<ul>',
    '<li>',
    '</ul>',
  ],
  ...[
    '<blockquote>',
    '</blockquote>',
    '<summary>',
    '<pre>',
    '</pre>',
    '<table><tr><td>',
    '<table>',
    '</table>',
    '<thead>',
    '<tr>',
    '</tr>',
    '<th colspan=2>',
    '<td rowspan=2 data-align=center>',
    '</td>',
    '<caption>',
    '</caption>',
    '<col width=100>',
    '\n| a |\n|---|\n| ',
    '<figure>',
    '<img src=a>',
    '<figcaption>',
    '</figure>',
    '<hr>',
    '<br>',
  ],
  ...[
    '<aside data-kind="callout">',
    '<div data-kind="divider">',
    '<p data-indent="3">',
    '<!-- sheaf indent=2 paragraph -->',
    '<sup data-footnote="x">',
    '<span data-math="x">',
  ],
]

/** Markdown and HTML as nobody would write it. */
export const anySource: fc.Arbitrary<string> = fc
  .array(fc.constantFrom(...sourceParts), { maxLength: 30 })
  .map(parts => parts.join(''))
