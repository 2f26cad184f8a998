// The icons that the editor draws itself, so that it can be embedded in any page: shapes from lucide 1.62 (ISC licence,
// Lucide Contributors), each a list of [element, attributes].

const namespace = 'http://www.w3.org/2000/svg'

export type Shape = readonly [string, Readonly<Record<string, string>>]

/** A decorative icon of stroke 1.6 in the colour of its text. */
export function icon(shapes: readonly Shape[], size = 16): SVGSVGElement {
  const svg = document.createElementNS(namespace, 'svg')
  svg.setAttribute('class', 'sheaf-icon')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('width', String(size))
  svg.setAttribute('height', String(size))
  svg.setAttribute('aria-hidden', 'true')
  for (const [tag, attributes] of shapes) {
    const shape = document.createElementNS(namespace, tag)
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value)
    svg.append(shape)
  }
  return svg
}

/** The signs of blocks. */
export const blockIcons = {
  'chevron-right': [['path', { d: 'm9 18 6-6-6-6' }]],
} as const satisfies Record<string, readonly Shape[]>
