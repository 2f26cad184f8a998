// Inline content → Markdown that reads back as the same content. Delimiters (`*`, `**`, `~~`, backticks) are used where they are
// certain to be read as meant: inside a piece stands a letter or digit at both ends, and no other delimiter touches it from
// outside. Everywhere else the same mark is written as an HTML element.

import type { Fragment, Mark, Node } from 'prosemirror-model'
import { schema } from '../schema.ts'
import { atomHtml, markTag, openTag } from './html-serialize.ts'

const { marks, nodes } = schema

export interface InlineOptions {
  /** Headings and the cells of a table stand on one line. */
  readonly place: 'paragraph' | 'heading' | 'cell'
  /** Takes a note and gives its label; null writes it where it stands. */
  footnote(text: string): string | null
}

interface Piece {
  readonly mark: Mark
  /** Indexes of its open and close among the parts. */
  readonly open: number
  close: number
  isPlain: boolean
}

type Part =
  | { readonly kind: 'open'; readonly piece: Piece }
  | { readonly kind: 'close'; readonly piece: Piece }
  | { readonly kind: 'leaf'; readonly node: Node; readonly isCode: boolean }

export function inlineMarkdown(content: Fragment, options: InlineOptions): string {
  const parts = partsOf(content)
  const escapesDollars = hasTwoDollars(content)
  const lastLeaf = parts.findLastIndex(part => part.kind === 'leaf')
  let text = ''
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!
    if (part.kind === 'close') text += closing(part.piece)
    else if (part.kind === 'open') {
      const address = autolink(part.piece, parts)
      text += address ?? opening(part.piece)
      if (address !== null) i += 2
    } else if (part.isCode) text += codeSpan(part.node.text!, text)
    else if (part.node.isText) text += escapeText(part.node.text!, escapesDollars)
    else text += atom(part.node, parts, i, i === lastLeaf, options)
  }
  return text.split('\n').map(guards[options.place]).join('\n')
}

const delimiters = new Map([
  [marks.em, '*'],
  [marks.strong, '**'],
  [marks.strike, '~~'],
])

/** Content as nested pieces: at each border what ends is closed, with what was opened inside of it, and the longest opened first. */
function partsOf(content: Fragment): Part[] {
  const leaves = content.content
  const parts: Part[] = []
  const open: Piece[] = []
  const closeTo = (depth: number) => {
    while (open.length > depth) {
      const piece = open.pop()!
      piece.close = parts.length
      parts.push({ kind: 'close', piece })
      piece.isPlain = isPlain(piece, parts)
    }
  }
  leaves.forEach((node, index) => {
    const keep = open.findIndex(piece => !piece.mark.isInSet(node.marks))
    closeTo(keep < 0 ? open.length : keep)
    const wanted = node.marks
      .filter(mark => !open.some(piece => piece.mark.eq(mark)))
      .map(mark => ({ mark, end: endOf(leaves, index, mark) }))
      .sort((a, b) => b.end - a.end || rank(a.mark) - rank(b.mark))
    let isCode = false
    for (const { mark, end } of wanted) {
      // A code span of text alone holds its text as it is; nothing can be opened inside.
      if (mark.type === marks.code && end === index + 1 && node.isText && mark === wanted.at(-1)!.mark) isCode = true
      else {
        const piece: Piece = { mark, open: parts.length, close: -1, isPlain: false }
        open.push(piece)
        parts.push({ kind: 'open', piece })
      }
    }
    parts.push({ kind: 'leaf', node, isCode })
  })
  closeTo(0)
  return parts
}

/** Code innermost, then by the schema's order. */
function rank(mark: Mark): number {
  return mark.type === marks.code ? 99 : Object.values(marks).indexOf(mark.type)
}

/** How far the mark goes on. Looking further than this changes only the look. */
function endOf(leaves: readonly Node[], from: number, mark: Mark): number {
  let end = from + 1
  while (end < leaves.length && end < from + 50 && mark.isInSet(leaves[end]!.marks)) end++
  return end
}

