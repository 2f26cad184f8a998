// Numbers of lists and what closed toggles hide, over the edges of sections, worked out anew only where something changed.

import { schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { EditorState, TextSelection } from 'prosemirror-state'
import type { DecorationSet } from 'prosemirror-view'
import { describe, expect, test } from 'vitest'
import { flow } from '../../packages/editor/src/flow.ts'

const { nodes } = schema

describe('the number of an item', () => {
  test('counts on over deeper items and over the edge of a section', () => {
    const state = stateOf([
      [item(), item(), item({ indent: 1 }), item({ indent: 1 })],
      [item(), item()],
    ])
    expect(shown(state)).toEqual(['1', '2', '1', '2', '3', '4'])
  })

  test('begins again after a paragraph, and where the list says so', () => {
    const state = stateOf([[item(), paragraph(), item({ start: 7 }), item()]])
    expect(shown(state)).toEqual(['1', '7', '8'])
  })

  test('of a deeper list begins again under the next item', () => {
    expect(shown(stateOf([[item(), item({ indent: 1 }), item(), item({ indent: 1 })]]))).toEqual(['1', '1', '2', '1'])
  })

  test('follows edits above it, in another section', () => {
    let state = stateOf([[item(), item()], [item()], [paragraph(), item()]])
    expect(shown(state)).toEqual(['1', '2', '3', '1'])
    state = state.apply(state.tr.insert(1, item()))
    expect(shown(state)).toEqual(['1', '2', '3', '4', '1'])
    state = state.apply(state.tr.setNodeMarkup(1, nodes.paragraph))
    expect(shown(state)).toEqual(['1', '2', '3', '1'])
  })

  test('is the same after any edits as after a fresh look', () => {
    let state = stateOf([
      [item(), item({ indent: 1 })],
      [item(), paragraph()],
      [item(), toggle(false)],
      [item({ indent: 1 })],
    ])
    for (let step = 0; step < 60; step++) {
      const blocks: number[] = []
      state.doc.descendants((node, pos) => {
        if (node.isTextblock) blocks.push(pos)
        return !node.isTextblock
      })
      const pos = blocks[(step * 7) % blocks.length]!
      const kinds = [item(), paragraph(), item({ indent: 1 }), toggle(false), toggle(true)]
      const tr = state.tr
      if (step % 5 === 4 && state.doc.resolve(pos).parent.childCount > 1)
        tr.delete(pos, pos + state.doc.nodeAt(pos)!.nodeSize)
      else if (step % 2 === 0) tr.insert(pos, kinds[step % kinds.length]!)
      else tr.setNodeMarkup(pos, kinds[step % kinds.length]!.type, kinds[step % kinds.length]!.attrs)
      state = state.apply(tr)
      const fresh = EditorState.create({ doc: state.doc, plugins: [flow()] })
      expect(everything(state)).toEqual(everything(fresh))
    }
  })
})

describe('a closed toggle', () => {
  test('hides what stands deeper below it, and nothing else', () => {
    const inside = nodes.paragraph.create({ indent: 1 })
    const state = stateOf([
      [toggle(false), inside],
      [nodes.paragraph.create({ indent: 2 }), paragraph()],
    ])
    expect(folded(state)).toBe(2)
    expect(folded(state.apply(state.tr.setNodeMarkup(1, null, { ...toggle(true).attrs })))).toBe(0)
  })
})

function item(attrs: Record<string, unknown> = {}): Node {
  return nodes.ordered.create(attrs, schema.text('a'))
}

function paragraph(): Node {
  return nodes.paragraph.create(null, schema.text('p'))
}

function toggle(open: boolean): Node {
  return nodes.toggle.create({ open }, schema.text('t'))
}

function stateOf(sections: Node[][]): EditorState {
  const doc = nodes.doc.create(
    null,
    sections.map(blocks => nodes.section.create(null, blocks)),
  )
  return EditorState.create({ doc, plugins: [flow()], selection: TextSelection.create(doc, 2) })
}

function everything(state: EditorState) {
  const set = state.plugins[0]!.props.decorations!.call(state.plugins[0]!, state) as DecorationSet
  return set
    .find()
    .map(found => ({
      from: found.from,
      to: found.to,
      ...(found as unknown as { type: { attrs: Record<string, string> } }).type.attrs,
    }))
    .sort((a, b) => a.from - b.from)
}

function shown(state: EditorState): string[] {
  return everything(state).flatMap(found => ('data-number' in found ? [String(found['data-number'])] : []))
}

function folded(state: EditorState): number {
  return everything(state).filter(found => 'class' in found && found.class === 'sheaf-folded').length
}
