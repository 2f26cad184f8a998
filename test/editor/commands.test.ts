// What keys do to blocks, on plain ProseMirror states: with one section, and cut into sections of one block each, for nothing
// that a person does may depend on where a section ends.

import { schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import type { Command } from 'prosemirror-state'
import { describe, expect, test } from 'vitest'
import {
  backspace,
  breakLine,
  deleteForward,
  enter,
  indent,
  outdent,
  retype,
  toggleMark,
  toggleState,
  turnInto,
} from '../../packages/editor/src/commands.ts'
import { type Lines, linesOf, stateOf } from '../helpers/lines.ts'

const { nodes, marks } = schema

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

  test.each<[string, Lines, Lines]>([
    ['splits a paragraph', ['p ab|cd'], ['p ab', 'p |cd']],
    ['makes room above at the start', ['h1 |ab'], ['p ', 'h1 |ab']],
    ['goes on in a list', ['bullet ab|'], ['bullet ab', 'bullet |']],
    ['the next task is not done', ['done ab|'], ['done ab', 'task |']],
    ['a split task keeps what is done above', ['done ab|cd'], ['done ab', 'task |cd']],
    ['leaves a heading', ['h1 ab|'], ['h1 ab', 'p |']],
    ['an empty item steps out', ['bullet a', 'bullet1 |'], ['bullet a', 'bullet |']],
    ['an empty item at the edge becomes a paragraph', ['bullet a', 'bullet |'], ['bullet a', 'p |']],
    ['an empty quote becomes a paragraph', ['quote a', 'quote |'], ['quote a', 'p |']],
    ['leaves a callout', ['callout ab|'], ['callout ab', 'p |']],
    ['goes into an open toggle', ['toggle ab|', 'p c'], ['toggle ab', 'p1 |', 'p c']],
    ['goes behind what a closed toggle hides', ['closed ab|', 'p1 x', 'p c'], ['closed ab', 'p1 x', 'toggle |', 'p c']],
    ['leaves a divider', ['divider |', 'p a'], ['divider ', 'p |', 'p a']],
    ['replaces a selection', ['p a‹b', 'p c›d'], ['p a', 'p |d']],
    ['makes code of a fence', ['p ```js|'], ['code |']],
  ])('Enter: %s', (_what, before, after) => {
    expect(run(enter, before)).toEqual(after)
  })

  test('Enter in code is a line with the same indentation, and a second empty line leaves', () => {
    expect(run(enter, ['code   ab|'])).toEqual(['code   ab⏎  |'])
    expect(run(enter, ['code ab⏎⏎|'])).toEqual(['code ab', 'p |'])
  })

  test.each<[string, Lines, Lines]>([
    ['a kind goes first', ['p a', 'h1 |b'], ['p a', 'p |b']],
    ['an item becomes a paragraph where it stands', ['bullet a', 'bullet1 |b'], ['bullet a', 'p1 |b']],
    ['then its indent', ['bullet a', 'p1 |b'], ['bullet a', 'p |b']],
    ['then it joins the block above', ['h1 a', 'p |b'], ['h1 a|b']],
    ['an empty line above goes', ['p ', 'p |b'], ['p |b']],
    ['a divider above goes', ['p a', 'divider ', 'p |b'], ['p a', 'p |b']],
    ['the first block stays', ['p |a'], ['p |a']],
    ['text never runs into code', ['code a', 'p |b'], ['code a|', 'p b']],
    ['an empty line below code goes', ['code a', 'p |', 'p b'], ['code a|', 'p b']],
    ['empty code becomes a paragraph', ['p a', 'code |'], ['p a', 'p |']],
  ])('Backspace: %s', (_what, before, after) => {
    expect(run(backspace, before)).toEqual(after)
  })

  test('Backspace inside the text is the browser’s', () => {
    expect(run(backspace, ['p a|b'])).toEqual(['(not handled)'])
  })

  test.each<[string, Lines, Lines]>([
    ['joins the next block', ['p a|', 'h1 b'], ['p a|b']],
    ['takes a divider away', ['p a|', 'divider ', 'p b'], ['p a|', 'p b']],
    ['an empty block gives way to the next', ['p |', 'h1 b'], ['h1 |b']],
    ['the last block stays', ['p a|'], ['p a|']],
  ])('Delete: %s', (_what, before, after) => {
    expect(run(deleteForward, before)).toEqual(after)
  })

  test.each<[string, Lines, Lines]>([
    ['one step under the item above', ['bullet a', 'bullet |b'], ['bullet a', 'bullet1 |b']],
    ['never deeper than one below it', ['bullet a', 'bullet1 |b'], ['(not handled)']],
    ['the first block cannot', ['bullet |a'], ['(not handled)']],
    [
      'its children come along',
      ['bullet a', 'bullet |b', 'bullet1 c', 'bullet d'],
      ['bullet a', 'bullet1 |b', 'bullet2 c', 'bullet d'],
    ],
  ])('Tab: %s', (_what, before, after) => {
    expect(run(indent, before)).toEqual(after)
  })

  test('Shift-Tab takes a block and its children out', () => {
    expect(run(outdent, ['bullet a', 'bullet1 |b', 'bullet2 c'])).toEqual(['bullet a', 'bullet |b', 'bullet1 c'])
    expect(run(outdent, ['bullet |a'])).toEqual(['(not handled)'])
  })

  test('Tab in code writes two spaces, Shift-Tab takes them back', () => {
    expect(run(indent, ['code a|'])).toEqual(['code a  |'])
    expect(run(outdent, ['code   ab|'])).toEqual(['code ab|'])
  })

  test('turning into a kind keeps the indent, and twice is back to a paragraph', () => {
    expect(run(turnInto(nodes.heading, { level: 2 }), ['p a', 'bullet1 |b'])).toEqual(['p a', 'h21 |b'])
    expect(run(turnInto(nodes.heading, { level: 2 }), ['h2 a|'])).toEqual(['p a|'])
    expect(run(turnInto(nodes.bullet), ['p ‹a', 'p b›'])).toEqual(['bullet ‹a', 'bullet b›'])
  })

  test('Mod-Enter checks all tasks of a selection, then unchecks them', () => {
    expect(run(toggleState, ['done ‹a', 'task b›'])).toEqual(['done ‹a', 'done b›'])
    expect(run(toggleState, ['done ‹a', 'done b›'])).toEqual(['task ‹a', 'task b›'])
  })

  test('a line break is a break in text and a newline in code', () => {
    expect(run(breakLine, ['p a|b'])).toEqual(['p a↵|b'])
    expect(run(breakLine, ['code a|b'])).toEqual(['code a⏎|b'])
  })
})

