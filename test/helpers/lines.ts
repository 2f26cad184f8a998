// Documents as a person would jot them down, one block a line: `kind[indent] text`. `|` is the caret, `‹` and `›` are the ends of a
// selection, `↵` is a hard break and `⏎` a newline in code.

import { blocksOf, schema } from '@sheaf/model'
import type { Node } from 'prosemirror-model'
import { EditorState, TextSelection } from 'prosemirror-state'

/** `kind[indent] text` a line. */
export type Lines = readonly string[]

/** A place between two characters of a block. */
export interface Spot {
  readonly block: number
  readonly offset: number
}

export interface Written {
  readonly blocks: readonly Node[]
  /** Caret, or the two ends of the selection; null where the lines show none. */
  readonly selection: { readonly from: Spot; readonly to: Spot } | null
}

const attributes: Readonly<Record<string, readonly [type: string, attrs: Readonly<Record<string, unknown>>]>> = {
  p: ['paragraph', {}],
  h1: ['heading', { level: 1 }],
  h2: ['heading', { level: 2 }],
  bullet: ['bullet', {}],
  ordered: ['ordered', {}],
  task: ['task', { checked: false }],
  done: ['task', { checked: true }],
  quote: ['quote', {}],
  callout: ['callout', { tone: 'tip' }],
  toggle: ['toggle', { open: true }],
  closed: ['toggle', { open: false }],
  code: ['code_block', {}],
  math: ['math_block', {}],
  image: ['image', { src: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=' }],
  divider: ['divider', {}],
  embed: ['embed', { src: 'https://example.org/' }],
}

/** Every kind that the lines know. */
export const kinds: readonly string[] = Object.keys(attributes)

/** The blocks of some lines, without ids. @throws SyntaxError where a line is none. */
export function readLines(lines: Lines): Written {
  const spots: Spot[] = []
  const blocks = lines.map((line, block) => {
    const [, kind, indent, rest] = /^(h1|h2|[a-z]+)(\d?) ([\s\S]*)$/.exec(line) ?? []
    const [type, attrs] = attributes[kind ?? ''] ?? []
    if (type === undefined || rest === undefined) throw new SyntaxError(`Not a line: ${line}`)
    let text = rest.replaceAll('⏎', '\n')
    for (const sign of ['|', '‹', '›']) {
      const offset = text.indexOf(sign)
      if (offset < 0) continue
      spots.push({ block, offset })
      text = text.replace(sign, '')
    }
    return schema.node(type, { ...attrs, indent: Number(indent) }, inline(text))
  })
  const [from, to] = spots
  return { blocks, selection: from === undefined ? null : { from, to: to ?? from } }
}

/** What `readLines` reads. Attributes that the lines do not show (ids, tones, sources) are left out. */
export function writeLines(blocks: readonly Node[], selection: Written['selection'] = null): string[] {
  return blocks.map((node, block) => {
    let text = node.textBetween(0, node.content.size, undefined, leaf =>
      leaf.type.name === 'hard_break' ? '↵' : '\ufffc',
    )
    for (const { sign, spot } of signsOf(selection)) {
      if (spot.block === block) text = text.slice(0, spot.offset) + sign + text.slice(spot.offset)
    }
    return `${kindOf(node)}${node.attrs.indent || ''} ${text.replaceAll('\n', '⏎')}`
  })
}

/** A state that shows the lines, its blocks called `id-0`, `id-1` …, cut into sections of so many blocks. */
export function stateOf(lines: Lines, blocksInSection: number): EditorState {
  const { blocks, selection } = readLines(lines)
  const named = blocks.map((block, i) => block.type.create({ ...block.attrs, id: `id-${i}` }, block.content))
  const sections: Node[] = []
  for (let at = 0; at < named.length; at += blocksInSection) {
    sections.push(schema.nodes.section.create(null, named.slice(at, at + blocksInSection)))
  }
  const doc = schema.nodes.doc.create(null, sections)
  const starts = startsOf(doc)
  const at = ({ block, offset }: Spot): number => starts[block]! + offset
  return EditorState.create({
    doc,
    ...(selection === null ? {} : { selection: TextSelection.create(doc, at(selection.from), at(selection.to)) }),
  })
}

export function linesOf({ doc, selection }: EditorState): string[] {
  const starts = startsOf(doc)
  const spot = (position: number): Spot => {
    const block = Math.max(
      starts.findLastIndex(start => start <= position),
      0,
    )
    return { block, offset: position - starts[block]! }
  }
  return writeLines(blocksOf(doc), { from: spot(selection.from), to: spot(selection.to) })
}

function startsOf(doc: Node): number[] {
  const starts: number[] = []
  doc.descendants((node, position) => {
    if (node.isTextblock) starts.push(position + 1)
    return !node.isTextblock
  })
  return starts
}

function inline(text: string): Node[] {
  return text
    .split('↵')
    .flatMap((part, index) => [
      ...(index === 0 ? [] : [schema.nodes.hard_break.create()]),
      ...(part === '' ? [] : [schema.text(part)]),
    ])
}

/** The last first, so that one sign does not move the other. */
function signsOf(selection: Written['selection']): { sign: string; spot: Spot }[] {
  if (selection === null) return []
  const { from, to } = selection
  if (from.block === to.block && from.offset === to.offset) return [{ sign: '|', spot: from }]
  return [
    { sign: '›', spot: to },
    { sign: '‹', spot: from },
  ]
}

function kindOf(node: Node): string {
  const found = Object.entries(attributes).find(
    ([, [type, attrs]]) =>
      type === node.type.name &&
      ['level', 'checked', 'open'].every(name => attrs[name] === undefined || attrs[name] === node.attrs[name]),
  )
  return found?.[0] ?? node.type.name
}
