// What Word (and Outlook) put on the clipboard and into HTML files: lists are paragraphs with a sign in front, kinds of blocks are
// names of styles, and half of it is there for Word alone.

import {
  element,
  type HtmlElement,
  type HtmlNode,
  hasClass,
  isBlank,
  replaceElements,
  styleOf,
  textIn,
} from './html-tree.ts'

/** The number in front of the last item at each level, while one list runs on. */
type Numbers = Map<number, { readonly list: string; readonly number: number }>

export function tidyWord(root: HtmlElement): void {
  replaceElements(root, found => {
    if (found.name === 'xml' || found.name === 'o:smarttagtype') return []
    // What stands here only for the eye of Word: line numbers, the rule above notes.
    if (found.name === 'hr' && found.attributes.size === '1') return []
    if (found.name === 'br' && found.attributes.clear !== undefined) return []
    if (found.name === 'span' && styleOf(found, 'mso-highlight') !== '') return [element('mark', {}, found.children)]
    if (found.name === 'a' && found.attributes.href === undefined) return found.children
    // Tables of contents and cross-references lead to places in a document that stayed behind.
    if (found.name === 'a' && /^#_(toc|ref|hlk)/i.test(found.attributes.href ?? '')) return found.children
    if (hasClass(found, 'MsoTitle')) return [{ ...found, name: 'h1' }]
    if (/^Mso(Intense)?Quote/.test(found.attributes.class ?? '')) return [element('blockquote', {}, [found])]
    return null
  })
  makeLists(root, new Map())
}

/** Each item is a list of its own: the blocks of a document are flat, and an item says how deep it stands. */
function makeLists(parent: HtmlElement, numbers: Numbers): void {
  parent.children = parent.children.map(child => {
    if (typeof child === 'string') return child
    const level = /(?:^|;)\s*mso-list:\s*(\S+)\s+level(\d)/i.exec(child.attributes.style ?? '')
    if (level === null || !/^(p|h[1-6]|li)$/.test(child.name)) {
      makeLists(child, child.name === 'td' || child.name === 'th' ? new Map() : numbers)
      if (!isBlank(child) && /^(p|h[1-6]|table|ul|ol)$/.test(child.name)) numbers.clear()
      return child
    }
    // Headings are numbered by the document that they came from.
    if (/^h[1-6]$/.test(child.name)) return { ...child, children: withoutSign(child.children) }
    return makeItem(child, level[1]!, Number(level[2]) - 1, numbers)
  })
}

function makeItem(paragraph: HtmlElement, list: string, indent: number, numbers: Numbers): HtmlElement {
  const sign = signOf(paragraph)
  const attributes: Record<string, string> = { 'data-indent': String(Math.max(indent, 0)) }
  const item = (children: HtmlNode[]): HtmlElement => element('li', attributes, children)
  const children = withoutSign(paragraph.children)
  for (const deeper of numbers.keys()) if (deeper > indent) numbers.delete(deeper)
  if (paragraph.name === 'li') return { ...paragraph, attributes: { ...paragraph.attributes, ...attributes }, children }
  if (!/^\(?(\d+|[a-z]{1,5})[.)]/i.test(sign)) {
    numbers.delete(indent)
    return element('ul', {}, [item(children)])
  }
  const before = numbers.get(indent)
  const expected = (before?.number ?? 0) + 1
  const number = /\d+/.test(sign) ? Number(/\d+/.exec(sign)![0]) : before?.list === list ? expected : 1
  if (number !== expected) attributes.value = String(number)
  numbers.set(indent, { list, number })
  return element('ol', {}, [item(children)])
}

function signOf(paragraph: HtmlElement): string {
  for (const child of paragraph.children) {
    if (typeof child === 'string') continue
    const sign = isSign(child) ? textIn(child) : signOf(child)
    if (sign !== '') return sign.replace(/[\s\u00a0]+/g, ' ').trim()
  }
  return ''
}

function withoutSign(children: readonly HtmlNode[]): HtmlNode[] {
  return children
    .filter(child => typeof child === 'string' || !isSign(child))
    .map(child => (typeof child === 'string' ? child : { ...child, children: withoutSign(child.children) }))
}

function isSign(found: HtmlElement): boolean {
  return styleOf(found, 'mso-list').startsWith('ignore')
}
