// The command palette: what can be done here, and every document by its name. Documents come first, the last ones of all without a query.

import { fuzzyFit, wantedLetters } from '@sheaf/editor/fuzzy'
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { type DocumentEntry, listDocuments } from '../api.ts'
import { Icon } from '../parts/icon.tsx'
import { useModal } from '../parts/modal.ts'
import { navigate } from '../router.ts'
import { words } from '../words.ts'
import { aroundWords } from './around-words.ts'
import { type PageAction, pageKeys, shownKeys } from './page-actions.ts'

const restMs = 120
const mostDocuments = 6

interface Row {
  readonly key: string
  readonly name: string
  readonly letters: readonly number[]
  readonly action: PageAction | null
  readonly run: () => void
}

export interface PaletteProps {
  readonly actions: readonly PageAction[]
  readonly documentId: string
  readonly onClose: () => void
}

export function Palette({ actions, documentId, onClose }: PaletteProps): VNode {
  const dialog = useModal()
  const list = useRef<HTMLDivElement>(null)
  const isTaken = useRef(false)
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const documents = useDocuments(query, documentId)
  const found: Row[] = documents.map(({ id, title }) => ({
    key: id,
    name: title.trim() || words.untitled,
    letters: [],
    action: null,
    run: () => navigate(`/d/${id}`),
  }))
  const doable = findActions(actions, query)
  const rows = [...found, ...doable]
  const at = Math.min(chosen, rows.length - 1)
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' })
  }, [at, query])
  const close = (): void => dialog.current?.close()
  const take = (row: Row | undefined): void => {
    if (row === undefined) return
    // The focus is back at once, and what is typed next finds it done: the event of closing may come behind further keys.
    isTaken.current = true
    close()
    onClose()
    row.run()
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return
    if (event.key === 'ArrowDown') setChosen((at + 1) % rows.length)
    else if (event.key === 'ArrowUp') setChosen((at + rows.length - 1) % rows.length)
    else if (event.key === 'Enter') take(rows[at])
    else return
    event.preventDefault()
  }
  const row = (item: Row, index: number): VNode => (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field
    // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus
    <div
      key={item.key}
      id={`palette-${index}`}
      role="option"
      aria-selected={index === at}
      class={`menu-row${index === at ? ' chosen' : ''}`}
      onPointerMove={() => setChosen(index)}
      onClick={() => take(item)}
    >
      <Icon name={item.action === null ? 'file-text' : (item.action.icon ?? 'command')} />
      <span class={item.action === null ? 'palette-document' : ''} dir="auto">
        {[...item.name].map((letter, i) => (item.letters.includes(i) ? <b key={i}>{letter}</b> : letter))}
      </span>
      <span class="hint">
        {item.action?.isOn === true ? <Icon name="check" size={14} /> : item.action && shownKeys(item.action)}
      </span>
    </div>
  )
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by itself; this is the press beside it
    <dialog
      ref={dialog}
      class="palette"
      aria-label={aroundWords.palette}
      onClose={() => isTaken.current || onClose()}
      onClick={event => event.target === dialog.current && close()}
    >
      <div class="palette-field">
        <Icon name="search" size={17} />
        <input
          type="text"
          role="combobox"
          aria-label={aroundWords.palette}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={rows.length > 0 ? `palette-${at}` : undefined}
          aria-autocomplete="list"
          placeholder={aroundWords.paletteHint}
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={event => {
            setQuery(event.currentTarget.value)
            setChosen(0)
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id="palette-list" class="palette-list" role="listbox" aria-label={aroundWords.palette}>
        {found.length > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of options
          <div role="group" aria-label={aroundWords.documents}>
            <div class="menu-label" aria-hidden="true">
              {query === '' ? words.recent : aroundWords.documents}
            </div>
            {found.map(row)}
          </div>
        )}
        {doable.length > 0 && (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no group of options
          <div role="group" aria-label={aroundWords.commands}>
            <div class="menu-label" aria-hidden="true">
              {aroundWords.commands}
            </div>
            {doable.map((item, index) => row(item, found.length + index))}
          </div>
        )}
      </div>
      {rows.length === 0 && (
        <p class="palette-none" role="status">
          {aroundWords.nothingLike(query)}
        </p>
      )}
      <div class="palette-foot" aria-hidden="true">
        <span>{aroundWords.chooseKey}</span>
        <span>{aroundWords.openKey}</span>
        <span>{aroundWords.closeKey}</span>
      </div>
    </dialog>
  )
}

function findActions(actions: readonly PageAction[], query: string): Row[] {
  const wanted = wantedLetters(query)
  return actions
    .map((action, index) => ({ action, index, fit: fuzzyFit(action.name.toLowerCase(), wanted) }))
    .filter(({ action }) => action.keys !== pageKeys.palette)
    .filter(({ fit }) => wanted === '' || fit !== null)
    .sort((a, b) => (b.fit?.score ?? 0) - (a.fit?.score ?? 0) || a.index - b.index)
    .map(({ action, index, fit }) => ({
      key: `action-${index}`,
      name: action.name,
      letters: wanted === '' ? [] : (fit?.letters ?? []),
      action,
      run: action.run,
    }))
}

/** The list is asked for when typing rests; until it comes, those of the last one are shown that the query still fits, so that Enter opens no other. */
function useDocuments(query: string, documentId: string): readonly DocumentEntry[] {
  const [found, setFound] = useState<{ query: string; items: readonly DocumentEntry[] }>({ query, items: [] })
  useEffect(() => {
    const asking = new AbortController()
    const timer = setTimeout(
      () => {
        listDocuments({ q: query.trim() }, asking.signal).then(
          page => setFound({ query, items: page.items.filter(({ id }) => id !== documentId).slice(0, mostDocuments) }),
          // Without the server there are no documents to be found; the commands are there.
          () => undefined,
        )
      },
      query === '' ? 0 : restMs,
    )
    return () => {
      clearTimeout(timer)
      asking.abort()
    }
  }, [query, documentId])
  if (found.query === query) return found.items
  const wanted = wantedLetters(query)
  return found.items.filter(({ title }) => fuzzyFit(title.toLowerCase(), wanted) !== null)
}
