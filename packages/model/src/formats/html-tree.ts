// HTML as a tree, for sources that have to be looked at from several sides before they can be read: what a word processor means by a
// paragraph stands in another one, or at the end of the page. Only what foreign programs wrote is made a tree (html-foreign.ts); it
// says nothing about what is safe, for what comes out of it goes through the reader like everything else.

import { voidTags } from './html-structure.ts'
import { type Attributes, type HtmlListener, tokenizeHtml } from './html-tokens.ts'

export interface HtmlElement {
  name: string
  attributes: Record<string, string>
  children: HtmlNode[]
}

export type HtmlNode = HtmlElement | string

/** Elements that lie deeper are hung up here: a walk over the tree never goes deeper. */
const maxDepth = 100

/** The root has no name. */
export function parseTree(html: string): HtmlElement {
  const root = element('', {})
  const open = [root]
  tokenizeHtml(html, {
    openTag: (name, attributes) => {
      const child = element(name, attributes)
      open.at(-1)!.children.push(child)
      if (!voidTags.has(name) && open.length < maxDepth) open.push(child)
    },
    closeTag: name => {
      const at = open.findLastIndex(({ name: other }) => other === name)
      if (at > 0) open.length = at
    },
    text: text => {
      const { children } = open.at(-1)!
      const last = children.at(-1)
      if (typeof last === 'string') children[children.length - 1] = last + text
      else children.push(text)
    },
  })
  return root
}

/** Tells a listener of everything below an element, as if it were read from source. */
export function readTree(root: HtmlElement, listener: HtmlListener): void {
  for (const child of root.children) {
    if (typeof child === 'string') listener.text(child)
    else {
      listener.openTag(child.name, child.attributes)
      readTree(child, listener)
      if (!voidTags.has(child.name)) listener.closeTag(child.name)
    }
  }
}

export function element(name: string, attributes: Attributes, children: HtmlNode[] = []): HtmlElement {
  return { name, attributes: Object.assign(Object.create(null), attributes), children }
}

/** What stands in the place of each element, inner ones first: itself, others, or nothing. */
export function replaceElements(root: HtmlElement, replace: (found: HtmlElement) => readonly HtmlNode[] | null): void {
  root.children = root.children.flatMap(child => {
    if (typeof child === 'string') return [child]
    replaceElements(child, replace)
    return replace(child) ?? [child]
  })
}

/** All below an element, in the order in which they begin. */
export function* elementsOf(root: HtmlElement): Generator<HtmlElement> {
  const next = [...root.children].reverse()
  while (next.length > 0) {
    const found = next.pop()!
    if (typeof found === 'string') continue
    yield found
    for (let i = found.children.length - 1; i >= 0; i--) next.push(found.children[i]!)
  }
}

export function textIn(node: HtmlNode): string {
  return typeof node === 'string' ? node : node.children.map(textIn).join('')
}

/** Neither a letter nor a picture. */
export function isBlank(node: HtmlNode): boolean {
  if (typeof node === 'string') return /^[\s\u00a0\u200b\ufeff]*$/.test(node)
  return !shownTags.has(node.name) && node.attributes['data-math'] === undefined && node.children.every(isBlank)
}

const shownTags = new Set(['img', 'hr', 'input', 'table', 'sup'])

export function hasClass({ attributes }: HtmlElement, name: string): boolean {
  return attributes.class?.split(/\s+/).includes(name) === true
}

/** A declaration of the element's own style, lower case; empty where there is none. */
export function styleOf({ attributes }: HtmlElement, property: string): string {
  for (const declaration of (attributes.style ?? '').split(';')) {
    const colon = declaration.indexOf(':')
    if (colon > 0 && declaration.slice(0, colon).trim().toLowerCase() === property)
      return declaration
        .slice(colon + 1)
        .trim()
        .toLowerCase()
  }
  return ''
}
