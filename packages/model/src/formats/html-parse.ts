// HTML → blocks: the tokenizer of htmlparser2 drives an HtmlReader. No tree is built, so size and depth cost time in proportion.

import { Parser } from 'htmlparser2'
import type { Node } from 'prosemirror-model'
import { BlockBuilder } from './builder.ts'
import type { Attributes } from './html-tags.ts'
import { HtmlReader } from './html-reader.ts'

/**
 * Reads HTML into a document. Total: whatever the input, the result is schema-valid. What is not in the allow-list of
 * docs/formats.md is read as its text; scripts, styles and their like are left out with their text.
 */
export function parseHtml(html: string): Node {
  const builder = new BlockBuilder()
  const reader = new HtmlReader(builder)
  feedHtml(reader, html)
  reader.closeTo(0)
  return builder.finish()
}

/** Feeds a piece of HTML to a reader; elements that the piece leaves open stay open. */
export function feedHtml(reader: HtmlReader, html: string): void {
  let isMuted = true
  const parser = new Parser({
    onopentag: (name, attributes) => isMuted || reader.openTag(name, attributes as Attributes),
    onclosetag: name => isMuted || reader.closeTag(name),
    ontext: text => isMuted || reader.text(text),
  })
  // The tokenizer closes only what it saw opening: it is shown again what an earlier piece left open.
  for (const name of reader.open) parser.write(`<${name}>`)
  isMuted = false
  parser.write(html)
  isMuted = true
  parser.end()
}

export interface Tag {
  readonly name: string
  readonly attributes: Attributes
  readonly isClosing: boolean
}

/** Name and attributes of one tag; null for comments and everything else. */
export function readTag(html: string): Tag | null {
  const closing = /^<\/([a-z][^\s>/]*)/i.exec(html)
  if (closing !== null) return { name: closing[1]!.toLowerCase(), attributes: {}, isClosing: true }
  let tag: Tag | null = null
  const parser = new Parser({
    onopentag: (name, attributes) => {
      tag ??= { name, attributes: attributes as Attributes, isClosing: false }
    },
  })
  parser.write(html)
  parser.end()
  return tag
}
