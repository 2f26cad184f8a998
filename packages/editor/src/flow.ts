// What a block shows because of the blocks above it: the number of a numbered item, and that it is folded away under a closed
// toggle; in each cell of a table by itself. Node decorations, worked out section by section; a section that did not change, below
// one that hands over the same state, is not looked at again, so a keystroke costs one section.

import { isTable } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { Plugin, PluginKey } from 'prosemirror-state'
import { Decoration, DecorationSet } from 'prosemirror-view'

interface Carry {
  /** The last number at each indent; absent where no list is running. */
  readonly numbers: readonly (number | undefined)[]
  /** Indent of the closed toggle that hides what follows; null where nothing is hidden. */
  readonly foldedAt: number | null
}

/** What to show of a block, at an offset in the section. */
interface Shown {
  readonly offset: number
  readonly size: number
  readonly attributes: Record<string, string>
}

interface Part {
  readonly section: Node
  readonly before: Carry
  readonly after: Carry
  readonly shown: readonly Shown[]
}

interface FlowState {
  readonly parts: readonly Part[]
  readonly decorations: DecorationSet
}

const start: Carry = { numbers: [], foldedAt: null }
const cells = new WeakMap<Node, readonly Shown[]>()
const key = new PluginKey<FlowState>('sheaf-flow')

export function flow(): Plugin<FlowState> {
  return new Plugin<FlowState>({
    key,
    state: {
      init: (_config, state) => read(state.doc, null),
      apply: (tr, value) =>
        tr.docChanged ? read(tr.doc, { ...value, decorations: value.decorations.map(tr.mapping, tr.doc) }) : value,
    },
    props: { decorations: state => key.getState(state)?.decorations },
  })
}

function read(doc: Node, old: FlowState | null): FlowState {
  const parts: Part[] = []
  const known = new Map(old?.parts.map(part => [part.section, part]))
  let carry = start
  let decorations = old?.decorations ?? DecorationSet.empty
  doc.forEach((section, offset) => {
    const kept = known.get(section)
    if (kept !== undefined && sameCarry(kept.before, carry)) {
      parts.push(kept)
      carry = kept.after
      return
    }
    const part = readSection(section, carry)
    parts.push(part)
    carry = part.after
    const from = offset + 1
    const to = offset + section.nodeSize - 1
    const stale = decorations.find(from, to).filter(found => found.from >= from && found.to <= to)
    const fresh = part.shown.map(shown =>
      Decoration.node(from + shown.offset, from + shown.offset + shown.size, shown.attributes),
    )
    if (stale.length > 0) decorations = decorations.remove(stale)
    if (fresh.length > 0) decorations = decorations.add(doc, fresh)
  })
  return { parts, decorations }
}

function readSection(section: Node, before: Carry): Part {
  const numbers = [...before.numbers]
  let foldedAt = before.foldedAt
  const shown: Shown[] = []
  section.forEach((block, offset) => {
    const indent = block.attrs.indent as number
    const attributes: Record<string, string> = {}
    if (foldedAt !== null && indent <= foldedAt) foldedAt = null
    if (foldedAt !== null) attributes.class = 'sheaf-folded'
    // A list goes on over deeper blocks, and ends at anything else on its own level or above.
    numbers.length = Math.min(numbers.length, indent + 1)
    if (block.type.name === 'ordered') {
      const start = block.attrs.start as number | null
      numbers[indent] = start ?? (numbers[indent] ?? 0) + 1
      attributes['data-number'] = String(numbers[indent])
    } else {
      numbers[indent] = undefined
    }
    if (foldedAt === null && block.type.name === 'toggle' && block.attrs.open === false) foldedAt = indent
    if (Object.keys(attributes).length > 0) shown.push({ offset, size: block.nodeSize, attributes })
    if (isTable(block)) shown.push(...readTable(block).map(inner => ({ ...inner, offset: inner.offset + offset })))
  })
  return { section, before, after: { numbers, foldedAt }, shown }
}

/** Offsets are behind the start of the block. */
function readTable(block: Node): Shown[] {
  const shown: Shown[] = []
  block.descendants((node, pos) => {
    if (node.type.spec.tableRole !== 'cell') return !node.isTextblock
    for (const inner of readCell(node)) shown.push({ ...inner, offset: pos + 2 + inner.offset })
    return false
  })
  return shown
}

/** Each cell is read by itself, like a short document. */
function readCell(cell: Node): readonly Shown[] {
  let shown = cells.get(cell)
  if (shown === undefined) {
    shown = readSection(cell, start).shown
    cells.set(cell, shown)
  }
  return shown
}

function sameCarry(a: Carry, b: Carry): boolean {
  if (a === b) return true
  if (a.foldedAt !== b.foldedAt) return false
  for (let i = 0; i < Math.max(a.numbers.length, b.numbers.length); i++) if (a.numbers[i] !== b.numbers[i]) return false
  return true
}
