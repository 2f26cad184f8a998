// The header of a document: home, the name once it has scrolled away, the status, who is here, and what else can be done.

import type { Editor } from '@sheaf/editor'
import { SheafError } from '@sheaf/protocol'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { restoreDocument, trashDocument } from '../api.ts'
import { copyLink } from '../parts/copy-link.ts'
import { Icon, Mark } from '../parts/icon.tsx'
import { MenuButton, MenuRow } from '../parts/menu.tsx'
import { ProfileRows } from '../parts/profile.tsx'
import { showToast } from '../parts/toast.tsx'
import { navigate } from '../router.ts'
import { words } from '../words.ts'
import { downloadText } from './download.ts'
import { People } from './people.tsx'
import type { DocumentSession } from './session.ts'
import { StatusLineView } from './status-line.tsx'

const modifier = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl '

export function Header({ session, editor }: { session: DocumentSession; editor: Editor | null }): VNode {
  const scrolled = useScrolled()
  const { ready, layout } = session.status.value
  const id = session.document.documentId
  const writable = editor !== null && !session.status.value.readOnly
  return (
    <header class={`document-header${scrolled ? ' scrolled' : ''}`}>
      <a class="header-home" href="/" aria-label={words.home} data-tip={words.home}>
        <Mark />
        <span class="header-back">
          <Icon name="arrow-left" size={21} />
        </span>
      </a>
      {scrolled && <b class="header-title">{session.title.value.trim() || words.untitled}</b>}
      <StatusLineView session={session} />
      <span class="grow" />
      <People session={session} editor={editor} />
      <MenuButton name={words.more} class="button square" button={<Icon name="ellipsis" size={18} />}>
        {writable && (
          <>
            <MenuRow icon="undo-2" hint={`${modifier}Z`} onChoose={() => editor.undo()}>
              {words.undo}
            </MenuRow>
            <MenuRow icon="redo-2" hint={`${modifier}⇧Z`} onChoose={() => editor.redo()}>
              {words.redo}
            </MenuRow>
            <hr />
          </>
        )}
        <MenuRow icon="link-2" onChoose={() => void copyLink(id)}>
          {words.copyLink}
        </MenuRow>
        {ready && layout !== 'raw' && (
          <MenuRow icon="download" onChoose={() => downloadText(session)}>
            {words.downloadCopy}
          </MenuRow>
        )}
        <hr />
        <ProfileRows />
        <hr />
        <MenuRow icon="trash-2" danger onChoose={() => void moveToTrash(id)}>
          {words.moveToTrash}
        </MenuRow>
      </MenuButton>
    </header>
  )
}

/** Home first: the server closes the document for everybody who has it open. */
async function moveToTrash(id: string): Promise<void> {
  try {
    navigate('/')
    await trashDocument(id)
  } catch (error) {
    if (!(error instanceof SheafError)) throw error
    showToast({ text: error.code === 'going-away' ? words.notDone : error.message })
    return
  }
  const undo = (): void => {
    restoreDocument(id).then(
      () => navigate(`/d/${id}`),
      () => showToast({ text: words.notDone }),
    )
  }
  showToast({ text: words.movedToTrash, action: { name: words.undo, run: undo } })
}

/** True once something is beneath the header. */
function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(scrollY > 0)
  useEffect(() => {
    const read = (): void => setScrolled(scrollY > 48)
    read()
    addEventListener('scroll', read, { passive: true })
    return () => removeEventListener('scroll', read)
  }, [])
  return scrolled
}
