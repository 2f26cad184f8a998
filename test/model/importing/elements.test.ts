// What each element of a y-prosemirror or Tiptap document becomes.

import { blocksOf, readBody } from '@sheaf/model'
import { normalize } from '@sheaf/model/formats'
import { importedUpdate, importTree } from '@sheaf/model/importing'
import type { Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { node, outline, outlineOf, p, prosemirrorDocument, text, tiptapDocument, withAttrs } from './sources.ts'

const item = (...content: Parameters<typeof node>[1][]) => node('listItem', ...content)

describe('blocks', () => {
  test('headings of six levels become four', () => {
    const headings = [2, 1, 3, 4, 5, 6].map(level => withAttrs({ level }, node('heading', `h${level}`)))
    expect(outline(importTree(tiptapDocument(...headings)).doc)).toEqual([
      'heading(level=2): h2',
      'heading: h1',
      'heading(level=3): h3',
      'heading(level=4): h4',
      'heading(level=4): h5',
      'heading(level=4): h6',
    ])
  })

  test('alignment stays where the layout has it', () => {
    const aligned = ['left', 'center', 'right', 'justify'].map(textAlign => withAttrs({ textAlign }, p(textAlign)))
    expect(outline(importTree(tiptapDocument(...aligned)).doc)).toEqual([
      'paragraph: left',
      'paragraph(align=center): center',
      'paragraph(align=end): right',
      'paragraph(align=justify): justify',
    ])
  })

  test('nested lists become indents', () => {
    const source = tiptapDocument(
      node(
        'bulletList',
        item(p('a'), node('bulletList', item(p('b'), p('more of b'), node('orderedList', item(p('c')), item(p('d')))))),
        item(p('e')),
      ),
      withAttrs({ start: 5 }, node('orderedList', item(p('five')), item(p('six')))),
      node('taskList', node('taskItem', p('open')), withAttrs({ checked: true }, node('taskItem', p('done')))),
    )
    const { doc, lost } = importTree(source)
    expect(outline(doc)).toEqual([
      'bullet: a',
      '  bullet: b',
      '    paragraph: more of b',
      '    ordered: c',
      '    ordered: d',
      'bullet: e',
      'ordered(start=5): five',
      'ordered: six',
      'task: open',
      'task(checked=true): done',
    ])
    expect(lost).toEqual([])
  })

  test('a list behind a list of its kind begins to count anew', () => {
    const source = tiptapDocument(node('orderedList', item(p('a'))), node('orderedList', item(p('b')), item(p('c'))))
    expect(outline(importTree(source).doc)).toEqual(['ordered: a', 'ordered(start=1): b', 'ordered: c'])
  })

  test('the names of prosemirror-schema-list and -basic are known too', () => {
    const source = prosemirrorDocument([
      node(
        'bullet_list',
        node('list_item', p('a'), withAttrs({ order: 3 }, node('ordered_list', node('list_item', p('b'))))),
      ),
      withAttrs({ params: 'ts x' }, node('code_block', 'let a\nlet b')),
      node('horizontal_rule'),
      p('one', node('hard_break'), 'two', withAttrs({ src: 'https://x.yz/i.png', alt: 'I' }, node('image'))),
    ])
    const { doc, lost } = importTree(source)
    expect(outline(doc)).toEqual([
      'bullet: a',
      '  ordered(start=3): b',
      'code_block(language=ts): let a\nlet b',
      'divider: ',
      'paragraph: one⏎two‹inline_image(src=https://x.yz/i.png alt=I)›',
    ])
    expect(lost).toEqual([])
  })

  test('each paragraph of a quote is a quote, and a quote inside of it is indented', () => {
    const source = tiptapDocument(
      node('blockquote', p('a'), p('b'), node('blockquote', p('c')), node('bulletList', item(p('d')))),
    )
    expect(outline(importTree(source).doc)).toEqual(['quote: a', 'quote: b', '  quote: c', '  bullet: d'])
  })

  test('code keeps its lines and its language', () => {
    const source = tiptapDocument(withAttrs({ language: 'js' }, node('codeBlock', 'a\n\n  b')))
    expect(outline(importTree(source).doc)).toEqual(['code_block(language=js): a\n\n  b'])
  })

  test('callouts, details, pictures, math and embeds have their kinds', () => {
    const source = tiptapDocument(
      withAttrs({ type: 'warning' }, node('callout', p('Mind the gap'), p('really'))),
      node('details', node('detailsSummary', 'More'), node('detailsContent', p('inside'))),
      withAttrs({ src: 'https://x.yz/a.png', alt: 'A', title: 'Caption', width: '300px' }, node('image')),
      withAttrs({ latex: 'x^2' }, node('blockMath')),
      withAttrs({ src: 'https://youtu.be/1' }, node('youtube')),
      node('horizontalRule'),
    )
    const { doc, lost } = importTree(source)
    expect(outline(doc)).toEqual([
      'callout(tone=careful): Mind the gap',
      '  paragraph: really',
      'toggle(open=false): More',
      '  paragraph: inside',
      'image(src=https://x.yz/a.png alt=A width=300): Caption',
      'math_block: x^2',
      'embed(src=https://youtu.be/1): ',
      'divider: ',
    ])
    expect(lost).toEqual([])
  })

  test('a table is a table: headers, merged cells, widths, and whatever blocks stand in its cells', () => {
    const cell = (...content: Parameters<typeof node>[1][]) => node('tableCell', ...content)
    const source = tiptapDocument(
      node(
        'table',
        node(
          'tableRow',
          withAttrs({ colwidth: [120] }, node('tableHeader', p(text('Name', 'bold')))),
          node('tableHeader', p('Age')),
          node('tableHeader', p('Notes')),
        ),
        node('tableRow', withAttrs({ rowspan: 2 }, cell(p('Ada'))), cell(p('36')), cell(p('first'), p('second'))),
        node(
          'tableRow',
          cell(node('bulletList', item(p('x'), node('bulletList', item(p('y')))))),
          cell(withAttrs({ src: '/i.png' }, node('image'))),
        ),
        node('tableRow', withAttrs({ colspan: 2 }, cell(node('blockquote', p('wide')))), cell()),
      ),
      p('behind'),
    )
    const { doc, lost } = importTree(source)
    expect(tableOutline(doc)).toEqual([
      'col [120] paragraph: [strong: Name] | col paragraph: Age | col paragraph: Notes',
      '1×2 [120] paragraph: Ada | paragraph: 36 | paragraph: first, paragraph: second',
      'bullet: x,   bullet: y | image(src=/i.png): ',
      '2×1 [120,0] quote: wide | paragraph: ',
    ])
    expect(doc.firstChild!.lastChild!.textContent).toBe('behind')
    expect(lost).toEqual([])
    expect(normalize(readUpdate(source)).toJSON()).toEqual(doc.toJSON())
  })

  test('the first row, the first column or both are the header', () => {
    const headerOf = (...rows: readonly string[]) => {
      const cellOf = (letter: string) => node(letter === 'h' ? 'tableHeader' : 'tableCell', p(letter))
      const table = node('table', ...rows.map(row => node('tableRow', ...[...row].map(cellOf))))
      return importTree(tiptapDocument(table)).doc.firstChild!.firstChild!.attrs.header
    }
    expect([headerOf('cc', 'cc'), headerOf('hh', 'cc'), headerOf('hc', 'hc'), headerOf('hh', 'hc')]).toEqual([
      null,
      'row',
      'column',
      'both',
    ])
    expect(headerOf('ch', 'hc')).toBe(null)
  })

  test('a table in a cell is blocks of that cell, and rows and cells without a table are as if they were not there', () => {
    const row = (...cells: readonly string[]) => node('tableRow', ...cells.map(value => node('tableCell', p(value))))
    const inner = node('table', row('b', 'c'), row('d'))
    const source = tiptapDocument(
      node('table', node('tableRow', node('tableCell', p('a'), inner, p('e')), node('tableCell', p('f')))),
    )
    const { doc, lost } = importTree(source)
    expect(tableOutline(doc)).toEqual([
      'paragraph: a, paragraph: b, paragraph: c, paragraph: d, paragraph: e | paragraph: f',
    ])
    expect(lost).toEqual(['node table in a table: 1'])
    const loose = new Y.Doc()
    loose.getXmlFragment('default').insert(0, [new Y.XmlElement('tableRow'), new Y.XmlElement('table')])
    ;(loose.getXmlFragment('default').get(0) as Y.XmlElement).insert(0, [new Y.XmlText('g')])
    ;(loose.getXmlFragment('default').get(1) as Y.XmlElement).insert(0, [new Y.XmlText('h')])
    expect(outline(importTree(loose).doc)).toEqual(['paragraph: g', 'table_block: ‹table›'])
    expect(tableOutline(importTree(loose).doc)).toEqual(['paragraph: h'])
  })

  test('an unknown block leaves its text, an unknown inline element stays in its line', () => {
    const source = tiptapDocument(
      p('before'),
      withAttrs({ question: 'q' }, node('poll', 'asked', p('answer'), node('chip', 'tail'))),
      p('a ', node('chip', 'b'), ' c'),
      node('poll'),
    )
    const { doc, lost } = importTree(source)
    expect(outline(doc)).toEqual([
      'paragraph: before',
      'paragraph: asked',
      'paragraph: answer',
      'paragraph: tail',
      'paragraph: a b c',
    ])
    expect(lost).toEqual(['node poll: 2', 'node chip: 2'])
  })
})

describe('lines', () => {
  test('marks of both vocabularies become ours', () => {
    const link = { type: 'link', attrs: { href: 'https://x.yz', title: 't' } }
    const tiptap = tiptapDocument(
      p(
        text('b', 'bold'),
        text('i', 'italic', 'bold'),
        text('u', 'underline'),
        text('s', 'strike'),
        text('c', 'code'),
        text('l', link),
        text('h', 'highlight'),
      ),
    )
    expect(outline(importTree(tiptap).doc)).toEqual([
      'paragraph: [strong: b][em+strong: i][underline: u][strike: s][code: c][link(href=https://x.yz title=t): l][highlight: h]',
    ])
    const basic = prosemirrorDocument([p(text('b', 'strong'), text('i', 'em'), text('c', 'code'), text('l', link))])
    expect(outline(importTree(basic).doc)).toEqual([
      'paragraph: [strong: b][em: i][code: c][link(href=https://x.yz title=t): l]',
    ])
  })

  test('marks without a place are counted, and so are those that overlap', () => {
    const comment = (id: string) => ({ type: 'comment', attrs: { id } })
    const style = { type: 'textStyle', attrs: { color: 'red' } }
    const content = [p(text('a', comment('1'), comment('2'), 'bold'), text('b', comment('2')), text('c', style))]
    for (const source of [tiptapDocument(...content), prosemirrorDocument(content, 'tiptap')]) {
      const { doc, lost } = importTree(source)
      expect(outline(doc)).toEqual(['paragraph: [strong: a]bc'])
      expect(lost).toEqual(['mark comment: 3', 'mark textStyle: 1'])
    }
  })

  test('a known mark with a hash behind its name is known', () => {
    const source = new Y.Doc()
    const line = new Y.XmlText()
    source.getXmlFragment('prosemirror').insert(0, [line])
    line.applyDelta([{ insert: 'a', attributes: { 'link--aZ0+/=9B': { href: '/x' }, bold: true, italic: false } }])
    expect(outline(importTree(source).doc)).toEqual(['paragraph: [link(href=/x)+strong: a]'])
  })

  test('mentions and math are atoms, breaks stay breaks', () => {
    const mention = (attrs: Record<string, unknown>) => withAttrs(attrs, node('mention'))
    const source = tiptapDocument(
      p(
        'Hi ',
        mention({ id: 'u1', label: 'Ada' }),
        mention({ id: 'Bob' }),
        node('hardBreak'),
        withAttrs({ latex: 'x' }, node('inlineMath')),
      ),
    )
    expect(outline(importTree(source).doc)).toEqual([
      'paragraph: Hi ‹mention(ref=u1 label=Ada)›‹mention(ref=Bob label=Bob)›⏎‹inline_math(tex=x)›',
    ])
  })
})

describe('the document', () => {
  const h1 = (...content: Parameters<typeof node>[1][]) => withAttrs({ level: 1 }, node('heading', ...content))

  test('a plain first heading is the title and not in the body again', () => {
    const { doc, title } = importTree(tiptapDocument(h1('The plan'), p('text')))
    expect(title).toBe('The plan')
    expect(outline(doc)).toEqual(['paragraph: text'])
    expect(outline(importTree(tiptapDocument(h1('Alone'))).doc)).toEqual(['paragraph: '])
  })

  test('a heading whose formatting a title cannot hold stays', () => {
    const { doc, title } = importTree(tiptapDocument(h1(text('The', 'bold'), ' plan')))
    expect(title).toBe('The plan')
    expect(outline(doc)).toEqual(['heading: [strong: The] plan'])
  })

  test('a given title leaves the heading alone', () => {
    const { doc, title } = importTree(tiptapDocument(h1('Plan')), { title: ' Other\nname ' })
    expect(title).toBe('Other name')
    expect(outline(doc)).toEqual(['heading: Plan'])
  })

  test('the tree is found under either name, another one on demand, and other roots are reported', () => {
    const source = tiptapDocument(p('there'))
    source.getXmlFragment('prosemirror')
    source.getMap('config').set('a', 1)
    source.getXmlFragment('notes').insert(0, [new Y.XmlText('here')])
    const received = new Y.Doc()
    Y.applyUpdate(received, Y.encodeStateAsUpdate(source))
    for (const ydoc of [source, received]) {
      const { doc, lost } = importTree(ydoc)
      expect(outline(doc)).toEqual(['paragraph: there'])
      expect([...lost].sort()).toEqual(['root config: 1', 'root notes: 1'])
      expect(outline(importTree(ydoc, { fragment: 'notes' }).doc)).toEqual(['paragraph: here'])
    }
  })

  test('no tree at all is an empty paragraph', () => {
    const source = new Y.Doc()
    source.getText('prosemirror').insert(0, 'not a tree')
    expect(outline(importTree(source).doc)).toEqual(['paragraph: '])
    expect(importTree(source).lost).toEqual(['root prosemirror: 1'])
    expect(outline(importTree(new Y.Doc()).doc)).toEqual(['paragraph: '])
  })

  test('nothing of the source but what it says is in the update, and the source stays as it is', () => {
    const source = tiptapDocument(h1('Title'), p('one'), p(text('two', 'bold')))
    const before = Y.encodeStateAsUpdate(source)
    const clients = [...Y.decodeStateVector(Y.encodeStateVectorFromUpdate(importedUpdate(source))).keys()]
    expect(clients).toHaveLength(1)
    expect(clients).not.toContain(source.clientID)
    expect(Y.encodeStateAsUpdate(source)).toEqual(before)
  })
})

/** Of the first table, a line for each row. */
function tableOutline(doc: Node): string[] {
  const table = blocksOf(doc).find(block => block.type.name === 'table_block')!.firstChild!
  return table.children.map(row =>
    row.children
      .map(({ attrs: { colspan, rowspan, colwidth, scope }, children }) => {
        const span = colspan > 1 || rowspan > 1 ? [`${colspan}×${rowspan}`] : []
        const widths = colwidth === null ? [] : [`[${colwidth}]`]
        return [...(scope === null ? [] : [scope]), ...span, ...widths, children.map(outlineOf).join(', ')].join(' ')
      })
      .join(' | '),
  )
}

function readUpdate(source: Y.Doc): Node {
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, importedUpdate(source))
  return readBody(ydoc)
}
