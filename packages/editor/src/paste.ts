// The clipboard until its tools are here: they come once the text has had the focus for a while, or with the first paste.

import { Plugin, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { remoteMeta } from './binding.ts'
import { isCode } from './blocks.ts'
import type { PasteOptions } from './paste-port.ts'
import type { PasteTools } from './paste-tools.ts'
import { PastedPlaces } from './pasted-places.ts'
import { readSelection } from './read-selection.ts'

/** When a page with much to do fetches what a paste may need. */
const idleMs = 3000

/** `keepPlain` is what Mod-Z does right after a formatted paste; false where there was none. */
export function pasting(options: PasteOptions): { plugin: Plugin; keepPlain: () => boolean } {
  let tools: PasteTools | null = null
  /** Shift is down: what is pasted is plain text. */
  let isPlain = false
  const places = new PastedPlaces()
  let coming: Promise<PasteTools> | null = null
  // One for all: what was pasted meanwhile is put in in its order.
  const load = (view: EditorView): Promise<PasteTools> => {
    coming ??= import('./paste-tools.ts').then(module => {
      tools = new module.PasteTools(view, options)
      return tools
    })
    coming.catch(() => {
      coming = null
    })
    return coming
  }
  const answer = (event: ClipboardEvent, act: ((data: DataTransfer) => boolean) | undefined): boolean => {
    const isDone = event.clipboardData !== null && act?.(event.clipboardData) === true
    if (isDone) event.preventDefault()
    return isDone
  }
  const plugin = new Plugin({
    props: {
      handleDOMEvents: {
        copy: (view, event) => readSelection(view, event) || answer(event, data => tools?.copy(data) === true),
        cut: (view, event) => readSelection(view, event) || answer(event, data => tools?.cut(data) === true),
        paste: (view, event) => {
          readSelection(view, event)
          const { clipboardData } = event
          if (clipboardData === null || !view.editable || isPlain) return false
          if (tools !== null) return answer(event, data => tools!.paste(data))
          if (clipboardData.files.length > 0) return false
          // What the event holds is gone when the tools are here.
          const data = new DataTransfer()
          for (const type of clipboardData.types) data.setData(type, clipboardData.getData(type))
          event.preventDefault()
          const byItself = (): boolean => {
            const html = isCode(view.state.selection.$from.parent) ? '' : data.getData('text/html')
            return html === '' ? view.pasteText(data.getData('text/plain')) : view.pasteHTML(html)
          }
          const place = places.hold(view.state)
          const put = (loaded?: PasteTools): void => {
            if (!view.isDestroyed && view.editable) places.put(view, place, () => loaded?.paste(data) || byItself())
          }
          // Without the network, and not in the cache: as the editor does by itself.
          load(view).then(put, () => put())
          return true
        },
        keydown: (_view, event) => {
          isPlain = event.shiftKey && event.key !== 'Insert'
          return false
        },
        keyup: (_view, event) => {
          if (event.key === 'Shift') isPlain = false
          return false
        },
        focus: view => {
          if (tools === null) whenIdle(() => void load(view).catch(() => undefined))
          return false
        },
      },
    },
    appendTransaction: transactions => {
      const isOwn = (tr: Transaction): boolean => tr.docChanged && tr.getMeta(remoteMeta) !== true
      if (transactions.some(isOwn)) tools?.forget()
      for (const tr of transactions) places.follow(tr)
      return null
    },
  })
  return { plugin, keepPlain: () => tools?.keepPlain() === true }
}

function whenIdle(run: () => void): void {
  // Safari has no such thing.
  if (typeof requestIdleCallback === 'function') requestIdleCallback(run, { timeout: idleMs })
  else setTimeout(run, idleMs)
}
