// What a document says, for those who do not edit it: the body as a ProseMirror node, the title, plain text, a summary.

import type { Fragment, Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import { blocksOf } from './blocks.ts'
import { Body } from './body.ts'
import { isTable, textOf, wellFormed } from './kinds.ts'
import { contentOf, firstItem, isMarker, openBody } from './layout.ts'
import { write } from './write.ts'

/** Longest title and snippet that a summary holds, in UTF-16 code units. */
const maxTitleLength = 300
const maxSnippetLength = 200

/** The body as a schema-valid document, the same on every replica; total and pure. */
export function readBody(ydoc: Y.Doc): Node {
  return new Body(ydoc).doc
}

/**
 * Brings the body to what a document says, in one transaction, and touches nothing else. Blocks with a known id stay the same
 * blocks, so others keep typing through it.
 */
export function writeBody(ydoc: Y.Doc, doc: Node, origin: unknown = null): void {
  write(new Body(ydoc), doc, run => ydoc.transact(run, origin))
}

/** The title in one line. */
export function readTitle(ydoc: Y.Doc): string {
  return readLine(ydoc).trim()
}

/** The title as it is typed: line breaks read as spaces, everything but text as nothing. */
export function readLine(ydoc: Y.Doc): string {
  let line = ''
  for (let item = firstItem(ydoc.getText('title')); item !== null; item = item.right) {
    if (item.deleted) continue
    const content = contentOf(item)
    if (content.kind === 'text') line += content.text
  }
  return wellFormed(line).replace(/[\n\r]/g, ' ')
}

/** The text of the body, one line per block; of a table one line per row, its cells between tabs. */
export function plainText(ydoc: Y.Doc): string {
  return blocksOf(readBody(ydoc)).flatMap(linesOf).join('\n')
}

/** What each block says, with its id; a table is one block. */
export function blockTexts(ydoc: Y.Doc): { readonly id: string | null; readonly text: string }[] {
  return blocksOf(readBody(ydoc)).map(block => ({
    id: block.attrs.id as string | null,
    text: linesOf(block).join('\n'),
  }))
}

/** What a block says as plain text: its text, or the rows of a table and its caption if it has one. */
export function linesOf(block: Node): string[] {
  const text = textIn(textOf(block))
  if (!isTable(block)) return [text]
  const rows = block.firstChild!.children.map(row => row.children.map(textOfCell).join('\t'))
  return text === '' ? rows : [...rows, text]
}

/** In one line. */
function textOfCell(cell: Node): string {
  return cell.children.map(block => textIn(block.content).replace(/[\t\n]/g, ' ')).join(' ')
}

function textIn(content: Fragment): string {
  return content.textBetween(0, content.size, null, leaf => leaf.type.spec.leafText?.(leaf) ?? '')
}

/** Title and first words, for lists and search. Stops reading as soon as it has enough. */
export function summarize(ydoc: Y.Doc): { title: string; snippet: string } {
  let snippet = ''
  for (
    let item = firstItem(openBody(ydoc));
    item !== null && snippet.length < 2 * maxSnippetLength;
    item = item.right
  ) {
    if (item.deleted) continue
    const content = contentOf(item)
    if (content.kind === 'text') snippet += content.text
    else if (isMarker(item)) snippet += ' '
  }
  return { title: cut(readTitle(ydoc), maxTitleLength), snippet: cut(snippet, maxSnippetLength) }
}

function cut(text: string, length: number): string {
  const line = wellFormed(text).replace(/\s+/g, ' ').trim()
  // A cut never leaves half of a character behind.
  return line.length <= length ? line : wellFormed(line.slice(0, length)).replace(/\ufffd$/, '')
}
