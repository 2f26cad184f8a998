// The layout itself, item by item: what others rely on when they read or write a body without this package.

import { blocksOf, cutSections, openBody, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { diffTokens, longestIncreasing } from '../../packages/model/src/diff.ts'
import { settle } from '../../packages/model/src/ids.ts'

function open(text = ''): Y.Doc {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate({ text }))
  return ydoc
}

/** The items of the body: markers as their registers, text as text, formats as `key=value`, everything deleted as its length. */
function items(ydoc: Y.Doc): unknown[] {
  const found: unknown[] = []
  for (let item = ydoc.getText('body')._start; item !== null; item = item.right) {
    const { content } = item
    if (item.deleted) found.push(-item.length)
    else if (content instanceof Y.ContentType) found.push((content.type as Y.Map<unknown>).toJSON())
    else if (content instanceof Y.ContentString) found.push(content.str)
    else if (content instanceof Y.ContentFormat)
      found.push(`${content.key.split('~')[0]}=${JSON.stringify(content.value)}`)
    else if (content instanceof Y.ContentEmbed) found.push(content.embed)
  }
  return found
}

function rewrite(ydoc: Y.Doc, change: (blocks: Node[]) => Node[]): void {
  writeBody(ydoc, cutSections(change(blocksOf(readBody(ydoc)))))
}

const { nodes, marks } = schema

describe('what is written', () => {
  test('B1, B2, B3: marker with registers, text, end anchor', () => {
    const ydoc = open('one\ntwo')
    rewrite(ydoc, ([one, two]) => [
      nodes.heading.create({ id: one!.attrs.id, level: 2 }, one!.content),
      nodes.task.create({ id: two!.attrs.id, checked: true, indent: 1 }, two!.content),
    ])
    expect(items(ydoc)).toEqual([{ kind: 'h2' }, 'one', -1, { kind: 'task', checked: true, indent: 1 }, 'two', -1])
  })

  test('B4, B5: spans and atoms', () => {
    const ydoc = open('abc')
    rewrite(ydoc, ([one]) => [
      nodes.paragraph.create({ id: one!.attrs.id }, [
        schema.text('a'),
        schema.text('b', [marks.link.create({ href: 'https://example.org' })]),
        schema.text('c'),
        nodes.inline_math.create({ tex: 'x' }),
        nodes.hard_break.create(),
      ]),
    ])
    expect(items(ydoc)).toEqual([
      {},
      'a',
      'link={"href":"https://example.org"}',
      'b',
      'link=null',
      'c',
      { kind: 'math', tex: 'x' },
      '\n',
      -1,
    ])
  })

  test('B4: unmarking a part of a span adds one that says not marked; unmarking the rest deletes both ends', () => {
    const ydoc = open('abcd')
    const strong = marks.strong.create()
    const show = (...content: Node[]) =>
      rewrite(ydoc, ([one]) => [nodes.paragraph.create({ id: one!.attrs.id }, content)])
    show(schema.text('abcd', [strong]))
    show(schema.text('a', [strong]), schema.text('bc'), schema.text('d', [strong]))
    expect(items(ydoc)).toEqual([{}, 'strong=true', 'a', 'strong=false', 'bc', 'strong=null', 'd', 'strong=null', -1])
    show(schema.text('abcd'))
    expect(items(ydoc).filter(item => typeof item === 'string')).toEqual(['a', 'bc', 'd'])
  })

  test('B6: of two blocks that are removed the first becomes a ghost; a join deletes it', () => {
    const ydoc = open('one\ntwo\nthree\nfour')
    rewrite(ydoc, ([one, , , four]) => [one!, four!])
    const markers = () => items(ydoc).filter(item => typeof item === 'object')
    expect(markers()).toEqual([{}, { gone: true }, {}])
    rewrite(ydoc, ([one, four]) => [
      nodes.paragraph.create({ id: one!.attrs.id }, schema.text(`one${four!.textContent}`)),
    ])
    expect(markers()).toEqual([{}])
    expect(readBody(ydoc).textContent).toBe('onefour')
  })

  test('B12: bringing formatting in from somebody else writes nothing', () => {
    const one = open('hello')
    const two = new Y.Doc()
    openBody(two)
    Y.applyUpdate(two, Y.encodeStateAsUpdate(one))
    let updates = 0
    two.on('update', (_update: Uint8Array, origin: unknown) => {
      if (origin !== 'network') updates++
    })
    for (const mark of [[marks.strong.create()], [], [marks.strong.create()], []]) {
      rewrite(one, ([block]) => [nodes.paragraph.create({ id: block!.attrs.id }, schema.text('hello', mark))])
      Y.applyUpdate(two, Y.encodeStateAsUpdate(one), 'network')
    }
    expect(updates).toBe(0)
  })

  test('B9: text in front of the first marker gets one when something is put before it', () => {
    const ydoc = new Y.Doc()
    openBody(ydoc).insert(0, 'old')
    rewrite(ydoc, ([old]) => [nodes.heading.create(null, schema.text('new')), old!])
    expect(items(ydoc)).toEqual([{ kind: 'h1' }, 'new', -1, {}, 'old', -1])
  })

  test('B11: unknown kinds, marks and atoms stay when text around them changes', () => {
    const ydoc = open()
    const body = ydoc.getText('body')
    const marker = new Y.Map<unknown>()
    marker.set('kind', 'hologram')
    marker.set('depth', 3)
    body.insertEmbed(1, marker)
    body.insert(2, 'text')
    body.insertEmbed(3, { kind: 'sound', src: 'x' })
    body.format(4, 2, { 'glow~1~ab': { strength: 2 } })
    const block = blocksOf(readBody(ydoc))[1]!
    expect(block.type).toBe(nodes.opaque)
    expect(block.child(1).type).toBe(nodes.opaque_atom)
    expect(block.child(2).marks[0]!.attrs.name).toBe('glow')
    const before = items(ydoc).length
    rewrite(ydoc, ([one, two]) => [one!, two!.replace(0, 0, schema.node('paragraph', null, schema.text('!')).slice(0))])
    expect(items(ydoc).length).toBe(before + 1)
    expect(ydoc.getText('body').toDelta()).toContainEqual({ insert: { kind: 'sound', src: 'x' } })
  })

  test('B16: replacement text stands before what it replaces', () => {
    const ydoc = open('keep old keep')
    rewrite(ydoc, ([one]) => [nodes.paragraph.create({ id: one!.attrs.id }, schema.text('keep new keep'))])
    expect(items(ydoc)).toEqual([{}, 'keep ', 'new', -3, ' keep', -1])
  })
})

