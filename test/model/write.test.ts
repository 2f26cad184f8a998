// Writing is minimal and exact: what was written reads back, and what did not change is not touched.

import { blocksOf, cutSections, openBody, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { randomBlock, randomInline, shownBlocks } from '../helpers/blocks.ts'
import { seeds } from '../helpers/cases.ts'
import { type Random, seededRandom } from '../helpers/random.ts'

function newDocument(text = ''): Y.Doc {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate({ text }))
  return ydoc
}

/** An offset at or before this one that is not inside of a character. */
function characterBoundary(block: Node, offset: number): number {
  return /[\ud800-\udbff]$/.test(block.textBetween(0, offset)) ? offset - 1 : offset
}

/** A document that a user could have made of this one: blocks kept, changed, removed, put in, shuffled, copied. */
function revise(random: Random, doc: Node): Node {
  const blocks: Node[] = []
  for (const block of blocksOf(doc)) {
    const fate = random.next()
    if (fate < 0.15) continue
    if (fate < 0.3) blocks.push(randomBlock(random))
    if (fate < 0.6) blocks.push(block)
    else if (fate < 0.7)
      blocks.push(block.copy(block.content.cut(0, characterBoundary(block, random.below(block.content.size + 1)))))
    else if (fate < 0.8) blocks.push(randomBlock(random, block.attrs.id))
    else if (fate < 0.9) {
      blocks.push(block.type.create(block.attrs, randomInline(random, block.type.spec.code === true)))
    } else blocks.push(block, block)
  }
  if (random.chance(0.2)) blocks.push(blocks.splice(random.below(blocks.length), 1)[0] ?? randomBlock(random))
  return cutSections(blocks.length === 0 ? [randomBlock(random)] : blocks)
}

test('B13: what was written reads back, whatever was there before', () => {
  for (const seed of seeds({ short: 200, long: 2_000 })) {
    const random = seededRandom(seed)
    const ydoc = newDocument('first\nsecond')
    const copy = new Y.Doc()
    openBody(copy)
    for (let round = 0; round < 5; round++) {
      const wanted = revise(random, readBody(ydoc))
      writeBody(ydoc, wanted)
      const read = readBody(ydoc)
      read.check()
      expect(shownBlocks(read), `seed ${seed}`).toEqual(shownBlocks(wanted))
      const ids = blocksOf(read).map(block => block.attrs.id)
      expect(new Set(ids).size, `seed ${seed}`).toBe(ids.length)
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(ydoc, Y.encodeStateVector(copy)))
      expect(readBody(copy).eq(read), `seed ${seed}: another replica reads the same`).toBe(true)
    }
  }
})

/** Structs created and places deleted by a write. */
function cost(ydoc: Y.Doc, doc: Node): { created: number; deleted: number } {
  let created = 0
  let deleted = 0
  ydoc.once('afterTransaction', (tr: Y.Transaction) => {
    for (const [client, clock] of tr.afterState) created += clock - (tr.beforeState.get(client) ?? 0)
    for (const ranges of tr.deleteSet.clients.values()) for (const range of ranges) deleted += range.len
  })
  writeBody(ydoc, doc)
  return { created, deleted }
}

function replaceBlock(doc: Node, index: number, ...blocks: Node[]): Node {
  return cutSections(blocksOf(doc).toSpliced(index, 1, ...blocks))
}

test('B13: an edit costs what it changes: one item for a character, marker and anchor for a split, nothing for no change', () => {
  const ydoc = newDocument('hello world\nsecond')
  const paragraph = (text: string, id: string | null) =>
    schema.nodes.paragraph.create({ id }, text === '' ? null : schema.text(text))
  const read = () => readBody(ydoc)
  const id = blocksOf(read())[0]!.attrs.id
  expect(cost(ydoc, read())).toEqual({ created: 0, deleted: 0 })
  expect(cost(ydoc, replaceBlock(read(), 0, paragraph('hello, world', id)))).toEqual({ created: 1, deleted: 0 })
  expect(cost(ydoc, replaceBlock(read(), 0, paragraph('hello', id), paragraph(', world', null)))).toEqual({
    created: 2,
    // The end anchor is created deleted.
    deleted: 1,
  })
  const [first, second, ...rest] = blocksOf(read())
  const joined = cutSections([paragraph('hello, world', first!.attrs.id), ...rest])
  expect(cost(ydoc, joined)).toEqual({ created: 0, deleted: 1 })
  expect(second!.textContent).toBe(', world')
  const heading = schema.nodes.heading.create({ id, level: 2 }, schema.text('hello, world'))
  expect(cost(ydoc, replaceBlock(read(), 0, heading))).toEqual({ created: 1, deleted: 0 })
  const bold = schema.nodes.heading.create({ id, level: 2 }, [
    schema.text('hello', [schema.marks.strong.create()]),
    schema.text(', world'),
  ])
  expect(cost(ydoc, replaceBlock(read(), 0, bold))).toEqual({ created: 2, deleted: 0 })
  expect(cost(ydoc, replaceBlock(read(), 0, heading))).toEqual({ created: 0, deleted: 2 })
})
