// The Markdown that we read: markdown-it (CommonMark and the tables and strikethrough of GFM) with rules of our own for task lists,
// alerts, footnotes, math, and the autolinks of GFM. The rules only recognise; addresses are judged where marks are made.

import MarkdownIt, { type Env, type StateBlock, type StateCore, type StateInline, type Token } from 'markdown-it'
import { autolinkTokens } from './markdown-autolinks.ts'
import { parseNote } from './notes.ts'

/** Containers and brackets deeper than this are read as text. */
const maxNesting = 100

export interface Footnotes {
  /** Notes by label, lower case, in the order of their definitions. */
  readonly notes: Map<string, string>
  readonly used: Set<string>
}

export interface ParsedMarkdown {
  readonly tokens: readonly Token[]
  readonly footnotes: Footnotes
}

export function tokenizeMarkdown(text: string): ParsedMarkdown {
  const footnotes: Footnotes = { notes: new Map(), used: new Set() }
  const tokens = syntax.parse(text, { footnotes })
  return { tokens, footnotes }
}

const syntax = createSyntax()

/** Resolves the backslashes and entities of a string that markdown-it gives as written. */
export function unescapeMarkdown(text: string): string {
  return syntax.utils.unescapeAll(text)
}

function createSyntax(): InstanceType<typeof MarkdownIt> {
  const md = new MarkdownIt({ html: true, linkify: false, typographer: false, maxNesting })
  // Addresses are kept as they are written.
  md.normalizeLink = url => url
  md.normalizeLinkText = url => url
  md.validateLink = () => true
  md.block.ruler.before('table', 'deep', deepRule)
  md.block.ruler.before('fence', 'math_block', mathBlockRule, { alt: ['paragraph', 'reference', 'blockquote', 'list'] })
  md.block.ruler.before('reference', 'footnote_note', footnoteNoteRule, { alt: ['paragraph', 'reference'] })
  md.inline.ruler.before('link', 'footnote', footnoteRule)
  md.inline.ruler.before('backticks', 'math', mathRule)
  md.core.ruler.before('inline', 'beginnings', beginningsRule)
  md.core.ruler.after('inline', 'autolinks', autolinksRule)
  return md
}

/** What is nested too deep becomes a paragraph, where markdown-it would leave it out. */
function deepRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  // A list adds two levels before its contents are read.
  if (silent || state.level < maxNesting - 3) return false
  state.push('paragraph_open', 'p', 1)
  const inline = state.push('inline', '', 0)
  inline.content = state.getLines(startLine, endLine, state.blkIndent, false).trim()
  inline.children = []
  state.push('paragraph_close', 'p', -1)
  state.line = endLine
  return true
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]!)
}

function isIndented(state: StateBlock, line: number): boolean {
  return state.sCount[line]! - state.blkIndent >= 4
}

/** `$$` … `$$` on lines of their own; more dollars hold fewer inside. */
function mathBlockRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (isIndented(state, startLine)) return false
  const first = lineOf(state, startLine)
  const fence = /^\$\$+/.exec(first)?.[0]
  if (fence === undefined) return false
  const rest = first.slice(fence.length).trimEnd()
  const isOneLine = rest.length > fence.length && rest.endsWith(fence)
  if (!isOneLine && rest.includes('$')) return false
  if (silent) return true
  let line = startLine + 1
  let content = isOneLine ? rest.slice(0, -fence.length).trim() : rest.trimStart()
  if (!isOneLine) {
    const isEnd = new RegExp(`^\\${'$'}{${fence.length},}[ \\t]*$`)
    let isClosed = false
    while (line < endLine && !isClosed) {
      if (state.sCount[line]! < state.blkIndent && !state.isEmpty(line)) break
      isClosed = !isIndented(state, line) && isEnd.test(lineOf(state, line))
      line++
    }
    const lines = state.getLines(startLine + 1, isClosed ? line - 1 : line, state.blkIndent, true).replace(/\n$/, '')
    content = content === '' ? lines : lines === '' ? content : `${content}\n${lines}`
  }
  const token = state.push('math_block', 'math', 0)
  token.content = content
  state.line = line
  return true
}