function isPlain(piece: Piece, parts: readonly Part[]): boolean {
  if (piece.mark.type === marks.link) return true
  const delimiter = delimiters.get(piece.mark.type)
  if (delimiter === undefined) return false
  const before = parts[piece.open - 1]
  if (before?.kind === 'close' && before.piece.isPlain && delimiters.has(before.piece.mark.type)) return false
  const [first, last] = [parts[piece.open + 1]!, parts[piece.close - 1]!]
  return isSolid(first, 'open', delimiter) && isSolid(last, 'close', delimiter)
}

/** Whether at the inner edge of a delimiter stands a letter or digit, or one more delimiter of the same character. */
function isSolid(part: Part, edge: 'open' | 'close', delimiter: string): boolean {
  if (part.kind !== 'leaf') {
    return part.kind === edge && part.piece.isPlain && delimiters.get(part.piece.mark.type)?.[0] === delimiter[0]
  }
  if (part.isCode || !part.node.isText) return false
  const text = part.node.text!
  return edge === 'open' ? /^[\p{L}\p{N}]/u.test(text) : /[\p{L}\p{N}]$/u.test(text)
}

function opening({ mark, isPlain }: Piece): string {
  if (isPlain) return mark.type === marks.link ? '[' : delimiters.get(mark.type)!
  const { name, attributes } = markTag(mark)
  return openTag(name, attributes)
}

function closing({ mark, isPlain }: Piece): string {
  if (!isPlain) return `</${markTag(mark).name}>`
  if (mark.type !== marks.link) return delimiters.get(mark.type)!
  const { href, title } = mark.attrs as { href: string; title: string | null }
  return `](${destination(href)}${title === null ? '' : ` ${quoted(title)}`})`
}

