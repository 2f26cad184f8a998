// The pages where a document ends: it is not there (or not for you, which looks the same), this copy belongs to another
// timeline, or a newer Sheaf is needed. Whatever was typed and not sent can be taken along.

import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { accountWords } from '../account/account-words.ts'
import { closed, me } from '../account/closed.ts'
import { pathOf } from '../home/views.ts'
import { Mark } from '../parts/icon.tsx'
import { requestAccess } from '../share/sharing-api.ts'
import { words } from '../words.ts'
import { downloadText } from './download.ts'
import { endingWords } from './ending-words.ts'
import type { DocumentSession } from './session.ts'

export function EndingPage({ session, onOpenAnew }: { session: DocumentSession; onOpenAnew: () => void }): VNode {
  const [working, setWorking] = useState(false)
  const openAnew = (): void => {
    setWorking(true)
    onOpenAnew()
  }
  const { problem, pending, ready } = session.status.value
  const code = problem?.code
  useEffect(() => {
    // Who is not signed in has the page for that; what waits on this device is still there when they are.
    if (code === 'unauthorized') closed.value = 'signin'
  }, [code])
  if (code === 'epoch') {
    return (
      <Ending title={endingWords.timeline} text={endingWords.timelineMore}>
        <button type="button" class="button primary big" disabled={working} onClick={openAnew}>
          {endingWords.downloadThenAnew}
        </button>
      </Ending>
    )
  }
  if (code === 'upgrade-required') {
    return (
      <Ending title={endingWords.upgradeRequired} text={endingWords.upgradeRequiredMore}>
        <button type="button" class="button primary big" onClick={() => location.reload()}>
          {words.reload}
        </button>
      </Ending>
    )
  }
  const isMember = me.value?.user !== undefined
  const unsent = ready && pending > 0
  // Who has read it knows that it is there.
  const isTaken = code === 'forbidden' && ready
  const title =
    code === 'document-deleted' ? endingWords.inTrash : isTaken ? endingWords.accessTaken : words.nothingThere
  return (
    <Ending title={title} text={unsent ? endingWords.waitingKeepFile(pending) : ''}>
      {unsent && (
        <button type="button" class="button line big" onClick={() => downloadText(session)}>
          {words.downloadCopy}
        </button>
      )}
      {code === 'document-deleted' && (
        <a class="button line big" href={pathOf({ kind: 'trash' })}>
          {words.trash}
        </a>
      )}
      {isMember && code !== 'document-deleted' && <AskForAccess documentId={session.document.documentId} />}
      <a class="button primary big" href="/">
        {words.goHome}
      </a>
    </Ending>
  )
}

/** The same whether there is such a document or not. */
function AskForAccess({ documentId }: { documentId: string }): VNode {
  const [asked, setAsked] = useState(false)
  const ask = async (): Promise<void> => {
    if (await requestAccess(documentId)) setAsked(true)
  }
  if (asked) return <p role="status">{accountWords.accessAsked}</p>
  return (
    <button type="button" class="button line big" onClick={() => void ask()}>
      {accountWords.askForAccess}
    </button>
  )
}

/** Also for addresses that are none of ours. */
export function Ending(props: { title: string; text: string; children: VNode | (VNode | false)[] }): VNode {
  return (
    <main class="ending">
      <Mark size={34} />
      <h1>{props.title}</h1>
      {props.text !== '' && <p>{props.text}</p>}
      <div class="ending-actions">{props.children}</div>
    </main>
  )
}
