// The binding: local transactions to Yjs, Yjs transactions to the view.

import { schema } from '@sheaf/model'
import { TextSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import { enter } from '../../packages/editor/src/commands.ts'
import { deliverAll, people, sameBlocks } from '../helpers/editors.ts'

type Person = ReturnType<typeof people>[0]

/** The registers of the live markers of a body. */
function markersOf({ ydoc }: Person): Record<string, unknown>[] {
  const delta = ydoc.getText('body').toDelta() as { insert: unknown }[]
  return delta.flatMap(({ insert }) => (insert instanceof Y.Map ? [insert.toJSON()] : []))
}

function settled(persons: ReturnType<typeof people>): string[] {
  deliverAll(persons)
  for (const person of persons) {
    person.doc.check()
    expect(sameBlocks(person.doc, person.reading), 'the view is what a fresh reading shows').toBe(true)
    expect(sameBlocks(person.doc, persons[0]!.doc), 'everybody sees the same').toBe(true)
  }
  return persons[0]!.texts
}

test('two people who type in one paragraph see both', () => {
  const [ana, ben] = people(2, 'hello world') as [ReturnType<typeof people>[0], ReturnType<typeof people>[0]]
  ana.type(0, 5, ', dear')
  ben.type(0, 11, '!')
  expect(settled([ana, ben])).toEqual(['hello, dear world!'])
})

test('B2: Enter at the end of a line that somebody is still typing does not tear the word apart', () => {
  for (const swap of [false, true]) {
    const [ana, ben] = (swap ? people(2, 'hello wor').reverse() : people(2, 'hello wor')) as [
      ReturnType<typeof people>[0],
      ReturnType<typeof people>[0],
    ]
    ana.type(0, 9, 'ld!')
    ben.edit(tr => tr.split(ben.positionOf(0) + 1 + 9))
    ben.type(1, 0, 'mine')
    expect(settled([ana, ben])).toEqual(['hello world!', 'mine'])
  }
})

test('B17: a new block has its id in the same update of the view as the block', () => {
  const [ana] = people(1, 'one')
  ana!.edit(tr => tr.split(ana!.positionOf(0) + 1 + 3))
  expect(ana!.blocks.map(block => typeof block.attrs.id)).toEqual(['string', 'string'])
  expect(ana!.blocks[0]!.attrs.id).not.toBe(ana!.blocks[1]!.attrs.id)
})

test('B14: the text keeps its id when Enter is pressed in front of it', () => {
  const [ana] = people(1, 'one')
  const { id } = ana!.blocks[0]!.attrs
  ana!.edit(tr => tr.split(ana!.positionOf(0) + 1))
  expect(ana!.texts).toEqual(['', 'one'])
  expect(ana!.blocks[1]!.attrs.id).toBe(id)
})

test('retyping a block keeps what somebody else types in it', () => {
  const [ana, ben] = people(2, 'title\nbody')
  const node = ana!.blocks[0]!
  ana!.edit(tr => tr.setNodeMarkup(ana!.positionOf(0), schema.nodes.heading, { ...node.attrs, level: 2 }))
  ben!.type(0, 5, ' of it')
  expect(settled([ana!, ben!])).toEqual(['title of it', 'body'])
  expect(ana!.blocks[0]!.type.name).toBe('heading')
})

test('B19: the caret stays with its character when others type, split and join around it', () => {
  const [ana, ben] = people(2, 'hello world\nnext')
  ana!.select(0, 5)
  ben!.type(0, 5, '<<')
  ben!.type(0, 0, '>>')
  deliverAll([ana!, ben!])
  expect(ana!.state.selection.$head.parentOffset).toBe(7)
  ben!.edit(tr => tr.split(ben!.positionOf(0) + 1 + 4))
  deliverAll([ana!, ben!])
  expect(ana!.state.selection.$head.parent.textContent).toBe('llo<< world')
  expect(ana!.state.selection.$head.parentOffset).toBe(3)
  ben!.edit(tr => tr.join(ben!.positionOf(1)))
  settled([ana!, ben!])
  expect(ana!.state.selection.$head.parentOffset).toBe(7)
  ana!.select(0, 2, 7)
  ben!.type(0, 7, 'x')
  ben!.type(0, 2, 'y')
  settled([ana!, ben!])
  const { from, to } = ana!.state.selection
  expect(ana!.doc.textBetween(from, to)).toBe('hello')
})

test('B20: undo takes back one’s own text only and gives back the selection', () => {
  const [ana, ben] = people(2, 'one\ntwo')
  ana!.select(0, 3)
  ana!.edit(tr => tr.insertText(' mine'))
  ben!.type(0, 0, 'yours ')
  deliverAll([ana!, ben!])
  expect(ana!.binding.undo()).toBe(true)
  expect(settled([ana!, ben!])).toEqual(['yours one', 'two'])
  expect(ana!.state.selection.$head.parentOffset).toBe(9)
  expect(ana!.binding.redo()).toBe(true)
  expect(settled([ana!, ben!])).toEqual(['yours one mine', 'two'])
  expect(ana!.state.selection.$head.parentOffset).toBe(14)
})

test('B6: text typed into a block that somebody deletes stands in a paragraph of its own', () => {
  const [ana, ben] = people(2, 'one\ntwo\nthree')
  ana!.edit(tr => tr.delete(ana!.positionOf(1), ana!.positionOf(2)))
  ben!.type(1, 3, ' and more')
  expect(settled([ana!, ben!])).toEqual(['one', ' and more', 'three'])
})

test('B4: bold over a word is one span, undone exactly', () => {
  const [ana, ben] = people(2, 'hello world')
  const start = ana!.positionOf(0) + 1
  ana!.edit(tr => tr.addMark(start, start + 5, schema.marks.strong.create()))
  ben!.type(0, 3, 'XX')
  settled([ana!, ben!])
  expect(ana!.blocks[0]!.child(0).text).toBe('helXXlo')
  expect(ana!.blocks[0]!.child(0).marks.map(mark => mark.type.name)).toEqual(['strong'])
  ana!.binding.undo()
  settled([ana!, ben!])
  expect(ana!.blocks[0]!.childCount).toBe(1)
})

test('B4: a block that comes with bold words leaves the bold words around it as they are, wherever these were cut in two', () => {
  const strong = schema.marks.strong.create()
  const bold = (text: string) => schema.text(text, [strong])
  const block = () => schema.nodes.paragraph.create(null, [bold('new'), schema.text(' and '), bold('more')])
  for (const cut of [0, 2, 4, 6, 8]) {
    const [ana, ben] = people(2, 'one\ntwo')
    ana!.edit(tr =>
      tr.insert(
        ana!.positionOf(1),
        schema.nodes.paragraph.create(null, [schema.text('x '), bold('word'), schema.text(' y')]),
      ),
    )
    deliverAll([ana!, ben!])
    ana!.select(1, cut)
    enter(ana!.state, tr => ana!.view.dispatch(tr))
    ana!.edit(tr => tr.insert(ana!.positionOf(2), block()))
    settled([ana!, ben!])
    const marked = ana!.blocks.map(({ children }) => children.filter(child => child.marks.length > 0).map(c => c.text))
    expect(marked.flat().join(' ').replace('new more', '').replaceAll(' ', '')).toBe('word')
    expect(marked[2]).toEqual(['new', 'more'])
    ana!.binding.undo()
    settled([ana!, ben!])
  }
})

test('B19: marks chosen for what is typed next survive what others do', () => {
  const [ana, ben] = people(2, 'hello')
  ana!.select(0, 5)
  ana!.edit(tr => tr.addStoredMark(schema.marks.strong.create()))
  ben!.type(0, 0, 'x')
  deliverAll([ana!, ben!])
  expect(ana!.state.storedMarks?.length).toBe(1)
})

test('B20: a selection of whole text is restored when its deletion is undone', () => {
  const [ana] = people(1, 'one\ntwo\nthree')
  const end = ana!.positionOf(2) + 3
  ana!.edit(tr => tr.setSelection(TextSelection.create(tr.doc, ana!.positionOf(0) + 2, end)))
  ana!.edit(tr => tr.deleteSelection())
  expect(settled([ana!])).toEqual(['oree'])
  ana!.binding.undo()
  expect(settled([ana!])).toEqual(['one', 'two', 'three'])
  const { from, to } = ana!.state.selection
  expect([from, to]).toEqual([ana!.positionOf(0) + 2, end])
})

test('B8: a block that undo brings back keeps its id, for everybody', () => {
  const [ana, ben] = people(2, 'one\ntwo\nthree')
  const ids = ana!.blocks.map(block => block.attrs.id)
  ana!.edit(tr => tr.join(ana!.positionOf(1)))
  settled([ana!, ben!])
  for (let i = 0; i < 3; i++) {
    ana!.binding.undo()
    expect(settled([ana!, ben!])).toEqual(['one', 'two', 'three'])
    expect(ana!.blocks.map(block => block.attrs.id)).toEqual(ids)
    ana!.binding.redo()
    expect(settled([ana!, ben!])).toEqual(['onetwo', 'three'])
  }
})

test('B7: undo of an insertion hides the block and leaves what others wrote into it in a paragraph of its own', () => {
  const [ana, ben] = people(2, 'one\ntwo')
  ana!.edit(tr => tr.insert(ana!.positionOf(1), schema.nodes.heading.create(null, schema.text('mine'))))
  settled([ana!, ben!])
  ben!.type(1, 4, ' and yours')
  ana!.binding.undo()
  expect(settled([ana!, ben!])).toEqual(['one', ' and yours', 'two'])
})

test('B6: undo of an Enter at the end of a line leaves what others type in the new line in a paragraph of its own', () => {
  const [ana, ben] = people(2, 'one\ntwo')
  ana!.select(0, 3)
  enter(ana!.state, tr => ana!.view.dispatch(tr))
  settled([ana!, ben!])
  ben!.type(1, 0, 'yours')
  ana!.binding.undo()
  expect(ana!.texts).toEqual(['one', 'two'])
  expect(settled([ana!, ben!])).toEqual(['one', 'yours', 'two'])
  ana!.binding.redo()
  expect(settled([ana!, ben!])).toEqual(['one', 'yours', 'two'])
})

test('B8: a moved block keeps its id, and others see it move', () => {
  const [ana, ben] = people(2, 'one\ntwo\nthree')
  const { id } = ana!.blocks[0]!.attrs
  const block = ana!.blocks[0]!
  const [from, to] = [ana!.positionOf(0), ana!.positionOf(2)]
  ana!.edit(tr => {
    tr.delete(from, from + block.nodeSize)
    tr.insert(tr.mapping.map(to), block).setMeta(moveMeta, [id])
  })
  expect(settled([ana!, ben!])).toEqual(['two', 'one', 'three'])
  expect(ben!.blocks[1]!.attrs.id).toBe(id)
  ana!.binding.undo()
  expect(settled([ana!, ben!])).toEqual(['one', 'two', 'three'])
  expect(ben!.blocks[0]!.attrs.id).toBe(id)
})

test('B8: a block that was moved twice says in one step who it was, and a pasted copy of it is a block of its own', () => {
  const [ana, ben] = people(2, 'one\ntwo\nthree')
  const { id } = ana!.blocks[0]!.attrs
  const move = (index: number, before: number): void => {
    const block = ana!.blocks[index]!
    const [from, to] = [ana!.positionOf(index), ana!.positionOf(before)]
    ana!.edit(tr => {
      tr.delete(from, from + block.nodeSize)
      tr.insert(tr.mapping.map(to), block).setMeta(moveMeta, [id])
    })
  }
  move(0, 2)
  move(1, 0)
  expect(markersOf(ana!).flatMap(({ was, gone }) => (gone === true ? [] : (was ?? [])))).toEqual([id])
  ana!.edit(tr => tr.insert(ana!.positionOf(2), ana!.blocks[0]!).setMeta('paste', true))
  expect(settled([ana!, ben!])).toEqual(['one', 'two', 'one', 'three'])
  expect(ben!.blocks[0]!.attrs.id).toBe(id)
  expect(ben!.blocks[2]!.attrs.id).not.toBe(id)
  expect(markersOf(ana!).filter(({ was, gone }) => gone !== true && was !== undefined).length).toBe(1)
})

test('B6: who writes in a paragraph that stands where a block was deleted makes it a block like any other', () => {
  const [ana, ben] = people(2, 'one\ntwo\nthree')
  ana!.edit(tr => tr.delete(ana!.positionOf(1), ana!.positionOf(2)))
  ben!.type(1, 3, ' more')
  settled([ana!, ben!])
  expect(markersOf(ben!).map(({ gone }) => gone === true)).toEqual([false, true, false])
  ana!.type(1, 5, '!')
  expect(settled([ana!, ben!])).toEqual(['one', ' more!', 'three'])
  expect(markersOf(ben!).map(({ gone }) => gone === true)).toEqual([false, false, false])
})

test('B20: what changes nothing is no step, and leaves what can be redone', () => {
  const [ana] = people(1, 'one')
  ana!.type(0, 3, '!')
  ana!.binding.undo()
  const start = ana!.positionOf(0)
  ana!.edit(tr => tr.insertText('one', start + 1, start + 4))
  ana!.edit(tr => tr.setNodeMarkup(start, null, { ...ana!.blocks[0]!.attrs }))
  expect(ana!.binding.redo()).toBe(true)
  expect(ana!.texts).toEqual(['one!'])
})

test('B22: the section of a composition is not cut while it is under way', () => {
  const [ana, ben] = people(2, Array.from({ length: 150 }, (_, i) => `line ${i}`).join('\n')) as [Person, Person]
  const sections = () => ana.doc.children.map(section => section.childCount)
  ana.select(5, 2)
  ana.view.composing = true
  ana.type(5, 2, 'n')
  const blocks = Array.from({ length: 200 }, () => schema.nodes.paragraph.create())
  ben.edit(tr => tr.insert(ben.positionOf(0), blocks))
  deliverAll([ana, ben])
  const composed = ana.state.selection.$head.node(1)
  expect(composed.childCount).toBeGreaterThan(160)
  ana.view.composing = false
  ana.edit(tr => tr.setMeta('nothing', true))
  ana.type(205, 3, 'x')
  expect(Math.max(...sections())).toBeLessThanOrEqual(160)
})

test('B21: what others do to a block waits while a composition is under way in it; what is composed goes where it stands', () => {
  const [ana, ben] = people(2, 'hello world\nnext')
  ana!.select(0, 5)
  ana!.view.composing = true
  ana!.type(0, 5, 'n')
  deliverAll([ana!, ben!])
  ben!.type(0, 0, '>>')
  ben!.edit(tr => tr.delete(ben!.positionOf(0) + 1 + 10, ben!.positionOf(0) + 1 + 14))
  ben!.edit(tr => tr.split(ben!.positionOf(0) + 1 + 4))
  ben!.type(2, 4, '!')
  deliverAll([ana!, ben!])
  expect(ana!.texts, 'the composed block is untouched, others are not').toEqual(['hellon world', 'next!'])
  ana!.edit(tr => tr.insertText('に', ana!.positionOf(0) + 1 + 5, ana!.positionOf(0) + 1 + 6))
  ana!.type(0, 6, 'ほ')
  ana!.type(0, 7, 'んご')
  expect(ana!.texts).toEqual(['helloにほんご world', 'next!'])
  ana!.view.composing = false
  ana!.edit(tr => tr.setMeta('nothing', true))
  expect(settled([ana!, ben!])[0]).toBe('>>he')
  expect(ana!.texts[1]).toContain('lloにほ')
  expect(ana!.state.selection.$head.parent.textContent).toContain('lloにほ')
})

test('B21: what is composed in a block that somebody joined or deleted meanwhile is kept', () => {
  for (const way of ['join', 'delete'] as const) {
    const [ana, ben] = people(2, 'one\ntwo\nthree')
    ana!.select(1, 3)
    ana!.view.composing = true
    const start = ben!.positionOf(1)
    if (way === 'join') ben!.edit(tr => tr.join(start))
    else ben!.edit(tr => tr.delete(start, ben!.positionOf(2)))
    deliverAll([ana!, ben!])
    expect(ana!.texts).toEqual(['one', 'two', 'three'])
    ana!.type(1, 3, 'かな')
    ana!.view.composing = false
    ana!.edit(tr => tr.setMeta('nothing', true))
    expect(settled([ana!, ben!])).toEqual(way === 'join' ? ['onetwoかな', 'three'] : ['one', 'かな', 'three'])
  }
})

test('B17: a document of ghosts alone, one of which comes back while what was shown goes', () => {
  const [ana, ben] = people(2, 'one\ntwo\nthree')
  const remove = (person: typeof ana, index: number) =>
    person!.edit(tr =>
      tr.delete(person!.positionOf(index), person!.positionOf(index) + person!.blocks[index]!.nodeSize),
    )
  // Two ghosts that do not touch each other, a new block between them, and then only that block.
  remove(ana, 0)
  ana!.edit(tr => tr.insert(ana!.positionOf(0), schema.nodes.paragraph.create(null, schema.text('new'))))
  remove(ana, 1)
  remove(ana, 1)
  ben!.type(0, 0, 'a')
  ben!.type(2, 5, 'b')
  remove(ana, 0)
  expect(ana!.texts).toEqual([''])
  expect(settled([ana!, ben!]).join('')).toBe('ab')
})

test('B20: undo in the title leaves the caret of the text alone', () => {
  const [ana] = people(1, 'one\ntwo')
  ana!.select(0, 1)
  ana!.edit(tr => tr.insertText('x'))
  ana!.binding.stopCapturing()
  ana!.ydoc.transact(() => ana!.ydoc.getText('title').insert(0, 'Title'), ana!.binding.origin)
  ana!.select(1, 3)
  expect(ana!.binding.undo()).toBe(true)
  expect(ana!.ydoc.getText('title').toString()).toBe('')
  expect(ana!.state.selection.$head.parent.textContent).toBe('two')
})
