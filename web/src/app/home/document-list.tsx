// Rows of a list of documents. Set like a table of contents: the name in the serif of the documents themselves.

import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { DocumentEntry, Marked, SearchHit } from '../api.ts'
import { copyLink } from '../parts/copy-link.ts'
import { Icon } from '../parts/icon.tsx'
import { MenuButton, MenuRow } from '../parts/menu.tsx'
import { openExportDialog } from '../parts/open-export.ts'
import { Avatar } from '../parts/profile.tsx'
import { shortTime } from '../time.ts'
import { openMoveDialog } from './dialogs.ts'
import { dragDocuments } from './drag.ts'
import { nameOf } from './folders.ts'
import { deleteForever, moveTo, moveToTrash, restore, selected, toggleSelected, toggleStar } from './listing.ts'
import { pathOf } from './views.ts'
import { words } from './words.ts'

const dayMs = 86_400_000

export function DocumentRow({ entry, folder }: { entry: DocumentEntry; folder: boolean }): VNode {
  const title = titleOf(entry.title)
  const time = new Date(entry.updatedAt)
  const isSelected = selected.value.has(entry.id)
  return (
    <li
      class={`document-row${isSelected ? ' selected' : ''}`}
      draggable
      onDragStart={event => dragDocuments(event, entry)}
    >
      <RowCheck id={entry.id} title={title} />
      <a class="document-name" href={`/d/${entry.id}`} data-id={entry.id}>
        <b class={entry.title.trim() === '' ? 'untitled' : undefined}>{title}</b>
        <small>{entry.layout === 'raw' ? words.otherEditor : entry.snippet}</small>
      </a>
      {folder && (
        <a class="document-folder" href={placePath(entry.folder ?? null)}>
          {nameOf(entry.folder ?? null)}
        </a>
      )}
      <span class="document-people">
        <People people={entry.people ?? []} />
      </span>
      <time class="document-time" dateTime={time.toISOString()}>
        {shortTime(time, new Date())}
      </time>
      <StarButton entry={entry} title={title} />
      <MenuButton
        name={words.moreFor(title)}
        class="button square row-more"
        button={<Icon name="ellipsis" size={18} />}
      >
        <MenuRow icon="check" onChoose={() => toggleSelected(entry.id)}>
          {isSelected ? words.unselect : words.select}
        </MenuRow>
        <MenuRow icon="folder-input" onChoose={() => void openMoveDialog([entry], moveTo)}>
          {words.moveToFolder}
        </MenuRow>
        {entry.layout !== 'raw' && (
          <MenuRow
            icon="download"
            onChoose={() => void openExportDialog(title, `/api/v1/documents/${entry.id}/export`)}
          >
            {words.export}
          </MenuRow>
        )}
        <MenuRow icon="link-2" onChoose={() => void copyLink(entry.id)}>
          {words.copyLink}
        </MenuRow>
        <hr />
        <MenuRow icon="trash-2" danger onChoose={() => void moveToTrash([entry.id])}>
          {words.moveToTrash}
        </MenuRow>
      </MenuButton>
    </li>
  )
}

export function TrashRow({ entry }: { entry: DocumentEntry }): VNode {
  const title = titleOf(entry.title)
  const days = Math.max(0, Math.ceil((Date.parse(entry.goneAt ?? '') - Date.now()) / dayMs))
  return (
    <li class={`document-row trash-row${selected.value.has(entry.id) ? ' selected' : ''}`}>
      <RowCheck id={entry.id} title={title} />
      <span class="document-name">
        <b class={entry.title.trim() === '' ? 'untitled' : undefined}>{title}</b>
        <small>{entry.snippet}</small>
      </span>
      <span class="document-gone">{days === 0 ? words.goneToday : words.goneIn(days)}</span>
      <button
        type="button"
        class="button row-action"
        aria-label={words.restoreNamed(title)}
        onClick={() => void restore([entry.id])}
      >
        <Icon name="rotate-ccw" size={16} />
        {words.restore}
      </button>
      <MenuButton
        name={words.moreFor(title)}
        class="button square row-more"
        button={<Icon name="ellipsis" size={18} />}
      >
        <MenuRow icon="check" onChoose={() => toggleSelected(entry.id)}>
          {selected.value.has(entry.id) ? words.unselect : words.select}
        </MenuRow>
        <MenuRow icon="trash-2" danger onChoose={() => deleteForever([entry.id])}>
          {words.deleteForGood}
        </MenuRow>
      </MenuButton>
    </li>
  )
}

