// What each element of a y-prosemirror or Tiptap document becomes.

import { importedUpdate, importTree } from '@sheaf/model/importing'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { node, outline, p, prosemirrorDocument, text, tiptapDocument, withAttrs } from './sources.ts'

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

  test('a row of a table is a paragraph with tabs between its cells', () => {
    const cell = (...content: Parameters<typeof node>[1][]) => node('tableCell', ...content)
    const source = tiptapDocument(
      node(
        'table',
        node(
          'tableRow',
          node('tableHeader', p(text('Name', 'bold'))),
          node('tableHeader', p('Age')),
          node('tableHeader', p('Notes')),
        ),
        node('tableRow', cell(p()), cell(p('36')), cell(p('first'), p('second'))),
        node(
          'tableRow',
          cell(node('bulletList', item(p('x')), item(p('y')))),
          cell(withAttrs({ src: '/i.png' }, node('image'))),
        ),
        node(
          'tableRow',
          cell(p('in'), node('table', node('tableRow', cell(p('ner')), cell(p('most'))))),
          cell(p('out')),
        ),
      ),
      p('behind'),
    )
    const { doc, lost } = importTree(source)
    expect(outline(doc)).toEqual([
      'paragraph: [strong: Name]\tAge\tNotes',
      'paragraph: \t36\tfirst⏎second',
      'paragraph: x⏎y\t‹inline_image(src=/i.png)›',
      'paragraph: in⏎ner⏎most\tout',
      'paragraph: behind',
    ])
    expect(lost).toEqual(['node table: 2', 'node bullet in a table: 2'])
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
