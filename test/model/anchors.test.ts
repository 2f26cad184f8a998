// Anchors of comments: where the words stand after everything that people do to them, step by step of the chain.

import {
  type Anchor,
  type AnchorPlace,
  anchorBetween,
  Blocks,
  Body,
  blocksOf,
  makeAnchor,
  maxQuoteLength,
  openBody,
  parseAnchor,
  placeAnchors,
  resolveAnchor,
  resolveAnchors,
  schema,
  seedUpdate,
} from '@sheaf/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import { addRow, deleteTable } from '../../packages/editor/src/tables-commands.ts'
import { deliverAll, Person, people } from '../helpers/editors.ts'
import { give, goInto, peopleAtTable } from '../helpers/table-people.ts'

/** What a comment on these characters of blocks would keep. */
function anchorAt(person: Person, block: number, from: number, to: number, lastBlock = block): Anchor {
  const blocks = index(person)
  const place = (at: number, offset: number) => ({ entry: blocks.entryAt(person.positionOf(at) + 1).entry, offset })
  const anchor = makeAnchor(blocks, { from: place(block, from), to: place(lastBlock, to) })
  // As it comes back from the server.
  return parseAnchor(JSON.parse(JSON.stringify(anchor)))
}

function index(person: Person): Blocks {
  return new Blocks(openBody(person.ydoc))
}

/** How an anchor is found, and the words that it stands on now; blocks are joined by `\n`. */
function found(person: Person, anchor: Anchor): readonly [AnchorPlace['by'], string] | null {
  const place = resolveAnchor(index(person), anchor)
  return place === null ? null : [place.by, words(place)]
}

function words({ blocks, from, to }: AnchorPlace): string {
  const start = blocks.positionOf(from.entry) + 1 + from.offset
  const end = blocks.positionOf(to.entry) + 1 + to.offset
  return blocks.doc.textBetween(start, end, '\n', leaf => leaf.type.spec.leafText?.(leaf) ?? '')
}

function replace(person: Person, block: number, from: number, to: number, text: string): void {
  const start = person.positionOf(block) + 1
  person.edit(tr => (text === '' ? tr.delete(start + from, start + to) : tr.insertText(text, start + from, start + to)))
}

function move(person: Person, block: number, before: number): void {
  const from = person.positionOf(block)
  const to = person.positionOf(before)
  const node = person.blocks[block]!
  person.edit(tr => {
    tr.delete(from, from + node.nodeSize)
    tr.insert(tr.mapping.map(to), node).setMeta(moveMeta, [node.attrs.id])
  })
}

/** The same document on another replica, which knows deleted characters by their ids only. */
function elsewhere(person: Person): Person {
  return new Person(9000, Y.encodeStateAsUpdate(person.ydoc))
}

describe('B25: an anchor', () => {
  test('B25: is the block, the first and the last character, the quote, and its offset', () => {
    const [ada] = people(1, 'The sea is deep.\nAnd cold.')
    const anchor = anchorAt(ada!, 0, 4, 7)
    expect(anchor).toEqual({
      block: ada!.blocks[0]!.attrs.id,
      first: expect.any(String),
      last: expect.any(String),
      quote: 'sea',
      offset: 4,
    })
    expect(found(ada!, anchor)).toEqual(['ids', 'sea'])
  })

  test('B25: begins and ends at a character, wherever the selection stood between blocks', () => {
    const [ada] = people(1, 'The sea\n\nis deep')
    const anchor = anchorAt(ada!, 0, 7, 2, 2)
    expect(anchor).toMatchObject({ block: ada!.blocks[2]!.attrs.id, quote: 'is', offset: 0 })
    expect(anchorAt(ada!, 0, 4, 0, 2)).toMatchObject({ quote: 'sea', offset: 4 })
  })

  test('B25: of a span over blocks quotes them with a line break between', () => {
    const [ada] = people(1, 'The sea\nis deep')
    const anchor = anchorAt(ada!, 0, 4, 2, 1)
    expect(anchor.quote).toBe('sea\nis')
    expect(found(ada!, anchor)).toEqual(['ids', 'sea\nis'])
  })

  test('B25: keeps at most 120 code units of the words and no half character', () => {
    const text = `${'x'.repeat(maxQuoteLength - 1)}😀 and more`
    const [ada] = people(1, text)
    const anchor = anchorAt(ada!, 0, 0, text.length)
    expect(anchor.quote).toBe('x'.repeat(maxQuoteLength - 1))
    expect(found(ada!, anchor)).toEqual(['ids', text])
  })

  test('B25: quotes an atom by what it says, and counts that in the offset', () => {
    const [ada] = people(1, 'Ask  about the sea')
    const mention = schema.nodes.mention.create({ label: 'Ines', ref: 'i' })
    ada!.edit(tr => tr.insert(ada!.positionOf(0) + 5, mention))
    expect(anchorAt(ada!, 0, 0, 5).quote).toBe('Ask @Ines')
    const anchor = anchorAt(ada!, 0, 12, 19)
    expect(anchor).toMatchObject({ quote: 'the sea', offset: 16 })
    // The quote is found where it is counted.
    expect(found(ada!, { ...anchor, first: null, last: null })).toEqual(['quote', 'the sea'])
  })

  test('B25: without a character in it is one of the block', () => {
    const [ada] = people(1, 'The sea\n\nis deep')
    const anchor = anchorAt(ada!, 1, 0, 0)
    expect(anchor).toEqual({ block: ada!.blocks[1]!.attrs.id, first: null, last: null, quote: '', offset: 0 })
    replace(ada!, 1, 0, 0, 'filled')
    expect(found(ada!, anchor)).toEqual(['block', 'filled'])
  })
})

