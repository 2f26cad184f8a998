// Where one has signed in, and the end of any of it.

import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { showToast } from '../parts/toast.tsx'
import { endSession, listSessions, type SessionItem } from './admin-api.ts'
import { adminWords as says } from './admin-words.ts'
import { timeOf, useLoaded } from './loaded.ts'
import '../../css/admin.css'

export function DevicesPage(): VNode {
  const [sessions, reload] = useLoaded(listSessions)
  useEffect(() => {
    document.title = says.sessionsTitle
  }, [])
  const end = ({ id, isCurrent }: SessionItem): void => {
    void endSession(id).then(
      () => {
        if (isCurrent) return location.assign('/')
        showToast({ text: says.ended })
        reload()
      },
      (error: Error) => showToast({ text: error.message || says.notReached }),
    )
  }
  return (
    <main class="admin-main alone">
      <a class="admin-link" href="/">
        <Icon name="arrow-left" />
        {says.backToDocuments}
      </a>
      <h1>{says.sessionsTitle}</h1>
      <p class="admin-note">{says.sessionsMore}</p>
      <ul class="admin-rows">
        {sessions?.items.map(session => (
          <li key={session.id}>
            <span class="admin-person">{browserOf(session.agent)}</span>
            <span>{session.isCurrent ? says.thisBrowser : says.lastSeen(timeOf(session.seenAt))}</span>
            <button
              type="button"
              class="button"
              aria-label={says.endOf(browserOf(session.agent))}
              onClick={() => end(session)}
            >
              {says.endSession}
            </button>
          </li>
        ))}
      </ul>
    </main>
  )
}

/** What a User-Agent header says, as people call it. */
function browserOf(agent: string): string {
  const browser = /\b(Edg|OPR|Firefox|Chrome|Safari)\b/.exec(agent)?.[1]
  const system = /\b(Windows|Android|iPhone|iPad|Mac OS X|CrOS|Linux)\b/.exec(agent)?.[1]
  if (browser === undefined || system === undefined) return says.unknownBrowser
  const names: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS', CrOS: 'ChromeOS' }
  return says.browserOn(names[browser] ?? browser, names[system] ?? system)
}
