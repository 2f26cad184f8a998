// What an edit costs, script only: `npx tsx test/editor/binding-bench.ts [blocks…]`. Medians in milliseconds.

import { blocksOf, cutSections, openBody, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
import { TextSelection } from 'prosemirror-state'
import * as Y from 'yjs'
import { Person } from '../helpers/editors.ts'

const sizes = process.argv.slice(2).map(Number)
const line = 'The quick brown fox jumps over the lazy dog and runs away from the field.'

function median(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]!.toFixed(3).padStart(9)
}

/** Runs an edit at many places; the median time of each of the two people. */
function measure(one: Person, two: Person, times: number, edit: (index: number) => void): string {
  const local: number[] = []
  const remote: number[] = []
  for (let i = 0; i < times; i++) {
    let start = performance.now()
    edit(i)
    local.push(performance.now() - start)
    const updates = one.outbox.splice(0)
    start = performance.now()
    two.receive(updates)
    remote.push(performance.now() - start)
  }
  return `${median(local)} ${median(remote)}`
}

function bench(count: number, isBold: boolean): void {
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate())
  const strong = schema.marks.strong.create()
  const content = isBold
    ? [schema.text(line.slice(0, 10)), schema.text(line.slice(10, 15), [strong]), schema.text(line.slice(15))]
    : [schema.text(line)]
  const [first] = blocksOf(readBody(ydoc))
  const blocks = Array.from({ length: count }, (_, index) =>
    schema.nodes.paragraph.create({ id: index === 0 ? first!.attrs.id : null }, content),
  )
  writeBody(ydoc, cutSections(blocks))
  const state = Y.encodeStateAsUpdate(ydoc)
  let start = performance.now()
  const one = new Person(1000, state)
  const open = performance.now() - start
  const two = new Person(2000, state)
  start = performance.now()
  readBody(one.ydoc)
  const read = performance.now() - start
  console.log(
    `\n${count} blocks${isBold ? ', a bold word in each' : ''}: ${(state.length / 1024).toFixed(0)} KiB, open ${open.toFixed(0)} ms, read ${read.toFixed(0)} ms`,
  )
  console.log('                     local    remote')
  const place = (index: number): number => (index * 7919) % count
  let at = 0
  const positions = Array.from({ length: 200 }, (_, index) => one.positionOf(place(index)))
  console.log(
    `  key             ${measure(one, two, 200, index => {
      if (index % 10 === 0) at = one.positionOf(place(index)) + 20
      one.edit(tr => tr.insertText('x', at++))
    })}`,
  )
  console.log(
    `  key elsewhere   ${measure(one, two, 200, index => one.edit(tr => tr.insertText('x', Math.min(positions[index]! + 5, tr.doc.content.size - 3))))}`,
  )
  console.log(
    `  caret move      ${measure(one, two, 200, index => one.edit(tr => tr.setSelection(TextSelection.near(tr.doc.resolve(positions[index]! + 8)))))}`,
  )
  const starts = Array.from({ length: 60 }, (_, index) => one.positionOf(place(index)))
  console.log(
    `  Enter           ${measure(one, two, 60, index => one.edit(tr => tr.split(tr.doc.resolve(starts[index]! + 2 * index + 12).pos)))}`,
  )
  const retyped = Array.from({ length: 60 }, (_, index) => one.positionOf(place(index)))
  console.log(
    `  retype          ${measure(one, two, 60, index => {
      const node = one.doc.nodeAt(retyped[index]!)!
      one.edit(tr => tr.setNodeMarkup(retyped[index]!, schema.nodes.heading, { ...node.attrs, level: 2 }))
    })}`,
  )
}

for (const count of sizes.length > 0 ? sizes : [1_000, 10_000]) {
  bench(count, false)
  bench(count, true)
}
