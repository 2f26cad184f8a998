// Any tree imports: no character is lost or displaced, and the update says what the tree said.

import { blocksOf, readBody, readTitle } from '@sheaf/model'
import { normalize } from '@sheaf/model/formats'
import { importedUpdate, importTree } from '@sheaf/model/importing'
import fc from 'fast-check'
import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { caseCount } from '../../helpers/cases.ts'
import { type Json, prosemirrorDocument, tiptapDocument } from './sources.ts'

const numRuns = caseCount({ short: 200, long: 5_000 })

// What is typed uses other characters than attributes do: an attribute may show as text, a typed character must.
const letters = [...'abcdefg äß漢字😀 ']
const typed = fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 6 }).map(list => list.join(''))

const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    2,
    7,
    -1,
    123456789012,
    '',
    '2',
    'TRUE',
    'HTTPS://X.YZ',
    'JAVASCRIPT:X()',
    '\ud800',
  ),
  fc.constantFrom<unknown>(
    [],
    {},
    [1],
    { href: 1 },
    { href: 'JAVASCRIPT:X' },
    { href: '/X', title: [] },
    { color: '#F00' },
  ),
)
const attributeNames =
  'level start order checked open language params src href alt title width align textAlign id label type latex text name __proto__ constructor toString'
const attributes = fc.dictionary(fc.constantFrom(...attributeNames.split(' ')), value, { maxKeys: 4 })
const nodeNames = fc.constantFrom(
  ...'paragraph paragraph heading bulletList orderedList listItem taskList taskItem blockquote codeBlock horizontalRule image details detailsSummary detailsContent callout table tableRow tableCell tableHeader youtube blockMath hardBreak mention inlineMath emoji'.split(
    ' ',
  ),
  ...'bullet_list ordered_list list_item code_block math_inline poll chip doc __proto__ constructor UNDEFINED'.split(
    ' ',
  ),
  '',
)
const markNames = fc.constantFrom(
  ...'bold strong italic em underline strike code link highlight textStyle comment ychange __proto__ toString'.split(
    ' ',
  ),
  'comment--aB3+/=xy',
  'link--aaaaaaaa',
  '--aaaaaaaa',
)
const run = fc.record({ text: typed, marks: fc.dictionary(markNames, value, { maxKeys: 3 }) })

type Tree =
  | { kind: 'element'; name: string; attributes: Record<string, unknown>; children: Tree[] }
  | { kind: 'line'; runs: { text: string; marks: Record<string, unknown> }[] }
  | { kind: 'fragment'; children: Tree[] }
  | { kind: 'map' }
  | { kind: 'embed' }

const { tree } = fc.letrec<{ tree: Tree; children: Tree[] }>(tie => ({
  children: fc.array(tie('tree'), { maxLength: 5 }),
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    {
      arbitrary: fc.record({ kind: fc.constant('line'), runs: fc.array(run, { maxLength: 4 }) }) as fc.Arbitrary<Tree>,
      weight: 4,
    },
    {
      arbitrary: fc.record({
        kind: fc.constant('element'),
        name: nodeNames,
        attributes,
        children: tie('children'),
      }) as fc.Arbitrary<Tree>,
      weight: 12,
    },
    {
      arbitrary: fc.record({ kind: fc.constant('fragment'), children: tie('children') }) as fc.Arbitrary<Tree>,
      weight: 1,
    },
    { arbitrary: fc.constantFrom<Tree>({ kind: 'map' }, { kind: 'embed' }), weight: 1 },
  ),
}))
const trees = fc.array(tree, { maxLength: 6 })

test('no character is lost or changes its place, and the document is valid', () => {
  fc.assert(
    fc.property(trees, children => {
      const source = yjsDocument(children)
      const { doc, title } = importTree(source, { title: 'Given' })
      doc.check()
      expect(title).toBe('Given')
      expect(typedIn(textIn(doc))).toBe(typedText(children))
      expect(normalize(doc).toJSON()).toEqual(doc.toJSON())
    }),
    { numRuns },
  )
})

test('a heading that became the title is not lost either', () => {
  fc.assert(
    fc.property(trees, children => {
      const { doc, title } = importTree(yjsDocument(children))
      const body = typedIn(textIn(doc))
      expect([body, typedIn(title) + body]).toContain(typedText(children))
    }),
    { numRuns },
  )
})

