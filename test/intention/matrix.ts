// The intention matrix: every structural edit × every place where a second person types at the same time × both client id orders ×
// both delivery orders. What was typed must be there exactly once, in one piece, next to its neighbours. Letters of the base text are
// all different, so where something went can be told from the text alone. Here are the edits of our editor; the rest is cases.ts.

import { blocksOf, cutSections, schema, seedUpdate } from '@sheaf/model'
import type { Node, NodeType } from 'prosemirror-model'
import { moveMeta } from '../../packages/editor/src/binding.ts'
import {
  backspace,
  deleteForward,
  enter,
  indent,
  outdent,
  setChecked,
  toggleMark,
  turnInto,
} from '../../packages/editor/src/commands.ts'
import { Person } from '../helpers/editors.ts'
import {
  type Case,
  type Choice,
  deleteRange,
  type Edit,
  inserted,
  lines,
  places,
  runCases,
  type Subject,
  target,
  typed,
} from './cases.ts'
import { at, command, emptyBlock, ownEdits } from './own-edits.ts'

const { nodes, marks } = schema

function pasteBlocks(person: Person, block: number, offset: number, texts: readonly string[]): void {
  person.select(block, offset)
  const content = texts.map(text => nodes.paragraph.create(null, schema.text(text)))
  const slice = cutSections(content).slice(2, cutSections(content).content.size - 2)
  person.edit(tr => tr.replaceSelection(slice))
}

function insertBlock(person: Person, before: number, block: Node): void {
  const position = before < person.blocks.length ? person.positionOf(before) : person.doc.content.size - 1
  person.edit(tr => tr.insert(position, block))
}

function moveBlock(person: Person, from: number, before: number): void {
  const block = person.blocks[from]!
  const position = person.positionOf(from)
  person.edit(tr => {
    const to = before < person.blocks.length ? person.positionOf(before) : person.doc.content.size - 1
    tr.delete(position, position + block.nodeSize)
    tr.insert(tr.mapping.map(to), block).setMeta(moveMeta, [block.attrs.id])
  })
}

type Kind = [name: string, type: NodeType, attrs: Record<string, unknown>]

const kinds: Kind[] = [
  ...[1, 2, 3, 4].map((level): Kind => [`h${level}`, nodes.heading, { level }]),
  ['bullet', nodes.bullet, {}],
  ['ordered', nodes.ordered, {}],
  ['task', nodes.task, {}],
  ['quote', nodes.quote, {}],
  ['callout', nodes.callout, {}],
  ['toggle', nodes.toggle, {}],
  ['code', nodes.code_block, {}],
  ['math', nodes.math_block, {}],
  ['image', nodes.image, {}],
  ['divider', nodes.divider, {}],
  ['embed', nodes.embed, {}],
]

