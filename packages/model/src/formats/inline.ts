// Collects the inline content of one block from text, marks and atoms. White space collapses as a browser shows it, unless the
// source says that it counts.

import { Fragment, type Mark, type Node } from 'prosemirror-model'
import { wellFormed } from '../kinds.ts'
import { schema } from '../schema.ts'
import { append } from './lists.ts'

export class InlineBuilder {
  /** The marks of what comes next. */
  marks: readonly Mark[] = []
  #nodes: Node[] = []
  #text = ''
  #textMarks: readonly Mark[] = []
  /** Whether a collapsible space at this place would be seen: not at a line's start, not behind another. */
  #spaceShows = false

  /** Text as it stands. */
  text(text: string): void {
    if (text === '') return
    this.#append(text)
    this.#spaceShows = true
  }

  /** Text whose white space collapses. */
  flow(text: string): void {
    let collapsed = text.replace(/[ \t\n\r\f]+/g, ' ')
    if (!this.#spaceShows && collapsed.startsWith(' ')) collapsed = collapsed.slice(1)
    if (collapsed === '') return
    this.#append(collapsed)
    this.#spaceShows = !collapsed.endsWith(' ')
  }

  atom(node: Node): void {
    this.#flush()
    this.#nodes.push(node.mark(this.marks))
    this.#spaceShows = true
  }

  lineBreak(isFlow: boolean): void {
    if (isFlow) this.#dropTrailingSpace()
    this.#flush()
    this.#nodes.push(schema.nodes.hard_break.create(null, null, this.marks))
    this.#spaceShows = !isFlow
  }

  get isEmpty(): boolean {
    return this.#nodes.length === 0 && this.#text === ''
  }

  /** What was collected; starts anew. Marks stay. */
  take(isFlow = false): Fragment {
    if (isFlow) this.#dropTrailingSpace()
    this.#flush()
    const nodes = this.#nodes
    this.#nodes = []
    this.#spaceShows = false
    return Fragment.fromArray(nodes)
  }

  #append(text: string): void {
    if (this.#text !== '' && this.marks !== this.#textMarks) this.#flush()
    this.#textMarks = this.marks
    this.#text += text
  }

  #flush(): void {
    if (this.#text !== '') append(this.#nodes, textNodes(this.#text, this.#textMarks))
    this.#text = ''
  }

  /** Only a space that collapsed: a line that ends in white space which counts is never taken as flow. */
  #dropTrailingSpace(): void {
    if (this.#spaceShows) return
    if (this.#text.endsWith(' ')) this.#text = this.#text.slice(0, -1)
    else if (this.#text === '') {
      const last = this.#nodes.at(-1)
      if (last?.isText && last.text!.endsWith(' ')) {
        this.#nodes.pop()
        if (last.text!.length > 1) this.#nodes.push(schema.text(last.text!.slice(0, -1), last.marks))
      }
    }
  }
}

/** A set with one more mark; unknown marks stand in one order, whatever the order they came in. */
export function withMark(mark: Mark, set: readonly Mark[]): readonly Mark[] {
  const marks = mark.addToSet(set)
  if (mark.type !== schema.marks.opaque_mark) return marks
  const key = ({ type, attrs }: Mark) => (type === mark.type ? JSON.stringify([attrs.name, attrs.value]) : '')
  return [...marks].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))
}

/** Text as the model keeps it: whole code points, no control characters but tabs, line breaks as `hard_break`. */
export function textNodes(text: string, marks: readonly Mark[]): Node[] {
  const nodes: Node[] = []
  cleanText(text)
    .split('\n')
    .forEach((line, index) => {
      if (index > 0) nodes.push(schema.nodes.hard_break.create(null, null, marks))
      if (line !== '') nodes.push(schema.text(line, marks))
    })
  return nodes
}

/** What every format keeps of a string: no lone surrogates, `\n` for every line break, no other control character but the tab. */
export function cleanText(text: string): string {
  const lines = wellFormed(text).replace(/\r\n?/g, '\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
  return lines.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '\ufffd')
}

/** Inline content as code holds it: no marks, breaks as characters. */
export function codeContent(content: Fragment): Fragment {
  const nodes: Node[] = []
  content.forEach(node => {
    if (node.type === schema.nodes.hard_break) nodes.push(schema.text('\n'))
    else if (node.isText) nodes.push(schema.text(cleanText(node.text!)))
    else nodes.push(node.mark([]))
  })
  return Fragment.fromArray(nodes)
}
