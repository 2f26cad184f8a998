// Formulas. A block is drawn, and shows its source under the drawing while the caret is in it; one in a line is drawn, and a click, or Enter
// where it is selected, opens its source in a box. Drawn is MathML, made by temml from the source as nodes, never as HTML.

import { schema } from '@sheaf/model'
import { NodeSelection, Plugin, TextSelection } from 'prosemirror-state'
import { structuralMeta } from './binding.ts'
import { words } from './block-words.ts'
import type { Dress, Shell } from './dress.ts'
import { own, showAttributes } from './parts.ts'
import { place } from './picker.ts'

type Typesetter = typeof import('./typesetter.ts')

/** After the last key in a block. */
const restMs = 120

let typesetter: Promise<Typesetter> | null = null

export function dressMathBlock(shell: Shell): Dress {
  const drawing = own('div', 'sheaf-math-drawing')
  let timer: ReturnType<typeof setTimeout> | undefined
  const show = (): void => {
    showAttributes(shell)
    draw(drawing, shell.node.textContent, 'block')
  }
  drawing.addEventListener('mousedown', event => {
    if (event.button !== 0) return
    event.preventDefault()
    const pos = shell.getPos()
    if (pos === undefined) return
    const { view, node } = shell
    const { doc, tr } = view.state
    const end = TextSelection.create(doc, pos + 1 + node.content.size)
    view.dispatch(tr.setSelection(view.editable ? end : NodeSelection.create(doc, pos)))
    view.focus()
  })
  shell.dom.classList.add('sheaf-drawn')
  shell.dom.prepend(drawing)
  show()
  return {
    update: () => {
      clearTimeout(timer)
      timer = setTimeout(show, restMs)
    },
    destroy: () => clearTimeout(timer),
  }
}

export function dressInlineMath(shell: Shell): Dress {
  const { dom, view } = shell
  const show = (): void => {
    showAttributes(shell)
    draw(dom, shell.node.attrs.tex, 'line')
  }
  dom.addEventListener('click', () => {
    if (view.editable) openSource(shell)
  })
  show()
  return { update: show }
}

/** Enter where a formula in a line is selected opens its source. */
export function mathKeys(): Plugin {
  return new Plugin({
    props: {
      handleKeyDown: (view, event) => {
        const { selection } = view.state
        if (event.key !== 'Enter' || event.isComposing || !view.editable) return false
        if (!(selection instanceof NodeSelection) || selection.node.type !== schema.nodes.inline_math) return false
        const dom = view.nodeDOM(selection.from)
        if (!(dom instanceof HTMLElement)) return false
        const { from, node } = selection
        openSource({
          view,
          dom,
          node,
          getPos: () => (view.state.doc.nodeAt(from)?.type === node.type ? from : undefined),
        })
        return true
      },
    },
  })
}

/** The box with the source of a formula in a line. Enter and leaving it keep what was typed, Escape does not; nothing takes it away. */
export function openSource({ view, dom, node, getPos }: Pick<Shell, 'view' | 'dom' | 'node' | 'getPos'>): void {
  const layer = view.dom.closest<HTMLElement>('.sheaf-editor')
  if (layer === null) return
  const box = document.createElement('div')
  box.className = 'sheaf-bubble sheaf-math-box'
  const field = document.createElement('input')
  field.className = 'sheaf-bubble-field'
  field.setAttribute('aria-label', words.formulaSource)
  field.placeholder = 'x^2'
  field.spellcheck = false
  field.value = node.attrs.tex
  box.append(field)
  let isOpen = true
  const close = (keep: boolean, back: boolean): void => {
    if (!isOpen) return
    isOpen = false
    box.remove()
    const pos = getPos()
    const now = pos === undefined ? null : view.state.doc.nodeAt(pos)
    if (pos === undefined || now === null) return
    const tex = keep ? field.value.trim() : (node.attrs.tex as string)
    const { tr } = view.state
    if (tex === '') tr.delete(pos, pos + 1)
    else if (tex !== now.attrs.tex) tr.setNodeMarkup(pos, null, { ...now.attrs, tex })
    if (back) tr.setSelection(TextSelection.create(tr.doc, tex === '' ? pos : pos + 1))
    if (tr.docChanged || tr.selectionSet) view.dispatch(tr.setMeta(structuralMeta, true))
    if (back) view.focus()
    else draw(dom, tex, 'line')
  }
  field.addEventListener('input', () => {
    // What others see waits until it is done.
    draw(dom, field.value, 'line')
    place(box, dom, layer)
  })
  field.addEventListener('keydown', event => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return
    event.preventDefault()
    close(event.key === 'Enter', true)
  })
  field.addEventListener('blur', () => close(true, false))
  layer.append(box)
  place(box, dom, layer)
  field.focus({ preventScroll: true })
  field.select()
}

function draw(into: HTMLElement, tex: string, how: 'block' | 'line'): void {
  if (tex.trim() === '') {
    into.replaceChildren(how === 'block' ? words.emptyFormula : '$')
    into.classList.add('sheaf-math-empty')
    return
  }
  into.classList.remove('sheaf-math-empty')
  typesetter ??= import('./typesetter.ts')
  typesetter.then(
    ({ typeset }) => typeset(into, tex, how),
    () => {
      // No network, and not in the cache: the source says it meanwhile.
      typesetter = null
      into.textContent = tex
    },
  )
}
