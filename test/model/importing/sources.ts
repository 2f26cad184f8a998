// Documents as other editors keep them: the schema of Tiptap's starter kit and that of prosemirror-schema-basic with lists, written
// by their own bindings.

import { blocksOf } from '@sheaf/model'
import * as tiptapBinding from '@tiptap/y-tiptap'
import { type Node, Schema } from 'prosemirror-model'
import { prosemirrorJSONToYDoc } from 'y-prosemirror'
import type * as Y from 'yjs'

export interface Json {
  readonly type: string
  readonly attrs?: Record<string, unknown>
  readonly content?: readonly Json[]
  readonly marks?: readonly { readonly type: string; readonly attrs?: Record<string, unknown> }[]
  readonly text?: string
}

const any = { default: null }
const cellAttributes = { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: any }

const tiptap = new Schema({
  nodes: {
    doc: { content: 'block*' },
    paragraph: { group: 'block', content: 'inline*', attrs: { textAlign: any } },
    heading: { group: 'block', content: 'inline*', attrs: { level: { default: 1 }, textAlign: any } },
    bulletList: { group: 'block', content: 'listItem*' },
    orderedList: { group: 'block', content: 'listItem*', attrs: { start: { default: 1 } } },
    listItem: { content: 'block*' },
    taskList: { group: 'block', content: 'taskItem*' },
    taskItem: { content: 'block*', attrs: { checked: { default: false } } },
    blockquote: { group: 'block', content: 'block*' },
    codeBlock: { group: 'block', content: 'text*', attrs: { language: any } },
    horizontalRule: { group: 'block' },
    image: { group: 'block', attrs: { src: any, alt: any, title: any, width: any } },
    details: { group: 'block', content: '(detailsSummary|detailsContent)*', attrs: { open: { default: false } } },
    detailsSummary: { content: 'inline*' },
    detailsContent: { content: 'block*' },
    callout: { group: 'block', content: 'block*', attrs: { type: any } },
    table: { group: 'block', content: 'tableRow*' },
    tableRow: { content: '(tableCell|tableHeader)*' },
    tableCell: { content: 'block*', attrs: cellAttributes },
    tableHeader: { content: 'block*', attrs: cellAttributes },
    youtube: { group: 'block', attrs: { src: any } },
    blockMath: { group: 'block', attrs: { latex: any } },
    poll: { group: 'block', content: 'block*', attrs: { question: any } },
    text: { group: 'inline' },
    hardBreak: { group: 'inline', inline: true },
    mention: { group: 'inline', inline: true, attrs: { id: any, label: any } },
    inlineMath: { group: 'inline', inline: true, attrs: { latex: any } },
    chip: { group: 'inline', inline: true, content: 'text*' },
  },
  marks: {
    bold: {},
    italic: {},
    underline: {},
    strike: {},
    code: {},
    link: { attrs: { href: any, title: any } },
    highlight: { attrs: { color: any } },
    textStyle: { attrs: { color: any } },
    comment: { attrs: { id: any }, excludes: '' },
  },
})

const basic = new Schema({
  nodes: {
    doc: { content: 'block*' },
    paragraph: { group: 'block', content: 'inline*' },
    heading: { group: 'block', content: 'inline*', attrs: { level: { default: 1 } } },
    bullet_list: { group: 'block', content: 'list_item*' },
    ordered_list: { group: 'block', content: 'list_item*', attrs: { order: { default: 1 } } },
    list_item: { content: 'block*' },
    blockquote: { group: 'block', content: 'block*' },
    code_block: { group: 'block', content: 'text*', attrs: { params: { default: '' } } },
    horizontal_rule: { group: 'block' },
    text: { group: 'inline' },
    image: { group: 'inline', inline: true, attrs: { src: any, alt: any, title: any } },
    hard_break: { group: 'inline', inline: true },
  },
  marks: { strong: {}, em: {}, code: {}, link: { attrs: { href: any, title: any } } },
})

/** As Tiptap's binding stores it, in the fragment `default`. */
export function tiptapDocument(...content: readonly Json[]): Y.Doc {
  return tiptapBinding.prosemirrorJSONToYDoc(tiptap, { type: 'doc', content }, 'default')
}

/** As y-prosemirror stores it, in the fragment `prosemirror`; with Tiptap's names on demand. */
export function prosemirrorDocument(content: readonly Json[], names: 'basic' | 'tiptap' = 'basic'): Y.Doc {
  return prosemirrorJSONToYDoc(names === 'basic' ? basic : tiptap, { type: 'doc', content })
}

export function node(type: string, ...content: readonly (Json | string)[]): Json {
  return { type, content: content.map(child => (typeof child === 'string' ? text(child) : child)) }
}

export function withAttrs(attrs: Record<string, unknown>, json: Json): Json {
  return { ...json, attrs }
}

export function text(
  value: string,
  ...marks: readonly (string | { type: string; attrs: Record<string, unknown> })[]
): Json {
  return { type: 'text', text: value, marks: marks.map(mark => (typeof mark === 'string' ? { type: mark } : mark)) }
}

export const p = (...content: readonly (Json | string)[]): Json => node('paragraph', ...content)

/** One line for each block: indent, kind, attributes that are not the default, text with marks and atoms. */
export function outline(doc: Node): string[] {
  return blocksOf(doc).map(outlineOf)
}

export function outlineOf(block: Node): string {
  const attrs = attributesOf(block)
  const content = block.children.map(child => {
    const marks = child.marks.map(mark => `${mark.type.name}${attributesOf(mark)}`).join('+')
    const shown = child.isText
      ? child.text!
      : child.type.name === 'hard_break'
        ? '⏎'
        : `‹${child.type.name}${attributesOf(child)}›`
    return marks === '' ? shown : `[${marks}: ${shown}]`
  })
  return `${'  '.repeat(block.attrs.indent)}${block.type.name}${attrs}: ${content.join('')}`
}

function attributesOf({ type, attrs }: Pick<Node, 'type' | 'attrs'> | import('prosemirror-model').Mark): string {
  const defaults = type.spec.attrs ?? {}
  const shown = Object.entries(attrs).filter(
    ([name, value]) => name !== 'id' && name !== 'indent' && value !== defaults[name]?.default,
  )
  return shown.length === 0 ? '' : `(${shown.map(([name, value]) => `${name}=${String(value)}`).join(' ')})`
}
