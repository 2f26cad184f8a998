// HTML → blocks, in one pass over the tokens. No tree is built, so size and depth cost time in proportion.

import type { Node } from 'prosemirror-model'
import { BlockBuilder } from './builder.ts'
import { HtmlReader } from './html-reader.ts'
import { tokenizeHtml } from './html-tokens.ts'

/**
 * Reads HTML into a document. Total: whatever the input, the result is schema-valid. What is not in the allow-list of
 * docs/formats.md is read as its text; scripts, styles and their like are left out with their text.
 */
export function parseHtml(html: string): Node {
  const builder = new BlockBuilder()
  const reader = new HtmlReader(builder)
  tokenizeHtml(html, reader)
  reader.closeTo(0)
  return builder.finish()
}
