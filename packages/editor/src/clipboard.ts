// Copied and pasted slices hold blocks only: sections are no part of a document, and ids belong to the blocks that stay. As plain
// text a block is a line (or its lines), two blocks stand a blank line apart unless they are a list. It comes with the tools.

import { isTable, schema } from '@sheaf/model'
import { DOMParser, Fragment, type Node, type ParseRule, Slice, type TagParseRule } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import { isCode } from './blocks.ts'
import { tableText, withoutIds, withWholeTables } from './tables-slice.ts'

const { nodes } = schema

/** How others write quotes: around paragraphs, or around the text itself. */
const quotes: readonly TagParseRule[] = [
  { tag: 'blockquote p', node: 'quote' },
  { tag: 'blockquote', node: 'quote', getAttrs: dom => (dom.querySelector(blockTags) === null ? null : false) },
]
const blockTags = 'p, div, li, pre, blockquote, figure, table, h1, h2, h3, h4, h5, h6'

export function clipboard(): Plugin {
  const ours = DOMParser.fromSchema(schema)
  const parser = new DOMParser(schema, [
    ...ours.rules.filter(isOurs),
    ...quotes,
    ...ours.rules.filter(rule => !isOurs(rule)),
  ])
  return new Plugin({
    props: {
      clipboardParser: parser,
      transformCopied: slice => withoutSections(slice),
      transformPasted: slice => withWholeTables(withoutIds(withoutSections(slice))),
      clipboardTextSerializer: slice => plainText(withWholeTables(withoutSections(slice))),
      // Every line of plain text is a paragraph; in code it stays one text.
      clipboardTextParser: (text, $context, _plain, view) => {
        if (isCode($context.parent))
          return new Slice(Fragment.from(view.state.schema.text(text.replace(/\r\n?/g, '\n'))), 0, 0)
        const lines = text.replace(/\r\n?/g, '\n').replace(/\n+$/, '').split(/\n+/)
        const blocks = lines.map(line => nodes.paragraph.create(null, line === '' ? null : schema.text(line)))
        return new Slice(Fragment.from(blocks), 1, 1)
      },
    },
  })
}

/** Rules that read our own HTML. */
function isOurs(rule: ParseRule): boolean {
  return (rule.priority ?? 50) > 50
}

/** The same content one level up: open sections close, their blocks stay open as they were. */
function withoutSections(slice: Slice): Slice {
  if (slice.content.firstChild?.type !== nodes.section) return slice
  const blocks: Node[] = []
  slice.content.forEach(section => {
    section.forEach(block => {
      blocks.push(block)
    })
  })
  return new Slice(Fragment.from(blocks), Math.max(slice.openStart - 1, 0), Math.max(slice.openEnd - 1, 0))
}

function plainText(slice: Slice): string {
  let text = ''
  let before: Node | null = null
  slice.content.forEach(node => {
    if (before !== null) text += isListed(before) && isListed(node) ? '\n' : '\n\n'
    text += isTable(node) ? tableText(node, textOf) : textOf(node)
    before = node
  })
  return text
}

function textOf(node: Node): string {
  if (!node.isTextblock) return node.text ?? ''
  return prefix(node) + node.textBetween(0, node.content.size, undefined, leaf => leaf.type.spec.leafText?.(leaf) ?? '')
}

function prefix(node: Node): string {
  if (!isListed(node)) return ''
  const sign =
    node.type === nodes.task ? (node.attrs.checked ? '- [x] ' : '- [ ] ') : node.type === nodes.ordered ? '1. ' : '- '
  return '  '.repeat(node.attrs.indent as number) + sign
}

function isListed(node: Node): boolean {
  return node.type === nodes.bullet || node.type === nodes.ordered || node.type === nodes.task
}
