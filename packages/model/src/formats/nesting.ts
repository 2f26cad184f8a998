// What a nested format makes of flat blocks: a block stands inside the nearest one above with a smaller indent that can hold
// others. Where that place would give another indent than the block has, the format has to say so.

import type { Node } from 'prosemirror-model'
import { maxIndent, schema } from '../schema.ts'

export interface Nested {
  readonly block: Node
  /** The indent that a reader gives to a block at this place. */
  readonly natural: number
  readonly children: Nested[]
}

const { nodes } = schema
const containers = new Set([nodes.bullet, nodes.ordered, nodes.task, nodes.quote, nodes.callout, nodes.toggle])
const listItems = new Set([nodes.bullet, nodes.ordered, nodes.task])

export function isListItem(block: Node): boolean {
  return listItems.has(block.type)
}

export function nestBlocks(blocks: readonly Node[]): Nested[] {
  const roots: Nested[] = []
  const path: Nested[] = []
  for (const block of blocks) {
    while (path.length > 0 && path.at(-1)!.block.attrs.indent >= block.attrs.indent) path.pop()
    const parent = path.findLast(({ block }) => containers.has(block.type))
    const natural = parent === undefined ? 0 : Math.min(parent.block.attrs.indent + 1, maxIndent)
    const nested: Nested = { block, natural, children: [] }
    ;(parent?.children ?? roots).push(nested)
    path.push(nested)
  }
  return roots
}

/** Cuts siblings into runs that share one element: list items of one kind of list, and quotes. */
export function runsOf(siblings: readonly Nested[]): Nested[][] {
  const runs: Nested[][] = []
  for (const nested of siblings) {
    const last = runs.at(-1)?.[0]
    const name = runName(nested.block)
    if (last !== undefined && name !== null && runName(last.block) === name) runs.at(-1)!.push(nested)
    else runs.push([nested])
  }
  return runs
}

function runName(block: Node): 'bullets' | 'numbers' | 'quote' | null {
  if (block.type === nodes.ordered) return 'numbers'
  if (isListItem(block)) return 'bullets'
  return block.type === nodes.quote ? 'quote' : null
}
