// What another program put on the clipboard, as blocks.

import type { Node } from 'prosemirror-model'
import { blocksOf, cutSections } from '../blocks.ts'
import { schema } from '../schema.ts'
import { parseCopiedHtml, parseHtml } from './html-parse.ts'
import { serializeHtml } from './html-serialize.ts'
import { textNodes } from './inline.ts'
import { parseMarkdown } from './markdown-parse.ts'
import { looksLikeMarkdown } from './markdown-score.ts'

export interface Copied {
  /** `text/html`; empty where there is none. */
  readonly html: string
  /** `text/plain`; empty where there is none. */
  readonly text: string
  /** `vscode-editor-data` of VS Code and those made from it: JSON that names the language. */
  readonly editorData?: string
}

export interface CopiedBlocks {
  /** At least one; without ids. */
  readonly blocks: readonly Node[]
  /** It was plain text, and its signs were taken for Markdown. */
  readonly isMarkdown: boolean
}

/** Total, for whatever a clipboard holds. Null where it is best taken as plain text. */
export function readCopied({ html, text, editorData }: Copied): CopiedBlocks | null {
  const language = languageOf(editorData)
  if (language !== null && language !== 'markdown') return language === 'plaintext' ? null : codeOf(text, language)
  const found =
    html === '' || language !== null ? null : blocksOf(isOurs(html) ? parseHtml(html) : parseCopiedHtml(html))
  if (found !== null && !found.every(isPlain)) return { blocks: found, isMarkdown: false }
  if (text !== '' && looksLikeMarkdown(text)) return { blocks: blocksOf(parseMarkdown(text)), isMarkdown: true }
  return found === null || found.every(({ content }) => content.size === 0)
    ? null
    : { blocks: found, isMarkdown: false }
}

/** The `text/html` of blocks that are copied: semantic, for every other program, and read back exactly. */
export function writeCopied(blocks: readonly Node[]): string {
  return `${generator}${serializeHtml(cutSections(blocks))}`
}

const generator = '<meta name="generator" content="Sheaf">'

/** Some browsers write before what they were given. */
function isOurs(html: string): boolean {
  return html.slice(0, 300).includes(generator)
}

/** A word out of a line of code is a word. */
function codeOf(text: string, language: string): CopiedBlocks | null {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '')
  if (!lines.includes('\n')) return null
  const content = textNodes(lines, []).map(node => (node.isText ? node : schema.text('\n')))
  return {
    blocks: [schema.nodes.code_block.create({ language: shortNames.get(language) ?? language }, content)],
    isMarkdown: false,
  }
}

/** The names of Markdown for what VS Code calls otherwise. */
const shortNames = new Map([
  ['shellscript', 'bash'],
  ['typescriptreact', 'tsx'],
  ['javascriptreact', 'jsx'],
])

function languageOf(editorData: string | undefined): string | null {
  try {
    const { mode } = JSON.parse(editorData ?? '{}') as { mode?: unknown }
    return typeof mode === 'string' && /^[\w.+#-]{1,40}$/.test(mode) ? mode : null
  } catch {
    // Not what VS Code writes.
    return null
  }
}

/** HTML that says no more than its text does. */
function isPlain(block: Node): boolean {
  return (
    block.type === schema.nodes.paragraph &&
    block.children.every(({ type, marks }) => {
      return marks.length === 0 && (type.name === 'text' || type === schema.nodes.hard_break)
    })
  )
}