/** `[^label]: note`; the note is kept as it is written, without the indent of its further lines. */
function footnoteNoteRule(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  if (isIndented(state, startLine)) return false
  const match = /^\[\^([^\s\]]+)\]:[ \t]*/.exec(lineOf(state, startLine))
  if (match === null) return false
  if (silent) return true
  const terminators = state.md.block.ruler.getRules('paragraph')
  let line = startLine + 1
  let end = line
  let last = lineOf(state, startLine).slice(match[0].length)
  const lines = [last]
  for (; line < endLine; line++) {
    if (state.isEmpty(line)) last = ''
    else if (isIndented(state, line)) last = state.getLines(line, line + 1, state.blkIndent + 4, false)
    else if (last === '' || state.sCount[line]! < state.blkIndent) break
    else if (terminators.some(rule => rule(state, line, endLine, true))) break
    else last = lineOf(state, line)
    lines.push(last)
    if (last !== '') end = line + 1
  }
  const { notes } = footnotesOf(state.env)
  const label = match[1]!.toLowerCase()
  if (!notes.has(label))
    notes.set(
      label,
      lines
        .slice(0, end - startLine)
        .join('\n')
        .trimEnd(),
    )
  state.line = end
  return true
}

function footnoteRule(state: StateInline, silent: boolean): boolean {
  if (!state.src.startsWith('[^', state.pos)) return false
  const end = state.src.indexOf(']', state.pos)
  if (end < 0 || end - state.pos > 1_000) return false
  const label = state.src.slice(state.pos + 2, end).toLowerCase()
  const { notes, used } = footnotesOf(state.env)
  const note = notes.get(label)
  if (note === undefined) return false
  if (!silent) {
    used.add(label)
    state.push('footnote', 'sup', 0).content = note
  }
  state.pos = end + 1
  return true
}

/** `$tex$`, closed before anything that makes it a price: no white space inside the dollars, no digit behind the second. */
function mathRule(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state
  if (src[pos] !== '$' || /[\s$]/.test(src[pos + 1] ?? ' ')) return false
  const end = src.indexOf('$', pos + 1)
  if (end < 0 || end >= state.posMax || /\s/.test(src[end - 1]!) || /[\d$]/.test(src[end + 1] ?? '')) return false
  if (!silent) state.push('math_inline', 'math', 0).content = src.slice(pos + 1, end)
  state.pos = end + 1
  return true
}

/** What a first paragraph begins with: the box of a task, the name of an alert. */
function beginningsRule(state: StateCore): void {
  const { tokens } = state
  for (let i = 2; i < tokens.length; i++) {
    const inline = tokens[i]!
    if (inline.type !== 'inline' || tokens[i - 1]!.type !== 'paragraph_open') continue
    const hasNote = i > 2 && tokens[i - 2]!.type === 'html_block' && parseNote(tokens[i - 2]!.content) !== null
    const container = tokens[hasNote ? i - 3 : i - 2]!
    if (container.type === 'list_item_open') {
      const box = /^\[([ xX])\](?:[ \t]+|$)/.exec(inline.content)
      if (box === null) continue
      container.meta = { checked: box[1] !== ' ' }
      inline.content = inline.content.slice(box[0].length)
    } else if (container.type === 'blockquote_open') {
      const alert = /^\[!([A-Za-z]+)\][ \t]*(?:\n|$)/.exec(inline.content)
      const tone = alert && tones.get(alert[1]!.toUpperCase())
      if (!tone) continue
      container.meta = { tone }
      inline.content = inline.content.slice(alert[0].length).trimStart()
    }
  }
}

/** The alerts of GitHub, and `PLAIN`, which is ours. `IMPORTANT` has no tone of its own. */
const tones = new Map([
  ['NOTE', 'note'],
  ['TIP', 'tip'],
  ['IMPORTANT', 'note'],
  ['WARNING', 'careful'],
  ['CAUTION', 'stop'],
  ['PLAIN', 'plain'],
])

function autolinksRule(state: StateCore): void {
  for (const token of state.tokens) {
    if (token.type === 'inline' && token.children !== null) token.children = autolinkTokens(token.children, state.Token)
  }
}

function footnotesOf(env: Env): Footnotes {
  return env.footnotes as Footnotes
}
