// Changes of one list of blocks, each at its places. They are made from the last one to the first, so that the places of those that are
// still to be made stay where they are.

import { Fragment, type Mark, type MarkType, type Node } from 'prosemirror-model'
import { hidesMarks, textOf } from '../kinds.ts'
import { fitting, goingOn, reworded, withAttrs } from './content.ts'
import { EditError } from './errors.ts'
import { compareSpots, type Stretch, withText } from './sheet.ts'

export interface Change extends Stretch {
  /** Which edit of the request. */
  readonly edit: number
  /** `marks` and `markup` leave the text alone: two of `marks` may be about the same words. */
  readonly kind: 'content' | 'marks' | 'markup'
  /**
   * Of an edit that was made for an older state: `kept`, nothing of its words was taken away since; `same`, its blocks say the same;
   * `there`, they are there. Absent: it goes together with whatever was written.
   */
  readonly needs?: 'kept' | 'same' | 'there'
  /** Changes the blocks of the list in place. @returns whether anything was changed. */
  readonly make: (blocks: Node[]) => boolean
}

/** @throws EditError `target-overlap`. */
export function assertApart(changes: readonly Change[]): void {
  const ordered = [...changes].sort(
    (a, b) => a.list - b.list || compareSpots(a.from, b.from) || compareSpots(a.to, b.to),
  )
  for (let i = 0; i < ordered.length; i++) {
    for (let k = i + 1; k < ordered.length; k++) {
      const [a, b] = [ordered[i]!, ordered[k]!]
      if (b.list !== a.list || compareSpots(b.from, a.to) >= 0) break
      if (a.kind === 'marks' && b.kind === 'marks') continue
      // The kind of a block is nothing that its words are about.
      const isMarkup = a.kind === 'markup' || b.kind === 'markup'
      if (isMarkup && a.kind !== b.kind && !(isWhole(a) && isWhole(b))) continue
      throw new EditError(
        'target-overlap',
        `Edits ${Math.min(a.edit, b.edit)} and ${Math.max(a.edit, b.edit)} are about the same words.`,
        {
          edit: Math.max(a.edit, b.edit),
        },
      )
    }
  }
}

/** The last one first; of several at one place the first stays in front. Markup goes before all others. */
export function inOrder(changes: readonly Change[]): Change[] {
  const index = new Map(changes.map((change, at) => [change, at]))
  return [...changes].sort(
    (a, b) =>
      Number(b.kind === 'markup') - Number(a.kind === 'markup') ||
      compareSpots(b.from, a.from) ||
      compareSpots(b.to, a.to) ||
      index.get(b)! - index.get(a)!,
  )
}

/** Says something else between two places of texts, a line per block. */
export function sayLines({ from, to }: Stretch, text: string): Change['make'] {
  return blocks => {
    const first = blocks[from.block]!
    const last = blocks[to.block]!
    const lines = hidesMarks(first.type) ? [text] : text.split('\n')
    const count = to.block - from.block + 1
    const head = textOf(first).cut(0, from.offset)
    const tail = textOf(last).cut(to.offset)
    const around = goingOn(head.lastChild?.marks ?? [])
    const oldOf = (index: number): Fragment => {
      const content = textOf(blocks[from.block + index]!)
      return content.cut(index === 0 ? from.offset : 0, index === count - 1 ? to.offset : content.size)
    }
    // As many lines as blocks: each block says its own, and they stay apart.
    const olds = lines.length === count ? lines.map((_, index) => oldOf(index)) : undefined
    const whole = Array.from({ length: count }, (_, index) => oldOf(index)).reduce((all, one) => all.append(one))
    const said = lines.map((line, index) =>
      reworded(olds?.[index] ?? (index === 0 ? whole : Fragment.empty), line, around),
    )
    const next = said.map((content, index) => {
      const begun = index === 0 ? head.append(content) : content
      const ended = index === lines.length - 1 ? begun.append(tail) : begun
      const block = blocks[from.block + index]
      const isOwn = index < count && (olds !== undefined || index === 0)
      return isOwn ? withText(block!, fitting(block!.type, ended)) : likeNew(first, ended)
    })
    return replace(blocks, from.block, count, next)
  }
}

/** Puts content between two places of texts: in the line where it fits into one, else as blocks with what stood around. */
export function putBetween({ from, to }: Stretch, inline: Fragment | null, inserted: readonly Node[]): Change['make'] {
  return blocks => {
    const first = blocks[from.block]!
    const last = blocks[to.block]!
    const head = textOf(first).cut(0, from.offset)
    const tail = textOf(last).cut(to.offset)
    const count = to.block - from.block + 1
    if (inline !== null) {
      const content = head.append(fitting(first.type, inline)).append(fitting(first.type, tail))
      return replace(blocks, from.block, count, [withText(first, content)])
    }
    const [begun, ...rest] = inserted
    if (begun === undefined) return false
    const { id } = first.attrs
    const next = head.size === 0 ? [withAttrs(begun, { id }), ...rest] : [withText(first, head), ...inserted]
    if (tail.size > 0) next.push(from.block === to.block ? likeNew(last, tail) : withText(last, tail))
    return replace(blocks, from.block, count, next)
  }
}

export function removeBetween(stretch: Stretch): Change['make'] {
  return putBetween(stretch, Fragment.empty, [])
}

export function markBetween({ from, to }: Stretch, add: readonly Mark[], remove: readonly MarkType[]): Change['make'] {
  return blocks => {
    let isChanged = false
    for (let index = from.block; index <= to.block && index < blocks.length; index++) {
      const block = blocks[index]!
      if (hidesMarks(block.type) || (index === to.block && to.offset <= 0)) continue
      const text = textOf(block)
      const start = index === from.block ? Math.max(0, from.offset) : 0
      const end = index === to.block ? to.offset : text.size
      const marked: Node[] = []
      text.cut(start, end).forEach(node => {
        const kept = node.marks.filter(mark => !remove.includes(mark.type))
        marked.push(node.mark(add.reduce<readonly Mark[]>((marks, mark) => mark.addToSet(marks), kept)))
      })
      const next = withText(block, text.cut(0, start).append(Fragment.fromArray(marked)).append(text.cut(end)))
      isChanged = replace(blocks, index, 1, [next]) || isChanged
    }
    return isChanged
  }
}

/** Puts other blocks in the place of some. */
export function replaceBlocks({ from, to }: Stretch, next: (olds: readonly Node[]) => readonly Node[]): Change['make'] {
  return blocks => {
    const olds = blocks.slice(from.block, to.block)
    return replace(blocks, from.block, olds.length, next(olds))
  }
}

/** A new block of the same kind, as Enter makes it. */
function likeNew(block: Node, content: Fragment): Node {
  const attrs = { ...block.attrs, id: null, ...('checked' in block.attrs && { checked: false }) }
  return block.type.create(attrs, fitting(block.type, content))
}

function replace(blocks: Node[], from: number, count: number, next: readonly Node[]): boolean {
  const olds = blocks.splice(from, count, ...next)
  return olds.length !== next.length || olds.some((old, index) => !old.eq(next[index]!))
}

function isWhole({ from, to }: Stretch): boolean {
  return from.offset < 0 && to.offset < 0
}