export function destination(address: string): string {
  if (/^[A-Za-z0-9:/?#@!+,;=%._~-]+$/.test(address)) return address
  return `<${address.replace(/[\\<>&]/g, '\\$&').replaceAll('\n', '&#10;')}>`
}

export function quoted(title: string): string {
  return `"${title.replace(/[\\"&]/g, '\\$&').replaceAll('\n', '&#10;')}"`
}

/** `<https://…>` for a link that shows its own address. */
function autolink({ mark, open }: Piece, parts: readonly Part[]): string | null {
  const [leaf, close] = [parts[open + 1]!, parts[open + 2]!]
  if (mark.type !== marks.link || mark.attrs.title !== null || close.kind !== 'close') return null
  if (leaf.kind !== 'leaf' || leaf.isCode || leaf.node.text !== mark.attrs.href) return null
  return /^https?:\/\/[A-Za-z0-9./?=%#_~+-]+$/.test(mark.attrs.href) ? `<${mark.attrs.href}>` : null
}

function codeSpan(text: string, before: string): string {
  if (before.endsWith('`')) return `<code>${escapeText(text, true)}</code>`
  const longest = longestRun(text, /`+/g)
  const fence = '`'.repeat(longest === 1 ? 2 : longest > 1 && !/(^|[^`])`([^`]|$)/.test(text) ? 1 : longest + 1)
  // A space at both ends is taken off, unless there is nothing else; other kinds of space are text.
  const isPadded = /^`|`$/.test(text) || /^ .*[^ ].* $/s.test(text)
  return isPadded ? `${fence} ${text} ${fence}` : fence + text + fence
}

function atom(node: Node, parts: readonly Part[], index: number, isLast: boolean, options: InlineOptions): string {
  const next = parts[index + 1]
  switch (node.type) {
    case nodes.hard_break:
      // At the end of a paragraph a backslash is a backslash.
      return options.place !== 'paragraph' || isLast ? '<br>' : '\\\n'
    case nodes.inline_math:
      return isPlainMath(node.attrs.tex, next) ? `$${node.attrs.tex}$` : spanWithText(node, node.attrs.tex)
    case nodes.inline_image:
      // Alone in a paragraph it would be an image block.
      return node.attrs.width === null && (parts.length > 1 || options.place === 'cell')
        ? imageMarkdown(node.attrs.src, node.attrs.alt, null)
        : atomHtml(node)
    case nodes.footnote: {
      // Inside a link its brackets would be read as another link.
      const label = schema.marks.link.isInSet(node.marks) ? null : options.footnote(node.attrs.text)
      return label === null ? atomHtml(node) : `[^${label}]`
    }
    case nodes.mention:
      return spanWithText(node, `@${node.attrs.label}`)
    default:
      return atomHtml(node)
  }
}

export function imageMarkdown(src: string, alt: string, title: string | null): string {
  const label = escapeText(alt, true).replaceAll('\n', '&#10;')
  return `![${label}](${destination(src)}${title === null ? '' : ` ${quoted(title)}`})`
}

/** The element of an atom, with a text inside that other readers of Markdown show and nothing can be made of. */
function spanWithText(node: Node, text: string): string {
  const html = atomHtml(node)
  return `${html.slice(0, html.indexOf('>') + 1)}${escapeText(text, true).replaceAll('\n', ' ')}</span>`
}

function isPlainMath(tex: string, next: Part | undefined): boolean {
  if (!/^[^\s$](?:[^$\n]*[^\s$\\])?$/.test(tex) || tex === '\\') return false
  if (next?.kind !== 'leaf') return true
  return next.node.isText ? !/^[\d$]/.test(next.node.text!) : next.node.type !== nodes.inline_math
}

/** One dollar alone is never math. */
function hasTwoDollars(content: Fragment): boolean {
  return (
    JSON.stringify(content.toJSON() ?? '').split('$').length > 2 ||
    content.content.some(n => n.type === nodes.inline_math)
  )
}

/** Text in which nothing is read as Markdown, wherever in a line it stands but at its start or end. */
function escapeText(text: string, escapesDollars: boolean): string {
  return text.replace(/[\\`*_~[\]<&!$@:.]/g, (character, at: number) => {
    const before = text[at - 1]
    const after = text[at + 1]
    return needsEscape(character, before, after, text, at, escapesDollars) ? `\\${character}` : character
  })
}

function needsEscape(
  character: string,
  before: string | undefined,
  after: string | undefined,
  text: string,
  at: number,
  escapesDollars: boolean,
): boolean {
  switch (character) {
    case '\\':
      return after === undefined || /[!-/:-@[-`{-~\s]/.test(after)
    case '_':
      return !(
        before !== undefined &&
        after !== undefined &&
        /[\p{L}\p{N}]/u.test(before) &&
        /[\p{L}\p{N}]/u.test(after)
      )
    case '<':
      return after === undefined || /[A-Za-z/!?]/.test(after)
    case '&':
      return after === undefined || /[#A-Za-z0-9]/.test(after)
    case '!':
      return after === undefined
    case '$':
      return escapesDollars
    case '@':
      return (
        before !== undefined && after !== undefined && /[A-Za-z0-9._+-]/.test(before) && /[A-Za-z0-9_-]/.test(after)
      )
    case ':':
      return after === '/' && /https?$/i.test(text.slice(Math.max(0, at - 5), at))
    case '.':
      return /www$/i.test(text.slice(Math.max(0, at - 3), at))
    default:
      return true
  }
}

export function longestRun(text: string, pattern: RegExp): number {
  let longest = 0
  for (const [run] of text.matchAll(pattern)) longest = Math.max(longest, run.length)
  return longest
}

/** A line of a paragraph that begins no other block, and keeps the white space at its ends. */
function guardLine(line: string): string {
  return guardEnds(line)
    .replace(/^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|=+\s*$|-+\s*$|[-:|][-:|\s]*$)/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
    .replace(/^(\[\^[^\]]+\]):/, '$1\\:')
}

function guardHeading(line: string): string {
  return guardEnds(line).replace(/#+$/, '\\$&')
}

/** Each pipe has a backslash, which is taken away before anything else is read. */
function guardCell(line: string): string {
  return guardEnds(line).replaceAll('|', '\\|')
}

const guards = { paragraph: guardLine, heading: guardHeading, cell: guardCell }

function guardEnds(line: string): string {
  const reference = (space: string) => `&#${space.codePointAt(0)};`
  return line.replace(/^\s/, reference).replace(/\s$/, reference)
}
