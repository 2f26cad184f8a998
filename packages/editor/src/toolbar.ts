// The bar of tools: on a phone it lies on the keyboard while one writes; elsewhere it is there for whoever asked for it. It floats over
// the page, and the text keeps the focus and the selection.

import { schema } from '@sheaf/model'
import type { MarkType } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'
import { insertBelow, runAtSelection } from './block-commands.ts'
import { openBlockMenu } from './block-menu.ts'
import { caretBlock } from './blocks.ts'
import { isMarked, selectedLink } from './commands.ts'
import { icon, type Shape } from './icons.ts'
import { keyName } from './key-names.ts'
import type { NamedCommand } from './keymap.ts'
import { menuIcons } from './menu-icons.ts'
import { slashItems } from './slash-items.ts'
import { toolIcons } from './tool-icons.ts'
import { toolWords as words } from './tool-words.ts'

/** `docked`: on the keyboard of a phone; `fixed`: under the head of the page. */
export type ToolbarKind = 'docked' | 'fixed'

export interface ToolbarOptions {
  readonly view: EditorView
  readonly layer: HTMLElement
  readonly kind: ToolbarKind
  readonly commands: readonly NamedCommand[]
  readonly copyLink: ((blockId: string) => void) | null
}

type Mark = 'strong' | 'em' | 'underline' | 'strike' | 'code' | 'highlight'

interface Tool {
  readonly id: keyof typeof words.commands
  readonly shapes: readonly Shape[]
  readonly mark?: Mark
}

const strong: Tool = { id: 'bold', shapes: menuIcons.bold, mark: 'strong' }
const em: Tool = { id: 'italic', shapes: menuIcons.italic, mark: 'em' }
const task: Tool = { id: 'taskList', shapes: menuIcons['list-todo'] }
const link: Tool = { id: 'link', shapes: menuIcons.link }
const undo: Tool = { id: 'undo', shapes: toolIcons['undo-2'] }
const redo: Tool = { id: 'redo', shapes: toolIcons['redo-2'] }

/** In groups. Seven and the one that hides them are as many as a narrow phone shows. */
const tools: Readonly<Record<ToolbarKind, readonly (readonly Tool[])[]>> = {
  docked: [[strong, em, task, link, undo]],
  fixed: [
    [undo, redo],
    [
      strong,
      em,
      { id: 'underline', shapes: menuIcons.underline, mark: 'underline' },
      { id: 'strikethrough', shapes: menuIcons.strikethrough, mark: 'strike' },
      { id: 'code', shapes: menuIcons.code, mark: 'code' },
      link,
    ],
    [
      { id: 'bulletedList', shapes: menuIcons.list },
      { id: 'numberedList', shapes: menuIcons['list-ordered'] },
      task,
      { id: 'codeBlock', shapes: toolIcons['square-code'] },
    ],
  ],
}

/** Between the caret and the bar. */
const marginPx = 16

export class Toolbar {
  readonly #options: ToolbarOptions
  readonly #box = document.createElement('div')
  readonly #stop = new AbortController()
  readonly #marks = new Map<MarkType, HTMLButtonElement>()
  readonly #block: HTMLButtonElement
  #link: HTMLButtonElement | null = null
  #shownKind = ''