test('B8: claims on an id are resolved in document order, the same whatever the order of arrival', () => {
  const marker = (own: string, was: string | null = null, gone = false, shown = true) => ({ own, was, gone, shown })
  const ids = (...claimants: ReturnType<typeof marker>[]) =>
    [...settle(claimants)].map(([one, id]) => [one.own, id]).sort()
  expect(ids(marker('a.1'), marker('b.1', 'a.1'))).toEqual([
    ['a.1', 'a.1~'],
    ['b.1', 'a.1'],
  ])
  expect(ids(marker('b.1', 'a.1'), marker('c.1', 'a.1'))).toEqual([
    ['b.1', 'a.1'],
    ['c.1', 'c.1'],
  ])
  expect(ids(marker('a.1', null, true), marker('b.1', 'a.1'))).toEqual([
    ['a.1', 'a.1~'],
    ['b.1', 'a.1'],
  ])
  expect(ids(marker('a.1', null, true, false), marker('b.1', 'a.1'))).toEqual([
    ['a.1', null],
    ['b.1', 'a.1'],
  ])
})

describe('what changed', () => {
  const tokens = (text: string): number[] => [...text].map(character => character.codePointAt(0)!)
  const show = (before: string, after: string, prefixLimit?: number): string[] => {
    const old = tokens(before)
    let at = 0
    return diffTokens(old, tokens(after), prefixLimit === undefined ? {} : { prefixLimit }).map(hunk => {
      at += hunk.keep
      const removed = String.fromCodePoint(...old.slice(at, at + hunk.remove))
      const shown = `${at}: -${removed} +${[...after].slice(hunk.from, hunk.to).join('')}`
      at += hunk.remove
      return shown
    })
  }

  test('B15: words in the middle, characters inside a word, and the place where the user began', () => {
    expect(show('the quick brown fox', 'the slow brown dog')).toEqual(['4: -quick +slow', '16: -fox +dog'])
    expect(show('a colour here', 'a color here')).toEqual(['6: -u +'])
    expect(show('helo', 'hello')).toEqual(['3: - +l'])
    expect(show('helo', 'hello', 2)).toEqual(['2: - +l'])
    expect(show('same', 'same')).toEqual([])
  })

  test('B14: the longest increasing run stays, the rest moves', () => {
    expect(longestIncreasing([3, 0, 1, 2]).map(index => [3, 0, 1, 2][index])).toEqual([0, 1, 2])
    expect(longestIncreasing([])).toEqual([])
  })
})
