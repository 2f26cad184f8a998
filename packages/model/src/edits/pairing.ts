// Blocks that are brought to stand for others: which of the old ones each new one is. What is the same stays untouched; what was changed
// keeps its id, so that others go on typing in it and what hangs on it stays.

import { Fragment, type Node } from 'prosemirror-model'
import { diffTokens, type Hunk } from '../diff.ts'
import { linesOf } from '../document.ts'
import { normalizeBlocks } from '../formats/normalize.ts'
import { isTable } from '../kinds.ts'
import { withAttrs } from './content.ts'

/** What changed between two lists of lines. */
export function changedLines(before: readonly string[], after: readonly string[]): Hunk[] {
  const numbers = new Map<string, number>()
  const tokenOf = (line: string): number => {
    const known = numbers.get(line) ?? firstToken + numbers.size
    numbers.set(line, known)
    return known
  }
  return diffTokens(before.map(tokenOf), after.map(tokenOf))
}

/** The new blocks, those that are old ones as these or with their ids. */
export function paired(olds: readonly Node[], news: readonly Node[]): Node[] {
  const result: Node[] = []
  let atOld = 0
  let atNew = 0
  const keep = (count: number) => {
    for (let i = 0; i < count; i++) result.push(olds[atOld + i]!)
    atOld += count
    atNew += count
  }
  for (const { keep: kept, remove, from, to } of changedLines(olds.map(keyOf), news.map(keyOf))) {
    keep(kept)
    result.push(...alike(olds.slice(atOld, atOld + remove), news.slice(from, to)))
    atOld += remove
    atNew = to
  }
  keep(news.length - atNew)
  return result
}

const firstToken = 0x11_0000

/** What a block is apart from its ids, as the formats can say it. */
function keyOf(block: Node): string {
  return JSON.stringify(normalizeBlocks([block]).map(normal => strip(normal.toJSON())))
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => (name === 'id' || name === 'table' ? [] : [[name, strip(one)]])),
  )
}

/** Of blocks that all differ: those that say nearly the same, in order, are the same. */
function alike(olds: readonly Node[], news: readonly Node[]): Node[] {
  const isSameCount = olds.length === news.length
  let next = 0
  return news.map((block, index) => {
    const id = block.attrs.id as string | null
    const named = id === null ? -1 : olds.findIndex((old, at) => at >= next && old.attrs.id === id)
    const likest = isSameCount ? index : likestOf(olds, next, block)
    const found = named >= 0 ? named : likest
    const old = olds[found]
    if (old === undefined || found < next || isTable(old) !== isTable(block)) return withAttrs(block, { id: null })
    next = found + 1
    return isTable(old) ? tableLike(old, block) : withAttrs(block, { id: old.attrs.id })
  })
}

function likestOf(olds: readonly Node[], from: number, block: Node): number {
  const wanted = wordsOf(block)
  let best = -1
  let bestScore = 0.4
  for (let index = from; index < olds.length; index++) {
    const own = wordsOf(olds[index]!)
    let common = 0
    for (const word of wanted) if (own.has(word)) common++
    const score = (2 * common) / Math.max(1, wanted.size + own.size)
    if (score > bestScore) {
      best = index
      bestScore = score
    }
  }
  return best
}

function wordsOf(block: Node): Set<string> {
  return new Set(
    linesOf(block)
      .join('\n')
      .match(/[\p{L}\p{N}]+/gu) ?? [],
  )
}

/** A table of the same rows and cells keeps them, each with what it says now; another one is a new table. */
function tableLike(old: Node, block: Node): Node {
  const [table, fresh] = [old.firstChild!, block.firstChild!]
  const hasSameShape =
    table.childCount === fresh.childCount &&
    table.children.every((row, at) => {
      const other = fresh.child(at)
      return (
        row.childCount === other.childCount &&
        row.children.every((cell, index) => {
          const { colspan, rowspan } = other.child(index).attrs
          return cell.attrs.colspan === colspan && cell.attrs.rowspan === rowspan
        })
      )
    })
  if (!hasSameShape) return withAttrs(block, { id: null })
  const rows = table.children.map((row, at) =>
    row.copy(
      Fragment.from(
        row.children.map((cell, index) =>
          cell.copy(Fragment.from(paired(cell.children, fresh.child(at).child(index).children))),
        ),
      ),
    ),
  )
  const rest = block.childCount > 1 ? [block.lastChild!] : []
  const attrs = { ...block.attrs, id: old.attrs.id, table: old.attrs.table }
  return old.type.create(attrs, Fragment.from([table.copy(Fragment.from(rows)), ...rest]))
}
