// HTML that other programs wrote for themselves, made into HTML that says what they meant. What is left is read by the same
// allow-list as everything else, so nothing here decides what is safe.

import { gatherNotes } from './html-notes.ts'
import { tidySheet } from './html-sheets.ts'
import {
  element,
  elementsOf,
  type HtmlElement,
  type HtmlNode,
  hasClass,
  isBlank,
  parseTree,
  replaceElements,
  styleOf,
  textIn,
} from './html-tree.ts'
import { tidyWord } from './html-word.ts'

type Program = 'word' | 'sheet' | 'google-docs' | 'libreoffice' | 'notion'

/** The tree of a source by one of the programs that are known; null for every other one. */
export function readForeign(html: string): HtmlElement | null {
  if (!traces.test(html)) return null
  const root = parseTree(html)
  const program = programOf(root, html)
  if (program === null) return null
  tidy(root, program)
  return root
}

/** What was copied somewhere: nobody wrote empty lines, buttons and invisible pictures there on purpose. */
export function readCopiedHtml(html: string): HtmlElement {
  const root = parseTree(html)
  tidy(root, programOf(root, html))
  return root
}

/** Words that stand in the source of each of them; the tree then says whether they stand there in earnest. */
const traces =
  /mso-|schemas-microsoft-com|docs-internal-guid|data-sheets-|google-sheets|libreoffice|notionvc|class="?Mso/i

function programOf(root: HtmlElement, html: string): Program | null {
  for (const { name, attributes } of elementsOf(root)) {
    if (name === 'meta' && /excel/i.test(attributes.content ?? '')) return 'sheet'
    if (
      name === 'meta' &&
      attributes.name?.toLowerCase() === 'generator' &&
      /libreoffice|openoffice/i.test(attributes.content ?? '')
    )
      return 'libreoffice'
    if (attributes['xmlns:x']?.endsWith(':excel') === true && attributes['xmlns:w'] === undefined) return 'sheet'
    if (name === 'google-sheets-html-origin' || attributes['data-sheets-root'] !== undefined) return 'sheet'
    if (attributes.id?.startsWith('docs-internal-guid') === true) return 'google-docs'
    if (/^Mso[A-Z]/.test(attributes.class ?? '') || /(^|[;\s])mso-/.test(attributes.style ?? '')) return 'word'
  }
  return html.includes('<!-- notionvc:') ? 'notion' : null
}

function tidy(root: HtmlElement, program: Program | null): void {
  if (program === 'word') tidyWord(root)
  if (program === 'sheet' || program === 'libreoffice') tidySheet(root)
  gatherNotes(root)
  readMath(root)
  replaceElements(root, found => {
    if (isUnseen(found)) return []
    switch (found.name) {
      case 'img':
        return isPicture(found) ? null : []
      case 'a':
        return tidyLink(found)
      case 'ul':
      case 'ol':
        return tidyList(found)
      case 'li':
        return tidyItem(found)
      case 'td':
        return [{ ...found, children: styled(found) }]
      case 'th':
        return [{ ...found, children: found.children.map(withoutBold) }]
      case 'table':
        return tidyTable(found, program)
      case 'p':
        return tidyParagraph(found, program)
      case 'div':
        return tidyBox(found)
      case 'aside':
      case 'figure':
        return tidyCallout(found, program)
      case 'pre':
        return tidyCode(found)
      case 'h1':
      case 'h2':
      case 'h3':
      case 'h4':
      case 'h5':
      case 'h6':
        return isBlank(found) ? [] : [{ ...found, children: found.children.map(withoutBold) }]
      case 'span':
        return program === 'google-docs' && isHighlighted(found) ? [element('mark', {}, [found])] : null
      case 'u':
        // Links are underlined by themselves.
        return found.children.every(child => isBlank(child) || isLink(child)) ? found.children : null
      case 'br':
        return hasClass(found, 'Apple-interchange-newline') ? [] : null
      default:
        return null
    }
  })
  // Between two blocks Google Docs writes an empty line as a bare break.
  if (program === 'google-docs') for (const found of elementsOf(root)) dropBreaks(found)
}

