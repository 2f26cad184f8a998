// What is left when a selection goes, and that it is the same wherever sections end.

import { describe, expect, test } from 'vitest'
import { backspace, deleteForward, enter, firstOf } from '../../packages/editor/src/commands.ts'
import { deleteSelected, selectAll } from '../../packages/editor/src/ranges.ts'
import { kinds, type Lines, linesOf, stateOf } from '../helpers/lines.ts'

const commands = {
  Enter: enter,
  Backspace: firstOf(deleteSelected, backspace),
  Delete: firstOf(deleteSelected, deleteForward),
}

function run(key: keyof typeof commands, lines: Lines, blocksInSection: number): { lines: string[]; ids: unknown[] } {
  let state = stateOf(lines, blocksInSection)
  commands[key](state, tr => {
    state = state.apply(tr)
  })
  state.doc.check()
  const ids: unknown[] = []
  state.doc.descendants(node => {
    if (node.isTextblock) ids.push(node.attrs.id)
    return !node.isTextblock
  })
  return { lines: linesOf(state), ids }
}

describe('K4: a selection over blocks', () => {
  test.each<[string, Lines, Lines]>([
    ['joins what is left', ['p a‹b', 'p c›d'], ['p a|d']],
    ['leaves the first block what it is', ['h1 a‹b', 'p x', 'quote c›d'], ['h1 a|d']],
    ['leaves the last one what it is, if nothing of the first is left', ['h1 ‹ab', 'p x', 'quote c›d'], ['quote |d']],
    ['that ends at a start touches nothing there', ['h1 ‹ab', 'quote ›cd'], ['quote |cd']],
    ['of whole blocks leaves an empty one', ['p a', 'h1 ‹b', 'p c›', 'p d'], ['p a', 'h1 |', 'p d']],
    ['takes a divider that is selected whole', ['p a', 'divider ‹', 'p b›', 'p c'], ['p a', 'p |', 'p c']],
    ['never runs text into code', ['p a‹b', 'p x', 'code c›d'], ['p a|', 'code d']],
    ['never runs code into text', ['code a‹b', 'p x', 'p c›d'], ['code a|', 'p d']],
    ['of everything leaves one empty paragraph', ['h1 ‹ab', 'p1 x', 'code c›'], ['p |']],
  ])('%s', (_what, before, after) => {
    for (const blocksInSection of [1, 2, 100]) expect(run('Delete', before, blocksInSection).lines).toEqual(after)
  })

  test('goes over thousands of blocks in a few steps', () => {
    const lines = ['p a‹b', ...Array.from({ length: 5_000 }, (_, i) => `p ${i}`), 'p c›d']
    const state = stateOf(lines, 100)
    let steps = 0
    deleteSelected(state, tr => {
      steps = tr.steps.length
      expect(linesOf(state.apply(tr))).toEqual(['p a|d'])
    })
    expect(steps).toBeLessThan(6)
  })
})

test('K1: no key does anything else where a section ends: every kind before every kind, full and empty', () => {
  const different = kinds.filter(kind => !['h2', 'done', 'embed'].includes(kind))
  for (const first of different) {
    for (const second of different) {
      for (const [key, before] of casesOf(first, second)) {
        const whole = run(key, before, 100)
        for (const blocksInSection of [1, 2]) {
          expect(run(key, before, blocksInSection), `${key} ${before.join(' / ')}`).toEqual(whole)
        }
        expect(whole.lines[0], `${key} ${before.join(' / ')}`).toBe('p above')
        expect(whole.lines.at(-1), `${key} ${before.join(' / ')}`).toBe('p below')
      }
    }
  }
})

function* casesOf(first: string, second: string): Generator<[keyof typeof commands, Lines]> {
  const around = (...lines: Lines): Lines => ['p above', ...lines, 'p below']
  for (const a of ['ab', '']) {
    for (const b of ['cd', '']) {
      yield ['Backspace', around(`${first} ${a}`, `${second} |${b}`)]
      yield ['Delete', around(`${first} ${a}|`, `${second} ${b}`)]
      yield ['Enter', around(`${first} ${a}|`, `${second} ${b}`)]
      yield ['Enter', around(`${first} ${a}`, `${second} |${b}`)]
      yield ['Delete', around(`${first} ‹${a}`, 'p x', `${second} ${b}›`)]
      yield ['Enter', around(`${first} ${a}‹`, `${second} ›${b}`)]
    }
  }
  yield ['Delete', around(`${first} a‹b`, `${second} c›d`)]
  yield ['Delete', around(`${first} ‹ab`, `${second} c›d`)]
  yield ['Delete', around(`${first} a‹b`, 'p x', `${second} cd›`)]
}

test('Mod-A selects from the first letter to the last', () => {
  const state = stateOf(['h1 ab|', 'p x', 'bullet cd'], 1)
  selectAll(state, tr => {
    expect(linesOf(state.apply(tr))).toEqual(['h1 ‹ab', 'p x', 'bullet cd›'])
  })
})