describe('a block that stays the same block', () => {
  test('keeps its id through every kind', () => {
    const state = stateOf(['p ab'], 100)
    for (const type of [nodes.heading, nodes.bullet, nodes.code_block, nodes.quote, nodes.divider]) {
      const tr = state.tr
      retype(tr, 1, type)
      expect(tr.doc.firstChild!.firstChild!.attrs.id).toBe('id-0')
    }
  })

  test('turned into code and back keeps its line breaks', () => {
    let state = stateOf(['p a|b'], 100)
    breakLine(state, tr => {
      state = state.apply(tr)
    })
    const tr = state.tr
    retype(tr, 1, nodes.code_block)
    expect(tr.doc.firstChild!.firstChild!.textContent).toBe('a\nb')
    retype(tr, 1, nodes.paragraph)
    expect(tr.doc.firstChild!.firstChild!.child(1).type).toBe(nodes.hard_break)
  })
})

describe('marks', () => {
  test('are set on a selection over several blocks, and taken off when all of it has them', () => {
    let state = stateOf(['p ‹ab', 'code cd', 'p ef›'], 100)
    const toggle = () =>
      toggleMark(marks.strong)(state, tr => {
        state = state.apply(tr)
      })
    toggle()
    expect(marked(state.doc)).toEqual(['ab', 'ef'])
    toggle()
    expect(marked(state.doc)).toEqual([])
  })

  test('at the caret hold for what is typed next', () => {
    let state = stateOf(['p ab|'], 100)
    toggleMark(marks.em)(state, tr => {
      state = state.apply(tr)
    })
    expect(state.storedMarks?.map(mark => mark.type.name)).toEqual(['em'])
  })
})

function marked(doc: Node): string[] {
  const found: string[] = []
  doc.descendants(node => {
    if (node.isText && marks.strong.isInSet(node.marks)) found.push(node.text!)
  })
  return found
}
