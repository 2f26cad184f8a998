// Mentions: a person says their name; a document says what it is called now, to whom may see it, and opens with a click.

import { words } from './block-words.ts'
import type { Dress, Shell } from './dress.ts'
import { icon } from './icons.ts'
import { isDocumentMention, titlesOf } from './mention-titles.ts'
import { menuIcons } from './menu-icons.ts'
import { showAttributes, span } from './parts.ts'
import { portsOf, whenPorts } from './ports.ts'
import { words as common } from './words.ts'

export function dressMention(shell: Shell): Dress {
  const { dom, view } = shell
  let stop = (): void => undefined
  let isGone = false

  const show = (): void => {
    showAttributes(shell)
    const { node } = shell
    const isDocument = isDocumentMention(node)
    dom.classList.toggle('sheaf-document', isDocument)
    if (!isDocument) {
      dom.textContent = `@${node.attrs.label}`
      return
    }
    const { documents } = portsOf(view)
    const title = documents === undefined ? undefined : titlesOf(documents).get(node.attrs.ref)
    const isShown = title !== null
    const name = isShown ? (title ?? node.attrs.label).trim() || unnamed(title) : words.notShown
    dom.classList.toggle('sheaf-not-shown', !isShown)
    dom.setAttribute('role', isShown ? 'link' : 'note')
    dom.setAttribute('aria-label', name)
    dom.replaceChildren(icon(menuIcons[isShown ? 'file' : 'lock'], 15), span('', name))
  }
  const markSelf = async (): Promise<void> => {
    const self = await portsOf(view).people?.self()
    dom.classList.toggle('sheaf-self', !isDocumentMention(shell.node) && shell.node.attrs.ref === self)
  }
  const follow = (): void => {
    stop()
    const { documents } = portsOf(view)
    if (isGone) return
    if (!isDocumentMention(shell.node)) return void markSelf()
    if (documents === undefined) return
    stop = titlesOf(documents).follow(shell.node.attrs.ref, show)
    show()
  }
  const open = (event: MouseEvent): void => {
    const { documents } = portsOf(view)
    const { ref } = shell.node.attrs as { ref: string }
    if (event.button !== 0 || documents === undefined || !isDocumentMention(shell.node)) return
    if (titlesOf(documents).get(ref) === null) return
    event.preventDefault()
    if (event.ctrlKey || event.metaKey || event.shiftKey) window.open(documents.href(ref), '_blank', 'noopener')
    else documents.open(ref)
  }
  dom.addEventListener('click', open)
  show()
  whenPorts(view, follow)
  return {
    update: before => {
      if (before.attrs.ref !== shell.node.attrs.ref) follow()
      show()
    },
    destroy: () => {
      isGone = true
      dom.removeEventListener('click', open)
      stop()
    },
  }
}

function unnamed(title: string | undefined): string {
  return title === undefined ? words.aDocument : common.untitled
}
