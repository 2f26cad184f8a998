// What stands where a document will be, until there is something true to show. Never an empty page: that would be a lie.

import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { words } from '../words.ts'
import type { DocumentSession } from './session.ts'

const shownAfterMs = 150
const stillOpeningMs = 5000

export function Skeleton({ session }: { session: DocumentSession | null }): VNode {
  const [elapsed, setElapsed] = useState<'now' | 'soon' | 'long'>('now')
  useEffect(() => {
    const soon = setTimeout(() => setElapsed('soon'), shownAfterMs)
    const long = setTimeout(() => setElapsed('long'), stillOpeningMs)
    return () => {
      clearTimeout(soon)
      clearTimeout(long)
    }
  }, [])
  const status = session?.status.value
  const problem = status?.problem
  if (session !== null && problem !== undefined && (problem.permanent || problem.code === 'damaged')) {
    return <Refusal session={session} text={problem.code === 'damaged' ? words.damagedMore : problem.detail} />
  }
  const away = status?.connection === 'offline'
  return (
    <div class="page skeleton-page" role="status" aria-label={words.opening}>
      <div class={elapsed === 'now' ? 'skeleton-text hidden' : 'skeleton-text'} aria-hidden="true">
        <i class="bar skeleton-title" />
        {[97, 92, 99, 61].map(width => (
          <i key={width} class="bar" style={{ width: `${width}%` }} />
        ))}
        <i class="bar skeleton-heading" />
        {[94, 98, 89, 96, 42].map(width => (
          <i key={width} class="bar" style={{ width: `${width}%` }} />
        ))}
      </div>
      {elapsed === 'long' && (
        <p class="skeleton-note">
          {away ? words.notKept : words.stillOpening}
          {away && (
            <button type="button" class="button line" onClick={() => session?.document.retry()}>
              {words.tryAgain}
            </button>
          )}
        </p>
      )}
    </div>
  )
}

/** The server answered, and it was no document. */
function Refusal({ session, text }: { session: DocumentSession; text: string }): VNode {
  return (
    <div class="page skeleton-page" role="alert">
      <p class="skeleton-refusal">
        <b>{words.cannotOpen}</b> {text}
      </p>
      <button type="button" class="button line" onClick={() => session.document.retry()}>
        {words.tryAgain}
      </button>
    </div>
  )
}
