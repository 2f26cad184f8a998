// Writing is minimal and exact: what was written reads back, and what did not change is not touched.

import { blocksOf, cutSections, openBody, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { randomBlock, randomInline, randomMarks, randomText, shownBlocks } from '../helpers/blocks.ts'
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

/** What a write made and deleted, by what it is; text in code units, registers as what was set. */
function made(ydoc: Y.Doc, doc: Node): Record<`${'new' | 'gone'} ${'text' | 'markers' | 'formats'}`, number> {
  const count = {
    'new text': 0,
    'new markers': 0,
    'new formats': 0,
    'gone text': 0,
    'gone markers': 0,
    'gone formats': 0,
  }
  const note = (when: 'new' | 'gone', { content, parentSub, length }: Y.Item, from: number, until: number): void => {
    if (parentSub !== null) return
    if (content instanceof Y.ContentFormat) count[`${when} formats`]++
    else if (content instanceof Y.ContentType) count[`${when} markers`]++
    else if (!(content instanceof Y.ContentDeleted))
      count[`${when} text`] += Math.min(length, until) - Math.max(0, from)
  }
  const look = (tr: Y.Transaction): void => {
    for (const [client, until] of tr.afterState) {
      const from = tr.beforeState.get(client) ?? 0
      for (const struct of ydoc.store.clients.get(client)!)
        if (struct instanceof Y.Item && struct.id.clock + struct.length > from && !struct.deleted)
          note('new', struct, from - struct.id.clock, until - struct.id.clock)
    }
    Y.iterateDeletedStructs(tr, tr.deleteSet, struct => {
      if (struct instanceof Y.Item) note('gone', struct, 0, struct.length)
    })
  }
  ydoc.on('afterTransaction', look)
  writeBody(ydoc, doc)
  ydoc.off('afterTransaction', look)
  return count
}

test('B13: whatever stands in a document, an edit of one block makes and deletes what it says and touches nothing else', () => {
  for (const seed of seeds({ short: 200, long: 2_000 })) {
    const random = seededRandom(seed)
    const ydoc = newDocument('first\nsecond\nthird')
    for (let i = 0; i < 3; i++) writeBody(ydoc, revise(random, readBody(ydoc)))
    for (let round = 0; round < 5; round++) {
      const doc = readBody(ydoc)
      const index = random.below(blocksOf(doc).length)
      const block = blocksOf(doc)[index]!
      const { size } = block.content
      const at = characterBoundary(block, random.below(size + 1))
      const to = Math.max(at, characterBoundary(block, random.below(size + 1)))
      const isCode = block.type.spec.code === true
      const text = schema.text(randomText(random) || 'x', isCode ? [] : randomMarks(random))
      const other = randomBlock(random)
      const [head, tail] = [block.content.cut(0, at), block.content.cut(at)]
      const [what, next, expected] = random.pick<[string, readonly Node[], object]>([
        ['types', [block.copy(head.addToEnd(text).append(tail))], { 'new text': text.nodeSize }],
        ['deletes', [block.copy(head.append(block.content.cut(to)))], { 'gone text': to - at, 'new formats': 0 }],
        [
          'splits',
          [block.copy(head), block.type.create({ ...block.attrs, id: null }, tail)],
          { 'new markers': 1, 'new formats': 0, 'gone formats': 0 },
        ],
        ['inserts', [block, other], { 'new text': other.content.size, 'new markers': 1, 'gone formats': 0 }],
        [
          'retypes',
          [isCode ? block : schema.nodes.heading.create({ id: block.attrs.id, level: 3 }, block.content)],
          {},
        ],
      ])
      const nothing = { 'new text': 0, 'new markers': 0, 'gone text': 0, 'gone markers': 0 }
      const label = `seed ${seed} round ${round} ${what}: ${block} → ${next.join(', ')}`
      const found = made(ydoc, replaceBlock(doc, index, ...next))
      expect(found, label).toMatchObject({ ...nothing, ...expected })
      // A mark that comes, and each that is open where it comes, is one span at most.
      expect(found['new formats'], label).toBeLessThanOrEqual(what === 'retypes' ? 0 : 2 * 5 * (1 + other.childCount))
    }
  }
})
