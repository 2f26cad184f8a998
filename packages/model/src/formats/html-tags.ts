// Which HTML elements say something about inline content, for HTML and for the HTML inside Markdown: an allow-list. Values are
// read as the layout reads its own, and addresses pass the list of schemes (P11).

import type { Mark, Node } from 'prosemirror-model'
import { readAtom, readMark } from '../kinds.ts'
import { safeSource, schema } from '../schema.ts'
import type { Attributes } from './html-tokens.ts'
import { cleanText } from './inline.ts'
import { safeLink } from './normalize.ts'

export interface InlineTag {
  /** Marks of what stands inside. */
  readonly marks?: readonly Mark[]
  /** Stands for the whole element. */
  readonly atom?: Node
  /** What stands inside is not shown. */
  readonly skips?: boolean
}

const { marks, nodes } = schema

const simpleTags = new Map<string, Mark>(
  [
    [marks.strong, ['strong', 'b']],
    [marks.em, ['em', 'i', 'cite', 'dfn', 'var']],
    [marks.underline, ['u', 'ins']],
    [marks.strike, ['s', 'del', 'strike']],
    [marks.code, ['code', 'kbd', 'samp', 'tt']],
  ].flatMap(([type, names]) =>
    (names as string[]).map((name): [string, Mark] => [name, (type as typeof marks.em).create()]),
  ),
)

/** Elements whose text nobody reads on a page. */
export const hiddenTags = new Set(
  'script style template noscript iframe object applet svg math head title audio video canvas frameset noframes noembed xmp'.split(
    ' ',
  ),
)

export function inlineTag(name: string, attributes: Attributes): InlineTag | null {
  if (hiddenTags.has(name)) return { skips: true }
  const simple = simpleTags.get(name)
  if (simple !== undefined) {
    // Google Docs wraps everything it copies in <b style="font-weight: normal">.
    const isUndone = name === 'b' && /font-weight:\s*(normal|400)/i.test(attributes.style ?? '')
    return isUndone ? {} : { marks: [simple] }
  }
  switch (name) {
    case 'a':
      return attributes.href === undefined ? {} : { marks: [linkMark(attributes.href, attributes.title)] }
    case 'mark':
      return { marks: [highlightMark(attributes['data-color'])] }
    case 'img':
      return { atom: imageAtom(attributes) }
    case 'span':
    case 'font':
      return spanTag(attributes)
    case 'sup':
      return attributes['data-footnote'] === undefined
        ? {}
        : { atom: nodes.footnote.create({ text: cleanText(attributes['data-footnote']) }), skips: true }
    default:
      return null
  }
}

export function linkMark(href: string, title: string | null | undefined): Mark {
  const shown = title === undefined || title === null || title === '' ? null : cleanText(title)
  return marks.link.create({ href: safeLink(cleanText(href)), title: shown })
}

export function imageAtom(attributes: Attributes): Node {
  return nodes.inline_image.create({
    src: safeSource(cleanText(attributes.src ?? '')),
    alt: cleanText(attributes.alt ?? ''),
    width: readWidth(attributes.width),
  })
}

export function readInteger(value: string | undefined): number | undefined {
  return value !== undefined && /^-?\d{1,10}$/.test(value) ? Number(value) : undefined
}

/** The alignment of text in the words of the layout; undefined where nothing is said. */
export function readAlign(attributes: Attributes): string | undefined {
  const align =
    attributes['data-align'] ?? attributes.align ?? /text-align:\s*([a-z]+)/i.exec(attributes.style ?? '')?.[1]
  return align?.toLowerCase() === 'right' ? 'end' : align?.toLowerCase()
}

function readWidth(value: string | undefined): number | null {
  const width = readInteger(value?.replace(/px$/, ''))
  return width !== undefined && width > 0 && width <= 1_000_000_000 ? width : null
}

function highlightMark(color: string | undefined): Mark {
  return readMark('highlight', { color: readInteger(color) }) as Mark
}

function spanTag(attributes: Attributes): InlineTag {
  const mention = attributes['data-mention']
  if (mention !== undefined) {
    const [target, ref, label] = [mention, attributes['data-ref'] ?? '', attributes['data-label'] ?? ''].map(cleanText)
    return { atom: readAtom({ kind: 'mention', target, ref, label })!, skips: true }
  }
  const tex = attributes['data-math']
  if (tex !== undefined) return { atom: nodes.inline_math.create({ tex: cleanText(tex) }), skips: true }
  const size = readInteger(attributes['data-opaque'])
  if (size !== undefined) return { atom: nodes.opaque_atom.create({ size: Math.max(size, 1) }), skips: true }
  const name = attributes['data-mark']
  if (name !== undefined) return { marks: opaqueMarks(name, attributes['data-value']) }
  return { marks: styleMarks(attributes.style ?? '') }
}

/** A mark that this version does not know; a known name would be a way around the reading of known marks. */
function opaqueMarks(name: string, json: string | undefined): Mark[] {
  if (marks[name as keyof typeof marks] !== undefined) return []
  try {
    return [marks.opaque_mark.create({ name: cleanText(name), value: JSON.parse(json ?? 'true') })]
  } catch {
    // Not what we wrote: the text stays, without the mark.
    return []
  }
}

/** What word processors say by style. */
function styleMarks(style: string): Mark[] {
  const found: Mark[] = []
  if (/font-weight:\s*(bold(er)?|[6-9]\d\d)/i.test(style)) found.push(marks.strong.create())
  if (/font-style:\s*italic/i.test(style)) found.push(marks.em.create())
  const decoration = /text-decoration(?:-line)?:\s*([a-z -]+)/i.exec(style)?.[1] ?? ''
  if (decoration.includes('underline')) found.push(marks.underline.create())
  if (decoration.includes('line-through')) found.push(marks.strike.create())
  return found
}
