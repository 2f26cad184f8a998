// What is written bit by bit, as a language model gives it: a stretch of blocks that one writer makes say more and more, on a replica of its
// own that hears of nobody else. What comes out merges as everybody's edits do: what others type into the stretch stays where it is.

import type { Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import { blocksOf, cutSections } from '../blocks.ts'
import { Body } from '../body.ts'
import { caretId } from '../carets.ts'
import { parseMarkdown } from '../formats/markdown-parse.ts'
import { isTable, textOf } from '../kinds.ts'
import { write } from '../write.ts'
import { editDocument } from './apply.ts'
import { withAttrs } from './content.ts'
import type { OfBlock, OfDocument, OfHeading } from './edit.ts'
import { paired } from './pairing.ts'

export type StreamTarget = OfBlock | OfHeading | OfDocument

export class Streamed {
  readonly #ydoc: Y.Doc
  readonly #target: StreamTarget
  /** Ids of the blocks of the stretch, in their order. */
  #own: readonly string[] = []

  /** @param ydoc nobody else writes in it. */
  constructor(ydoc: Y.Doc, target: StreamTarget) {
    this.#ydoc = ydoc
    this.#target = target
  }

  get blocks(): readonly string[] {
    return this.#own
  }

  /**
   * Makes the stretch say this, and touches nothing that it says already.
   * @throws EditError where there is no such target.
   */
  say(markdown: string): void {
    if (this.#own.length > 0) this.#change(blocksOf(parseMarkdown(markdown)))
    else if (markdown.trim() !== '') this.#begin(markdown)
  }

  /** Takes the stretch away. */
  remove(): void {
    if (this.#own.length > 0) this.#change([])
  }

  /** Where the writer stands: behind the last character; null where that is in no text. */
  caret(): string | null {
    const { blocks } = new Body(this.#ydoc)
    const entry = blocks.entryWithId(this.#own.at(-1) ?? '')
    if (entry?.node == null || isTable(entry.node)) return null
    return caretId(blocks.sequence, { entry, offset: textOf(entry.node).size })
  }

  #begin(markdown: string): void {
    const { before, after } = editDocument(this.#ydoc, [{ op: 'insert', target: this.#target, markdown }])
    const were = new Map(blocksOf(before).map(block => [block.attrs.id as string | null, block]))
    const said = blocksOf(new Body(this.#ydoc).doc)
    if (after === before) return
    this.#own = said
      .filter(block => were.get(block.attrs.id as string | null)?.eq(block) !== true)
      .map(block => block.attrs.id as string)
  }

  #change(news: readonly Node[]): void {
    const body = new Body(this.#ydoc)
    const all = blocksOf(body.doc)
    const start = all.findIndex(block => block.attrs.id === this.#own[0])
    const end = start + this.#own.length
    const stretch = paired(
      all.slice(start, end),
      news.map(block => withAttrs(block, { id: null })),
    )
    write(body, cutSections([...all.slice(0, start), ...stretch, ...all.slice(end)]), run => this.#ydoc.transact(run))
    const said = blocksOf(new Body(this.#ydoc).doc)
    this.#own = said.slice(start, start + stretch.length).map(block => block.attrs.id as string)
  }
}

/** Marks that are shown only as a pair. */
const pairs = ['**', '~~', '==', '`', '$']
/** Longer than this nothing waits for its other half. */
const longestWait = 400

/**
 * As much of a text that is still coming as can be shown: whole words, no half of a pair of marks, no table whose head may still be a line of
 * text. What is left out is shown later.
 */
export function showable(markdown: string): string {
  const shown = markdown.slice(0, markdown.search(/\S*$/))
  if (isInFence(shown)) return shown
  const gap = shown.lastIndexOf('\n\n')
  const paragraph = gap < 0 ? 0 : gap + 2
  const table = /(?:^|\n)[ \t]*\|[^\n]*$/.exec(shown)
  if (table !== null) {
    const lines = shown.slice(paragraph).split('\n')
    const first = lines.findIndex(line => line.trimStart().startsWith('|'))
    return shown.slice(0, paragraph + lines.slice(0, first).join('\n').length)
  }
  let end = shown.length
  const line = shown.slice(paragraph)
  for (const mark of pairs) {
    const parts = line.split(mark)
    if (parts.length % 2 === 0) end = Math.min(end, paragraph + line.lastIndexOf(mark))
  }
  const link = shown.lastIndexOf('[')
  if (link >= paragraph && !/\]\([^)]*\)|\][^(]/.test(shown.slice(link))) end = Math.min(end, link)
  return shown.length - end > longestWait ? shown : shown.slice(0, end)
}

function isInFence(markdown: string): boolean {
  let open = ''
  for (const [, fence = ''] of markdown.matchAll(/^ {0,3}(`{3,}|~{3,})/gm)) {
    if (open === '') open = fence
    else if (fence[0] === open[0] && fence.length >= open.length) open = ''
  }
  return open !== ''
}
