// What formatting costs, counted in items looked at: a text may change its marks as often as it likes.

import { blocksOf, cutSections, openBody, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'

const { strong, em } = schema.marks

/** Items looked at while `write` runs: whoever walks over one asks whether it is deleted. */
function looks(write: () => void): number {
  const asked = vi.spyOn(Y.Item.prototype, 'deleted', 'get')
  write()
  const count = asked.mock.calls.length
  asked.mockRestore()
  return count
}

/** One block of so many runs, each marked otherwise than its neighbours: written bold in turn, and then the other way round. */
function costOfRuns(runs: number): { marking: number; changing: number } {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate())
  const { id } = blocksOf(readBody(ydoc))[0]!.attrs
  const show = (isStrong: (run: number) => boolean): number => {
    const texts = Array.from({ length: runs }, (_, run) =>
      schema.text('ab', [...(run % 3 === 0 ? [em.create()] : []), ...(isStrong(run) ? [strong.create()] : [])]),
    )
    const doc = cutSections([schema.nodes.paragraph.create({ id }, texts)])
    const count = looks(() => writeBody(ydoc, doc))
    expect(readBody(ydoc).eq(doc)).toBe(true)
    return count
  }
  return { marking: show(run => run % 2 === 0), changing: show(run => run % 2 === 1) }
}

test('B13: marking costs in proportion to the marked text, however often one block changes its marks', () => {
  const few = costOfRuns(200)
  const many = costOfRuns(1_600)
  expect(many.marking / few.marking).toBeLessThan(8.5)
  expect(many.changing / few.changing).toBeLessThan(8.5)
})
