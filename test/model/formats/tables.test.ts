// Tables in and out of the formats.

import { blocksOf, openBody, plainText, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
import {
  FormatError,
  normalize,
  parseHtml,
  parseJson,
  parseMarkdown,
  serializeHtml,
  serializeJson,
  serializeMarkdown,
  serializeText,
} from '@sheaf/model/formats'
import type { Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'

const { nodes } = schema

/** Header and caption, then a line for each row; a cell is its span where it is merged, its scope, and its blocks. */
function shown(block: Node): string[] {
  const caption = block.childCount > 1 ? ` “${block.lastChild!.textContent}”` : ''
  const rows = block.firstChild!.children.map(row => row.children.map(shownCell).join(' | '))
  return [`${block.type.name} ${block.attrs.header}${caption}`, ...rows]
}

function shownCell(cell: Node): string {
  const { colspan, rowspan, scope } = cell.attrs
  const span = colspan > 1 || rowspan > 1 ? `${colspan}×${rowspan} ` : ''
  const blocks = cell.children.map(({ type, attrs, textContent }) => {
    const kind = type === nodes.paragraph ? '' : `${type.name}:`
    return `${'>'.repeat(attrs.indent)}${kind}${textContent}${attrs.align == null ? '' : `/${attrs.align}`}`
  })
  return `${span}${scope === null ? '' : `${scope} `}${blocks.join(' ¶ ')}`
}

function onlyTable(doc: Node): Node {
  doc.check()
  const blocks = blocksOf(doc)
  expect(blocks.map(block => block.type.name)).toEqual(['table_block'])
  return blocks[0]!
}

function bodyOf(...blocks: readonly Node[]): Y.Doc {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate())
  writeBody(ydoc, nodes.doc.create(null, nodes.section.create(null, blocks)))
  return ydoc
}

describe('Markdown', () => {
  test('a plain table is written as people write it', () => {
    const text = `| Name | **Age** | Notes |
| --- | --: | :-: |
| Ada | 36 | see [this](https://example.org) and \`a \\| b\` |
| C:\\dir | | one<br>two \\| three |
`
    const doc = parseMarkdown(text)
    expect(shown(onlyTable(doc))).toEqual([
      'table_block row',
      'col Name | col Age/end | col Notes/center',
      'Ada | 36/end | see this and a | b/center',
      'C:\\dir | /end | one\ntwo | three/center',
    ])
    expect(serializeMarkdown(doc)).toBe(text)
  })

  test('what pipes cannot say is HTML that Markdown reads back', () => {
    const text = `<table>
<caption>Who <em>came</em></caption>
<colgroup><col width="120"><col></colgroup>
<thead>
<tr><th scope="col" data-align="center">Day</th><th scope="col">Who</th></tr>
</thead>
<tbody>
<tr><td rowspan="2">Mon</td><td>
<p>these:</p>
<ul>
<li>Ada</li>
<li>Bob</li>
</ul>
<pre><code>a&#10;&#10;b&#10;</code></pre></td></tr>
<tr><td></td></tr>
</tbody>
</table>
`
    const doc = parseMarkdown(text)
    expect(shown(onlyTable(doc))).toEqual([
      'table_block row “Who came”',
      'col Day/center | col Who',
      '1×2 Mon | these: ¶ bullet:Ada ¶ bullet:Bob ¶ code_block:a\n\nb',
      '',
    ])
    expect(serializeMarkdown(doc)).toBe(text)
    expect(serializeMarkdown(parseMarkdown('<table><tr><td>no header</table>'))).toBe(
      '<table>\n<tbody>\n<tr><td>no header</td></tr>\n</tbody>\n</table>\n',
    )
  })

  test('a table stands in lists, quotes and toggles', () => {
    const text = `- item

  | a |
  | --- |
  | b |
-
  | c |
  | --- |

> quote
>
> | d |
> | --- |

<details open>
<summary>more</summary>

| e |
| --- |

</details>
`
    const doc = parseMarkdown(text)
    const seen = blocksOf(doc).map(({ type, attrs, textContent }) => `${attrs.indent} ${type.name} ${textContent}`)
    expect(seen).toEqual([
      '0 bullet item',
      '1 table_block ab',
      '0 bullet ',
      '1 table_block c',
      '0 quote quote',
      '1 table_block d',
      '0 toggle more',
      '1 table_block e',
    ])
    expect(serializeMarkdown(doc)).toBe(text)
  })

  test('its id and an odd indent stand before it', () => {
    const table = parseMarkdown('| a |\n|---|\n').firstChild!.firstChild!
    const block = table.type.create({ ...table.attrs, id: 'a.1', indent: 2 }, table.content)
    const text = serializeMarkdown([block], { ids: true })
    expect(text).toBe('<!-- sheaf id=a.1 indent=2 -->\n| a |\n| --- |\n')
    expect(parseMarkdown(text).firstChild!.firstChild!.eq(block)).toBe(true)
  })

  test('Markdown in the cells of an HTML table is read as Markdown', () => {
    const doc = parseMarkdown(
      '<table>\n<tr>\n<td>\n\n- **a**\n- b\n\n| c |\n|---|\n| d |\n\n</td>\n<td>e</td>\n</tr>\n</table>\n\nafter\n',
    )
    expect(shown(doc.firstChild!.firstChild!)).toEqual(['table_block null', 'bullet:a ¶ bullet:b ¶ c ¶ d | e'])
    expect(doc.firstChild!.lastChild!.textContent).toBe('after')
  })

  test('columns that only some cells are aligned in are no columns of GFM', () => {
    const block = onlyTable(parseHtml('<table><thead><tr><th align=center>a<tr><td>b</table>'))
    const text = serializeMarkdown([block])
    expect(text).toMatch(/^<table>/)
    expect(parseMarkdown(text).firstChild!.firstChild!.eq(block)).toBe(true)
  })
})

describe('HTML', () => {
  test.each([
    ['nothing', '<tr><td>a<td>b', 'null'],
    ['a first row of headers', '<tr><th>a<th>b<tr><td>c<td>d', 'row'],
    ['a head', '<thead><tr><td>a<td>b<tbody><tr><td>c<td>d', 'row'],
    ['a first column of headers', '<tr><th>a<td>b<tr><th>c<td>d', 'column'],
    ['both', '<tr><td>a<th>b<tr><th>c<td>d', 'null'],
    ['both, the corner too', '<tr><th>a<th>b<tr><th>c<td>d', 'both'],
    ['all cells', '<tr><th>a<th>b<tr><th>c<th>d', 'both'],
    ['one column of headers', '<tr><th>a<tr><th>c', 'both'],
    ['one column of headers of rows', '<tr><th scope=row>a<tr><th scope=row>c', 'column'],
    ['one row of headers of rows', '<tr><th scope=rowgroup>a<td>b', 'column'],
  ])('header: %s', (_title, rows, header) => {
    const doc = parseHtml(`<table>${rows}</table>`)
    expect(String(onlyTable(doc).attrs.header)).toBe(header)
    expect(parseHtml(serializeHtml(doc)).eq(doc)).toBe(true)
  })

  test('is written with head, scopes, spans and widths', () => {
    const cell = (text: string, attrs = {}, align: string | null = null) =>
      nodes.table_cell.create(attrs, nodes.paragraph.create({ align }, text === '' ? null : schema.text(text)))
    const block = nodes.table_block.create({ header: 'both', indent: 1 }, [
      nodes.table.create(null, [
        nodes.table_row.create(null, [cell('a', { colspan: 2, colwidth: [80, 0] }), cell('b')]),
        nodes.table_row.create(null, [cell('c'), cell('d', {}, 'end'), cell('  ')]),
      ]),
      nodes.table_caption.create(null, schema.text('C')),
    ])
    const doc = nodes.doc.create(null, nodes.section.create(null, block))
    expect(serializeHtml(doc)).toBe(`<table data-indent="1">
<caption>C</caption>
<colgroup><col width="80"><col><col></colgroup>
<thead>
<tr><th scope="col" colspan="2">a</th><th scope="col">b</th></tr>
</thead>
<tbody>
<tr><th scope="row">c</th><td data-align="end">d</td><td><p data-space>  </p></td></tr>
</tbody>
</table>`)
  })

  test('spans are bounded, run into nothing, and rows are filled', () => {
    const doc = parseHtml(
      `<table><tr><td rowspan=3>a<td colspan=9999 rowspan=2>b<tr><td>c<tr><td>d</table>
      <table><thead><tr><td rowspan=99>e<td>f<tbody><tr><td>g</table>
      <table><tr><td rowspan=0>h<td>i<tr><td>j<tr></table>
      <table><tr><td>k<tr><td colspan=2>l<td>m<tr></table>
      <table><tr><td>n<td rowspan=2>o<tr><td colspan=3>p</table>`,
    )
    doc.check()
    const [wide, ...tables] = blocksOf(doc)
    expect(wide!.firstChild!.firstChild!.children.map(cell => cell.attrs.colspan)).toEqual([1, 199])
    expect(wide!.textContent).toBe('abcd')
    expect(tables.map(shown)).toEqual([
      ['table_block row', 'col e | col f', 'g | '],
      ['table_block null', '1×3 h | i', 'j', ''],
      ['table_block null', 'k |  | ', '2×1 l | m', ' |  | '],
      ['table_block null', 'n | 1×2 o', 'p'],
    ])
    expect(normalize(doc).toJSON()).toEqual(doc.toJSON())
  })

  test('widths are those of the columns, or of the cells that say them', () => {
    const widthsOf = (html: string) =>
      onlyTable(parseHtml(`<table>${html}</table>`)).firstChild!.children.map(row =>
        row.children.map(cell => cell.attrs.colwidth),
      )
    expect(widthsOf('<col width=90px><col span=2 style="width: 70.5px"><tr><td>a<td colspan=2>b')).toEqual([
      [[90], [70, 70]],
    ])
    expect(widthsOf('<colgroup span=2 width=60></colgroup><tr><td>a<td>b')).toEqual([[[60], [60]]])
    expect(widthsOf('<tr><td colwidth="50,0" colspan=2>a<tr><td>b<td data-colwidth=30>c')).toEqual([
      [[50, 0]],
      [[50], null],
    ])
    expect(widthsOf('<col width="30%"><col width=-3><tr><td data-colwidth="x">a<td data-colwidth=99999>b')).toEqual([
      [null, null],
    ])
  })

  test('a table in a cell is blocks of that cell', () => {
    const doc = parseHtml(
      '<table><tr><td>a<table><caption>b</caption><tr><td>c<td><ul><li>d</ul></table>e<td>f<tr><td>g<td>h</table>i',
    )
    expect(shown(blocksOf(doc)[0]!)).toEqual(['table_block null', 'a ¶ b ¶ c ¶ bullet:d ¶ e | f', 'g | h'])
    expect(blocksOf(doc)[1]!.textContent).toBe('i')
  })

  test('what is not closed, or stands between cells, keeps its text in its place', () => {
    const doc = parseHtml('<table><p>a<tr>b<td><div><b>c<tr><td><ul><li>d</table>e<td>f</td>')
    expect(shown(blocksOf(doc)[0]!)).toEqual(['table_block null', 'a | ', 'b | c', 'bullet:d | '])
    expect(
      blocksOf(doc)
        .slice(1)
        .map(block => block.textContent),
    ).toEqual(['e', 'f'])
  })

  test('the caption is that of the table, or of the figure around it', () => {
    const captions = [
      '<table><caption align=bottom><h3>A <b>c</b></h3></caption><tr><td>x</table>',
      '<figure class=wp-block-table><table><tr><td>x</table><figcaption>A <b>c</b></figcaption></figure>',
      '<figure><figcaption>A <b>c</b></figcaption><div><table><tr><td>x</table></div></figure>',
    ]
    for (const html of captions) expect(shown(onlyTable(parseHtml(html)))).toEqual(['table_block null “A c”', 'x'])
    const alone = parseHtml('<table><caption>left</caption></table><table></table>')
    expect(blocksOf(alone).map(block => `${block.type.name} ${block.textContent}`)).toEqual(['paragraph left'])
  })

  test('the alignment of a cell is that of its paragraphs', () => {
    const doc = parseHtml(
      '<table><tr><td align=right><p>a<p style="text-align:left">b<h2>c</h2><figure><img src=x></figure><td style="text-align: center">',
    )
    expect(shown(onlyTable(doc))).toEqual(['table_block null', 'a/end ¶ b ¶ heading:c/end ¶ image: | /center'])
  })

  test('lists and quotes around and inside of a table are their own', () => {
    const doc = parseHtml('<ol><li>a<table><tr><td>b<ul><li>c</ul>d<blockquote>e</blockquote></table>f<li>g</ol>')
    expect(blocksOf(doc).map(({ type, attrs }) => `${attrs.indent} ${type.name}`)).toEqual([
      '0 ordered',
      '1 table_block',
      '1 paragraph',
      '0 ordered',
    ])
    expect(shown(blocksOf(doc)[1]!)).toEqual(['table_block null', 'b ¶ bullet:c ¶ d ¶ quote:e'])
  })

  test('an unknown kind by the name of a table is a paragraph', () => {
    const doc = parseHtml(
      '<div data-kind="opaque" data-unknown-kind="table">text</div><figure data-kind="table"></figure>',
    )
    expect(blocksOf(doc).map(block => `${block.type.name} ${block.textContent}`)).toEqual(['paragraph text'])
    const unknown = nodes.doc.create(null, nodes.section.create(null, nodes.opaque.create({ kind: 'table' })))
    expect(normalize(unknown).firstChild!.firstChild!.type).toBe(nodes.paragraph)
  })
})

describe('what is more than a body can hold', () => {
  test('columns beyond the 200th stand in the last one', () => {
    const cells = Array.from({ length: 203 }, (_, index) => `<td>${index}`).join('')
    const block = onlyTable(parseHtml(`<table><tr>${cells}<tr><td colspan=300>x<td>y</table>`))
    const rows = block.firstChild!.children
    expect(rows[0]!.childCount).toBe(200)
    expect(shownCell(rows[0]!.lastChild!)).toBe('199 ¶ 200 ¶ 201 ¶ 202')
    expect(shownCell(rows[1]!.lastChild!)).toBe('200×1 x ¶ y')
  })

  test('rows beyond the 20,000th cell stand in a further table', () => {
    const row = `<tr>${'<td>x'.repeat(100)}`
    const doc = parseHtml(
      `<table><caption>c</caption><thead><tr>${'<th>h'.repeat(100)}<tbody>${row.repeat(250)}</table>`,
    )
    const tables = blocksOf(doc)
    expect(
      tables.map(({ attrs, firstChild, childCount }) => [attrs.header, firstChild!.childCount, childCount]),
    ).toEqual([
      ['row', 200, 1],
      [null, 51, 2],
    ])
    expect(parseHtml(serializeHtml(doc)).eq(doc)).toBe(true)
    expect(normalize(doc).eq(doc)).toBe(true)
  })

  test('rows that are hardly filled are cut rather than filled', () => {
    const doc = parseHtml(`<table>${`<tr>${'<td>x'.repeat(200)}${'<tr><td>y'.repeat(99)}`.repeat(50)}</table>`)
    let cells = 0
    doc.descendants(node => {
      if (node.type === nodes.table_cell) cells++
    })
    expect(doc.textContent.length).toBe(50 * 299)
    expect(cells).toBeLessThan(10 * 50 * 299)
  })

  test('further merged cells than 1,000 are plain', () => {
    const block = onlyTable(parseHtml(`<table>${'<tr><td colspan=2>x'.repeat(1_001)}</table>`))
    const spans = block.firstChild!.children.map(row => row.childCount)
    expect(spans.filter(count => count === 1)).toHaveLength(1_000)
    expect(spans.at(-1)).toBe(2)
  })
})

describe('ProseMirror JSON', () => {
  const cell = (text: string, attrs = {}) => ({
    type: 'table_cell',
    attrs,
    content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
  })
  const table = (...rows: unknown[]) => ({
    type: 'doc',
    content: [{ type: 'table_block', attrs: { header: 'row' }, content: [{ type: 'table', content: rows }] }],
  })
  const row = (...cells: unknown[]) => ({ type: 'table_row', content: cells })

  test('is read with scopes and missing cells made good', () => {
    const doc = parseJson(table(row(cell('a'), cell('b')), row({ type: 'table_cell' })))
    expect(shown(onlyTable(doc))).toEqual(['table_block row', 'col a | col b', ' | '])
  })

  test('what is read, changed and written again goes into the rows and columns that it came from', () => {
    const ydoc = bodyOf(onlyTable(parseMarkdown('| a | b |\n|---|---|\n| c | d |\n| e | f |\n')))
    const before = readBody(ydoc).firstChild!.firstChild!
    const json = JSON.parse(JSON.stringify(serializeJson(readBody(ydoc))))
    expect(parseJson(json).eq(nodes.doc.create(null, nodes.section.create(null, before)))).toBe(true)
    // A row is copied with all its ids, another one goes, and a column comes with an id from elsewhere.
    const rows = json.content[0].content[0].content
    rows.splice(2, 0, structuredClone(rows[1]))
    rows[2].content[0].content[0].content[0].text = 'copied'
    rows.pop()
    for (const one of rows) one.content.push(cell('new', { column: 'foreign' }))
    writeBody(ydoc, parseJson(json))
    const after = readBody(ydoc).firstChild!.firstChild!
    expect(shown(after)).toEqual(['table_block row', 'col a | col b | col new', 'c | d | new', 'copied | d | new'])
    expect(after.attrs).toEqual(before.attrs)
    for (const index of [0, 1]) {
      const [old, now] = [before, after].map(block => block.firstChild!.child(index))
      expect(now!.attrs).toEqual(old!.attrs)
      for (const column of [0, 1]) expect(now!.child(column).eq(old!.child(column))).toBe(true)
      expect(now!.child(2).attrs.column).toMatch(/^(?!foreign$)\w+$/)
    }
  })

  test.each<[string, unknown, string]>([
    ['a table without its block', { type: 'doc', content: [{ type: 'table' }] }, 'content[0].type'],
    [
      'an unknown kind by the name of a table',
      { type: 'doc', content: [{ type: 'opaque', attrs: { kind: 'table' } }] },
      'content[0].attrs.kind',
    ],
    ['a table block without a table', { type: 'doc', content: [{ type: 'table_block' }] }, 'content[0].content'],
    ['a table without a cell', table(row()), 'content[0].content[0]'],
    ['a row that is none', table(cell('a')), 'content[0].content[0].content[0].type'],
    ['a cell that is none', table(row({ type: 'paragraph' })), 'content[0].content[0].content[0].content[0].type'],
    [
      'text in a cell without a block',
      table(row({ type: 'table_cell', content: [{ type: 'text', text: 'a' }] })),
      'content[0].content[0].content[0].content[0].content[0].type',
    ],
    [
      'a table in a table',
      table(row({ type: 'table_cell', content: [{ type: 'table_block' }] })),
      'content[0].content[0].content[0].content[0].content[0].type',
    ],
    [
      'a span that is none',
      table(row(cell('a', { colspan: 0 }))),
      'content[0].content[0].content[0].content[0].attrs.colspan',
    ],
    [
      'a width that is none',
      table(row(cell('a', { colwidth: ['5'] }))),
      'content[0].content[0].content[0].content[0].attrs.colwidth[0]',
    ],
    [
      'a scope that is none',
      table(row(cell('a', { scope: 'all' }))),
      'content[0].content[0].content[0].content[0].attrs.scope',
    ],
    [
      'a column id that is none',
      table(row(cell('a', { column: 'a:b' }))),
      'content[0].content[0].content[0].content[0].attrs.column',
    ],
    ['too many columns', table(row(...Array.from({ length: 201 }, () => cell('a')))), 'content[0].content[0]'],
    [
      'too many cells',
      table(...Array.from({ length: 101 }, () => row(...Array.from({ length: 200 }, () => cell('a'))))),
      'content[0].content[0]',
    ],
    [
      'a header that is none',
      { type: 'doc', content: [{ type: 'table_block', attrs: { header: 'top' }, content: [] }] },
      'content[0].attrs.header',
    ],
  ])('%s is refused, and the place named', (_title, json, path) => {
    let refusal: unknown = null
    try {
      parseJson(json)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(FormatError)
    expect((refusal as FormatError).path).toBe(path)
  })
})

test('as plain text a table is a line for each row, and its caption', () => {
  const html =
    '<p>before</p><table><caption>c</caption><tr><td>a<td>b<br>c<tr><td><p>d<p>e<td>x\u0009y</table><p>after</p>'
  const doc = parseHtml(html)
  expect(serializeText(doc)).toBe('before\na\tb c\nd e\tx y\nc\nafter\n')
  expect(`${plainText(bodyOf(...blocksOf(doc)))}\n`).toBe(serializeText(doc))
})

describe('a body that tables are written into', () => {
  const empty = () => parseMarkdown('| |\n|---|\n').firstChild!.firstChild!
  const line = (type: string, text: string) => nodes[type as 'quote']!.create(null, schema.text(text))
  const captioned = () => empty().copy(empty().content.addToEnd(nodes.table_caption.create(null, schema.text('one'))))

  test.each<[string, Node, Node[]]>([
    ['a table gives way to a block with the text of its caption', line('quote', 'one'), [captioned()]],
    ['a table takes the text of a block behind another table', captioned(), [empty(), line('divider', 'one')]],
    ['a block takes the text of one behind a table', line('quote', 'one'), [empty(), line('heading', 'one')]],
    ['an unknown kind becomes another one', nodes.opaque.create({ kind: 'b' }), [nodes.opaque.create({ kind: 'a' })]],
    ['an empty cell is aligned', onlyTable(parseMarkdown('| |\n|:-:|\n')), [line('quote', 'other')]],
  ])('%s', (_title, wanted, before) => {
    const ydoc = bodyOf(...before)
    const doc = nodes.doc.create(null, nodes.section.create(null, wanted))
    writeBody(ydoc, doc)
    expect(normalize(readBody(ydoc)).toJSON()).toEqual(normalize(doc).toJSON())
  })
})