/** A document that is kept on this device, while the server is away. */
export function KeptRow({ entry }: { entry: DocumentEntry }): VNode {
  const time = new Date(entry.updatedAt)
  return (
    <li class="document-row kept-row">
      <a class="document-name" href={`/d/${entry.id}`}>
        <b class={entry.title.trim() === '' ? 'untitled' : undefined}>{titleOf(entry.title)}</b>
        <small>{entry.snippet}</small>
      </a>
      <time class="document-time" dateTime={time.toISOString()}>
        {shortTime(time, new Date())}
      </time>
    </li>
  )
}

/** A document that says what was searched for, with the words around it. */
export function HitRow({ hit }: { hit: SearchHit }): VNode {
  const time = new Date(hit.updatedAt)
  const block = hit.snippet?.block ?? null
  return (
    <li class="document-row hit-row">
      <a class="document-name" href={`/d/${hit.id}${block === null ? '' : `#${block}`}`}>
        <b class={hit.title.text.trim() === '' ? 'untitled' : undefined}>
          {hit.title.text.trim() === '' ? words.untitled : <MarkedText {...hit.title} />}
        </b>
        <small>{hit.snippet !== null && <MarkedText {...hit.snippet} />}</small>
      </a>
      <a class="document-folder" href={placePath(hit.folder)}>
        {nameOf(hit.folder)}
      </a>
      <time class="document-time" dateTime={time.toISOString()}>
        {shortTime(time, new Date())}
      </time>
    </li>
  )
}

function MarkedText({ text, marks }: Marked): VNode {
  const parts: (string | VNode)[] = []
  let at = 0
  for (const [from, to] of marks) {
    parts.push(text.slice(at, from), <mark key={from}>{text.slice(from, to)}</mark>)
    at = to
  }
  return (
    <>
      {parts}
      {text.slice(at)}
    </>
  )
}

function RowCheck({ id, title }: { id: string; title: string }): VNode {
  return (
    <input
      type="checkbox"
      class="row-check"
      aria-label={words.selectNamed(title)}
      checked={selected.value.has(id)}
      onChange={() => toggleSelected(id)}
    />
  )
}

function StarButton({ entry, title }: { entry: DocumentEntry; title: string }): VNode {
  const starred = entry.starred === true
  return (
    <button
      type="button"
      class={`button square row-star${starred ? ' starred' : ''}`}
      aria-pressed={starred}
      aria-label={words.starNamed(title)}
      data-tip={starred ? words.unstar : words.star}
      onClick={() => void toggleStar(entry)}
    >
      <Icon name="star" size={18} />
    </button>
  )
}

/** One is named, several are shown. */
function People({ people }: { people: NonNullable<DocumentEntry['people']> }): VNode | null {
  const [first] = people
  if (first === undefined) return null
  if (people.length === 1) {
    return (
      <>
        <span class={`dot p${first.color}`} />
        <span class="document-here">{words.isHere(first.name)}</span>
      </>
    )
  }
  return (
    <>
      {people.slice(0, 4).map((person, place) => (
        <Avatar key={place} name={person.name} color={person.color} size="small" />
      ))}
      {people.length > 4 && <span class="avatar small more">+{people.length - 4}</span>}
    </>
  )
}

/** Where the rows will be, still and grey, and only if they take a while. */
export function ListSkeleton({ afterMs }: { afterMs: number }): VNode | null {
  const [shown, setShown] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), afterMs)
    return () => clearTimeout(timer)
  }, [afterMs])
  if (!shown) return null
  return (
    <div class="documents" role="status" aria-label={words.loading}>
      {[44, 58, 37, 51, 40].map(width => (
        <div key={width} class="document-row skeleton">
          <span class="document-name">
            <i class="bar" style={{ width: `${width}%`, height: '12px', margin: '6px 0 7px' }} />
            <i class="bar" style={{ width: `${width + 22}%`, height: '8px', margin: '5px 0 3px' }} />
          </span>
        </div>
      ))}
    </div>
  )
}

function titleOf(title: string): string {
  return title.trim() === '' ? words.untitled : title
}

function placePath(folder: string | null): string {
  return pathOf(folder === null ? { kind: 'drafts' } : { kind: 'folder', folder })
}
