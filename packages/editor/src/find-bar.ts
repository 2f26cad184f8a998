// Find and replace: a bar at the head of the page. Matches are shown without a change of the document or of its DOM (the browser's own
// highlights, as far as the window goes), and as marks beside the scrollbar. The caret of the text stays where it was until it is taken
// along: Escape returns to it, the cross and Alt-Enter go on at the match.

import { type EditorState, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { structuralMeta } from './binding.ts'
import { Finder, type Match, nearestMatch, patternOf, textOf } from './find.ts'
import { FindMarks } from './find-marks.ts'
import { icon } from './icons.ts'
import { keyName } from './key-names.ts'
import { scrollToPlace } from './scrolling.ts'
import { toolIcons } from './tool-icons.ts'
import { findKeys } from './tool-keys.ts'
import { toolWords as words } from './tool-words.ts'

export interface FindOptions {
  readonly view: EditorView
  readonly layer: HTMLElement
  /** The line of the title; null where none is shown. */
  readonly title: EditorView | null
  /** Runs edits of text and title as one step of undo. */
  readonly asOneStep: (run: () => void) => void
}

type Toggle = 'isCaseSensitive' | 'isWholeWord' | 'isPattern'

/** A title is searched by itself: its matches come before those of the text. */
interface Found {
  readonly title: readonly Match[]
  readonly text: readonly Match[]
}

const nothing: Found = { title: [], text: [] }

export class FindBar {
  readonly #options: FindOptions
  readonly #box = document.createElement('div')
  readonly #query = field(words.find)
  readonly #by = field(words.replaceWith)
  readonly #count = document.createElement('span')
  readonly #second = document.createElement('div')
  readonly #more: HTMLButtonElement
  readonly #toggles = new Map<Toggle, HTMLButtonElement>()
  readonly #marks: FindMarks
  readonly #stop = new AbortController()
  #finder: Finder | null = null
  #found = nothing
  /** Of all matches, title first; -1 where there is none. */
  #current = -1
  /** Where the text goes on when the bar is closed. */
  #scrolledTo: number | null = null

  constructor(options: FindOptions) {
    this.#options = options
    this.#box.className = 'sheaf-find'
    this.#box.setAttribute('role', 'search')
    this.#box.setAttribute('aria-label', words.findAndReplace)
    this.#count.className = 'sheaf-find-count'
    this.#count.setAttribute('role', 'status')
    this.#more = button('chevron-right', words.showReplace, keyName(findKeys.replace), () =>
      this.#showReplace(!this.#isReplacing),
    )
    this.#more.classList.add('sheaf-find-more')
    const first = row(
      this.#more,
      box(this.#query, this.#count, ...this.#toggleButtons()),
      button('arrow-up', words.previousMatch, keyName('Shift-Enter'), () => this.#go(-1)),
      button('arrow-down', words.nextMatch, keyName('Enter'), () => this.#go(1)),
      button('x', words.closeFind, '', () => this.close('here')),
    )
    this.#second = row(
      box(this.#by),
      textButton(words.replace, keyName('Enter'), () => this.#replaceOne()),
      textButton(words.replaceAll, keyName('Mod-Enter'), () => this.#replaceAll()),
    )
    this.#second.classList.add('sheaf-find-second')
    this.#box.append(first, this.#second)
    this.#query.addEventListener('input', () => this.#search())
    this.#box.addEventListener('keydown', event => this.#key(event))
    // The fields keep the focus while buttons are pressed.
    this.#box.addEventListener('mousedown', event => {
      if (!(event.target instanceof HTMLInputElement)) event.preventDefault()
    })
    this.#marks = new FindMarks(options.view, options.title)
    const { signal } = this.#stop
    window.addEventListener('scroll', () => this.#marks.schedule(), { signal, passive: true })
    window.addEventListener('resize', () => this.#marks.schedule(), { signal })
  }

  get isOpen(): boolean {
    return this.#box.isConnected
  }

  /** With the words that are selected, if they are in one line. */
  open(how: 'find' | 'replace'): void {
    const { view, layer } = this.#options
    const { from, to, $from, $to } = view.state.selection
    const wasOpen = this.isOpen
    if (!wasOpen) this.#scrolledTo = window.scrollY
    if (!wasOpen) layer.append(this.#box)
    this.#showReplace((how === 'replace' || (wasOpen && this.#isReplacing)) && view.editable)
    this.#more.hidden = !view.editable
    const selected = $from.sameParent($to) ? view.state.doc.textBetween(from, to, '\n', '\n') : ''
    if (selected !== '' && !selected.includes('\n') && selected.length < 200) this.#query.value = selected
    this.#query.focus()
    this.#query.select()
    this.#search()
  }

  /** @param where `back` at the caret as it was, `here` with the match selected */
  close(where: 'back' | 'here'): void {
    if (!this.isOpen) return
    const { view, title } = this.#options
    const match = this.#match(this.#current)
    this.#box.remove()
    this.#marks.clear()
    if (where === 'here' && match?.in === 'title' && title !== null) {
      title.dispatch(title.state.tr.setSelection(TextSelection.create(title.state.doc, match.from, match.to)))
      title.focus()
    } else {
      if (where === 'here' && match !== null) {
        view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, match.from, match.to)))
      }
      focusWithoutScrolling(view)
      if (where === 'back' && this.#scrolledTo !== null) window.scrollTo({ top: this.#scrolledTo, behavior: 'instant' })
    }
    this.#scrolledTo = null
  }

  next(): void {
    if (!this.isOpen) this.open('find')
    else this.#go(1)
  }

  previous(): void {
    if (!this.isOpen) this.open('find')
    else this.#go(-1)
  }

  update(view: EditorView, before: EditorState): void {
    if (this.isOpen && before.doc !== view.state.doc) this.#lookAgain()
  }

  destroy(): void {
    this.#stop.abort()
    this.#marks.destroy()
    this.#box.remove()
  }

  #toggleButtons(): HTMLButtonElement[] {
    const toggles = [
      ['isCaseSensitive', 'case-sensitive', words.matchCase],
      ['isWholeWord', 'whole-word', words.wholeWords],
      ['isPattern', 'regex', words.pattern],
    ] as const
    return toggles.map(([name, iconName, label]) => {
      const toggle = button(iconName, label, '', () => {
        toggle.setAttribute('aria-pressed', String(toggle.getAttribute('aria-pressed') !== 'true'))
        this.#search()
      })
      toggle.setAttribute('aria-pressed', 'false')
      this.#toggles.set(name, toggle)
      return toggle
    })
  }

  #isOn(name: Toggle): boolean {
    return this.#toggles.get(name)?.getAttribute('aria-pressed') === 'true'
  }

  #search(): void {
    const { view } = this.#options
    this.#query.removeAttribute('aria-invalid')
    this.#finder = null
    try {
      const pattern = patternOf({
        text: this.#query.value,
        isCaseSensitive: this.#isOn('isCaseSensitive'),
        isWholeWord: this.#isOn('isWholeWord'),
        isPattern: this.#isOn('isPattern'),
      })
      if (pattern !== null) this.#finder = new Finder(pattern)
    } catch {
      // An expression that is not finished yet finds nothing, and says so.
      this.#query.setAttribute('aria-invalid', 'true')
    }
    this.#find()
    // The next one behind the caret, else the first of all.
    const caret = view.state.selection.from
    const near = nearestMatch(this.#found.text, caret)
    const isBehind = near >= 0 && this.#found.text[near]!.from >= caret
    this.#current = isBehind ? this.#found.title.length + near : this.#total > 0 ? 0 : -1
    this.#show('scroll')
  }

  /** After an edit, of whoever: the match that one is at stays the one. */
  #lookAgain(): void {
    const before = this.#match(this.#current)
    this.#find()
    if (before?.in === 'text') {
      const near = nearestMatch(this.#found.text, before.from)
      this.#current = near < 0 ? (this.#total > 0 ? 0 : -1) : this.#found.title.length + near
    } else this.#current = Math.min(this.#current, this.#total - 1)
    this.#show('stay')
  }

  #find(): void {
    const { view, title } = this.#options
    this.#found =
      this.#finder === null
        ? nothing
        : {
            title: title === null ? [] : this.#finder.findInText(title.state.doc.textContent),
            text: this.#finder.find(view.state.doc),
          }
  }

  get #isReplacing(): boolean {
    return this.#second.hidden === false
  }

  get #total(): number {
    return this.#found.title.length + this.#found.text.length
  }

  #match(index: number): (Match & { in: 'title' | 'text' }) | null {
    const { title, text } = this.#found
    const inTitle = title[index]
    if (inTitle !== undefined) return { ...inTitle, in: 'title' }
    const inText = text[index - title.length]
    return inText === undefined ? null : { ...inText, in: 'text' }
  }

  #go(by: 1 | -1): void {
    if (this.#total === 0) return
    this.#current = (this.#current + by + this.#total) % this.#total
    this.#show('scroll')
  }

  #show(how: 'scroll' | 'stay'): void {
    const isAsked = this.#query.value !== ''
    const says = !isAsked
      ? ''
      : this.#query.getAttribute('aria-invalid') === 'true'
        ? words.noPattern
        : this.#total === 0
          ? words.noMatch
          : words.matchOf(this.#current + 1, this.#total)
    if (this.#count.textContent !== says) this.#count.textContent = says
    this.#box.classList.toggle('sheaf-find-none', isAsked && this.#total === 0)
    const match = this.#match(this.#current)
    this.#marks.show(this.#found.title, this.#found.text, match)
    if (how === 'stay' || match === null) return
    if (match.in === 'title') window.scrollTo({ top: 0, behavior: 'instant' })
    else scrollToPlace(this.#options.view, match.from)
  }

  #showReplace(isShown: boolean): void {
    this.#second.hidden = !isShown
    this.#more.setAttribute('aria-expanded', String(isShown))
  }

  #replaceOne(): void {
    const { view, title } = this.#options
    const match = this.#match(this.#current)
    if (match === null || !view.editable) return
    if (match.in === 'title') {
      title?.dispatch(title.state.tr.insertText(this.#inTitle(match), match.from, match.to))
      this.#lookAgain()
    } else {
      const by = this.#inText(match)
      view.dispatch(view.state.tr.insertText(by, match.from, match.to).setMeta(structuralMeta, true))
      // What was put in may hold the words again: the next one is behind it.
      const near = nearestMatch(this.#found.text, match.from + by.length)
      if (near >= 0) this.#current = this.#found.title.length + near
    }
    this.#show('scroll')
  }

  #replaceAll(): void {
    const { view, title, asOneStep } = this.#options
    if (this.#total === 0 || !view.editable) return
    const count = this.#total
    const { title: inTitle, text: inText } = this.#found
    asOneStep(() => {
      const line = title === null || inTitle.length === 0 ? null : title.state.tr
      for (const match of inTitle.toReversed()) line?.insertText(this.#inTitle(match), match.from, match.to)
      if (line !== null) title?.dispatch(line)
      if (inText.length === 0) return
      const tr = view.state.tr
      for (const match of inText.toReversed()) tr.insertText(this.#inText(match), match.from, match.to)
      view.dispatch(tr)
    })
    this.#lookAgain()
    this.#count.textContent = words.replaced(count)
  }

  #inTitle(match: Match): string {
    const text = this.#options.title?.state.doc.textContent ?? ''
    return this.#finder!.replacement(text, match, this.#by.value, this.#isOn('isPattern'))
  }

  #inText({ from, to }: Match): string {
    if (!this.#isOn('isPattern')) return this.#by.value
    const $from = this.#options.view.state.doc.resolve(from)
    const match = { from: $from.parentOffset, to: $from.parentOffset + to - from }
    return this.#finder!.replacement(textOf($from.parent), match, this.#by.value, true)
  }

  #key(event: KeyboardEvent): void {
    if (event.isComposing) return
    const { key, shiftKey, altKey } = event
    const isMod = event.ctrlKey || event.metaKey
    const inReplace = event.target === this.#by
    const inField = inReplace || event.target === this.#query
    if (key === 'Escape') this.close('back')
    else if (key === 'Enter' && inField && altKey) this.close('here')
    else if (key === 'Enter' && inReplace && isMod) this.#replaceAll()
    else if (key === 'Enter' && inReplace && !shiftKey) this.#replaceOne()
    else if ((key === 'Enter' && inField) || key === 'F3' || (isMod && key.toLowerCase() === 'g'))
      this.#go(shiftKey ? -1 : 1)
    else if (isMod && !altKey && key.toLowerCase() === 'f') this.open(shiftKey ? 'replace' : 'find')
    else if (isMod && (key === 'h' || (altKey && key === 'f'))) this.open('replace')
    else return
    event.preventDefault()
    event.stopPropagation()
  }
}

function focusWithoutScrolling(view: EditorView): void {
  const y = window.scrollY
  view.focus()
  window.scrollTo({ top: y, behavior: 'instant' })
}

function field(label: string): HTMLInputElement {
  const input = document.createElement('input')
  input.className = 'sheaf-find-field'
  input.type = 'text'
  input.autocomplete = 'off'
  input.spellcheck = false
  input.placeholder = label
  input.setAttribute('aria-label', label)
  return input
}

function row(...parts: readonly HTMLElement[]): HTMLDivElement {
  const element = document.createElement('div')
  element.className = 'sheaf-find-row'
  element.append(...parts)
  return element
}

function box(...parts: readonly HTMLElement[]): HTMLElement {
  const element = document.createElement('div')
  element.className = 'sheaf-find-box'
  element.append(...parts)
  return element
}

function button(name: keyof typeof toolIcons, label: string, keys: string, run: () => void): HTMLButtonElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = 'sheaf-find-button'
  element.setAttribute('aria-label', label)
  element.dataset.tip = label
  element.dataset.keys = keys
  element.append(icon(toolIcons[name], 16))
  element.addEventListener('click', run)
  return element
}

function textButton(label: string, keys: string, run: () => void): HTMLButtonElement {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = 'sheaf-find-button sheaf-find-text'
  element.dataset.tip = label
  element.dataset.keys = keys
  element.textContent = label
  element.addEventListener('click', run)
  return element
}
