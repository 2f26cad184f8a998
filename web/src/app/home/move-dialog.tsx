// The dialog that asks where to: all folders as a list, by arrow keys, by typing a part of a name, or with a new one.

import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { FolderEntry } from '../api.ts'
import { Icon } from '../parts/icon.tsx'
import { useModal } from '../parts/modal.ts'
import { openDialog } from '../parts/open-dialog.ts'
import { children, isInside, newFolder } from './folders.ts'
import { words } from './words.ts'

export interface MoveDialogProps {
  readonly onChoose: (folder: string | null) => void
  /** A folder that cannot go into itself or below. */
  readonly outside?: string
}

interface Place {
  readonly id: string | null
  readonly name: string
  readonly depth: number
}

export function MoveDialog({ onChoose, outside }: MoveDialogProps): VNode {
  const dialog = useModal()
  const [part, setPart] = useState('')
  const [at, setAt] = useState(0)
  const close = (): void => {
    openDialog.value = null
  }
  const name = part.trim()
  const places = allPlaces(outside).filter(place => place.name.toLocaleLowerCase().includes(name.toLocaleLowerCase()))
  const canMake = name !== '' && !places.some(place => place.name === name)
  const count = places.length + (canMake ? 1 : 0)
  const choose = async (index: number): Promise<void> => {
    const place = places[index]
    close()
    if (place !== undefined) return onChoose(place.id)
    const made = canMake ? await newFolder(name, null) : undefined
    if (made !== undefined) onChoose(made)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') setAt(Math.min(at + 1, count - 1))
    else if (event.key === 'ArrowUp') setAt(Math.max(at - 1, 0))
    else if (event.key === 'Enter') void choose(at)
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={dialog} class="dialog move-dialog" aria-labelledby="move-title" onClose={close}>
      <div class="dialog-head">
        <h2 id="move-title">{words.moveToFolder}</h2>
        <button type="button" class="button square" aria-label={words.cancel} onClick={close}>
          <Icon name="x" size={18} />
        </button>
      </div>
      <label class="field big">
        <Icon name="search" size={16} />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="move-places"
          aria-activedescendant={`move-place-${at}`}
          aria-label={words.folderName}
          placeholder={words.folderName}
          autofocus
          autocomplete="off"
          value={part}
          onInput={event => {
            setPart(event.currentTarget.value)
            setAt(0)
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <div id="move-places" class="move-places" role="listbox" aria-label={words.folders}>
        {places.map((place, index) => (
          <PlaceRow key={place.id} index={index} at={at} depth={place.depth} onChoose={choose}>
            <Icon name={place.id === null ? 'pencil' : 'folder'} />
            {place.name}
          </PlaceRow>
        ))}
        {canMake && (
          <PlaceRow index={places.length} at={at} depth={0} onChoose={choose}>
            <Icon name="plus" />
            {words.newFolderNamed(name)}
          </PlaceRow>
        )}
      </div>
    </dialog>
  )
}

function PlaceRow(props: {
  index: number
  at: number
  depth: number
  onChoose: (index: number) => Promise<void>
  children: (VNode | string)[]
}): VNode {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above
    <div
      id={`move-place-${props.index}`}
      role="option"
      tabIndex={-1}
      aria-selected={props.index === props.at}
      class={`menu-row${props.index === props.at ? ' chosen' : ''}`}
      style={{ paddingInlineStart: `${10 + props.depth * 18}px` }}
      onClick={() => void props.onChoose(props.index)}
    >
      {props.children}
    </div>
  )
}

/** The tree as a list, after the place outside all folders. */
function allPlaces(outside: string | undefined): Place[] {
  const places: Place[] = [{ id: null, name: outside === undefined ? words.drafts : words.topLevel, depth: 0 }]
  const walk = (folders: readonly FolderEntry[], depth: number): void => {
    for (const { id, name } of folders) {
      if (outside !== undefined && isInside(id, outside)) continue
      places.push({ id, name, depth })
      walk(children.peek().get(id) ?? [], depth + 1)
    }
  }
  walk(children.peek().get(null) ?? [], 0)
  return places
}
