// Trees that nobody wrote in good faith: whatever stands in them, they import, in time and without the stack running over.

import { blocksOf, readBody, schema } from '@sheaf/model'
import { importedUpdate, importTree } from '@sheaf/model/importing'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { node, outline, p, text, tiptapDocument, withAttrs } from './sources.ts'

describe('depth', () => {
  test.each([
    'blockquote',
    'bulletList',
    'listItem',
    'table',
    'tableRow',
    'tableCell',
    'paragraph',
    'details',
    'poll',
    'chip',
  ])('20,000 elements %s inside of each other', name => {
    const source = new Y.Doc()
    source.transact(() => {
      let parent: Y.XmlFragment = source.getXmlFragment('prosemirror')
      for (let i = 0; i < 20_000; i++) {
        const inner = new Y.XmlElement(name)
        parent.insert(0, [inner])
        parent = inner
      }
      parent.insert(0, [new Y.XmlText('deep')])
    })
    const { doc } = importTree(source)
    expect(blocksOf(doc).at(-1)!.textContent).toBe('deep')
    expect(Math.max(...blocksOf(doc).map(block => block.attrs.indent))).toBeLessThanOrEqual(12)
  })

  test('a list in a list in a list, as deep as no indent shows, comes back from the update', () => {
    let list = node('bulletList', node('listItem', p('40')))
    for (let i = 39; i > 0; i--) list = node('bulletList', node('listItem', p(String(i)), list))
    const blocks = blocksOf(readUpdate(tiptapDocument(list)))
    expect(blocks.map(block => block.textContent)).toEqual(Array.from({ length: 40 }, (_, i) => String(i + 1)))
    expect(blocks.map(block => block.attrs.indent)).toEqual(Array.from({ length: 40 }, (_, i) => Math.min(i, 12)))
  })
})

describe('addresses', () => {
  test.each(['javascript:alert(1)', ' java\nscript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd'])(
    'nothing leads to %j',
    address => {
      const link = { type: 'link', attrs: { href: address, title: 't' } }
      const source = tiptapDocument(
        p(text('click', link)),
        withAttrs({ src: address, alt: 'A' }, node('image')),
        withAttrs({ src: address }, node('youtube')),
      )
      const { doc, lost } = importTree(source)
      expect(outline(doc)).toEqual(['paragraph: click', 'image(alt=A): '])
      expect(lost).toEqual(['mark link: 1', 'value source of image: 1', 'node youtube: 1'])
    },
  )

  test('what is longer than a body keeps is reported and costs no text', () => {
    const long = 'x'.repeat(5_000)
    const source = tiptapDocument(
      p(
        text('link', { type: 'link', attrs: { href: `/${long}` } }),
        text('titled', { type: 'link', attrs: { href: '/a', title: long } }),
      ),
      withAttrs({ src: `data:image/png;base64,${long}`, alt: 'A' }, node('image')),
      p(withAttrs({ id: 'u', label: long }, node('mention')), withAttrs({ latex: long }, node('inlineMath'))),
      withAttrs({ language: long }, node('codeBlock', 'code')),
    )
    const { doc, lost } = importTree(source)
    expect(outline(doc)).toEqual([
      'paragraph: link[link(href=/a): titled]',
      'image(alt=A): ',
      `paragraph: @${long}${long}`,
      'code_block: code',
    ])
    expect(lost).toEqual([
      'mark link: 1',
      'value title of link: 1',
      'value source of image: 1',
      'value language of code: 1',
    ])
    expect(outline(readUpdate(source))).toEqual(outline(doc))
  })
})

describe('strange content', () => {
  test('types that no binding writes are walked or reported', () => {
    const source = new Y.Doc()
    const tree = source.getXmlFragment('default')
    tree.insert(0, [new Y.XmlElement('paragraph'), new Y.XmlHook('widget') as unknown as Y.XmlElement])
    const line = new Y.XmlText()
    ;(tree.get(0) as Y.XmlElement).insert(0, [line])
    line.insert(0, 'ab')
    line.insertEmbed(1, { kind: 'mystery' })
    line.insertEmbed(2, new Y.XmlElement('hardBreak'))
    tree.insert(1, [new Y.Array() as unknown as Y.XmlElement])
    ;(tree.get(1) as unknown as Y.Array<unknown>).push(['loose', new Uint8Array(1), 7, new Y.Map()])
    const { doc, lost } = importTree(source)
    expect(outline(doc)).toEqual(['paragraph: a⏎b', 'paragraph: loose'])
    expect(lost).toEqual(['node object: 1', 'node bytes: 1', 'node number: 1', 'node map: 1', 'node hook widget: 1'])
  })

  test('control characters and halves of characters become what every format makes of them', () => {
    const source = tiptapDocument(p('a\u0000b\u0007c\td\r\ne'))
    expect(outline(importTree(source).doc)).toEqual(['paragraph: a\ufffdb\ufffdc\td⏎e'])
  })

  test('the names in the report are short, clean and not without number', () => {
    const source = new Y.Doc()
    const names = Array.from({ length: 300 }, (_, i) => `${i} \n${'😀'.repeat(100)}`)
    source.getXmlFragment('prosemirror').insert(
      0,
      names.map(name => new Y.XmlElement(name)),
    )
    const { lost } = importTree(source)
    expect(lost).toHaveLength(101)
    expect(lost.at(-1)).toBe('others: 200')
    expect(Math.max(...lost.map(line => line.length))).toBeLessThan(80)
    expect(lost.join('')).not.toMatch(/\n|\p{Surrogate}/u)
  })
})

test('a long document imports in a few seconds', { timeout: 30_000 }, () => {
  const paragraphs = Array.from({ length: 5_000 }, (_, i) => p(`${i} `, text('word', 'bold'), ' and more words'))
  const source = tiptapDocument(...paragraphs)
  const before = process.cpuUsage()
  const blocks = blocksOf(readUpdate(source))
  const { user, system } = process.cpuUsage(before)
  expect((user + system) / 1_000).toBeLessThan(10_000)
  expect(blocks).toHaveLength(5_000)
  expect(blocks.every(block => block.type === schema.nodes.paragraph)).toBe(true)
})

function readUpdate(source: Y.Doc) {
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, importedUpdate(source))
  return readBody(ydoc)
}
