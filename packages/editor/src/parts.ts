// Small parts of what floats over the text or stands beside it: buttons with an icon, fields, boxes that close.

import type { Shell } from './dress.ts'
import { icon } from './icons.ts'
import { type MenuIcon, menuIcons } from './menu-icons.ts'

/** An element that is ours, not the text's: what happens in it is no editing. */
export function own<K extends keyof HTMLElementTagNameMap>(tag: K, className: string): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  element.className = className
  element.contentEditable = 'false'
  element.dataset.own = ''
  return element
}

/** @param label what it is called and what its tooltip says. */
export function iconButton(className: string, name: MenuIcon, label: string, run: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = className
  button.setAttribute('aria-label', label)
  button.dataset.tip = label
  button.append(icon(menuIcons[name], 16))
  // Pressing it must not take the caret out of the text.
  button.addEventListener('mousedown', event => event.preventDefault())
  button.addEventListener('click', run)
  return button
}

export function wordButton(label: string, run: () => void): HTMLButtonElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'sheaf-word-button'
  button.textContent = label
  button.addEventListener('mousedown', event => event.preventDefault())
  button.addEventListener('click', run)
  return button
}

export function span(className: string, text: string): HTMLSpanElement {
  const element = document.createElement('span')
  element.className = className
  element.textContent = text
  return element
}

/** The attributes of the schema's own DOM; decorations add classes of their own to the same element. */
export function showAttributes({ dom, node }: Shell): void {
  const [, attributes] = node.type.spec.toDOM!(node) as unknown as [string, Record<string, unknown>]
  for (const name of dom.getAttributeNames()) {
    if (name.startsWith('data-') && !(name in attributes)) dom.removeAttribute(name)
  }
  for (const [name, value] of Object.entries(attributes)) if (name !== 'class') dom.setAttribute(name, String(value))
}
