// What others changed while one was away: said once when one is back, with a way from place to place, and marked in the text until it is put
// away. Away is who has closed the page, hidden it, or lost the network, for longer than a moment.

import { computed, signal } from '@preact/signals'
import type { Editor, MissedMarks } from '@sheaf/editor'
import { phrase } from '@sheaf/editor/plural'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { words } from '../words.ts'
import { aroundWords } from './around-words.ts'
import { type Authors, readAuthors, rememberPeople } from './authors.ts'
import type { DocumentSession } from './session.ts'

/** Who looks away for a moment only has missed nothing. */
const awayMs = 120_000
const seenKey = 'sheaf.seen'
/** Of so many documents it is remembered when they were looked at last. */
const maxSeen = 200
/** More people than this are not named one by one. */
const maxNamed = 3

interface News {
  readonly marks: MissedMarks
  readonly text: string
}

export function Missed({ session, editor }: { session: DocumentSession; editor: Editor }): VNode | null {
  const [news, setNews] = useState<News | null>(null)
  const [at, setAt] = useState(-1)
  const { documentId } = session.document
  useEffect(() => rememberPeople(session), [session])
  useEffect(() => {
    let shown: MissedMarks | null = null
    const show = (found: News | null): void => {
      shown?.clear()
      shown = found?.marks ?? null
      setNews(found)
      setAt(-1)
    }
    const stop = watchReturns(session, editor, found => {
      show(found)
      session.say(found.text)
    })
    return () => {
      stop()
      show(null)
    }
  }, [session, editor, documentId])
  // What is wrong comes first.
  if (news === null || session.banner.value !== null) return null
  const { marks, text } = news
  const go = (): void => {
    const next = (at + 1) % marks.count
    setAt(next)
    marks.reveal(next)
  }
  const putAway = (): void => {
    marks.clear()
    setNews(null)
  }
  return (
    <div class="banners">
      <div class="banner missed">
        <Icon name="history" size={18} />
        <p>{text}</p>
        <span class="banner-actions">
          {at >= 0 && marks.count > 1 && <span class="missed-at">{aroundWords.placeOf(at + 1, marks.count)}</span>}
          <button type="button" class="button line" onClick={go}>
            {at < 0 || marks.count === 1 ? aroundWords.showMissed : aroundWords.nextMissed}
          </button>
          <button type="button" class="button square" aria-label={words.close} onClick={putAway}>
            <Icon name="x" size={16} />
          </button>
        </span>
      </div>
    </div>
  )
}

/** @returns stops watching. */
function watchReturns(session: DocumentSession, editor: Editor, tell: (news: News) => void): () => void {
  const { documentId } = session.document
  const isVisible = signal(document.visibilityState === 'visible')
  const isHere = computed(() => isVisible.value && session.status.value.synced)
  let isGone = false
  /** Since when one is away; undefined while one is here, and where it is not known. */
  let sinceMs = seenOf(documentId)
  const come = async (): Promise<void> => {
    const runs = editor.missed.take()
    const wasLong = sinceMs !== undefined && Date.now() - sinceMs >= awayMs
    sinceMs = undefined
    noteSeen(documentId)
    if (runs === null || !wasLong) return
    const authors = await readAuthors(documentId, [...runs.inserted.keys()])
    const marks = isGone ? null : await editor.markMissed(runs, authors.of)
    if (marks === null) return
    if (isGone) marks.clear()
    else tell({ marks, text: sayMissed(marks, authors) })
  }
  const leave = (): void => {
    if (sinceMs !== undefined) return
    sinceMs = Date.now()
    noteSeen(documentId)
    editor.missed.begin()
  }
  const look = (): void => {
    isVisible.value = document.visibilityState === 'visible'
  }
  const close = (): void => {
    if (isHere.peek()) noteSeen(documentId)
  }
  document.addEventListener('visibilitychange', look)
  addEventListener('pagehide', close)
  let isFirst = true
  const stop = isHere.subscribe(here => {
    if (here) void come()
    // Until the first sync what comes is noted already.
    else if (!isFirst) leave()
    isFirst = false
  })
  return () => {
    isGone = true
    close()
    stop()
    document.removeEventListener('visibilitychange', look)
    removeEventListener('pagehide', close)
  }
}

function sayMissed({ authors: ids, hasUnknown, count }: MissedMarks, authors: Authors): string {
  const names = ids.map(authors.nameOf)
  const known = names.filter(name => name !== undefined)
  if (known.length === 0 || known.length < names.length || (hasUnknown && ids.length === 0)) {
    return aroundWords.missed(count)
  }
  if (known.length === 1) return aroundWords.missedBy(known[0]!, count)
  const shown = known.length > maxNamed ? [...known.slice(0, maxNamed - 1), '…'] : known
  return aroundWords.missedByMany(listOf(shown), count)
}

function listOf(names: readonly string[]): string {
  return new Intl.ListFormat(phrase.tag, { type: 'conjunction' }).format(names)
}

/** When this device showed the document last; undefined where nobody knows. */
function seenOf(documentId: string): number | undefined {
  const seenMs = readSeen()[documentId]
  return typeof seenMs === 'number' ? seenMs : undefined
}

function noteSeen(documentId: string): void {
  const { [documentId]: _, ...others } = readSeen()
  const kept = Object.entries(others).slice(-maxSeen)
  try {
    localStorage.setItem(seenKey, JSON.stringify({ ...Object.fromEntries(kept), [documentId]: Date.now() }))
  } catch {
    // Storage is switched off or full: after the next opening nothing is told.
  }
}

function readSeen(): Record<string, unknown> {
  try {
    const seen: unknown = JSON.parse(localStorage.getItem(seenKey) ?? '{}')
    return typeof seen === 'object' && seen !== null ? { ...seen } : {}
  } catch {
    return {}
  }
}
