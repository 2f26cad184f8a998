// HTML → blocks, in one pass over the tokens. Only of what Word and others like it wrote a tree is built first, of limited depth; size
// and depth cost time in proportion.

import type { Node } from 'prosemirror-model'
import { BlockBuilder } from './builder.ts'
import { readCopiedHtml, readForeign } from './html-foreign.ts'
import { HtmlReader } from './html-reader.ts'
import { tokenizeHtml } from './html-tokens.ts'
import { type HtmlElement, readTree } from './html-tree.ts'

/**
 * Reads HTML into a document. Total: whatever the input, the result is schema-valid. What is not in the allow-list of
 * docs/formats.md is read as its text; scripts, styles and their like are left out with their text.
 */
export function parseHtml(html: string): Node {
  const foreign = readForeign(html)
  if (foreign !== null) return parseElement(foreign)
  const builder = new BlockBuilder()
  const reader = new HtmlReader(builder)
  tokenizeHtml(html, reader)
  reader.closeTo(0)
  return builder.finish()
}

/** The same for what was copied in another program: without empty lines, buttons, invisible pictures and the like. */
export function parseCopiedHtml(html: string): Node {
  return parseElement(readCopiedHtml(html))
}

function parseElement(root: HtmlElement): Node {
  const builder = new BlockBuilder()
  const reader = new HtmlReader(builder)
  readTree(root, reader)
  reader.closeTo(0)
  return builder.finish()
}
