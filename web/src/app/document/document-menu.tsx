// The menu of a document: what can be done besides writing. Its code comes after the text.

import type { Editor } from '@sheaf/editor'
import { keyName } from '@sheaf/editor/key-names'
import { SheafError } from '@sheaf/protocol'
import type { VNode } from 'preact'
import { me } from '../account/closed.ts'
import { restoreDocument, trashDocument } from '../api.ts'
import { words as homeWords } from '../home/words.ts'
import { copyLink } from '../parts/copy-link.ts'
import { Icon } from '../parts/icon.tsx'
import { MenuButton, MenuRow } from '../parts/menu.tsx'
import { openExportDialog } from '../parts/open-export.ts'
import { ProfileRows } from '../parts/profile.tsx'
import { showToast } from '../parts/toast.tsx'
import { navigate } from '../router.ts'
import { words } from '../words.ts'
import { aroundWords } from './around-words.ts'
import { downloadText } from './download.ts'
import { changeLook, fonts, readLook, widths } from './look.ts'
import { isOutlineOpen, openPanel } from './panels.ts'
import type { DocumentSession } from './session.ts'

export interface DocumentMenuProps {
  readonly session: DocumentSession
  readonly editor: Editor | null
}

export function DocumentMenu({ session, editor }: DocumentMenuProps): VNode {
  return (
    <>
      {editor !== null && (
        <button
          type="button"
          class="button square outline-button"
          aria-label={aroundWords.outline}
          aria-haspopup="dialog"
          data-tip={aroundWords.outline}
          onClick={() => {
            isOutlineOpen.value = true
          }}
        >
          <Icon name="table-of-contents" size={18} />
        </button>
      )}
      <MoreMenu session={session} editor={editor} />
    </>
  )
}

function MoreMenu({ session, editor }: DocumentMenuProps): VNode {
  const { ready, layout } = session.status.value
  const id = session.document.documentId
  // An open server has no owners of documents: there everybody may.
  const mayTrash = session.status.value.role === 'owner' || me.value?.mode !== 'accounts'
  const writable = editor !== null && !session.status.value.readOnly
  return (
    <MenuButton name={words.more} class="button square" button={<Icon name="ellipsis" size={18} />}>
      {writable && (
        <>
          <MenuRow icon="undo-2" hint={keyName('Mod-Z')} onChoose={() => editor.undo()}>
            {words.undo}
          </MenuRow>
          <MenuRow icon="redo-2" hint={keyName('Mod-Shift-Z')} onChoose={() => editor.redo()}>
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
      {ready && layout !== 'raw' && (
        <MenuRow icon="file-text" onChoose={() => void openExportDialog(titleOf(session), exportOf(id))}>
          {homeWords.export}
        </MenuRow>
      )}
      {editor !== null && <LookRows documentId={id} editor={editor} />}
      <hr />
      <ProfileRows />
      {mayTrash && (
        <>
          <hr />
          <MenuRow icon="trash-2" danger onChoose={() => void moveToTrash(id)}>
            {words.moveToTrash}
          </MenuRow>
        </>
      )}
    </MenuButton>
  )
}

/** How the document is set on this device, and the tools that are seldom asked for by hand. */
function LookRows({ documentId, editor }: { documentId: string; editor: Editor }): VNode {
  const look = readLook(documentId)
  return (
    <>
      <MenuRow
        icon="search"
        hint={keyName('Mod-f')}
        onChoose={() => void editor.tools().then(tools => tools.find('find'))}
      >
        {aroundWords.find}
      </MenuRow>
      <MenuRow
        icon="keyboard"
        hint={keyName('Mod-Shift-/')}
        onChoose={() => {
          openPanel.value = 'shortcuts'
        }}
      >
        {aroundWords.shortcuts}
      </MenuRow>
      <hr />
      <div class="menu-label">{aroundWords.width}</div>
      {widths.map(width => (
        <MenuRow key={width} checked={look.width === width} onChoose={() => changeLook(documentId, { width })}>
          {aroundWords.widths[width]}
        </MenuRow>
      ))}
      <div class="menu-label">{aroundWords.font}</div>
      {fonts.map(font => (
        <MenuRow key={font} checked={look.font === font} onChoose={() => changeLook(documentId, { font })}>
          {aroundWords.fonts[font]}
        </MenuRow>
      ))}
    </>
  )
}

function titleOf(session: DocumentSession): string {
  return session.title.peek().trim() || words.untitled
}

/** What the server has on its disk; a copy that is downloaded is what this page shows. */
function exportOf(documentId: string): string {
  return `/api/v1/documents/${documentId}/export`
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
