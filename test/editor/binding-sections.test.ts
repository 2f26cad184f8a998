// Sections are local: the binding cuts and merges them, nothing of it is written, and large changes come in as one step.

import { Body, blocksOf, cutSections, schema, stretchesOf } from '@sheaf/model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { deliverAll, people, sameBlocks } from '../helpers/editors.ts'

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index}`).join('\n')
}

function sizes(doc: { children: readonly { childCount: number }[] }): number[] {
  return doc.children.map(section => section.childCount)
}

test('B22: a document opens in sections of about a hundred blocks', () => {
  const [ana] = people(1, lines(1_000))
  expect(Math.max(...sizes(ana!.doc))).toBeLessThanOrEqual(160)
  expect(Math.min(...sizes(ana!.doc))).toBeGreaterThanOrEqual(32)
})

test('B22: sections are cut above 160 blocks and merged under 32, on the screens of all, and nothing of it is written', () => {
  const [ana, ben] = people(2, lines(300))
  for (let i = 0; i < 100; i++) ana!.edit(tr => tr.split(ana!.positionOf(50) + 1 + 4))
  deliverAll([ana!, ben!])
  for (const person of [ana!, ben!]) {
    expect(person.blocks.length).toBe(400)
    expect(Math.max(...sizes(person.doc))).toBeLessThanOrEqual(160)
  }
  expect(sameBlocks(ana!.doc, ben!.doc)).toBe(true)
  const before = ana!.outbox.length
  ana!.edit(tr => tr.delete(ana!.positionOf(5), ana!.positionOf(5) + ana!.blocks[5]!.nodeSize))
  expect(ana!.outbox.length - before, 'one deletion is one update').toBe(1)
  for (let i = 0; i < 330; i++) {
    ana!.edit(tr => {
      const at = ana!.positionOf(10)
      const $at = tr.doc.resolve(at)
      if ($at.parent.childCount > 1) tr.delete(at, at + $at.nodeAfter!.nodeSize)
      else tr.delete($at.before(), $at.after())
    })
  }
  deliverAll([ana!, ben!])
  for (const person of [ana!, ben!]) {
    person.doc.check()
    expect(sizes(person.doc).filter(size => size < 32).length).toBeLessThanOrEqual(1)
    expect(sameBlocks(person.doc, person.reading)).toBe(true)
  }
})

test('B18: thousands of blocks that come or go are one step, and leave little behind', () => {
  const [ana, ben] = people(2, lines(3_000))
  const [first] = ana!.blocks
  let steps = 0
  const dispatch = ben!.view.dispatch.bind(ben!.view)
  ben!.view.dispatch = tr => {
    steps = Math.max(steps, tr.steps.length)
    dispatch(tr)
  }
  ana!.edit(tr => tr.replaceWith(0, tr.doc.content.size, cutSections([first!]).content))
  deliverAll([ana!, ben!])
  expect(ben!.texts).toEqual(['line 0'])
  expect(steps).toBeLessThan(10)
  const structs = [...Y.decodeUpdate(Y.encodeStateAsUpdate(ben!.ydoc)).structs]
  expect(structs.length, 'deleted blocks merge').toBeLessThan(60)
  ana!.binding.undo()
  deliverAll([ana!, ben!])
  expect(blocksOf(ben!.doc).length).toBe(3_000)
  expect(ben!.texts[2_999]).toBe('line 2999')
  expect(sameBlocks(ana!.doc, ben!.doc)).toBe(true)
})

test('B8, B20: a large undo is one update of the view, and every block is who it was, whatever others wrote meanwhile', () => {
  const [ana, ben] = people(2, lines(1_500))
  const ids = (person: typeof ana) => person!.blocks.map(block => block.attrs.id)
  const before = ids(ana)
  const update = ana!.view.updateState.bind(ana!.view)
  let updates = 0
  ana!.view.updateState = state => {
    updates++
    update(state)
  }
  for (const _ of [1, 2]) {
    ana!.edit(tr => tr.delete(ana!.positionOf(1), tr.doc.content.size - 1))
    expect(ana!.texts).toEqual(['line 0'])
    ben!.type(700, 0, 'kept ')
    deliverAll([ana!, ben!])
    expect(ana!.texts).toEqual(['line 0', 'kept '])
    updates = 0
    ana!.binding.undo()
    expect(updates).toBe(1)
    expect(sameBlocks(ana!.doc, ana!.reading)).toBe(true)
    deliverAll([ana!, ben!])
    expect(ids(ana)).toEqual(before)
    expect(ids(ben)).toEqual(before)
    expect(ben!.texts[700]).toContain('kept line 700')
    updates = 0
    ana!.binding.redo()
    expect(updates).toBe(1)
    expect(sameBlocks(ana!.doc, ana!.reading)).toBe(true)
    ana!.binding.undo()
    deliverAll([ana!, ben!])
    expect(ana!.blocks.length).toBe(1_500)
  }
})

test('B18: a code block and marked text that others join is shown as they left it', () => {
  const [ana, ben] = people(2, 'one\ntwo')
  const strong = schema.marks.strong.create()
  ana!.edit(tr => tr.addMark(ana!.positionOf(1) + 1, ana!.positionOf(1) + 4, strong))
  ana!.edit(tr => tr.setNodeMarkup(ana!.positionOf(0), schema.nodes.code_block, { id: ana!.blocks[0]!.attrs.id }))
  deliverAll([ana!, ben!])
  ana!.select(1, 0)
  ana!.edit(tr => tr.delete(ana!.positionOf(1), ana!.positionOf(1) + 5).insertText('two', ana!.positionOf(0) + 4))
  ben!.type(1, 3, '!')
  deliverAll([ana!, ben!])
  expect(sameBlocks(ana!.doc, ben!.doc)).toBe(true)
  expect(sameBlocks(ana!.doc, ana!.reading)).toBe(true)
  expect(ana!.texts.join('')).toContain('!')
})

test('B18: thousands of blocks that a transaction touched are one stretch, and each of them is looked at once', () => {
  const [ana] = people(1, lines(2_000))
  const { blocks } = new Body(ana!.ydoc)
  const touched = new Set(blocks.sections.flatMap(({ entries }) => entries))
  let looks = 0
  const { next } = blocks
  blocks.next = entry => {
    looks++
    return next.call(blocks, entry)
  }
  expect(stretchesOf(blocks, touched)).toHaveLength(1)
  expect(looks).toBe(touched.size)
})
