// The outline: at the start of a wide window it stands beside the text, in narrower ones it comes as a sheet.

import type { Outline, OutlineEntry } from '@sheaf/editor'
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { useModal } from '../parts/modal.ts'
import { words } from '../words.ts'
import { aroundWords } from './around-words.ts'
import { isOutlineOpen } from './panels.ts'
import { nameOf } from './session.ts'

/** Wide enough for the outline beside the text (look.md, “Layout”). */
const beside = '(min-width: 1180px)'

export function OutlineView({ outline }: { outline: Outline }): VNode {
  const [, redraw] = useState(0)
  useEffect(() => outline.onChange(() => redraw(count => count + 1)), [outline])
  useEffect(() => {
    const wide = matchMedia(beside)
    const close = (): void => {
      if (wide.matches) isOutlineOpen.value = false
    }
    wide.addEventListener('change', close)
    return () => {
      wide.removeEventListener('change', close)
      isOutlineOpen.value = false
    }
  }, [])
  return (
    <>
      {outline.entries.length > 0 && (
        <nav class="outline" aria-label={aroundWords.outline}>
          <Entries outline={outline} onGo={id => outline.go(id)} />
        </nav>
      )}
      {isOutlineOpen.value && <OutlineSheet outline={outline} />}
    </>
  )
}

function OutlineSheet({ outline }: { outline: Outline }): VNode {
  const dialog = useModal()
  const close = (): void => dialog.current?.close()
  const forget = (): void => {
    isOutlineOpen.value = false
  }
  const go = (id: string): void => {
    close()
    outline.go(id)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by itself; this is the press beside it
    <dialog
      ref={dialog}
      class="outline-sheet"
      aria-label={aroundWords.outline}
      onClose={forget}
      onClick={event => event.target === dialog.current && close()}
    >
      <div class="outline-head">
        <h2>{aroundWords.outline}</h2>
        <button type="button" class="button square" aria-label={words.close} onClick={close}>
          <Icon name="x" size={18} />
        </button>
      </div>
      {outline.entries.length > 0 ? (
        <Entries outline={outline} onGo={go} />
      ) : (
        <p class="outline-none">{aroundWords.noHeadings}</p>
      )}
    </dialog>
  )
}

function Entries({ outline, onGo }: { outline: Outline; onGo: (id: string) => void }): VNode {
  const list = useRef<HTMLUListElement>(null)
  const { active } = outline
  // Where one is stays in sight; a list that scrolls is scrolled by itself, never the page.
  useEffect(() => {
    const box = list.current
    const row = box?.querySelector<HTMLElement>('[aria-current]')
    if (box == null || row == null || box.scrollHeight <= box.clientHeight) return
    const top = row.offsetTop - box.offsetTop
    if (top < box.scrollTop || top + row.offsetHeight > box.scrollTop + box.clientHeight) {
      box.scrollTop = top - box.clientHeight / 2
    }
  }, [active])
  return (
    <ul ref={list}>
      {outline.entries.map(entry => (
        <li key={entry.id}>
          <a
            href={`#b=${entry.id}`}
            style={{ '--depth': entry.depth }}
            aria-current={entry.id === active ? 'location' : undefined}
            onClick={event => {
              event.preventDefault()
              onGo(entry.id)
            }}
          >
            <span dir="auto">{entry.text}</span>
            <Dots entry={entry} />
          </a>
        </li>
      ))}
    </ul>
  )
}

function Dots({ entry }: { entry: OutlineEntry }): VNode | null {
  if (entry.people.length === 0) return null
  const names = entry.people.map(nameOf)
  return (
    <span class="outline-people" data-tip={names.join(', ')}>
      {entry.people.slice(0, 3).map(peer => (
        <i key={peer.sessionKey} class={`dot p${peer.color}`} />
      ))}
      <span class="visually-hidden">{names.map(aroundWords.isHere).join(', ')}</span>
    </span>
  )
}
