// Copied and pasted slices hold blocks only: sections are no part of a document, and ids belong to the blocks that stay. As plain
// text a block is a line (or its lines), two blocks stand a blank line apart unless they are a list.

import { maxIndent, schema } from '@sheaf/model'
import { Fragment, type Node, Slice } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import { isCode } from './blocks.ts'

const { nodes } = schema

export function clipboard(): Plugin {
  return new Plugin({
    props: {
      transformCopied: slice => withoutSections(slice),
      transformPasted: slice => withoutIds(withoutSections(slice)),
      clipboardTextSerializer: slice => plainText(withoutSections(slice)),
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

/** A pasted block is a new block, at an indent that exists. */
function withoutIds(slice: Slice): Slice {
  const blocks: Node[] = []
  slice.content.forEach(node => {
    blocks.push(
      node.isTextblock && node.attrs.id !== null
        ? node.type.create(
            { ...node.attrs, id: null, indent: Math.min(node.attrs.indent as number, maxIndent) },
            node.content,
            node.marks,
          )
        : node,
    )
  })
  return new Slice(Fragment.from(blocks), slice.openStart, slice.openEnd)
}

function plainText(slice: Slice): string {
  let text = ''
  let before: Node | null = null
  slice.content.forEach(node => {
    if (before !== null) text += isListed(before) && isListed(node) ? '\n' : '\n\n'
    text += node.isTextblock
      ? prefix(node) + node.textBetween(0, node.content.size, undefined, leaf => leaf.type.spec.leafText?.(leaf) ?? '')
      : (node.text ?? '')
    before = node
  })
  return text
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
