// Formatting of a foreign text as marks of ours. y-prosemirror stores a mark as a formatting attribute with the mark's attributes as
// its value; a mark that may cover a text several times has a hash of itself behind its name.

import { Mark } from 'prosemirror-model'
import { withMark } from '../formats/inline.ts'
import { writeMark } from '../kinds.ts'
import { schema } from '../schema.ts'
import type { Losses } from './losses.ts'
import { linkOf, own, plainName, textOf } from './values.ts'
import type { Attributes } from './walk.ts'

const { marks } = schema

const simpleMarks = new Map<string, Mark>(
  (
    [
      [marks.strong, 'bold strong b'],
      [marks.em, 'italic em i emphasis'],
      [marks.underline, 'underline u'],
      [marks.strike, 'strike strikethrough s del'],
      [marks.code, 'code codeinline inlinecode'],
    ] as const
  ).flatMap(([type, names]) => names.split(' ').map((name): [string, Mark] => [name, type.create()])),
)

/** The marks that a run of text has here; what has no place is counted. */
export function readMarks(formatting: Attributes, losses: Losses): readonly Mark[] {
  let set: readonly Mark[] = Mark.none
  for (const key of Object.keys(formatting)) {
    const value = formatting[key]
    if (value === null || value === undefined || value === false) continue
    const name = withoutHash(key)
    const mark = readMark(plainName(name), isRecord(value) ? value : {}, losses)
    // `ychange` is how y-prosemirror shows versions, nothing that anybody wrote.
    if (mark === null) {
      if (name !== 'ychange') losses.add('mark', name)
    } else if (mark.type.isInSet(set) && !mark.isInSet(set)) losses.add('mark', name)
    else set = withMark(mark, set)
  }
  return set
}

function readMark(name: string, attributes: Attributes, losses: Losses): Mark | null {
  const simple = simpleMarks.get(name)
  if (simple !== undefined) return simple
  if (name === 'link') return readLink(attributes, losses)
  if (name !== 'highlight') return null
  if (own(attributes, 'color') != null) losses.add('value', 'color of highlight')
  return marks.highlight.create()
}

function readLink(attributes: Attributes, losses: Losses): Mark | null {
  const href = linkOf(textOf(attributes, 'href'))
  if (href === undefined) return null
  const link = marks.link.create({ href, title: textOf(attributes, 'title') ?? null })
  if (writeMark(link) !== null) return link
  losses.add('value', 'title of link')
  const plain = marks.link.create({ href })
  return writeMark(plain) === null ? null : plain
}

function withoutHash(key: string): string {
  return /^(.+)--[a-zA-Z0-9+/=]{8}$/s.exec(key)?.[1] ?? key
}

function isRecord(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
