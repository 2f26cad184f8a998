// Elements of a foreign document that stand inside a line and have no text of their own.

import type { Node } from 'prosemirror-model'
import { readAtom, writeAtom } from '../kinds.ts'
import { schema } from '../schema.ts'
import type { Losses } from './losses.ts'
import { fits, integerOf, linkOf, plainName, sourceOf, textOf } from './values.ts'
import type { Attributes } from './walk.ts'

/** What stands for an element in a line: an atom, or text where no atom says it; null where the element is nothing of this kind. */
export function readInlineElement(name: string, attributes: Attributes, losses: Losses): Node | null {
  switch (plainName(name)) {
    case 'mention':
      return readMention(attributes)
    case 'image':
    case 'img':
    case 'inlineimage':
      return atomOr(imageRegisters(attributes, losses), textOf(attributes, 'alt'))
    case 'inlinemath':
    case 'mathinline': {
      const tex = textOf(attributes, 'latex', 'tex', 'text', 'formula')
      return tex === undefined ? null : atomOr({ kind: 'math', tex }, tex)
    }
    case 'emoji': {
      const emoji = textOf(attributes, 'emoji')
      const shortcode = textOf(attributes, 'name')
      return emoji !== undefined ? schema.text(emoji) : shortcode !== undefined ? schema.text(`:${shortcode}:`) : null
    }
    default:
      return null
  }
}

/** Registers of an image, for a block and for an atom; a source that cannot be shown or kept is left out. */
export function imageRegisters(attributes: Attributes, losses: Losses): Record<string, unknown> {
  const source = textOf(attributes, 'src', 'url')
  const src = sourceOf(source)
  if (source !== undefined && src === undefined) losses.add('value', 'source of image')
  const alt = textOf(attributes, 'alt')
  if (alt !== undefined && !fits(alt)) losses.add('value', 'text of image')
  const isAltKept = alt !== undefined && fits(alt)
  return { kind: 'image', src: src ?? '', alt: isAltKept ? alt : '', width: integerOf(attributes, 'width') }
}

/** The address of what is shown from elsewhere; undefined where it has none that may be followed. */
export function embedSource(attributes: Attributes): string | undefined {
  return linkOf(textOf(attributes, 'src', 'href', 'url'))
}

function readMention(attributes: Attributes): Node | null {
  const ref = textOf(attributes, 'entityId', 'modelId', 'id') ?? ''
  const label = textOf(attributes, 'label', 'name') ?? ref
  if (label === '') return null
  const target = textOf(attributes, 'entityType', 'type')?.toLowerCase() ?? ''
  const isDocument = target === 'page' || target === 'document'
  return atomOr({ kind: 'mention', target: isDocument ? 'document' : 'person', ref, label }, `@${label}`)
}

/** The atom, or its text where the atom is longer than an embedded value may be. */
function atomOr(value: Record<string, unknown>, text: string | undefined): Node | null {
  const atom = readAtom(value)
  if (atom !== null && writeAtom(atom) !== null) return atom
  return text === undefined || text === '' ? null : schema.text(text)
}
