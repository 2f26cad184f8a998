// Documents of every kind, indent, mark and atom, with text that the formats have to guard, for fast-check.

import { alignments, calloutTones, imageAlignments, schema } from '@sheaf/model'
import fc from 'fast-check'
import { Mark, type Node } from 'prosemirror-model'

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

/** A document in one section. */
export const anyDocument: fc.Arbitrary<Node> = fc
  .array(block, { minLength: 1, maxLength: 8 })
  .map(blocks => nodes.doc.create(null, nodes.section.create(null, blocks)))

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
