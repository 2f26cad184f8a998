// What formatting costs, counted in items looked at: a text may change its marks as often as it likes.

import { blocksOf, cutSections, openBody, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'

const { strong, em } = schema.marks

/** Items looked at while `write` runs: whoever walks over one asks whether it is deleted. */
function looks(write: () => void): number {
  const deleted = Object.getOwnPropertyDescriptor(Y.Item.prototype, 'deleted')!
  let count = 0
  const get = function (this: Y.Item): unknown {
    count++
    return deleted.get!.call(this)
  }
  Object.defineProperty(Y.Item.prototype, 'deleted', { ...deleted, get })
  try {
    write()
  } finally {
    Object.defineProperty(Y.Item.prototype, 'deleted', deleted)
  }
  return count
}

/** One block of so many runs, each marked otherwise than its neighbours: bold in turn, then the other way round, then emptied. */
function costOfRuns(runs: number): { marking: number; changing: number; emptying: number } {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate())
  const { id } = blocksOf(readBody(ydoc))[0]!.attrs
  const show = (texts: Node[]): number => {
    const doc = cutSections([schema.nodes.paragraph.create({ id }, texts)])
    const count = looks(() => writeBody(ydoc, doc))
    expect(readBody(ydoc).eq(doc)).toBe(true)
    return count
  }
  const texts = (isStrong: (run: number) => boolean): Node[] =>
    Array.from({ length: runs }, (_, run) =>
      schema.text('ab', [...(run % 3 === 0 ? [em.create()] : []), ...(isStrong(run) ? [strong.create()] : [])]),
    )
  const marking = show(texts(run => run % 2 === 0))
  const changing = show(texts(run => run % 2 === 1))
  return { marking, changing, emptying: show([]) }
}

test('B13: marking, and deleting what is marked, cost in proportion to the text, however often one block changes its marks', () => {
  const few = costOfRuns(100)
  const many = costOfRuns(800)
  expect(many.marking / few.marking).toBeLessThan(8.5)
  expect(many.changing / few.changing).toBeLessThan(8.5)
  expect(many.emptying / few.emptying).toBeLessThan(8.5)
})
