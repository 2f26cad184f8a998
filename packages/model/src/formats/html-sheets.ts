// What spreadsheets put on the clipboard: Excel keeps the look of a cell in a style sheet by class, Google Sheets says what a cell
// holds in attributes, LibreOffice Calc writes HTML of old.

import { element, elementsOf, type HtmlElement, type HtmlNode, replaceElements, styleOf, textIn } from './html-tree.ts'

export function tidySheet(root: HtmlElement): void {
  const styles = readStyles(root)
  replaceElements(root, found => {
    if (found.name === 'tr' && styleOf(found, 'display') === 'none') return []
    if (found.name === 'td' || found.name === 'th') tidyCell(found, styles)
    return null
  })
}

/** Declarations of the classes of Excel's cells. */
function readStyles(root: HtmlElement): Map<string, string> {
  const styles = new Map<string, string>()
  for (const found of elementsOf(root)) {
    if (found.name !== 'style') continue
    for (const [, name, declarations] of textIn(found).matchAll(/\.(xl\d{1,6})\s*\{([^{}]*)\}/g))
      styles.set(name!, declarations!.replace(/\s+/g, ' '))
  }
  return styles
}

function tidyCell(cell: HtmlElement, styles: ReadonlyMap<string, string>): void {
  const { attributes } = cell
  const shared = styles.get(attributes.class ?? '')
  if (shared !== undefined) attributes.style = `${attributes.style ?? ''};${shared}`
  // Left is where text stands by itself.
  if (attributes.align === 'left' || attributes.align === 'general') delete attributes.align
  const isNumber = attributes.sdval !== undefined || /^\{"1":3[,}]/.test(attributes['data-sheets-value'] ?? '')
  if (isNumber && attributes.align === undefined && styleOf(cell, 'text-align') === '') attributes.align = 'right'
  const link = attributes['data-sheets-hyperlink']
  if (link === undefined || cell.children.some(isLink)) return
  cell.children = [element('a', { href: link }, cell.children)]
  attributes.style = (attributes.style ?? '').replace(/text-decoration:[^;]*/, '')
}

function isLink(node: HtmlNode): boolean {
  return typeof node !== 'string' && node.name === 'a'
}
