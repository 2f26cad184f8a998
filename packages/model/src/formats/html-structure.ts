// Which HTML elements are blocks, and which of them end others, as a browser builds its tree.

// Elements that stand on lines of their own.
const lineTags = new Set(
  'address article aside body center dd details dialog dir div dl dt fieldset figure footer form header hgroup html legend main menu nav optgroup option search section select summary table tbody tfoot thead caption colgroup tr textarea'.split(
    ' ',
  ),
)

const blockTags = new Set('p h1 h2 h3 h4 h5 h6 pre hr figcaption ul ol li blockquote td th'.split(' '))

export const voidTags: ReadonlySet<string> = new Set(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'.split(' '),
)

/** Whether an element stands on lines of its own and says no more than that. */
export function isLineTag(name: string): boolean {
  return lineTags.has(name)
}

export function isBlockTag(name: string): boolean {
  return lineTags.has(name) || blockTags.has(name)
}

/** Elements that end when another one of their kind begins, unless a block in between holds the new one. */
export const impliedEnds: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  ['li', 'dt dd', 'option optgroup'].flatMap(group => {
    const names = new Set(group.split(' '))
    return [...names].map((name): [string, ReadonlySet<string>] => [name, names])
  }),
)

const cells = ['td', 'th', 'caption']
const groups = ['thead', 'tbody', 'tfoot', 'colgroup']

/** What each part of a table ends, with all that is open inside, up to its table. */
export const endedByPart: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...['td', 'th'].map((name): [string, ReadonlySet<string>] => [name, new Set(cells)]),
  ['tr', new Set([...cells, 'tr', 'colgroup'])],
  ['col', new Set([...cells, 'tr'])],
  ...[...groups, 'caption'].map((name): [string, ReadonlySet<string>] => [name, new Set([...cells, 'tr', ...groups])]),
])

/** Whether an end tag that is not meant for it stops at this element. */
export function holdsEndTag(element: string, endTag: string): boolean {
  if (endTag === 'table') return false
  return endedByPart.has(endTag) ? element === 'table' : cells.includes(element)
}
