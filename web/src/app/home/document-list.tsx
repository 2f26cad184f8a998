// Rows of a list of documents. Set like a table of contents: the name in the serif of the documents themselves.

import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { DocumentEntry } from '../api.ts'
import { copyLink } from '../parts/copy-link.ts'
import { Icon } from '../parts/icon.tsx'
import { MenuButton, MenuRow } from '../parts/menu.tsx'
import { shortTime } from '../time.ts'
import { words } from '../words.ts'

export interface DocumentRowProps {
  readonly entry: DocumentEntry
  readonly onTrash?: () => void
  readonly onRestore?: () => void
}

export function DocumentRow({ entry, onTrash, onRestore }: DocumentRowProps): VNode {
  const title = entry.title.trim() === '' ? words.untitled : entry.title
  const time = new Date(entry.deletedAt ?? entry.updatedAt)
  const name = (
    <>
      <b class={entry.title.trim() === '' ? 'untitled' : undefined}>{title}</b>
      <small>{entry.layout === 'raw' ? words.otherEditor : entry.snippet}</small>
    </>
  )
  return (
    <li class="document-row">
      {onRestore === undefined ? (
        <a class="document-name" href={`/d/${entry.id}`}>
          {name}
        </a>
      ) : (
        <span class="document-name">{name}</span>
      )}
      <time class="document-time" dateTime={time.toISOString()}>
        {shortTime(time, new Date())}
      </time>
      {onRestore !== undefined && (
        <button type="button" class="button row-action" onClick={onRestore}>
          <Icon name="rotate-ccw" size={16} />
          {words.restore}
        </button>
      )}
      {onTrash !== undefined && (
        <MenuButton
          name={words.moreFor(title)}
          class="button square row-action"
          button={<Icon name="ellipsis" size={18} />}
        >
          <MenuRow icon="link-2" onChoose={() => void copyLink(entry.id)}>
            {words.copyLink}
          </MenuRow>
          <hr />
          <MenuRow icon="trash-2" danger onChoose={onTrash}>
            {words.moveToTrash}
          </MenuRow>
        </MenuButton>
      )}
    </li>
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
