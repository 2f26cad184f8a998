// The pages where a document ends: it is not there (or not for you, which looks the same), this copy belongs to another
// timeline, or a newer Sheaf is needed. Whatever was typed and not sent can be taken along.

import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { pathOf } from '../home/views.ts'
import { Mark } from '../parts/icon.tsx'
import { words } from '../words.ts'
import { downloadText } from './download.ts'
import type { DocumentSession } from './session.ts'

export function EndingPage({ session, onOpenAnew }: { session: DocumentSession; onOpenAnew: () => void }): VNode {
  const [working, setWorking] = useState(false)
  const openAnew = (): void => {
    setWorking(true)
    onOpenAnew()
  }
  const { problem, pending, ready } = session.status.value
  const code = problem?.code
  if (code === 'epoch') {
    return (
      <Ending title={words.timeline} text={words.timelineMore}>
        <button type="button" class="button primary big" disabled={working} onClick={openAnew}>
          {words.downloadThenAnew}
        </button>
      </Ending>
    )
  }
  if (code === 'upgrade-required') {
    return (
      <Ending title={words.upgradeRequired} text={words.upgradeRequiredMore}>
        <button type="button" class="button primary big" onClick={() => location.reload()}>
          {words.reload}
        </button>
      </Ending>
    )
  }
  const title = code === 'document-deleted' ? words.inTrash : words.nothingThere
  const unsent = ready && pending > 0
  return (
    <Ending title={title} text={unsent ? words.waitingKeepFile(pending) : ''}>
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
      <a class="button primary big" href="/">
        {words.goHome}
      </a>
    </Ending>
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