describe('B26: the chain', () => {
  test('B26: while both ends live, ids tell, whatever is typed, split and joined around and inside', () => {
    const [ada, ben] = people(2, 'The sea is deep\nAnd cold')
    const anchor = anchorAt(ada!, 0, 4, 10)
    replace(ada!, 0, 0, 4, 'Our ')
    replace(ada!, 0, 7, 7, ' (north)')
    ada!.edit(tr => tr.split(ada!.positionOf(0) + 1 + 8))
    deliverAll([ada!, ben!])
    for (const person of [ada!, ben!, elsewhere(ada!)])
      expect(found(person, anchor)).toEqual(['ids', 'sea \n(north) is'])
  })

  test('B26: while one end lives, what is left at it', () => {
    const [ada] = people(1, 'The sea is deep')
    const anchor = anchorAt(ada!, 0, 4, 10)
    replace(ada!, 0, 7, 10, '')
    expect(found(ada!, anchor)).toEqual(['ids', 'sea'])
    replace(ada!, 0, 4, 6, '')
    // Now neither lives; something is left between where they were.
    expect(found(ada!, anchor)).toEqual(['between', 'a'])
  })

  test('B26: an end that somebody else deleted and brought back is found by the quote at the living end', () => {
    const [ada] = people(1, 'The sea is deep')
    const first = anchorAt(ada!, 0, 4, 10)
    replace(ada!, 0, 2, 6, '')
    ada!.binding.undo()
    expect(found(elsewhere(ada!), first)).toEqual(['ids', 'sea is'])
    replace(ada!, 0, 9, 12, '')
    ada!.binding.undo()
    expect(found(elsewhere(ada!), first)).toEqual(['quote', 'sea is'])
  })

  test('B26: a block that was moved is found by its quote, nearest to where it stood in the block', () => {
    const [ada] = people(1, 'sea and sea and sea\nsea\nlast')
    const anchor = anchorAt(ada!, 0, 8, 11)
    move(ada!, 0, 2)
    const place = resolveAnchor(index(ada!), anchor)!
    expect([place.by, words(place), place.from.offset]).toEqual(['quote', 'sea', 8])
    expect(place.from.entry.id).toBe(anchor.block)
  })

  test('B26: words over two blocks, one end of which was brought back by somebody else, are found together', () => {
    const [ada] = people(1, 'The sea\nis deep\nHere')
    const anchor = anchorAt(ada!, 0, 4, 2, 1)
    replace(ada!, 0, 3, 5, '')
    ada!.binding.undo()
    expect(found(elsewhere(ada!), anchor)).toEqual(['ids', 'sea\nis'])
  })

  test('B26: of two equal words in the block, the one where the characters were deleted', () => {
    const [ada] = people(1, 'sea and sea')
    const anchor = anchorAt(ada!, 0, 8, 11)
    replace(ada!, 0, 0, 0, 'Rivers and lakes, a ')
    ada!.binding.stopCapturing()
    replace(ada!, 0, 28, 31, '')
    ada!.binding.undo()
    const place = resolveAnchor(index(elsewhere(ada!)), anchor)!
    expect([place.by, place.from.offset]).toEqual(['quote', 28])
  })

  test('B26: where words were written anew between the ends, what stands there', () => {
    const [ada] = people(1, 'The sea is deep')
    const anchor = anchorAt(ada!, 0, 4, 10)
    replace(ada!, 0, 6, 6, 'lake w')
    replace(ada!, 0, 13, 16, '')
    replace(ada!, 0, 4, 6, '')
    expect(ada!.texts[0]).toBe('The lake wa deep')
    replace(ada!, 0, 10, 11, '')
    expect(found(ada!, anchor)).toEqual(['between', 'lake w'])
  })

  test('B26: what stands where a block was before it moved is nothing to it', () => {
    const [ada] = people(1, 'The sea is deep\nAnd cold\nlast')
    const anchor = anchorAt(ada!, 0, 4, 10)
    move(ada!, 0, 2)
    replace(ada!, 1, 4, 10, 'lake was')
    expect(found(ada!, anchor)).toEqual(['block', 'The lake was deep'])
  })

  test('B26: words that were cut and pasted elsewhere are found if they stand once and say enough', () => {
    const [ada] = people(1, 'The sea is deep\nHere: ')
    const anchor = anchorAt(ada!, 0, 4, 15)
    const short = anchorAt(ada!, 0, 4, 7)
    replace(ada!, 0, 4, 15, '')
    replace(ada!, 1, 6, 6, 'sea is deep')
    expect(found(ada!, anchor)).toEqual(['search', 'sea is deep'])
    expect(found(ada!, short)).toEqual(['block', 'The '])
    replace(ada!, 1, 0, 0, 'sea is deep ')
    expect(found(ada!, anchor)).toEqual(['block', 'The '])
  })

  test('B26: words over two blocks are found together', () => {
    const [ada] = people(1, 'The sea\nis deep\nHere')
    const anchor = anchorAt(ada!, 0, 4, 2, 1)
    const blank = { ...anchor, first: null, last: null }
    expect(found(ada!, blank)).toEqual(['quote', 'sea\nis'])
    move(ada!, 0, 2)
    expect(found(ada!, { ...blank, block: null })).toEqual(null)
  })

  test('B26: when the words are gone the block is left, and when that is gone it is an orphan', () => {
    const [ada] = people(1, 'The sea is deep\nAnd cold')
    const anchor = anchorAt(ada!, 0, 4, 10)
    replace(ada!, 0, 4, 10, '')
    expect(found(ada!, anchor)).toEqual(['block', 'The  deep'])
    const start = ada!.positionOf(0)
    ada!.edit(tr => tr.delete(start, start + ada!.blocks[0]!.nodeSize))
    expect(found(ada!, anchor)).toBeNull()
    expect(anchor.quote).toBe('sea is')
    ada!.binding.undo()
    ada!.binding.undo()
    expect(found(ada!, anchor)).toEqual(['ids', 'sea is'])
    expect(found(elsewhere(ada!), anchor)).toEqual(['quote', 'sea is'])
  })

  test('B26: anchors of several sequences are resolved together, and a quote counts in all of them', () => {
    const ydoc = new Y.Doc()
    Y.applyUpdate(ydoc, seedUpdate({ text: 'In the whole body' }))
    const body = new Blocks(openBody(ydoc))
    const other = new Person(77, Y.encodeStateAsUpdate(ydoc))
    const anchor = anchorAt(other, 0, 7, 17)
    const stranger = new Blocks(openBody(new Person(78, seedUpdate({ text: 'the whole body' })).ydoc))
    const lost: Anchor = { ...anchor, block: 'zz.1', first: 'zz.2', last: 'zz.3' }
    const places = resolveAnchors([body], [anchor, lost])
    expect(places.map(place => place && [place.by, words(place)])).toEqual([
      ['ids', 'whole body'],
      ['search', 'whole body'],
    ])
    expect(resolveAnchors([body, stranger], [lost])).toEqual([null])
  })
})

