// What happens to whole blocks: with one section, and cut into sections of one block each.

import { schema } from '@sheaf/model'
import type { Command } from 'prosemirror-state'
import { describe, expect, test } from 'vitest'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import {
  deleteRun,
  duplicateRun,
  insertBelow,
  moveRun,
  runOfIds,
  turnRunInto,
} from '../../packages/editor/src/block-commands.ts'
import { deliverAll, people, sameBlocks } from '../helpers/editors.ts'
import { type Lines, linesOf, stateOf } from '../helpers/lines.ts'

describe.each([
  ['in one section', 100],
  ['with a section for every block', 1],
])('%s', (_name, blocksInSection) => {
  function run(command: Command, before: Lines): string[] {
    const state = stateOf(before, blocksInSection)
    let after = state
    const did = command(state, tr => {
      after = state.apply(tr)
    })
    after.doc.check()
    return did ? linesOf(after) : ['(not handled)']
  }

  test.each<[string, 'up' | 'down', Lines, Lines]>([
    ['over the block above', 'up', ['p a', 'p b|'], ['p b|', 'p a']],
    ['over the block below', 'down', ['p a|', 'p b', 'p c'], ['p b', 'p a|', 'p c']],
    ['not over the first one', 'up', ['p a|', 'p b'], ['(not handled)']],
    ['not over the last one', 'down', ['p a', 'p b|'], ['(not handled)']],
    ['with what belongs to it', 'up', ['p a', 'bullet b|', 'bullet1 c'], ['bullet b|', 'bullet1 c', 'p a']],
    [
      'over all that belongs to the one above',
      'up',
      ['bullet a', 'bullet1 b', 'p c|'],
      ['p c|', 'bullet a', 'bullet1 b'],
    ],
    [
      'over all that belongs to the one below',
      'down',
      ['p a|', 'toggle b', 'p1 c', 'p d'],
      ['toggle b', 'p1 c', 'p a|', 'p d'],
    ],
    ['out of its parent, above', 'up', ['bullet a', 'bullet1 b|'], ['bullet b|', 'bullet a']],
    ['into the next parent', 'down', ['bullet a', 'bullet1 b|', 'bullet c'], ['bullet a', 'bullet c', 'bullet1 b|']],
    [
      'never into a closed toggle',
      'down',
      ['bullet a', 'p1 b|', 'closed c', 'p1 d'],
      ['bullet a', 'closed c', 'p1 d', 'p b|'],
    ],
    ['several blocks', 'down', ['p a‹a', 'p b›b', 'p c'], ['p c', 'p a‹a', 'p b›b']],
    [
      'several blocks and what belongs to the first',
      'up',
      ['p x', 'bullet a‹', 'bullet1 b›', 'bullet1 c'],
      ['bullet a‹', 'bullet1 b›', 'bullet1 c', 'p x'],
    ],
  ])('moves %s (%s)', (_what, way, before, after) => {
    expect(run(moveRun(way), before)).toEqual(after)
  })

  test.each<[string, Lines, Lines]>([
    ['a block, with the caret in the copy', ['p a|b', 'p c'], ['p ab', 'p a|b', 'p c']],
    ['what belongs to it', ['bullet a|', 'bullet1 b'], ['bullet a', 'bullet1 b', 'bullet a|', 'bullet1 b']],
    ['several', ['p ‹a', 'p b›', 'p c'], ['p a', 'p b', 'p ‹a', 'p b›', 'p c']],
  ])('duplicates %s', (_what, before, after) => {
    expect(run(duplicateRun(), before)).toEqual(after)
  })

  test.each<[string, Lines, Lines]>([
    ['a block and what belongs to it', ['p a', 'bullet b|', 'bullet1 c', 'p d'], ['p a', 'p |d']],
    ['everything, but for an empty paragraph', ['h1 a|', 'p1 b'], ['p |']],
  ])('deletes %s', (_what, before, after) => {
    expect(run(deleteRun(), before)).toEqual(after)
  })

  test('turns the blocks that are meant into something else, and not what belongs to them', () => {
    const into = turnRunInto(schema.nodes.task, {})
    expect(run(into, ['p a|', 'p1 b'])).toEqual(['task a|', 'p1 b'])
    expect(run(into, ['p ‹a', 'h1 b›'])).toEqual(['task ‹a', 'task b›'])
  })

  test('an empty line comes below: inside of what is open, behind what is closed', () => {
    expect(run(insertBelow(1), ['p a|'])).toEqual(['p a', 'p /|'])
    expect(run(insertBelow(1), ['p |'])).toEqual(['p /|'])
    expect(run(insertBelow(1), ['toggle a|', 'p1 b'])).toEqual(['toggle a', 'p1 /|', 'p1 b'])
    expect(run(insertBelow(1), ['closed a|', 'p1 b'])).toEqual(['closed a', 'p1 b', 'p /|'])
  })

  test('the blocks of a menu are found again where others have put them', () => {
    const state = stateOf(['p a', 'p b', 'p c'], blocksInSection)
    const found = runOfIds(state, new Set(['id-1', 'id-2']))
    expect(found?.blocks.map(({ node }) => node.textContent)).toEqual(['b', 'c'])
    expect(runOfIds(state, new Set(['gone']))).toBeNull()
  })
})

test('B8: a block that is moved with all that belongs to it stays the same for everybody, and what is typed beside it too', () => {
  const [ana, ben] = people(2, 'zero\none\ntwo\nthree')
  ana!.edit(tr => tr.setNodeAttribute(ana!.positionOf(2), 'indent', 1))
  deliverAll([ana!, ben!])
  const ids = ana!.blocks.map(block => block.attrs.id as string)
  ana!.select(1, 3)
  moveRun('up')(ana!.state, tr => {
    expect(tr.getMeta(moveMeta)).toEqual([ids[1], ids[2]])
    ana!.view.dispatch(tr)
  })
  ben!.type(0, 4, '!')
  ben!.type(3, 5, '?')
  deliverAll([ana!, ben!])
  for (const person of [ana!, ben!]) {
    expect(person.texts).toEqual(['one', 'two', 'zero!', 'three?'])
    expect(person.blocks.map(block => block.attrs.id)).toEqual([ids[1], ids[2], ids[0], ids[3]])
    expect(sameBlocks(person.doc, person.reading)).toBe(true)
  }
  expect(ana!.state.selection.$head.parent.textContent).toBe('one')
  ana!.binding.undo()
  deliverAll([ana!, ben!])
  expect(ben!.texts).toEqual(['zero!', 'one', 'two', 'three?'])
  expect(ben!.blocks.map(block => block.attrs.id)).toEqual(ids)
})
