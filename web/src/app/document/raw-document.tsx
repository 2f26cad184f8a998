// The page of a document that another program made.

import type { VNode } from 'preact'
import { words } from '../words.ts'
import { endingWords } from './ending-words.ts'
import { type DocumentSession, nameOf } from './session.ts'

/** Kept and shown by name and people; its text is for the editor that wrote it. */
export function RawDocument({ session }: { session: DocumentSession }): VNode {
  const people = session.people.value
  return (
    <article class="page raw-page">
      <h1 class="raw-title">{session.title.value.trim() || session.document.documentId}</h1>
      <p class="raw-kind">{words.otherEditor}</p>
      <p class="raw-more">{endingWords.otherEditorMore}</p>
      {people.length > 0 && (
        <>
          <h2 class="raw-head">{endingWords.inThisDocument}</h2>
          <ul class="raw-people">
            {people.map(peer => (
              <li key={peer.id}>
                <span class={`dot p${peer.color}`} />
                {nameOf(peer)}
              </li>
            ))}
          </ul>
        </>
      )}
    </article>
  )
}