test('the update reads as what was imported', () => {
  fc.assert(
    fc.property(trees, children => {
      const source = yjsDocument(children)
      const { doc, title } = importTree(source)
      const ydoc = new Y.Doc()
      Y.applyUpdate(ydoc, importedUpdate(source))
      const body = readBody(ydoc)
      expect(normalize(body).toJSON()).toEqual(doc.toJSON())
      expect(blocksOf(body).every(block => block.attrs.id !== null)).toBe(true)
      expect(readTitle(ydoc)).toBe(title)
    }),
    { numRuns },
  )
})

const jsonLine = fc.array(
  fc.record({
    type: fc.constant('text'),
    text: typed,
    marks: fc.constantFrom([], [{ type: 'bold' }], [{ type: 'italic' }, { type: 'bold' }]),
  }),
  { maxLength: 3 },
)
const { json } = fc.letrec<{ json: Json }>(tie => ({
  json: fc.oneof(
    { depthSize: 'medium' },
    fc.record({ type: fc.constantFrom('paragraph', 'heading', 'codeBlock'), content: jsonLine }) as fc.Arbitrary<Json>,
    fc.record({
      type: fc.constantFrom(
        'bulletList',
        'listItem',
        'orderedList',
        'taskItem',
        'blockquote',
        'callout',
        'table',
        'tableRow',
        'tableCell',
        'poll',
      ),
      content: fc.array(tie('json'), { maxLength: 4 }),
    }),
  ),
}))

test('what both bindings write of one document imports as one', () => {
  fc.assert(
    fc.property(fc.array(json, { maxLength: 5 }), content => {
      const ours = importTree(tiptapDocument(...content), { title: '' })
      const theirs = importTree(prosemirrorDocument(content, 'tiptap'), { title: '' })
      expect(theirs.doc.toJSON()).toEqual(ours.doc.toJSON())
      expect(theirs.lost).toEqual(ours.lost)
      expect(typedIn(textIn(ours.doc))).toBe(content.map(jsonText).join(''))
    }),
    { numRuns },
  )
})

function yjsDocument(children: readonly Tree[]): Y.Doc {
  const ydoc = new Y.Doc()
  fill(ydoc.getXmlFragment('prosemirror'), children)
  const received = new Y.Doc()
  Y.applyUpdate(received, Y.encodeStateAsUpdate(ydoc))
  return received
}

function fill(parent: Y.XmlFragment, children: readonly Tree[]): void {
  for (const child of children) {
    const type = typeOf(child)
    parent.push([type as Y.XmlElement])
    if (child.kind === 'line') for (const { text, marks } of child.runs) append(type as Y.XmlText, text, marks)
    if (child.kind === 'embed') (type as Y.XmlText).insertEmbed(0, { kind: 'mystery' })
    if (child.kind === 'element') {
      for (const [name, value] of Object.entries(child.attributes))
        (type as Y.XmlElement).setAttribute(name, value as string)
    }
    if (child.kind === 'element' || child.kind === 'fragment') fill(type as Y.XmlFragment, child.children)
  }
}

function append(line: Y.XmlText, text: string, marks: Record<string, unknown>): void {
  line.insert(line.length, text, marks)
}

function typeOf(tree: Tree): Y.XmlElement | Y.XmlText | Y.XmlFragment | Y.XmlHook {
  if (tree.kind === 'element') return new Y.XmlElement(tree.name)
  if (tree.kind === 'fragment') return new Y.XmlFragment()
  return tree.kind === 'map' ? new Y.XmlHook('widget') : new Y.XmlText()
}

function typedText(trees: readonly Tree[]): string {
  return trees
    .map(tree => {
      if (tree.kind === 'line') return tree.runs.map(({ text }) => text).join('')
      return tree.kind === 'element' || tree.kind === 'fragment' ? typedText(tree.children) : ''
    })
    .join('')
}

function jsonText(json: Json): string {
  return json.text ?? (json.content ?? []).map(jsonText).join('')
}

function textIn(doc: Node): string {
  return blocksOf(doc)
    .map(block => block.textContent)
    .join('')
}

function typedIn(text: string): string {
  return [...text].filter(letter => letters.includes(letter)).join('')
}
