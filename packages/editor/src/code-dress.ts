// Code: its language, with a list to choose from, wrapping, copying, and colours. Colours come when the browser has nothing to do, for the
// blocks that are in sight; a key never waits for them.

import type { Node } from 'prosemirror-model'
import { Decoration, type EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { words } from './block-words.ts'
import type { Dress, Shell } from './dress.ts'
import { type Colouring, colour } from './highlight.ts'
import { icon } from './icons.ts'
import { languageName, languages } from './languages.ts'
import { menuIcons } from './menu-icons.ts'
import { iconButton, own, showAttributes } from './parts.ts'
import { openPicker } from './picker.ts'

type Grammar = typeof import('./grammar.ts')

/** Longer code stays plain: lexing it would be felt. */
const longestColoured = 40_000
/** After the last key in a block. */
const restMs = 150
/** Of lexing in one go; the rest comes when the browser is idle again. */
const sliceMs = 6

export function dressCode(shell: Shell): Dress {
  const tools = own('div', 'sheaf-code-tools')
  const language = document.createElement('button')
  language.type = 'button'
  language.className = 'sheaf-code-language'
  language.setAttribute('aria-haspopup', 'listbox')
  language.dataset.tip = words.language
  language.addEventListener('mousedown', event => event.preventDefault())
  language.addEventListener('click', () => chooseLanguage(shell, language))
  const wrap = iconButton('sheaf-code-button', 'wrap', words.wrap, () => {
    const isWrapped = shell.dom.classList.toggle('sheaf-wrapped')
    wrap.setAttribute('aria-pressed', String(isWrapped))
  })
  wrap.setAttribute('aria-pressed', 'false')
  const copy = iconButton('sheaf-code-button', 'copy', words.copyCode, () => {
    void navigator.clipboard.writeText(shell.node.textContent).then(() => {
      copy.replaceChildren(icon(menuIcons.check, 16))
      copy.setAttribute('aria-label', words.copied)
      setTimeout(() => {
        copy.replaceChildren(icon(menuIcons.copy, 16))
        copy.setAttribute('aria-label', words.copyCode)
      }, 1500)
    })
  })
  tools.append(wrap, copy, language)
  shell.dom.append(tools)
  const show = (): void => {
    const name = shell.node.attrs.language as string | null
    showAttributes(shell)
    language.textContent = languageName(name)
    language.setAttribute('aria-label', `${words.language}: ${languageName(name)}`)
    language.classList.toggle('sheaf-code-plain', name === null)
  }
  show()
  const painter = painterOf(shell.view)
  painter.watch(shell)
  return {
    update: before => {
      show()
      if (!before.content.eq(shell.node.content) || before.attrs.language !== shell.node.attrs.language) {
        painter.changed(shell)
      }
    },
    destroy: () => painter.forget(shell),
  }
}

function chooseLanguage(shell: Shell, button: HTMLButtonElement): void {
  const layer = shell.view.dom.closest<HTMLElement>('.sheaf-editor')
  if (layer === null || !shell.view.editable) return
  button.setAttribute('aria-expanded', 'true')
  openPicker<string | null>({
    layer,
    anchor: button,
    label: words.language,
    items: [{ name: words.plainText, value: null, aliases: ['none', 'text'] }, ...languages],
    chosen: shell.node.attrs.language,
    search: { placeholder: words.findLanguage, nothing: words.noLanguage },
    onTake: language => {
      const pos = shell.getPos()
      const node = pos === undefined ? null : shell.view.state.doc.nodeAt(pos)
      if (pos === undefined || node === null) return
      const { tr } = shell.view.state
      shell.view.dispatch(tr.setNodeMarkup(pos, null, { ...node.attrs, language }).setMeta(structuralMeta, true))
    },
    onClose: () => {
      button.setAttribute('aria-expanded', 'false')
      shell.view.focus()
    },
  })
}

const painters = new WeakMap<EditorView, Painter>()

function painterOf(view: EditorView): Painter {
  let painter = painters.get(view)
  if (painter === undefined) {
    painter = new Painter(view)
    painters.set(view, painter)
  }
  return painter
}

/** Colours the blocks of one view. */
class Painter {
  readonly #view: EditorView
  readonly #shells = new Map<Element, Shell>()
  readonly #inSight = new Set<Shell>()
  /** Blocks whose colours are not those of their text, and when that began. */
  readonly #stale = new Map<Shell, number>()
  readonly #observer: IntersectionObserver
  #grammar: Grammar | null = null
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(view: EditorView) {
    this.#view = view
    this.#observer = new IntersectionObserver(entries => this.#look(entries), { rootMargin: '400px' })
  }

  watch(shell: Shell): void {
    this.#shells.set(shell.dom, shell)
    this.#stale.set(shell, 0)
    this.#observer.observe(shell.dom)
  }

  changed(shell: Shell): void {
    this.#stale.set(shell, performance.now())
    this.#soon()
  }

  forget(shell: Shell): void {
    this.#observer.unobserve(shell.dom)
    this.#shells.delete(shell.dom)
    this.#inSight.delete(shell)
    this.#stale.delete(shell)
  }

  #look(entries: readonly IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const shell = this.#shells.get(target)
      if (shell === undefined) continue
      if (isIntersecting) this.#inSight.add(shell)
      else this.#inSight.delete(shell)
    }
    this.#soon()
  }

  #soon(): void {
    if (this.#timer !== null || !this.#hasWork()) return
    this.#timer = setTimeout(() => whenIdle(() => this.#paint()), restMs)
  }

  #hasWork(): boolean {
    for (const shell of this.#stale.keys()) if (this.#inSight.has(shell)) return true
    return false
  }

  #paint(): void {
    this.#timer = null
    const view = this.#view
    if (view.isDestroyed) return
    const grammar = this.#grammar
    if (grammar === null) return this.#learn()
    // Decorations would end the composition that is under way; and where nobody would keep them they come later.
    if (view.composing || colour(view.state, []) === null) return this.#soon()
    const startedMs = performance.now()
    const colourings: Colouring[] = []
    for (const [shell, sinceMs] of this.#stale) {
      if (!this.#inSight.has(shell) || startedMs - sinceMs < restMs) continue
      const pos = shell.getPos()
      // What the view shows now is what is coloured.
      const node = pos === undefined ? null : view.state.doc.nodeAt(pos)
      if (pos === undefined || node === null) continue
      this.#stale.delete(shell)
      colourings.push(colouringOf(node, pos, grammar))
      if (performance.now() - startedMs > sliceMs) break
    }
    const coloured = colourings.length > 0 ? colour(view.state, colourings) : null
    if (coloured !== null) view.dispatch(coloured)
    this.#soon()
  }

  #learn(): void {
    const isWanted = [...this.#stale.keys()].some(
      shell => this.#inSight.has(shell) && shell.node.attrs.language !== null,
    )
    if (!isWanted) return
    void import('./grammar.ts').then(
      grammar => {
        this.#grammar = grammar
        this.#soon()
      },
      () => {
        // No network, and not in the cache: code stays plain until something changes in it.
      },
    )
  }
}

function colouringOf(node: Node, pos: number, { tokens }: Grammar): Colouring {
  const from = pos + 1
  const to = from + node.content.size
  const language = node.attrs.language as string | null
  if (language === null || node.content.size > longestColoured) return { from, to, decorations: [] }
  const text = node.textBetween(0, node.content.size, undefined, '\ufffc')
  const decorations = tokens(text, language).map(token =>
    Decoration.inline(from + token.from, from + token.to, { class: `sheaf-syn-${token.hue}` }),
  )
  return { from, to, decorations }
}

function whenIdle(run: () => void): void {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: 1000 })
  else setTimeout(run, 50)
}
