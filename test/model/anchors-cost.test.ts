// What anchors cost: nothing walks the document once for each of them. Ratios of CPU time within one run, never milliseconds.

import {
  type Anchor,
  Blocks,
  type Entry,
  makeAnchor,
  openBody,
  resolveAnchors,
  schema,
  seedUpdate,
  writeBody,
} from '@sheaf/model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'

const anchorCount = 1_000

/** A document of so many blocks; each line says something of its own. */
function documentOf(blockCount: number): { blocks: Blocks; entries: Entry[] } {
  const ydoc = new Y.Doc()
  const body = openBody(ydoc)
  const lines = Array.from({ length: blockCount }, (_, index) => `Line ${index} of what we have to say about the sea.`)
  Y.applyUpdate(ydoc, seedUpdate({ text: lines.join('\n') }))
  const blocks = new Blocks(body)
  return { blocks, entries: blocks.sections.flatMap(section => section.entries.filter(entry => entry.node !== null)) }
}

function anchorsOf({ blocks, entries }: { blocks: Blocks; entries: Entry[] }): Anchor[] {
  return Array.from({ length: anchorCount }, (_, index) => {
    const entry = entries[Math.floor((index * entries.length) / anchorCount)]!
    const length = entry.node!.content.size
    return makeAnchor(blocks, { from: { entry, offset: index % 5 }, to: { entry, offset: length - (index % 20) } })
  })
}

/** CPU time of four calls: the best of four times, for the machine does other things too. */
function cpuOf(call: () => unknown): number {
  const times = Array.from({ length: 4 }, () => {
    const before = process.cpuUsage()
    for (let i = 0; i < 4; i++) call()
    const { user, system } = process.cpuUsage(before)
    return user + system
  })
  return Math.min(...times)
}

test('B28: making and resolving a thousand anchors by id costs the same in a document ten times as long', () => {
  const short = documentOf(1_000)
  const long = documentOf(10_000)
  // Once for the compiler.
  resolveAnchors([short.blocks], anchorsOf(short))
  const make = cpuOf(() => anchorsOf(long)) / cpuOf(() => anchorsOf(short))
  const [inShort, inLong] = [anchorsOf(short), anchorsOf(long)]
  const places = resolveAnchors([long.blocks], inLong)
  expect(places.every((place, index) => place?.by === 'ids' && place.from.offset === inLong[index]!.offset)).toBe(true)
  const resolve =
    cpuOf(() => resolveAnchors([long.blocks], inLong)) / cpuOf(() => resolveAnchors([short.blocks], inShort))
  // A walk over the document for each would make it 10.
  expect(make).toBeLessThan(4)
  expect(resolve).toBeLessThan(4)
})

test('B28: a thousand anchors that only a search can place cost one walk over the text, as one does', () => {
  const { blocks, entries } = documentOf(1_000)
  // The blocks are pasted anew and the old ones deleted: nothing but the words is left.
  const anchors = anchorsOf({ blocks, entries })
  const fresh = entries.map(({ node }) => schema.nodes.paragraph.create(null, node!.content))
  const section = schema.nodes.section.create(null, fresh)
  const ydoc = blocks.sequence.doc!
  writeBody(ydoc, schema.nodes.doc.create(null, [schema.nodes.section.create(null, schema.nodes.paragraph.create())]))
  writeBody(ydoc, schema.nodes.doc.create(null, [section]))
  const now = new Blocks(blocks.sequence)
  const places = resolveAnchors([now], anchors)
  // One block goes on as the empty one in between.
  expect(places.filter(place => place?.by === 'search').length).toBeGreaterThanOrEqual(anchorCount - 1)
  const one = cpuOf(() => resolveAnchors([now], anchors.slice(0, 1)))
  const all = cpuOf(() => resolveAnchors([now], anchors))
  // A walk for each would make it 1,000.
  expect(all / one).toBeLessThan(200)
})
