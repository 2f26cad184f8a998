// Who is here: avatars in the header, and a chip at the edge of the window for those whose caret is out of sight.

import type { Peer } from '@sheaf/client'
import type { Editor } from '@sheaf/editor'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { initials } from '../identity.ts'
import { Icon } from '../parts/icon.tsx'
import { words } from '../words.ts'
import { type DocumentSession, nameOf } from './session.ts'

const shownAvatars = 4

export function People({ session, editor }: { session: DocumentSession; editor: Editor | null }): VNode | null {
  const people = session.people.value
  if (people.length === 0) return null
  const shown = people.slice(0, people.length > shownAvatars + 1 ? shownAvatars : shownAvatars + 1)
  const more = people.slice(shown.length)
  return (
    <ul class="people" aria-label={words.people}>
      {shown.map(peer => (
        <li key={peer.id}>
          <button
            type="button"
            class={`avatar p${peer.color}${peer.caret === null ? ' idle' : ''}`}
            aria-label={nameOf(peer)}
            data-tip={nameOf(peer)}
            onClick={() => editor?.reveal(peer.sessionKey)}
          >
            {initials(nameOf(peer))}
          </button>
        </li>
      ))}
      {more.length > 0 && (
        <li>
          <span class="avatar more" data-tip={more.map(nameOf).join(', ')}>
            +{more.length}
          </span>
        </li>
      )}
    </ul>
  )
}

export function EdgeChips({ editor }: { editor: Editor }): VNode {
  const [, redraw] = useState(0)
  useEffect(() => editor.onPlaces(() => redraw(count => count + 1)), [editor])
  const at = (place: 'above' | 'below'): Peer[] =>
    editor.places.filter(found => found.place === place).map(found => found.peer)
  return (
    <>
      <EdgeChip peers={at('above')} edge="above" editor={editor} />
      <EdgeChip peers={at('below')} edge="below" editor={editor} />
    </>
  )
}

function EdgeChip({
  peers,
  edge,
  editor,
}: {
  peers: readonly Peer[]
  edge: 'above' | 'below'
  editor: Editor
}): VNode | null {
  const first = peers[0]
  if (first === undefined) return null
  const name = peers.length === 1 ? firstName(first) : `${firstName(first)} +${peers.length - 1}`
  return (
    <button
      type="button"
      class={`edge-chip ${edge}`}
      aria-label={words.goTo(nameOf(first))}
      onClick={() => editor.reveal(first.sessionKey)}
    >
      {peers.slice(0, 3).map(peer => (
        <span key={peer.sessionKey} class={`dot p${peer.color}`} />
      ))}
      {name}
      <Icon name={edge === 'below' ? 'arrow-down' : 'arrow-up'} size={13} />
    </button>
  )
}

function firstName(peer: Peer): string {
  return nameOf(peer).split(' ')[0]!
}
