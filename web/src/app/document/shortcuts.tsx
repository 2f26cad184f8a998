// The list of shortcuts, made from the tables that the keys are made from.

import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { useModal } from '../parts/modal.ts'
import { words } from '../words.ts'
import { aroundWords } from './around-words.ts'
import { type PageAction, shownKeys } from './page-actions.ts'

const groups = ['document', 'text', 'blocks'] as const

export function Shortcuts({ actions, onClose }: { actions: readonly PageAction[]; onClose: () => void }): VNode {
  const dialog = useModal()
  const [filter, setFilter] = useState('')
  const close = (): void => dialog.current?.close()
  const wanted = filter.trim().toLowerCase()
  const shown = actions.filter(action => {
    const keys = shownKeys(action)
    return keys !== '' && `${action.name} ${keys}`.toLowerCase().includes(wanted)
  })
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by itself; this is the press beside it
    <dialog
      ref={dialog}
      class="dialog shortcuts"
      aria-labelledby="shortcuts-title"
      onClose={onClose}
      onClick={event => event.target === dialog.current && close()}
    >
      <div class="dialog-head">
        <h2 id="shortcuts-title">{aroundWords.shortcuts}</h2>
        <button type="button" class="button square" aria-label={words.close} onClick={close}>
          <Icon name="x" size={18} />
        </button>
      </div>
      <label class="field">
        <Icon name="search" size={16} />
        <input
          type="text"
          aria-label={aroundWords.filter}
          placeholder={aroundWords.filter}
          autofocus
          spellcheck={false}
          value={filter}
          onInput={event => setFilter(event.currentTarget.value)}
        />
      </label>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: with nothing in it that takes the focus, keys could not scroll it */}
      <section class="shortcuts-list" aria-labelledby="shortcuts-title" tabIndex={0}>
        {groups.map(group => {
          const inGroup = shown.filter(action => action.group === group)
          return (
            inGroup.length > 0 && (
              <section key={group} aria-label={aroundWords.groups[group]}>
                <h3 class="menu-label">{aroundWords.groups[group]}</h3>
                <dl>
                  {inGroup.map(action => (
                    <div key={action.name}>
                      <dt>{action.name}</dt>
                      <dd>
                        <kbd class="key">{shownKeys(action)}</kbd>
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            )
          )
        })}
        {shown.length === 0 && (
          <p class="palette-none" role="status">
            {aroundWords.nothingLike(filter)}
          </p>
        )}
      </section>
    </dialog>
  )
}