describe('B26: in a table', () => {
  const rows = [
    ['north', 'south'],
    ['', 'the sea is deep'],
  ]

  /** Position in front of a word, wherever it stands. */
  function positionOf(person: Person, word: string): number {
    let found = -1
    person.doc.descendants((node, position) => {
      if (node.isText && node.text!.includes(word)) found = position + node.text!.indexOf(word)
    })
    return found
  }

  function place(person: Person, anchor: Anchor): readonly [AnchorPlace['by'], string] | null {
    const [range] = placeAnchors(new Body(person.ydoc), [anchor])
    return range == null ? null : [range.by, person.doc.textBetween(range.from, range.to, '/')]
  }

  test('B26: an anchor holds on to the words of a cell, wherever its row and its table go', () => {
    const [ada, ben] = peopleAtTable(2, rows)
    const at = positionOf(ada!, 'sea is')
    const anchor = anchorBetween(new Body(ada!.ydoc), at, at + 6)!
    expect(anchor).toMatchObject({ quote: 'sea is', offset: 4 })
    expect(place(ada!, anchor)).toEqual(['ids', 'sea is'])
    goInto(ada!, 1, 1)
    give(ada!, addRow('above'))
    ada!.edit(tr => tr.insertText('Look: ', positionOf(ada!, 'the sea')))
    ada!.edit(tr => tr.insertText('top ', 2))
    deliverAll([ada!, ben!])
    for (const person of [ada!, ben!, elsewhere(ada!)]) expect(place(person, anchor)).toEqual(['ids', 'sea is'])
  })

  test('B26: of a deleted table nothing is left until it comes back', () => {
    const [ada] = peopleAtTable(1, rows)
    const at = positionOf(ada!, 'sea is')
    const anchor = anchorBetween(new Body(ada!.ydoc), at, at + 6)!
    goInto(ada!, 1, 1)
    give(ada!, deleteTable)
    expect(place(ada!, anchor)).toBeNull()
    ada!.binding.undo()
    expect(place(ada!, anchor)).toEqual(['ids', 'sea is'])
  })

  test('B25: what goes on beyond its cell ends with its block, and in a cell that was never written in there is none', () => {
    const [ada] = peopleAtTable(1, rows)
    goInto(ada!, 1, 0)
    const { from } = ada!.state.selection
    expect(anchorBetween(new Body(ada!.ydoc), from, from)).toBeNull()
    const at = positionOf(ada!, 'north')
    const body = new Body(ada!.ydoc)
    expect(anchorBetween(body, at + 2, positionOf(ada!, 'deep'))).toMatchObject({ quote: 'rth', offset: 2 })
    expect(anchorBetween(body, at + 2, positionOf(ada!, 'below') + 2)).toMatchObject({ quote: 'rth', offset: 2 })
  })
})

