// Anchors against the truth: people edit a document of few and often equal words, move blocks and words, undo, and merge, while
// the test knows of each character which one it is, whatever Yjs had to write anew. An anchor that stands on other words than those
// that it was made of is a miss. A failing seed is printed; `SEED=<n>` replays it alone.

import { type Anchor, type AnchorPlace, Blocks, makeAnchor, openBody, resolveAnchors, schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import { findUnit, firstItem, idString, isLiveMarker, isLiveUnit } from '../../packages/model/src/layout.ts'
import { seeds } from '../helpers/cases.ts'
import { deliverAll, Person, people } from '../helpers/editors.ts'
import { type Random, seededRandom } from '../helpers/random.ts'

const cases = seeds({ short: 20, long: 1_000 })

const common = ['the', 'of', 'and', 'to', 'a', 'in', 'is', 'we']
const rare =
  'sea deep cold north harbour night boat rope wind sail lamp stone gull tide bread salt winter morning captain island story letter map coast island bell fog oar net anchor song'.split(
    ' ',
  )

/** A third of all words are among eight, as in any text. */
function word(random: Random): string {
  return random.pick(random.chance(0.35) ? common : rare)
}

function sentence(random: Random, count: number): string {
  return Array.from({ length: count }, () => word(random)).join(' ')
}

/** Ids of the characters that a person sees, block by block. */
function idsOf(person: Person): string[][] {
  const { sequence, sections } = new Blocks(openBody(person.ydoc))
  const shown = sections.flatMap(section => section.entries.filter(entry => entry.node !== null))
  return shown.map(({ marker }) => {
    const ids: string[] = []
    let item = marker === null ? firstItem(sequence) : marker.right
    for (; item !== null && !isLiveMarker(item); item = item.right) {
      if (!isLiveUnit(item)) continue
      for (let i = 0; i < item.length; i++) ids.push(idString(item.id.client, item.id.clock + i))
    }
    return ids
  })
}

/** Which character each id stands for. Characters are numbered as they are typed; one that is written anew keeps its number. */
class Truth {
  readonly #numbers = new Map<string, number>()
  #next = 0

  /** Characters with a number below this are there already. */
  get next(): number {
    return this.#next
  }

  fresh(count: number): number[] {
    return Array.from({ length: count }, () => this.#next++)
  }

  numbersOf(person: Person): number[][] {
    return idsOf(person).map(block => block.map(id => this.#numbers.get(id)!))
  }

  /** Learns from what a person sees after an edit of their own, which made this of the numbers. */
  learn(person: Person, numbers: readonly (readonly number[])[]): void {
    const ids = idsOf(person).flat()
    const expected = numbers.flat()
    if (ids.length !== expected.length) throw new RangeError('The edit did something else than it says')
    ids.forEach((id, index) => {
      if (!this.#numbers.has(id)) this.#numbers.set(id, expected[index]!)
    })
  }

  /** What undo brings back has new ids, and only the replica that undid knows whose they are. */
  learnRedone(person: Person): void {
    for (const [id, number] of [...this.#numbers]) {
      const unit = findUnit(person.ydoc, id)
      if (unit === null) continue
      const copy = idString(unit.item.id.client, unit.item.id.clock + unit.offset)
      if (!this.#numbers.has(copy)) this.#numbers.set(copy, number)
    }
  }
}

/** One random edit of a person, told to the truth. */
function act(random: Random, person: Person, truth: Truth): void {
  const numbers = truth.numbersOf(person)
  const count = person.blocks.length
  const block = random.below(count)
  const node = person.blocks[block]!
  const size = node.content.size
  const offset = random.chance(0.3) ? random.below(size + 1) : wordStart(random, node)
  const at = person.positionOf(block) + 1
  const span = wordSpan(random, node)
  const did = (change: () => void, result: () => number[][]): void => {
    change()
    truth.learn(person, result())
  }
  const typed = `${word(random)} `
  const acts: (() => void)[] = [
    () =>
      did(
        () => person.type(block, offset, typed),
        () => numbers.with(block, numbers[block]!.toSpliced(offset, 0, ...truth.fresh(typed.length))),
      ),
    () =>
      did(
        () => person.edit(tr => tr.delete(at + span.from, at + span.to)),
        () => numbers.with(block, numbers[block]!.toSpliced(span.from, span.to - span.from)),
      ),
    () =>
      did(
        () => person.edit(tr => tr.insertText(typed, at + span.from, at + span.to)),
        () =>
          numbers.with(block, numbers[block]!.toSpliced(span.from, span.to - span.from, ...truth.fresh(typed.length))),
      ),
    () =>
      did(
        () => person.edit(tr => tr.split(at + offset)),
        () => numbers.toSpliced(block, 1, numbers[block]!.slice(0, offset), numbers[block]!.slice(offset)),
      ),
    () => {
      if (block === 0) return
      did(
        () =>
          person.edit(tr => tr.delete(person.positionOf(block - 1) + 1 + person.blocks[block - 1]!.content.size, at)),
        () => numbers.toSpliced(block - 1, 2, [...numbers[block - 1]!, ...numbers[block]!]),
      )
    },
    () => {
      if (count < 5) return
      did(
        () => person.edit(tr => tr.delete(at - 1, at - 1 + node.nodeSize)),
        () => numbers.toSpliced(block, 1),
      )
    },
    () => {
      const before = random.below(count)
      if (before === block || before === block + 1) return
      did(
        () => {
          const to = person.positionOf(before)
          person.edit(tr => {
            tr.delete(at - 1, at - 1 + node.nodeSize)
            tr.insert(tr.mapping.map(to), node).setMeta(moveMeta, [node.attrs.id])
          })
        },
        () => {
          const rest = numbers.toSpliced(block, 1)
          return rest.toSpliced(before > block ? before - 1 : before, 0, numbers[block]!)
        },
      )
    },
    () => {
      // Words are dragged to another block.
      const other = random.below(count)
      if (other === block || span.to === span.from || random.chance(0.75)) return
      const to = wordStart(random, person.blocks[other]!)
      const text = node.textBetween(span.from, span.to)
      did(
        () =>
          person.edit(tr => {
            const target = person.positionOf(other) + 1 + to
            tr.delete(at + span.from, at + span.to)
            tr.insertText(text, tr.mapping.map(target))
          }),
        () => {
          const moved = numbers[block]!.slice(span.from, span.to)
          return numbers
            .with(block, numbers[block]!.toSpliced(span.from, span.to - span.from))
            .with(other, numbers[other]!.toSpliced(to, 0, ...moved))
        },
      )
    },
    () => person.edit(tr => tr.setNodeMarkup(at - 1, schema.nodes.heading, { ...node.attrs, level: 2 })),
    () => person.edit(tr => tr.addMark(at + span.from, at + span.to, schema.marks.strong.create())),
    () => person.binding.stopCapturing(),
    ...Array.from({ length: 3 }, () => () => {
      if (random.chance(0.75)) person.binding.undo()
      else person.binding.redo()
      truth.learnRedone(person)
    }),
  ]
  random.pick(acts)()
  if (random.chance(0.7)) person.binding.stopCapturing()
}

/** The start of a word, or the end of the block. */
function wordStart(random: Random, node: Node): number {
  return random.pick([...[...node.textContent.matchAll(/\S+/g)].map(match => match.index), node.content.size])
}

/** So many whole words of a block, or up to three more. */
function wordSpan(random: Random, node: Node, least = 1): { from: number; to: number } {
  const ends = [...node.textContent.matchAll(/\S+/g)].map(
    match => [match.index, match.index + match[0].length] as const,
  )
  if (ends.length === 0) return { from: 0, to: 0 }
  const first = random.below(ends.length)
  const last = Math.min(first + least - 1 + random.below(4), ends.length - 1)
  return { from: ends[first]![0], to: ends[last]![1] }
}

interface Comment {
  readonly anchor: Anchor
  /** The characters that it was made of, and the number of the first one typed afterwards. */
  readonly numbers: ReadonlySet<number>
  readonly before: number
}

function comment(random: Random, person: Person, truth: Truth): Comment | null {
  const numbers = truth.numbersOf(person)
  const first = random.below(numbers.length)
  const last = random.chance(0.1) ? Math.min(first + 1, numbers.length - 1) : first
  // Two words or more: of the many places of a short one nobody can tell which is meant.
  const { from, to: end } = wordSpan(random, person.blocks[first]!, 2)
  if (!/\s/.test(person.blocks[first]!.textBetween(from, end))) return null
  const to = last === first ? end : wordSpan(random, person.blocks[last]!).to
  const flat =
    first === last ? numbers[first]!.slice(from, to) : [...numbers[first]!.slice(from), ...numbers[last]!.slice(0, to)]
  if (flat.length === 0) return null
  const blocks = new Blocks(openBody(person.ydoc))
  const place = (block: number, offset: number) => ({
    entry: blocks.entryAt(person.positionOf(block) + 1).entry,
    offset,
  })
  const anchor = makeAnchor(blocks, { from: place(first, from), to: place(last, to) })
  return { anchor, numbers: new Set(flat), before: truth.next }
}

/**
 * Whether an anchor stands on its words: on a tenth at least of what is left of them if half of them is left (they may be in
 * different places by now), and never on more characters of that time that are not between them than on them.
 */
function judge(all: readonly number[], range: readonly number[], { numbers, before }: Comment): boolean {
  const left = all.filter(number => numbers.has(number)).length
  const covered = range.filter(number => numbers.has(number)).length
  const [first, last] = [all.findIndex(number => numbers.has(number)), all.findLastIndex(number => numbers.has(number))]
  const between = new Set(all.slice(Math.max(first, 0), last + 1))
  const foreign = range.filter(number => !numbers.has(number) && number < before && !between.has(number)).length
  return foreign <= covered && (covered * 10 >= left || left * 2 < numbers.size)
}

/** The numbers of the characters that an anchor stands on. */
function covers(numbers: readonly (readonly number[])[], { blocks, from, to }: AnchorPlace): number[] {
  const shown = blocks.sections.flatMap(section => section.entries.filter(entry => entry.node !== null))
  const [first, last] = [shown.indexOf(from.entry), shown.indexOf(to.entry)]
  return numbers.flatMap((block, index) =>
    index < first || index > last
      ? []
      : block.slice(index === first ? from.offset : 0, index === last ? to.offset : undefined),
  )
}

/** The block alone says no more than near which words the comment stood: it is right where they are in it. */
function isHit(numbers: readonly (readonly number[])[], place: AnchorPlace | null, one: Comment): boolean {
  const range = place === null ? [] : covers(numbers, place)
  return judge(numbers.flat(), place?.by === 'block' ? range.filter(number => one.numbers.has(number)) : range, one)
}

interface Score {
  anchors: number
  missed: number
  /** With ids alone, without quote and block. */
  missedByIds: number
  readonly ways: Map<string, number>
  readonly misses: Map<string, number>
}

function run(seed: number, score: Score): void {
  const random = seededRandom(seed)
  const truth = new Truth()
  const lines = Array.from({ length: 6 + random.below(10) }, () => sentence(random, 3 + random.below(12)))
  const persons = people(2 + random.below(2), lines.join('\n'))
  truth.learn(
    persons[0]!,
    lines.map(line => truth.fresh(line.length)),
  )
  const comments: Comment[] = []
  for (let round = 0; round < 11; round++) {
    for (const person of persons) {
      for (let i = random.below(3); i > 0; i--) act(random, person, truth)
      const made = round < 8 && random.chance(0.4) ? comment(random, person, truth) : null
      if (made !== null) comments.push(made)
    }
    if (random.chance(0.6)) deliverAll(persons)
  }
  deliverAll(persons)
  // Somebody who opens the document later knows of no undo.
  const late = new Person(5_000, Y.encodeStateAsUpdate(persons[0]!.ydoc))
  for (const person of [persons[0]!, late]) {
    const numbers = truth.numbersOf(person)
    const blocks = new Blocks(openBody(person.ydoc))
    const bare = comments.map(({ anchor }) => ({ ...anchor, quote: '', block: null }))
    const places = resolveAnchors(
      [blocks],
      comments.map(one => one.anchor),
    )
    const byIds = resolveAnchors([blocks], bare)
    comments.forEach((one, index) => {
      const place = places[index]!
      const hit = isHit(numbers, place, one)
      score.anchors++
      score.missed += hit ? 0 : 1
      score.missedByIds += isHit(numbers, byIds[index]?.by === 'block' ? null : byIds[index]!, one) ? 0 : 1
      const way = place?.by ?? 'orphan'
      score.ways.set(way, (score.ways.get(way) ?? 0) + 1)
      if (!hit) score.misses.set(way, (score.misses.get(way) ?? 0) + 1)
    })
  }
}

test('B28: after random edits, moves, undo and merges at most 2 % of the anchors stand on other words', () => {
  const score: Score = { anchors: 0, missed: 0, missedByIds: 0, ways: new Map(), misses: new Map() }
  for (const seed of cases) run(seed, score)
  const percent = (count: number): string => `${((100 * count) / score.anchors).toFixed(1)} %`
  const ways = [...score.ways].map(([way, count]) => `${way} ${count} (missed ${score.misses.get(way) ?? 0})`)
  console.log(`${score.anchors} anchors, ${percent(score.missed)} missed; by ids alone ${percent(score.missedByIds)}`)
  console.log(ways.join(', '))
  expect(score.anchors).toBeGreaterThan(cases.length > 1 ? 4 * cases.length : 0)
  expect(score.missed / score.anchors).toBeLessThanOrEqual(0.02)
  // So that the measure itself does not go soft: ids alone miss many times as often.
  expect(score.missedByIds).toBeGreaterThan(4 * score.missed)
})
