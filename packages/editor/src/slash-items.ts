// What the slash menu offers, and how a query finds it: letters in order, in the name or in one of the aliases.

import { schema } from '@sheaf/model'
import type { Attrs, NodeType } from 'prosemirror-model'
import { words as more } from './block-words.ts'
import { fuzzyFit, wantedLetters } from './fuzzy.ts'
import type { MenuIcon } from './menu-icons.ts'
import { words } from './words.ts'

const { nodes } = schema

export interface SlashItem {
  readonly name: string
  readonly group: keyof typeof words.blockGroups
  readonly icon: MenuIcon
  /** How Markdown writes it. */
  readonly hint: string
  readonly aliases: readonly string[]
  readonly type: NodeType
  readonly attrs: Attrs
  /** What is not there at once: it is asked for, or comes. */
  readonly act?: 'image' | 'file' | 'mention' | 'emoji' | 'footnote'
}

export const slashItems: readonly SlashItem[] = [
  item(words.paragraph, 'text', 'pilcrow', '', ['paragraph', 'plain'], nodes.paragraph),
  item(words.heading(1), 'text', 'heading-1', '#', ['h1', 'title'], nodes.heading, { level: 1 }),
  item(words.heading(2), 'text', 'heading-2', '##', ['h2', 'subtitle'], nodes.heading, { level: 2 }),
  item(words.heading(3), 'text', 'heading-3', '###', ['h3'], nodes.heading, { level: 3 }),
  item(words.bulletedList, 'lists', 'list', '-', ['unordered', 'ul', 'points'], nodes.bullet),
  item(words.numberedList, 'lists', 'list-ordered', '1.', ['ordered', 'ol'], nodes.ordered),
  item(words.taskList, 'lists', 'list-todo', '[ ]', ['todo', 'checkbox', 'check'], nodes.task),
  item(words.toggle, 'lists', 'chevron-right', '', ['fold', 'collapse', 'details'], nodes.toggle),
  item(words.quote, 'insert', 'quote', '>', ['citation', 'blockquote'], nodes.quote),
  item(words.callout, 'insert', 'lightbulb', '!', ['note', 'tip', 'info', 'warning', 'careful'], nodes.callout),
  item(words.codeBlock, 'insert', 'code', '```', ['pre', 'program', 'snippet'], nodes.code_block),
  item(words.table, 'insert', 'table', '', ['grid', 'cells', 'rows', 'columns', 'sheet'], nodes.table_block),
  item(words.divider, 'insert', 'minus', '---', ['rule', 'line', 'hr', 'separator'], nodes.divider),
  {
    ...item(words.image, 'insert', 'image', '', ['picture', 'photo', 'upload', 'png', 'jpg'], nodes.image),
    act: 'image',
  },
  { ...item(words.file, 'insert', 'paperclip', '', ['attachment', 'upload', 'pdf'], nodes.embed), act: 'file' },
  { ...item(more.footnote, 'insert', 'superscript', '[^', ['note', 'fn', 'remark'], nodes.footnote), act: 'footnote' },
  {
    ...item(more.mention, 'insert', 'at-sign', '@', ['person', 'people', 'document', 'page', 'link'], nodes.mention),
    act: 'mention',
  },
  { ...item(more.emoji, 'insert', 'smile', ':', ['smiley', 'symbol'], nodes.text), act: 'emoji' },
  item(words.formula, 'insert', 'sigma', '$$', ['math', 'equation', 'latex', 'tex'], nodes.math_block),
]

export interface SlashMatch {
  readonly item: SlashItem
  /** Indexes of the letters of `name` that the query found; empty where an alias was found. */
  readonly letters: readonly number[]
}

/** Best first; of equals, the order of the menu. An empty query finds everything. */
export function findItems(query: string): SlashMatch[] {
  const wanted = wantedLetters(query)
  if (wanted === '') return slashItems.map(found => ({ item: found, letters: [] }))
  const scored: { match: SlashMatch; score: number }[] = []
  for (const candidate of slashItems) {
    const inName = fuzzyFit(candidate.name.toLowerCase(), wanted)
    const inAlias = Math.max(0, ...candidate.aliases.map(alias => fuzzyFit(alias, wanted)?.score ?? 0)) * 0.9
    if (inName !== null && inName.score >= inAlias) {
      scored.push({ match: { item: candidate, letters: inName.letters }, score: inName.score })
    } else if (inAlias > 0) scored.push({ match: { item: candidate, letters: [] }, score: inAlias })
  }
  return scored.sort((a, b) => b.score - a.score).map(({ match }) => match)
}

function item(
  name: string,
  group: SlashItem['group'],
  icon: MenuIcon,
  hint: string,
  aliases: readonly string[],
  type: NodeType,
  attrs: Attrs = {},
): SlashItem {
  return { name, group, icon, hint, aliases, type, attrs }
}