describe('B27: what comes from the wire', () => {
  const good: Anchor = { block: 'rs.0', first: 'rs.2', last: 'rs.5', quote: 'sea', offset: 4 }

  test('B27: an anchor parses to itself, without what does not belong to it', () => {
    expect(parseAnchor({ ...good, color: 3, __proto__: { quote: 'x' } })).toEqual(good)
    expect(parseAnchor({ ...good, quote: 'a\ud83d' }).quote).toBe('a\ufffd')
  })

  test.each([
    ['', null],
    ['', [good]],
    ['.block', { ...good, block: 5 }],
    ['.block', { ...good, block: 'rs' }],
    ['.first', { ...good, first: 'rs.0.1' }],
    ['.last', { ...good, last: 'zzzzzzzzzzz.zzzzzzzzzzz' }],
    ['', { ...good, last: null }],
    ['.quote', { ...good, quote: 'x'.repeat(maxQuoteLength + 1) }],
    ['.quote', Object.create(good)],
    ['.offset', { ...good, offset: -1 }],
    ['.offset', { ...good, offset: 1e300 }],
  ])('B27: what is no anchor is refused with the name of what is wrong: anchor%s', (path, value) => {
    expect(() => parseAnchor(value)).toThrow(TypeError)
    if (path !== '.quote' || Object.hasOwn(value as object, 'quote')) {
      expect(() => parseAnchor(value)).toThrow(`anchor${path} is not`)
    }
  })

  test('B27: whatever parses resolves to a place in the document or to nothing', () => {
    const [ada] = people(1, 'The sea is deep\n\nAnd cold\nAnd the sea')
    const text = ada!.positionOf(1)
    ada!.edit(tr => tr.insert(text + 1, schema.nodes.inline_math.create({ tex: 'x' })))
    ada!.ydoc.getText('body').insertEmbed(3, { kind: 'unknown' })
    ada!.ydoc.getText('body').insertEmbed(3, new Y.Map([['gone', true]]))
    replace(ada!, 0, 1, 2, '')
    const blocks = index(ada!)
    const clients = [...ada!.ydoc.store.clients.keys()].map(client => client.toString(36))
    const clock = fc.nat(80).map(value => value.toString(36))
    const id = fc.tuple(fc.constantFrom(...clients, 'zz'), clock).map(parts => parts.join('.'))
    const anything = fc.record({
      block: fc.option(fc.oneof(id, fc.constantFrom(...blocksOf(blocks.doc).map(block => block.attrs.id as string)))),
      first: id,
      last: id,
      quote: fc.oneof(fc.constantFrom('', 'sea', 'And ', '\n', 'd\nA', '$x$', 'e'), fc.string({ maxLength: 8 })),
      offset: fc.oneof(fc.nat(40), fc.nat()),
    })
    fc.assert(
      fc.property(anything, value => {
        const place = resolveAnchor(blocks, parseAnchor(value))
        if (place === null) return
        for (const { entry, offset } of [place.from, place.to]) {
          expect(entry.node).not.toBeNull()
          expect(offset).toBeGreaterThanOrEqual(0)
          expect(offset).toBeLessThanOrEqual(entry.node!.content.size)
        }
        if (place.by !== 'block') expect(words(place)).not.toBe('')
      }),
      { numRuns: 2_000 },
    )
  })

  test('B27: anything at all either parses or is refused with a TypeError', () => {
    fc.assert(
      fc.property(fc.anything(), value => {
        try {
          parseAnchor(value)
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError)
        }
      }),
    )
  })
})
