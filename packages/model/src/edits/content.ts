// What an edit brings along: read from its format, and brought into the shape that its place takes.

import { Fragment, type Mark, type Node, type NodeType } from 'prosemirror-model'
import { blocksOf } from '../blocks.ts'
import { diffTokens } from '../diff.ts'
import { FormatError } from '../formats/errors.ts'
import { parseHtml } from '../formats/html-parse.ts'
import { parseJson } from '../formats/json.ts'
import { parseMarkdown } from '../formats/markdown-parse.ts'
import { hidesMarks, isTable, wellFormed } from '../kinds.ts'
import { maxIndent, schema } from '../schema.ts'
import type { EditContent } from './edit.ts'
import { EditError } from './errors.ts'
import { textBetween } from './sheet.ts'

export type Brought =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'blocks'; readonly blocks: Node[] }

/** @throws EditError `invalid-edit` where there is not exactly one of them, or it is not in its format. */
export function readContent(content: EditContent): Brought {
  const { text, markdown, html, json } = content
  const given = [text, markdown, html, json].filter(one => one !== undefined)
  if (given.length !== 1) throw new EditError('invalid-edit', 'Give one of text, markdown, html and json.')
  if (text !== undefined) return { kind: 'text', text: wellFormed(text.replace(/\r\n?/g, '\n')) }
  try {
    const doc =
      markdown !== undefined ? parseMarkdown(markdown) : html !== undefined ? parseHtml(html) : parseJson(json)
    return { kind: 'blocks', blocks: blocksOf(doc) }
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause
    throw new EditError('invalid-edit', `/json: ${cause.message}`)
  }
}

/** As blocks; of text each line is a paragraph. */
export function asBlocks(brought: Brought, indent = 0): Node[] {
  const blocks =
    brought.kind === 'blocks'
      ? brought.blocks
      : brought.text.split('\n').map(line => schema.nodes.paragraph.create(null, plainText(line)))
  return blocks.map(block => {
    const own = Number(block.attrs.indent) || 0
    return withAttrs(block, { id: null, indent: Math.min(own + indent, maxIndent) })
  })
}

/** What goes into a line; null where it takes blocks of its own. */
export function asInline(brought: Brought): Fragment | null {
  if (brought.kind === 'text') return brought.text.includes('\n') ? null : plainText(brought.text)
  const [first, second] = brought.blocks
  return first?.type === schema.nodes.paragraph && second === undefined ? first.content : null
}

export function plainText(text: string, marks: readonly Mark[] = []): Fragment {
  return text === '' ? Fragment.empty : Fragment.from(schema.text(text, marks))
}

export function withAttrs(block: Node, attrs: Readonly<Record<string, unknown>>): Node {
  return block.type.create({ ...block.attrs, ...attrs }, block.content)
}

/** Content as a kind of block takes it: code has characters alone. */
export function fitting(type: NodeType, content: Fragment): Fragment {
  return hidesMarks(type) ? plainText(textBetween(content)) : content
}

/**
 * Old content brought to say a new line: words that stay keep their marks, and what they say of people and formulas; new ones take the
 * marks of what they stand for, or of what they go on.
 * @param around marks of what stands before, for words that replace nothing
 */
export function reworded(old: Fragment, line: string, around: readonly Mark[]): Fragment {
  const before = tokensOf(old)
  const after = tokensOfLine(line, before)
  const result: Node[] = []
  let at = 0
  let marks = around
  const hunks = diffTokens(
    before.map(({ token }) => token),
    after.map(({ token }) => token),
  )
  const keep = (count: number) => {
    for (let i = 0; i < count; i++) result.push(before[at++]!.node)
    if (count > 0) marks = goingOn(before[at - 1]!.node.marks)
  }
  for (const { keep: kept, remove, from, to } of hunks) {
    keep(kept)
    const taken = remove > 0 ? before[at]!.node.marks : marks
    for (const { text } of after.slice(from, to)) result.push(schema.text(text, taken))
    at += remove
  }
  keep(before.length - at)
  return Fragment.fromArray(result)
}

/** Marks that go on in what is written behind: a link does not. */
export function goingOn(marks: readonly Mark[]): readonly Mark[] {
  return marks.filter(({ type }) => type.spec.inclusive !== false)
}

export function assertFits(blocks: readonly Node[], isInCell: boolean): void {
  if (isInCell && blocks.some(isTable)) throw new EditError('unsupported-op', 'No table stands in a table.')
}

interface Token {
  readonly token: number
  readonly node: Node
  readonly text: string
}

/** Outside of Unicode: what stands for atoms. */
const firstAtom = 0x11_0000

function tokensOf(content: Fragment): Token[] {
  const tokens: Token[] = []
  content.forEach(node => {
    if (node.isText) {
      for (const text of node.text!)
        tokens.push({ token: text.codePointAt(0)!, node: schema.text(text, node.marks), text })
      return
    }
    const text = textBetween(Fragment.from(node))
    tokens.push({ token: text === '\n' ? 10 : firstAtom + tokens.length, node, text })
  })
  return tokens
}

/** The characters of a line; where it says what an atom says, in the order of the atoms, it means the atom. */
function tokensOfLine(line: string, before: readonly Token[]): { token: number; text: string }[] {
  const tokens: { token: number; text: string }[] = []
  const plain = (text: string) => {
    for (const character of text) tokens.push({ token: character.codePointAt(0)!, text: character })
  }
  let rest = line
  for (const atom of before) {
    if (atom.token < firstAtom || atom.text === '') continue
    const index = rest.indexOf(atom.text)
    if (index < 0) continue
    plain(rest.slice(0, index))
    tokens.push({ token: atom.token, text: atom.text })
    rest = rest.slice(index + atom.text.length)
  }
  plain(rest)
  return tokens
}
