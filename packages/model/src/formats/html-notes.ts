// Footnotes of other programs: a link in the text to a note at the end, and a link back. Word, LibreOffice, Google Docs and
// Markdown renderers all write them so, each with other names.

import { element, elementsOf, type HtmlElement, hasClass, replaceElements, textIn } from './html-tree.ts'

/** Puts the text of each note where it is referred to, and takes the notes away. */
export function gatherNotes(root: HtmlElement): void {
  const links = [...elementsOf(root)].filter(({ name, attributes }) => name === 'a' && targetOf(attributes.href) !== '')
  if (links.length === 0) return
  const holders = noteHolders(root)
  const linksIn = new Map<HtmlElement, Map<string, HtmlElement>>()
  const notes = new Map<HtmlElement, string>()
  const gone = new Set<HtmlElement>()
  const backsTaken = new Set<HtmlElement>()
  for (const link of links) {
    const holder = holders.get(targetOf(link.attributes.href))
    if (holder === undefined || gone.has(holder) || backsTaken.has(link)) continue
    const backs = linksIn.get(holder) ?? linksByTarget(holder)
    linksIn.set(holder, backs)
    const back = backs.get(link.attributes.id ?? '') ?? backs.get(link.attributes.name ?? '')
    if (back === undefined || back === link) continue
    back.children = []
    backsTaken.add(back)
    notes.set(
      link,
      textIn(holder)
        .replace(/[\s\u00a0]+/g, ' ')
        .trim(),
    )
    gone.add(holder)
  }
  if (notes.size === 0) return
  replaceElements(root, found => {
    if (gone.has(found)) return []
    const note = notes.get(found)
    if (note !== undefined) return [element('sup', { 'data-footnote': note })]
    if (found.attributes['data-footnotes'] !== undefined || hasClass(found, 'footnotes')) return []
    return null
  })
  // A reference inside of `<sup>` is raised already.
  replaceElements(root, found => (found.name === 'sup' && found.children.some(isNote) ? found.children : null))
}

/** By each id and name: the element that has it or, where that is a link, what it stands in. */
function noteHolders(root: HtmlElement): Map<string, HtmlElement> {
  const holders = new Map<string, HtmlElement>()
  const walk = (parent: HtmlElement, block: HtmlElement | null): void => {
    for (const child of parent.children) {
      if (typeof child === 'string') continue
      const inner = /^(p|li|div|dd|td)$/.test(child.name) ? child : block
      const holder = child.name === 'a' ? block : inner
      for (const name of [child.attributes.id, child.attributes.name]) {
        if (name !== undefined && holder !== null && !holders.has(name)) holders.set(name, holder)
      }
      walk(child, inner)
    }
  }
  walk(root, null)
  return holders
}

function linksByTarget(holder: HtmlElement): Map<string, HtmlElement> {
  const found = new Map<string, HtmlElement>()
  for (const inner of elementsOf(holder)) {
    const target = inner.name === 'a' ? targetOf(inner.attributes.href) : ''
    if (target !== '' && !found.has(target)) found.set(target, inner)
  }
  return found
}

function targetOf(href: string | undefined): string {
  const hash = href?.indexOf('#') ?? -1
  return hash < 0 ? '' : href!.slice(hash + 1)
}

function isNote(node: HtmlElement | string): boolean {
  return typeof node !== 'string' && node.attributes['data-footnote'] !== undefined
}
