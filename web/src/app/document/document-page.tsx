// The page of a document: the text has it, and everything else keeps to the edges.

import { createEditor, type Editor } from '@sheaf/editor'
import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { lazily } from '../parts/lazy.tsx'
import type { DocumentRoute } from '../router.ts'
import { words } from '../words.ts'
import { Header } from './header.tsx'
import { showLook } from './look.ts'
import { DocumentSession } from './session.ts'
import { Skeleton } from './skeleton.tsx'
import { isEnding } from './status.ts'
import { BannerView, Voice } from './status-line.tsx'
import '@sheaf/editor/editor.css'
import '../../css/document.css'

export function DocumentPage({ documentId, fresh, made, seenAs }: DocumentRoute): VNode {
  const [session, setSession] = useState<DocumentSession | null>(null)
  const [editor, setEditor] = useState<Editor | null>(null)
  /** Grows when the same document is opened anew. */
  const [opening, setOpening] = useState(0)

  useEffect(() => showLook(documentId), [documentId])
  useEffect(() => {
    const opened = new DocumentSession(documentId, { made: made && opening === 0, seenAs })
    setSession(opened)
    return () => {
      setSession(null)
      setEditor(null)
      opened.leave()
    }
  }, [documentId, opening, seenAs])

  const title = session?.title.value.trim()
  useEffect(() => {
    document.title = title === undefined ? 'Sheaf' : `${title || words.untitled} – Sheaf`
  }, [title])

  if (session === null) {
    return (
      <>
        <header class="document-header" />
        <main class="document">
          <Skeleton session={null} />
        </main>
      </>
    )
  }
  const status = session.status.value
  const download = async (): Promise<void> => (await import('./download.ts')).downloadText(session)
  /** This copy goes into a file and out of the way; the document is opened as the server has it. */
  const openAnew = async (): Promise<void> => {
    await download()
    await session.document.setAside()
    setOpening(opening + 1)
  }
  if (isEnding(status)) return <Ending session={session} onOpenAnew={() => void openAnew()} />
  return (
    <>
      <a class="skip" href="#text">
        {words.body}
      </a>
      <Header session={session} editor={editor} />
      <BannerView session={session} onDownload={() => void download()} onOpenAnew={() => void openAnew()} />
      {seenAs !== undefined && <SeenAs documentId={documentId} role={seenAs} />}
      <main class="document" id="text">
        {!status.ready ? (
          <Skeleton session={session} />
        ) : status.layout === 'raw' ? (
          <RawDocument session={session} />
        ) : (
          <Text key={opening} session={session} fresh={fresh} onEditor={setEditor} />
        )}
      </main>
      {editor !== null && <Around session={session} editor={editor} />}
      <Voice session={session} />
    </>
  )
}

const SeenAs = lazily(async () => (await import('../share/seen-as.tsx')).SeenAsBanner)
const Ending = lazily(async () => (await import('./ending.tsx')).EndingPage)
/** The document of another program: shown by name and people. */
const RawDocument = lazily(async () => (await import('./raw-document.tsx')).RawDocument)
/** What stands around the text comes after it. */
const Around = lazily(async () => (await import('./around.tsx')).Around)

function Text(props: { session: DocumentSession; fresh: boolean; onEditor: (editor: Editor | null) => void }): VNode {
  const { session, fresh, onEditor } = props
  const page = useRef<HTMLElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  const body = useRef<HTMLDivElement>(null)
  const made = useRef<Editor | null>(null)
  const readOnly = session.status.value.readOnly

  useEffect(() => {
    const editor = createEditor({
      mount: body.current!,
      titleMount: title.current!,
      ydoc: session.document.ydoc,
      presence: session.document.presence,
      editable: !session.status.peek().readOnly,
      copyLink: async blockId => (await import('../parts/copy-link.ts')).copyLink(session.document.documentId, blockId),
    })
    made.current = editor
    if (!editor.isEmpty) session.touched.value = true
    onEditor(editor)
    if (fresh && matchMedia('(pointer: fine)').matches) editor.focusTitle()
    return () => {
      made.current = null
      onEditor(null)
      editor.destroy()
    }
  }, [session])

  useEffect(() => {
    made.current?.setEditable(!readOnly)
  }, [readOnly])

  /** The room below the text belongs to the text. */
  const onPointerDown = (event: MouseEvent): void => {
    if (event.target !== page.current || event.button !== 0) return
    event.preventDefault()
    made.current?.focusEnd()
  }
  return (
    <article ref={page} class="page" onMouseDown={onPointerDown}>
      <h1>
        <div ref={title} />
      </h1>
      <div ref={body} />
    </article>
  )
}
