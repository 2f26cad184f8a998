// Who is here: avatars in the header, a chip at the edge of the window for those whose caret is out of sight, and whom one follows. A first
// click on an avatar goes to that person, a second one follows, and whatever one does then ends it.

import { signal } from '@preact/signals'
import type { Peer } from '@sheaf/client'
import type { Editor } from '@sheaf/editor'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { initials } from '../identity.ts'
import { Icon } from '../parts/icon.tsx'
import { words } from '../words.ts'
import { arrival } from './arrivals.ts'
import { type DocumentSession, nameOf } from './session.ts'

const shownAvatars = 4
/** What a person does who goes their own way. */
const ownWays = ['wheel', 'touchstart', 'pointerdown', 'keydown'] as const
/** It is said at most this often where somebody writes. */
const tellMs = 15_000
const settleMs = 500

/** Whom one went to last, and whom one follows: session keys. */
const goneTo = signal<string | null>(null)
const followed = signal<string | null>(null)

export function People({ session, editor }: { session: DocumentSession; editor: Editor | null }): VNode | null {
  const people = session.people.value
  if (people.length === 0) return null
  const shown = people.slice(0, people.length > shownAvatars + 1 ? shownAvatars : shownAvatars + 1)
  const more = people.slice(shown.length)
  return (
    <div class="people-here">
      {arrival.value !== null && (
        // Told by the voice of the page; this is for the eye.
        <span key={arrival.value.text} class="arrival" aria-hidden="true">
          {arrival.value.peers.slice(0, 3).map(peer => (
            <i key={peer.sessionKey} class={`dot p${peer.color}`} />
          ))}
          {arrival.value.text}
        </span>
      )}
      <ul class="people" aria-label={words.people}>
        {shown.map(peer => (
          <li key={peer.id}>
            <button
              type="button"
              class={`avatar p${peer.color}${peer.caret === null ? ' idle' : ''}`}
              aria-label={nameOf(peer)}
              data-tip={nameOf(peer)}
              aria-pressed={followed.value === peer.sessionKey}
              onPointerEnter={event => tellPlace(event.currentTarget, peer, editor)}
              onFocus={event => tellPlace(event.currentTarget, peer, editor)}
              onClick={() => editor !== null && approach(peer, editor)}
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
    </div>
  )
}

/** "Ana Ruiz, in “What it costs”", as it is when one asks. */
function tellPlace(avatar: HTMLElement, peer: Peer, editor: Editor | null): void {
  const section = editor?.sectionOf(peer.sessionKey) ?? ''
  avatar.dataset.tip = section === '' ? nameOf(peer) : words.nameIn(nameOf(peer), section)
}

function approach(peer: Peer, editor: Editor): void {
  if (goneTo.value === peer.sessionKey && followed.value === null) {
    if (editor.follow(peer.sessionKey)) followed.value = peer.sessionKey
    return
  }
  goneTo.value = editor.reveal(peer.sessionKey) ? peer.sessionKey : null
}

/** On an avatar: it is what begins and goes on following. */
function isPress(event: Event): boolean {
  if (event instanceof KeyboardEvent) return event.key === 'Enter' || event.key === ' '
  return event.type !== 'wheel'
}

/** Says whom one follows, until one does something else or they leave. */
export function Following({ session, editor }: { session: DocumentSession; editor: Editor }): VNode | null {
  const peer = session.people.value.find(({ sessionKey }) => sessionKey === followed.value)
  const isFollowing = peer !== undefined
  useEffect(() => {
    const listening = new AbortController()
    const stop = (event: Event): void => {
      if (isPress(event) && event.target instanceof Element && event.target.closest('.people') !== null) return
      goneTo.value = null
      followed.value = null
    }
    for (const way of ownWays) addEventListener(way, stop, { signal: listening.signal, passive: true, capture: true })
    return () => listening.abort()
  }, [])
  useEffect(() => {
    if (!isFollowing) return
    return () => {
      editor.follow(null)
      followed.value = null
      goneTo.value = null
    }
  }, [editor, isFollowing])
  if (peer === undefined) return null
  return (
    <div class={`following p${peer.color}`} role="status">
      {words.following(firstName(peer))}
    </div>
  )
}

/** Mod-Alt-P: the caret goes to the next person, for whoever has no pointer. */
export function useKeyToPeople(session: DocumentSession, editor: Editor): void {
  useEffect(() => {
    let last = -1
    const press = (event: KeyboardEvent): void => {
      if (event.code !== 'KeyP' || !event.altKey || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      const people = session.people.peek()
      for (let tried = 0; tried < people.length; tried++) {
        last = (last + 1) % people.length
        const peer = people[last]!
        if (!editor.goBeside(peer.sessionKey)) continue
        session.say(words.besides(nameOf(peer), editor.sectionOf(peer.sessionKey)))
        return
      }
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [session, editor])
}

/** Tells those who do not look where somebody begins to write: once for each section, and never in a hurry. */
export function useTold(session: DocumentSession, editor: Editor): void {
  useEffect(() => {
    const told = new Map<string, string>()
    /** What was seen at the last look: a heading that is being typed has another name at each. */
    const seen = new Map<string, string>()
    let toldMs = Number.NEGATIVE_INFINITY
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = (): void => {
      timer = undefined
      let isSettling = false
      for (const peer of session.people.peek()) {
        const section = editor.sectionOf(peer.sessionKey)
        if (section === '' || told.get(peer.sessionKey) === section) continue
        if (seen.get(peer.sessionKey) !== section) {
          seen.set(peer.sessionKey, section)
          isSettling = true
          continue
        }
        told.set(peer.sessionKey, section)
        toldMs = performance.now()
        session.say(words.edits(nameOf(peer), section))
        break
      }
      if (isSettling) lookSoon()
    }
    // Where a caret stands is known a frame after it was heard of, and a heading may come after the caret under it.
    const lookSoon = (): void => {
      timer ??= setTimeout(look, Math.max(settleMs, toldMs + tellMs - performance.now()))
    }
    const stops = [session.document.presence.onChange(lookSoon), editor.onChange(lookSoon)]
    return () => {
      clearTimeout(timer)
      for (const stop of stops) stop()
    }
  }, [session, editor])
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
