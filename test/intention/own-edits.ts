// What our editor does besides the edits of the compared matrix: its own commands for whole blocks, selections and paste, the rules
// of what is typed, and both people in an empty block.

import { schema } from '@sheaf/model'
import { Fragment, type Node, type NodeType, Slice } from 'prosemirror-model'
import { type Command, type Plugin, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { deleteRun, duplicateRun, moveRun } from '../../packages/editor/src/block-commands.ts'
import {
  backspace,
  breakLine,
  deleteForward,
  enter,
  toggleMark,
  toggleState,
  turnInto,
} from '../../packages/editor/src/commands.ts'
import { markdownRules } from '../../packages/editor/src/inputrules.ts'
import { deleteSelected, ranges } from '../../packages/editor/src/ranges.ts'
import type { Person } from '../helpers/editors.ts'
import { type Edit, inserted, lines, type TypingPlace, target } from './cases.ts'

const { nodes, marks } = schema

/** Gives a command. A command that does nothing would make the case meaningless. */
export function command(person: Person, run: Command): void {
  if (!run(person.state, tr => person.view.dispatch(tr))) throw new RangeError('The command does not apply')
}

/** Gives a command with the selection in a block. */
export function at(block: number, from: number, run: Command, to = from): (person: Person) => void {
  return person => {
    person.select(block, from, to)
    command(person, run)
  }
}

/** With a selection from the target to the block behind it. */
function over(run: (person: Person) => void, ends: { from: number; to: number }) {
  return (person: Person): void => {
    const start = person.positionOf(target) + 1 + ends.from
    const end = person.positionOf(target + 1) + 1 + ends.to
    person.edit(tr => tr.setSelection(TextSelection.create(tr.doc, start, end)))
    run(person)
  }
}

const inTwo = { from: 7, to: 5 }
const wholeTwo = { from: 0, to: lines[target + 1]!.length }

const rules = markdownRules()
const selections = ranges()

/** A plugin may take what is typed; else it is typed as it is. */
function typeWith(person: Person, plugin: Plugin, text: string): void {
  const { from, to } = person.state.selection
  const view = person.view as unknown as EditorView
  const isTaken = plugin.props.handleTextInput?.call(plugin, view, from, to, text, () => person.state.tr)
  if (isTaken !== true) throw new RangeError('Nothing takes what is typed')
}

function pasteOver(person: Person, slice: Slice): void {
  const view = person.view as unknown as EditorView
  const event = null as unknown as ClipboardEvent
  if (selections.props.handlePaste?.call(selections, view, event, slice) !== true) throw new RangeError('No paste')
}

/** As ProseMirror pastes one block that was copied whole. */
function pasteBlock(person: Person, block: number, offset: number): void {
  person.select(block, offset)
  person.edit(tr => tr.replaceSelectionWith(nodes.quote.create(null, schema.text(inserted)), false))
}

const opened = new Slice(Fragment.from(['àè', 'ìò'].map(text => nodes.paragraph.create(null, schema.text(text)))), 1, 1)

/** What makes a block of another kind of one that begins with it, with a space behind. */
const signs: readonly (readonly [name: string, sign: string])[] = [
  ['a bullet', '-'],
  ['an ordered item', '1.'],
  ['a task', '[]'],
  ['a quote', '>'],
  ['a callout', '!'],
  ['code', '```'],
  ['a heading 4', '####'],
]

const lifted: readonly (readonly [name: string, type: NodeType, attrs: Record<string, unknown>])[] = [
  ['callout', nodes.callout, {}],
  ['toggle', nodes.toggle, {}],
  ['ordered list', nodes.ordered, {}],
  ['task list', nodes.task, {}],
  ['math', nodes.math_block, {}],
]

/** Behind the target. */
const empty = target + 1
const withEmpty = (person: Person): void => insertEmpty(person, nodes.paragraph.create())
const withEmptyItem = (person: Person): void => insertEmpty(person, nodes.bullet.create())

function insertEmpty(person: Person, block: Node): void {
  person.edit(tr => tr.insert(person.positionOf(empty), block))
}

export const emptyBlock: TypingPlace = {
  name: 'the same empty block',
  left: null,
  right: null,
  emptyBehind: lines[target]!,
}

export const ownEdits: readonly Edit<Person>[] = [
  ...[nodes.heading, nodes.callout, nodes.toggle].flatMap(type => [
    {
      name: `Enter at the end of a ${type.name}`,
      prepare: at(target, 0, turnInto(type)),
      run: at(target, 14, enter),
    },
    {
      name: `Backspace at the start of a ${type.name}`,
      prepare: at(target, 0, turnInto(type)),
      run: at(target, 0, backspace),
    },
  ]),
  ...lifted.map(([name, type, attrs]) => ({
    name: `lift out of ${name}`,
    prepare: at(target, 0, turnInto(type, attrs)),
    run: at(target, 3, turnInto(type, attrs)),
  })),
  {
    name: 'close a toggle',
    prepare: at(target, 0, turnInto(nodes.toggle)),
    run: at(target, 3, toggleState),
  },
  ...signs.map(([name, sign]) => ({
    name: `input rule for ${name}`,
    prepare: (person: Person) => person.type(target, 0, sign),
    run: (person: Person) => {
      person.select(target, sign.length)
      typeWith(person, rules, ' ')
    },
  })),
  {
    name: 'input rule for bold',
    prepare: person => {
      person.type(target, 9, '*')
      person.type(target, 5, '**')
    },
    run: person => {
      person.select(target, 5 + 2 + 4 + 1)
      typeWith(person, rules, '*')
    },
  },
  { name: 'a line break', run: at(target, 7, breakLine) },
  { name: 'Enter over two blocks', run: over(person => command(person, enter), inTwo) },
  { name: 'delete the selection over two blocks', run: over(person => command(person, deleteSelected), inTwo) },
  { name: 'delete the selection of two blocks', run: over(person => command(person, deleteSelected), wholeTwo) },
  { name: 'type over the selection', run: over(person => typeWith(person, selections, inserted), inTwo) },
  { name: 'type over two whole blocks', run: over(person => typeWith(person, selections, inserted), wholeTwo) },
  { name: 'paste over the selection', run: over(person => pasteOver(person, opened), inTwo) },
  { name: 'paste over two whole blocks', run: over(person => pasteOver(person, opened), wholeTwo) },
  { name: 'paste a block at the start', run: person => pasteBlock(person, target, 0) },
  { name: 'paste a block in the middle', run: person => pasteBlock(person, target, 7) },
  { name: 'paste a block at the end', run: person => pasteBlock(person, target, 14) },
  { name: 'move it over the block below', run: at(target, 3, moveRun('down')) },
  { name: 'move it over the block above', run: at(target, 3, moveRun('up')) },
  { name: 'duplicate it with its text', run: at(target, 3, duplicateRun()) },
  { name: 'delete it by its handle', run: at(target, 3, deleteRun()) },
  { name: 'strike over two blocks', run: over(person => command(person, toggleMark(marks.strike)), inTwo) },
  { name: 'type into the empty block', prepare: withEmpty, run: person => person.type(empty, 0, inserted) },
  { name: 'Enter in the empty block', prepare: withEmpty, run: at(empty, 0, enter) },
  { name: 'Enter in the empty item', prepare: withEmptyItem, run: at(empty, 0, enter) },
  { name: 'Backspace in the empty block', prepare: withEmpty, run: at(empty, 0, backspace) },
  { name: 'Delete in the empty block', prepare: withEmpty, run: at(empty, 0, deleteForward) },
  { name: 'Backspace behind the empty block', prepare: withEmpty, run: at(empty + 1, 0, backspace) },
  { name: 'Delete in front of the empty block', prepare: withEmpty, run: at(target, 14, deleteForward) },
  { name: 'retype the empty block', prepare: withEmpty, run: at(empty, 0, turnInto(nodes.heading)) },
  { name: 'delete the empty block by its handle', prepare: withEmpty, run: at(empty, 0, deleteRun()) },
  { name: 'move the empty block down', prepare: withEmpty, run: at(empty, 0, moveRun('down')) },
  { name: 'paste a block into the empty block', prepare: withEmpty, run: person => pasteBlock(person, empty, 0) },
]