  constructor(options: ToolbarOptions) {
    this.#options = options
    const { view, layer, kind } = options
    const { signal } = this.#stop
    this.#box.className = `sheaf-toolbar sheaf-toolbar-${kind}`
    this.#box.setAttribute('role', 'toolbar')
    this.#box.setAttribute('aria-label', words.toolbar)
    const insert = this.#button(words.insert, toolIcons.plus, () => this.#insert())
    this.#block = this.#button(words.blockMenu, menuIcons.pilcrow, () => this.#openBlock())
    this.#block.setAttribute('aria-haspopup', 'menu')
    this.#box.append(this.#group([insert, this.#block]))
    for (const group of tools[kind]) this.#box.append(this.#group(group.map(tool => this.#toolButton(tool))))
    if (kind === 'docked') {
      const hide = this.#button(words.hideKeyboard, toolIcons['chevron-down'], () => view.dom.blur())
      hide.classList.add('sheaf-toolbar-hide')
      this.#box.append(hide)
    }
    this.#box.querySelector('button')!.tabIndex = 0
    this.#box.addEventListener('mousedown', event => event.preventDefault(), { signal })
    this.#box.addEventListener('keydown', event => this.#key(event), { signal })
    view.dom.addEventListener('focus', () => this.update(), { signal })
    view.dom.addEventListener('blur', () => this.update(), { signal })
    if (kind === 'docked') {
      const viewport = window.visualViewport
      viewport?.addEventListener('resize', () => this.#dock(), { signal })
      viewport?.addEventListener('scroll', () => this.#dock(), { signal })
    }
    layer.append(this.#box)
    this.#dock()
    this.update()
  }

  update(): void {
    const { view, kind } = this.#options
    this.#box.hidden = !view.editable || (kind === 'docked' && !view.hasFocus())
    this.#options.layer.classList.toggle('sheaf-is-docked', kind === 'docked' && !this.#box.hidden)
    if (this.#box.hidden) return
    const { state } = view
    for (const [mark, button] of this.#marks) button.setAttribute('aria-pressed', String(isMarked(state, mark)))
    const isLinkable = !state.selection.empty || selectedLink(state) !== null
    this.#link?.setAttribute('aria-disabled', String(!isLinkable))
    this.#showKind()
  }

  destroy(): void {
    this.#stop.abort()
    this.#box.remove()
    this.#options.layer.classList.remove('sheaf-is-docked')
    this.#options.layer.style.removeProperty('--keyboard')
  }

  /** How much of the window the keyboard covers, where it does not make the window smaller; and the caret above both. */
  #dock(): void {
    const { view, layer, kind } = this.#options
    const viewport = window.visualViewport
    if (kind !== 'docked' || viewport === null || viewport === undefined) return
    const covered = Math.max(0, window.innerHeight - viewport.height - viewport.offsetTop)
    layer.style.setProperty('--keyboard', `${Math.round(covered)}px`)
    if (!view.hasFocus() || view.isDestroyed) return
    const caret = view.coordsAtPos(view.state.selection.head)
    const under = caret.bottom + marginPx - (window.innerHeight - covered - this.#box.offsetHeight)
    if (under > 0 && caret.top < window.innerHeight) window.scrollBy({ top: under, behavior: 'instant' })
  }

  /** The sign of the kind of block that the caret is in. */
  #showKind(): void {
    const node = caretBlock(this.#options.view.state)?.node
    const item = slashItems.find(
      ({ type, attrs }) => type === node?.type && (attrs.level === undefined || attrs.level === node?.attrs.level),
    )
    const kind = item?.icon ?? 'pilcrow'
    if (kind === this.#shownKind) return
    this.#shownKind = kind
    this.#block.replaceChildren(icon(menuIcons[kind], 21))
  }

  #insert(): void {
    const { view } = this.#options
    const block = caretBlock(view.state)
    if (block !== null) insertBelow(block.pos)(view.state, view.dispatch)
    view.focus()
  }

  #openBlock(): void {
    const { view } = this.#options
    const run = runAtSelection(view.state)
    if (run !== null) openBlockMenu({ ...this.#options, run, at: this.#block.getBoundingClientRect() })
  }

  #toolButton({ id, shapes, mark }: Tool): HTMLButtonElement {
    const { view, commands } = this.#options
    const command = commands.find(candidate => candidate.id === id)!
    const button = this.#button(words.commands[id], shapes, () => {
      command.run(view.state, tr => view.dispatch(tr), view)
      // The field of a link takes the focus.
      if (id !== 'link') view.focus()
    })
    button.dataset.keys = keyName(command.keys)
    if (mark !== undefined) this.#marks.set(schema.marks[mark], button)
    if (id === 'link') this.#link = button
    return button
  }

  #button(name: string, shapes: readonly Shape[], run: () => void): HTMLButtonElement {
    const button = document.createElement('button')
    button.type = 'button'
    button.className = 'sheaf-toolbar-button'
    button.setAttribute('aria-label', name)
    if (this.#options.kind === 'fixed') button.dataset.tip = name
    // One stop on the way of Tab: the arrows walk.
    button.tabIndex = -1
    button.append(icon(shapes, this.#options.kind === 'docked' ? 21 : 17))
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') !== 'true') run()
    })
    return button
  }

  #group(buttons: readonly HTMLElement[]): HTMLElement {
    const group = document.createElement('div')
    group.className = 'sheaf-toolbar-group'
    group.append(...buttons)
    return group
  }

  #key(event: KeyboardEvent): void {
    const buttons = [...this.#box.querySelectorAll<HTMLButtonElement>('button')]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    const isRightToLeft = getComputedStyle(this.#box).direction === 'rtl'
    const step = { ArrowRight: isRightToLeft ? -1 : 1, ArrowLeft: isRightToLeft ? 1 : -1 }[event.key]
    const next = event.key === 'Home' ? 0 : event.key === 'End' ? buttons.length - 1 : null
    if (event.key === 'Escape') this.#options.view.focus()
    else if (step !== undefined || next !== null) {
      const to = buttons[next ?? (at + step! + buttons.length) % buttons.length]!
      for (const button of buttons) button.tabIndex = button === to ? 0 : -1
      to.focus()
    } else return
    event.preventDefault()
  }
}
