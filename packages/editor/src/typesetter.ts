// TeX to MathML, by temml. Nothing in a source can run, load or link: `trust` is off, macros end soon, and what temml makes are nodes.

import temml from 'temml'

/** Longer sources are not drawn: nobody reads such a formula, and drawing it would be felt. */
const longestDrawn = 8_000

export function typeset(into: HTMLElement, tex: string, how: 'block' | 'line'): void {
  const drawing = document.createElement('span')
  try {
    if (tex.length > longestDrawn) throw new RangeError(`A formula is drawn up to ${longestDrawn} characters.`)
    temml.render(tex, drawing, {
      displayMode: how === 'block',
      throwOnError: true,
      trust: false,
      strict: false,
      maxExpand: 300,
      maxSize: [20, 200],
    })
    into.classList.remove('sheaf-math-wrong')
    into.replaceChildren(...drawing.childNodes)
  } catch (error) {
    into.classList.add('sheaf-math-wrong')
    const source = document.createElement('span')
    source.textContent = how === 'block' ? messageOf(error) : tex
    source.title = messageOf(error)
    into.replaceChildren(source)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^ParseError: ?/, '') : String(error)
}