const edits: Edit<Person>[] = [
  ...[0, 2, 4, 9, 12, 14].map(offset => ({ name: `split at ${offset}`, run: at(target, offset, enter) })),
  { name: 'join backward', run: at(target, 0, backspace) },
  { name: 'join forward', run: at(target, 14, deleteForward) },
  ...kinds.map(([name, type, attrs]) => ({ name: `retype to ${name}`, run: at(target, 3, turnInto(type, attrs)) })),
  {
    name: 'lift out of quote',
    prepare: at(target, 0, turnInto(nodes.quote)),
    run: at(target, 3, turnInto(nodes.quote)),
  },
  {
    name: 'code to paragraph',
    prepare: at(target, 0, turnInto(nodes.code_block)),
    run: at(target, 3, turnInto(nodes.code_block)),
  },
  { name: 'indent', prepare: at(target, 0, turnInto(nodes.bullet)), run: at(target, 3, indent) },
  {
    name: 'outdent',
    prepare: person => {
      at(target, 0, turnInto(nodes.bullet))(person)
      at(target, 0, indent)(person)
    },
    run: at(target, 3, outdent),
  },
  {
    name: 'check',
    prepare: at(target, 0, turnInto(nodes.task)),
    run: person => command(person, setChecked(person.positionOf(target), true)),
  },
  {
    name: 'input rule for a heading',
    prepare: person => person.type(target, 0, '#'),
    run: person => {
      const start = person.positionOf(target)
      person.edit(tr => tr.delete(start + 1, start + 2).setBlockType(start + 1, start + 1, nodes.heading, { level: 1 }))
    },
  },
  {
    name: 'delete block',
    run: person => {
      const start = person.positionOf(target)
      person.edit(tr => tr.delete(start, start + person.blocks[target]!.nodeSize))
    },
  },
  {
    name: 'delete two blocks',
    run: person => {
      const [start, end] = [person.positionOf(target), person.positionOf(target + 2)]
      person.edit(tr => tr.delete(start, end))
    },
  },
  { name: 'delete over two blocks', run: deleteRange(target, 7, target + 1, 5) },
  { name: 'delete over three blocks', run: deleteRange(0, 5, 2, 5) },
  { name: 'type over two blocks', run: deleteRange(target, 7, target + 1, 5, inserted) },
  { name: 'delete a word', run: deleteRange(target, 5, target, 10) },
  { name: 'empty the block', run: deleteRange(target, 0, target, 14) },
  { name: 'replace two words', run: deleteRange(target, 5, target, 14, `${inserted} ò`) },
  { name: 'replace all text', run: deleteRange(target, 0, target, 14, inserted) },
  {
    name: 'insert a block before',
    run: person => insertBlock(person, target, nodes.paragraph.create(null, schema.text(inserted))),
  },
  {
    name: 'insert a block after',
    run: person => insertBlock(person, target + 1, nodes.heading.create(null, schema.text(inserted))),
  },
  { name: 'insert a divider', run: person => insertBlock(person, target + 1, nodes.divider.create()) },
  { name: 'paste text', run: person => person.edit(tr => tr.insertText(inserted, person.positionOf(target) + 1 + 7)) },
  { name: 'paste blocks in the middle', run: person => pasteBlocks(person, target, 7, ['àè', 'ìò', 'ùâ']) },
  { name: 'paste blocks at the end', run: person => pasteBlocks(person, target, 14, ['àè', 'ìò']) },
  { name: 'paste blocks at the start', run: person => pasteBlocks(person, target, 0, ['àè', 'ìò']) },
  {
    name: 'duplicate',
    run: person => insertBlock(person, target + 1, nodes.paragraph.create(null, schema.text(inserted))),
  },
  { name: 'format a word', run: at(target, 5, toggleMark(marks.strong), 9) },
  { name: 'format the block', run: at(target, 0, toggleMark(marks.em), 14) },
  {
    name: 'unformat a word',
    prepare: at(target, 0, toggleMark(marks.strong), 14),
    run: at(target, 5, toggleMark(marks.strong), 9),
  },
  {
    name: 'link a word',
    run: person => {
      const start = person.positionOf(target) + 1
      person.edit(tr => tr.addMark(start + 5, start + 9, marks.link.create({ href: 'https://example.org' })))
    },
  },
  { name: 'move down', run: person => moveBlock(person, target, target + 2) },
  { name: 'move up', run: person => moveBlock(person, target, 0) },
  { name: 'move to the end', run: person => moveBlock(person, target, 4) },
]

/** Edits that a tree has as edits of their own. */
const comparedOnly: Edit<Person>[] = [
  {
    name: 'bullet to paragraph',
    prepare: at(target, 0, turnInto(nodes.bullet)),
    run: at(target, 3, turnInto(nodes.bullet)),
  },
  {
    name: 'h1 to h3',
    prepare: at(target, 0, turnInto(nodes.heading, { level: 1 })),
    run: at(target, 3, turnInto(nodes.heading, { level: 3 })),
  },
]

const sheaf: Subject<Person> = {
  seed: seedUpdate({ text: lines.join('\n') }),
  open: (clientID, update) => new Person(clientID, update),
  close: person => person.ydoc.destroy(),
  undo: person => person.binding.undo(),
  redo: person => person.binding.redo(),
  endStep: person => person.binding.stopCapturing(),
  shown: person => blocksOf(person.doc).map(String).join(),
  isNamed: (edit, inTarget, after) => edit.startsWith('move') && inTarget && after.includes(typed),
}

/** Every `step`th case; the edits whose names do not contain `filter` are left out. */
export function runMatrix(filter = '', step = 1): Case[] {
  const wanted = [...edits, ...comparedOnly, ...ownEdits].filter(edit => edit.name.includes(filter))
  let count = 0
  return runCases({ ...sheaf, places: [...places, emptyBlock] }, wanted, () => count++ % step === 0)
}

/** The cases of the edit of this name. */
export function runEdit(name: string, isWanted?: Choice): Case[] {
  const edit = [...edits, ...comparedOnly].find(one => one.name === name)
  if (edit === undefined) throw new RangeError(`No edit ${name}`)
  return runCases(sheaf, [edit], isWanted)
}