function isUnseen(found: HtmlElement): boolean {
  if (/^(button|select|textarea|datalist|nav)$/.test(found.name) || hasClass(found, 'mw-editsection')) return true
  if (found.attributes.hidden !== undefined && found.name !== 'table') return true
  return styleOf(found, 'display') === 'none' || styleOf(found, 'mso-hide') === 'all'
}

/** A picture on the web that can be seen; neither a tracking pixel, nor one that is on the disk or in the memory of another program. */
function isPicture(image: HtmlElement): boolean {
  const { src = '', width, height } = image.attributes
  const sizes = [width, height, styleOf(image, 'width'), styleOf(image, 'height')]
  if (sizes.some(size => size !== undefined && /^[01](px|pt)?$/.test(size))) return false
  return /^https?:\/\//i.test(src.trim()) || /^\/(?!\/)/.test(src)
}

function tidyLink(link: HtmlElement): readonly HtmlNode[] | null {
  let href = link.attributes.href?.trim()
  if (href === undefined) return null
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop them before they look at the scheme
  if (!/^(https?:|mailto:|tel:|[^:]*$|[^:]*[/?#])/i.test(href.replace(/[\u0000-\u0020]/g, ''))) return link.children
  // Google leads every link past itself.
  const target = /^https?:\/\/www\.google\.com\/url\?(?:.*&)?q=([^&]+)/.exec(href)?.[1]
  if (target !== undefined) href = decoded(target)
  replaceElements(link, found => (found.name === 'u' ? found.children : null))
  for (const inner of elementsOf(link)) {
    if (inner.attributes.style !== undefined)
      inner.attributes.style = inner.attributes.style.replace(/text-decoration[a-z-]*\s*:[^;]*/gi, '')
  }
  return [{ ...link, attributes: { ...link.attributes, href } }]
}

function isLink(node: HtmlNode): boolean {
  return typeof node !== 'string' && node.name === 'a'
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Not encoded after all.
    return text
  }
}

/** A list that stands right in a list belongs to the item above. */
function tidyList(list: HtmlElement): readonly HtmlNode[] {
  const children: HtmlNode[] = []
  for (const child of list.children) {
    const last = children.findLast(other => typeof other !== 'string')
    const isInner = typeof child !== 'string' && (child.name === 'ul' || child.name === 'ol')
    if (isInner && typeof last === 'object' && last.name === 'li') last.children.push(child)
    else children.push(child)
  }
  // A toggle of Notion is a list of one item.
  const items = children.filter(child => typeof child !== 'string')
  if (hasClass(list, 'toggle')) return items.flatMap(item => item.children)
  return [{ ...list, children }]
}

function tidyItem(item: HtmlElement): readonly HtmlNode[] {
  const { attributes } = item
  const box = item.children.find(child => typeof child !== 'string' && hasClass(child, 'checkbox'))
  const checked =
    attributes['data-checked'] ??
    (attributes.role === 'checkbox' ? attributes['aria-checked'] : undefined) ??
    (box === undefined ? undefined : String(hasClass(box as HtmlElement, 'checkbox-on')))
  if (checked !== undefined) {
    const children = item.children.filter(child => child !== box && !isCheckbox(child))
    return [{ ...item, attributes: { ...attributes, 'data-checked': String(checked === 'true') }, children }]
  }
  const sign = takeSign(item, /^\s*(?:\[[ xX]?\][\s\u00a0]|[☐☑☒])[\s\u00a0]*/)
  return sign === null ? [item] : [{ ...item, attributes: { ...attributes, 'data-checked': String(isDone(sign)) } }]
}

/** The picture of a box that Google Docs draws. */
function isCheckbox(node: HtmlNode): boolean {
  return typeof node !== 'string' && node.attributes['aria-roledescription'] === 'checkbox'
}

function isDone(sign: string): boolean {
  return /[xX☑☒]/.test(sign)
}

/** Takes a sign off the first text in an element; null where none stands there. */
function takeSign(parent: HtmlElement, sign: RegExp): string | null {
  for (const [index, child] of parent.children.entries()) {
    if (typeof child === 'string') {
      if (isBlank(child)) continue
      const found = sign.exec(child)?.[0]
      if (found !== undefined) parent.children[index] = child.slice(found.length)
      return found ?? null
    }
    if (!isBlank(child)) return /^(p|span|div|strong|b|em|i)$/.test(child.name) ? takeSign(child, sign) : null
  }
  return null
}

/** A table of one cell is a frame: of a mail, of a box, or one cell that was copied. */
function tidyTable(table: HtmlElement, program: Program | null): readonly HtmlNode[] | null {
  const rows = rowsOf(table)
  const cells = rows.flat()
  if (cells.length === 1) return [element(hasBlocks(cells[0]!) ? 'div' : 'span', {}, cells[0]!.children)]
  const role = table.attributes.role
  if (role === 'presentation' || role === 'none') return cells.map(cell => element('div', {}, cell.children))
  if (program !== null) markHead(rows)
  return null
}

/** The cells of each row; those of tables in its cells are not its own. */
function rowsOf(table: HtmlElement): HtmlElement[][] {
  const inside = (parent: HtmlElement): HtmlElement[] =>
    parent.children.filter((child): child is HtmlElement => typeof child !== 'string')
  const rows = inside(table).flatMap(child => (child.name === 'tr' ? [child] : inside(child)))
  return rows.filter(({ name }) => name === 'tr').map(row => inside(row).filter(({ name }) => /^t[dh]$/.test(name)))
}

/** Where the cells of the first row are bold, and those below are not, it is the head. */
function markHead(rows: readonly HtmlElement[][]): void {
  const [first = [], ...others] = rows
  if (others.length === 0 || rows.flat().some(({ name }) => name === 'th')) return
  const isBoldRow = (row: readonly HtmlElement[]): boolean => row.every(cell => isBlank(cell) || isBold(cell))
  if (first.every(isBlank) || !isBoldRow(first) || others.every(isBoldRow)) return
  for (const cell of first) {
    cell.name = 'th'
    cell.attributes.scope = 'col'
    cell.children = cell.children.map(withoutBold)
  }
}

function isBold(node: HtmlNode): boolean {
  if (typeof node === 'string') return false
  const isMarked = node.name === 'b' || node.name === 'strong' || /^(bold|[6-9]\d\d)/.test(styleOf(node, 'font-weight'))
  return isMarked || node.children.every(child => isBlank(child) || isBold(child))
}

function hasBlocks(found: HtmlElement): boolean {
  for (const { name } of elementsOf(found)) if (/^(p|div|ul|ol|table|h[1-6]|pre|blockquote)$/.test(name)) return true
  return false
}

function tidyParagraph(paragraph: HtmlElement, program: Program | null): readonly HtmlNode[] | null {
  if (isBlank(paragraph)) return []
  const [image, ...more] = [...elementsOf(paragraph)].filter(({ name }) => name === 'img')
  if (image !== undefined && more.length === 0 && textIn(paragraph).trim() === '')
    return [element('figure', { 'data-width': image.attributes.width ?? '' }, [image])]
  if (program !== 'word' && program !== 'libreoffice') return null
  const sign = takeSign(paragraph, /^\s*[☐☑☒][\s\u00a0]*/)
  return sign === null
    ? null
    : [element('ul', {}, [element('li', { 'data-checked': String(isDone(sign)) }, [paragraph])])]
}

function tidyBox(box: HtmlElement): readonly HtmlNode[] | null {
  const code = editorCode(box)
  if (code !== null) return [code]
  const language = languageIn(box)
  if (language === null) return null
  for (const child of box.children) {
    if (typeof child !== 'string' && child.name === 'pre') child.attributes['data-language'] ??= language
  }
  return null
}

const tones: readonly (readonly [RegExp, string])[] = [
  [/💡|✅|👍|🌟|⭐/u, 'tip'],
  [/⚠|🚧|👉|❕/u, 'careful'],
  [/🛑|⛔|❗|🚨|🔥|❌/u, 'stop'],
]

/** A callout of Notion: its tone is an emoji in front. */
function tidyCallout(found: HtmlElement, program: Program | null): readonly HtmlNode[] | null {
  const isCallout = hasClass(found, 'callout') || (found.name === 'aside' && program === 'notion')
  if (!isCallout || found.attributes['data-kind'] !== undefined) return null
  const icon = [...elementsOf(found)].find(inner => hasClass(inner, 'icon'))
  const emoji = icon === undefined ? (takeSign(found, /^\s*\p{Extended_Pictographic}\ufe0f?\s*/u) ?? '') : textIn(icon)
  if (icon !== undefined) icon.children = []
  const tone = tones.find(([signs]) => signs.test(emoji))?.[1] ?? 'note'
  return [
    element(
      'aside',
      { 'data-kind': 'callout', 'data-tone': tone },
      found.children.filter(child => !isBlank(child)),
    ),
  ]
}

/** Lines of code as editors copy them: one block in a fixed font that keeps white space, a line in each inner one. */
function editorCode(found: HtmlElement): HtmlElement | null {
  if (found.name !== 'div' || !/^(pre|pre-wrap|break-spaces)$/.test(styleOf(found, 'white-space'))) return null
  if (!/mono|consolas|menlo|courier|cascadia|fira ?code/.test(styleOf(found, 'font-family'))) return null
  const lines: string[] = []
  for (const child of found.children) {
    if (typeof child === 'string') {
      if (child.trim() !== '') lines.push(child)
    } else lines.push(child.name === 'br' ? '' : textIn(child))
  }
  const code = lines.join('\n').replaceAll('\u00a0', ' ')
  return lines.length === 1 ? element('span', {}, [code]) : element('pre', {}, [`\n${code}`])
}

/** The language stands in a class, of the code or around it. */
function tidyCode(code: HtmlElement): readonly HtmlNode[] | null {
  for (const found of [code, ...elementsOf(code)]) {
    const language = languageIn(found)
    if (language !== null) return [{ ...code, attributes: { 'data-language': language, ...code.attributes } }]
  }
  return null
}

function languageIn({ attributes }: HtmlElement): string | null {
  return /(?:^|\s)(?:highlight-source-|brush:\s*|lang(?:uage)?-)([\w+#-]+)/.exec(attributes.class ?? '')?.[1] ?? null
}

/** Formulas of KaTeX, and of pages that keep their TeX beside what they show. */
function readMath(parent: HtmlElement): void {
  parent.children = parent.children.map(child => {
    if (typeof child === 'string') return child
    const isMath = child.name === 'math' || hasClass(child, 'katex') || hasClass(child, 'katex-display')
    const math = isMath ? mathOf(child) : null
    if (math === null) readMath(child)
    return math ?? child
  })
}

function mathOf(found: HtmlElement): HtmlElement | null {
  for (const inner of elementsOf(found)) {
    if (inner.name !== 'annotation' || inner.attributes.encoding !== 'application/x-tex') continue
    const tex = textIn(inner).trim()
    const isShown = hasClass(found, 'katex-display') || found.attributes.display === 'block'
    return isShown ? element('pre', { 'data-kind': 'math' }, [tex]) : element('span', { 'data-math': tex })
  }
  return null
}

/** Headings and the heads of tables are bold by themselves. */
function withoutBold(node: HtmlNode): HtmlNode {
  if (typeof node === 'string') return node
  const isTag = node.name === 'b' || node.name === 'strong'
  const style = (node.attributes.style ?? '').replace(/font-weight\s*:[^;]*/gi, '')
  return element(isTag ? 'span' : node.name, { ...node.attributes, style }, node.children.map(withoutBold))
}

function isHighlighted(found: HtmlElement): boolean {
  const color = styleOf(found, 'background-color')
  return (
    color !== '' &&
    !/^(transparent|inherit|initial|#f{3}|#f{6}|white|rgba?\(255, ?255, ?255.*|rgba\(0, ?0, ?0, ?0\))$/.test(color)
  )
}

/** What a cell says of all of its text. */
function styled(cell: HtmlElement): HtmlNode[] {
  const style = ['font-weight', 'font-style', 'text-decoration']
    .map(property => `${property}:${styleOf(cell, property)}`)
    .filter(declaration => !declaration.endsWith(':'))
    .join(';')
  return style === '' ? cell.children : [element('span', { style }, cell.children)]
}

function dropBreaks(found: HtmlElement): void {
  if (!hasBlocks(found)) return
  found.children = found.children.filter(child => typeof child === 'string' || child.name !== 'br')
}
