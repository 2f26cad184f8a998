// What is what in code: lowlight's grammars, brought down to the five hues of the look. Loaded with the first code that has a language.

import { common, createLowlight } from 'lowlight'

export type Hue = 'keyword' | 'string' | 'number' | 'comment' | 'name'

export interface Token {
  /** Offsets in the text. */
  readonly from: number
  readonly to: number
  readonly hue: Hue
}

const lowlight = createLowlight(common)

const hues: Readonly<Record<string, Hue>> = {
  keyword: 'keyword',
  'selector-tag': 'keyword',
  'template-tag': 'keyword',
  tag: 'keyword',
  operator: 'keyword',
  meta: 'keyword',
  string: 'string',
  regexp: 'string',
  addition: 'string',
  char: 'string',
  quote: 'comment',
  comment: 'comment',
  deletion: 'number',
  number: 'number',
  literal: 'number',
  symbol: 'number',
  bullet: 'number',
  title: 'name',
  type: 'name',
  built_in: 'name',
  class: 'name',
  function: 'name',
  section: 'name',
  name: 'name',
  attr: 'name',
  attribute: 'name',
  'selector-class': 'name',
  'selector-id': 'name',
  link: 'name',
}

/** None for a language that is not known. */
export function tokens(text: string, language: string): Token[] {
  const found: Token[] = []
  if (!lowlight.registered(language)) return found
  let at = 0
  const walk = (node: Highlighted, hue: Hue | null): void => {
    if (node.type === 'text') {
      const to = at + node.value.length
      const last = found.at(-1)
      if (hue !== null && last?.to === at && last.hue === hue) found[found.length - 1] = { ...last, to }
      else if (hue !== null) found.push({ from: at, to, hue })
      at = to
    } else if ('children' in node) {
      const own = node.type === 'element' ? hueOf(node.properties.className) : undefined
      for (const child of node.children) walk(child as Highlighted, own ?? hue)
    }
  }
  walk(lowlight.highlight(language, text), null)
  return found
}

type Root = ReturnType<typeof lowlight.highlight>
type Highlighted = Root | Root['children'][number]

/** Undefined for what has the hue of what it is in. */
function hueOf(className: unknown): Hue | undefined {
  const name = Array.isArray(className) ? String(className[0]) : ''
  if (!name.startsWith('hljs-')) return undefined
  return hues[name.slice('hljs-'.length)]
}
