// The comments by which Markdown says what it has no words for: `<!-- sheaf indent=2 align=center -->` speaks of the next block.

/** What a note in the source says about the next block. */
export interface BlockNote {
  readonly id?: string
  readonly indent?: number
  readonly start?: number
  readonly align?: string
  /** A paragraph that is the child of a quote, where a plain one would be a quote. */
  readonly isParagraph?: boolean
}

export interface MarkdownNote extends BlockNote {
  /** The next block is a paragraph (or the text of a list item or quote) without text. */
  readonly isEmpty?: boolean
}

export function parseNote(html: string): MarkdownNote | null {
  const words = /^\s*<!-- sheaf((?: [a-z]+(?:=[\w.~-]{1,40})?){1,8}) -->\s*$/.exec(html)?.[1]
  if (words === undefined) return null
  let note: MarkdownNote = {}
  for (const word of words.trim().split(' ')) {
    const [name, value = ''] = word.split('=')
    const integer = /^-?\d{1,10}$/.test(value) ? Number(value) : undefined
    if (name === 'id') note = { ...note, id: value }
    else if (name === 'align') note = { ...note, align: value }
    else if (name === 'indent' && integer !== undefined) note = { ...note, indent: integer }
    else if (name === 'start' && integer !== undefined) note = { ...note, start: integer }
    else if (name === 'paragraph') note = { ...note, isParagraph: true }
    else if (name === 'empty') note = { ...note, isEmpty: true }
  }
  return note
}

/** Null where there is nothing to say. */
export function writeNote(note: MarkdownNote): string | null {
  const words: string[] = []
  if (note.id !== undefined) words.push(`id=${note.id}`)
  if (note.indent !== undefined) words.push(`indent=${note.indent}`)
  if (note.start !== undefined) words.push(`start=${note.start}`)
  if (note.align !== undefined) words.push(`align=${note.align}`)
  if (note.isParagraph === true) words.push('paragraph')
  if (note.isEmpty === true) words.push('empty')
  return words.length === 0 ? null : `<!-- sheaf ${words.join(' ')} -->`
}
