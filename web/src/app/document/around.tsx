// What stands around the text of a document, and comes after it.

import type { Editor } from '@sheaf/editor'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { hideToast, showToast, type Toast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { OutlineView } from './outline.tsx'
import { EdgeChips, Following, useKeyToPeople, useTold } from './people.tsx'
import type { DocumentSession } from './session.ts'
import '@sheaf/editor/tools.css'
import '../../css/around.css'

export interface AroundProps {
  readonly session: DocumentSession
  readonly editor: Editor
}

export function Around({ session, editor }: AroundProps): VNode {
  useBlockOfAddress(editor)
  useKeysOfPage(editor)
  useOfferOfPlainText(editor)
  useKeyToPeople(session, editor)
  useTold(session, editor)
  return (
    <>
      <OutlineView editor={editor} />
      {session.people.value.length > 0 && <EdgeChips editor={editor} />}
      <Following session={session} editor={editor} />
      <WordCount editor={editor} />
    </>
  )
}

/** Keys that work wherever the focus is, in the title or beside the text. */
function useKeysOfPage(editor: Editor): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, altKey, shiftKey } = event
      const isMod = event.ctrlKey || event.metaKey
      if (event.defaultPrevented || !isMod || (event.target as Element).closest?.('dialog') !== null) return
      const isFind = key.toLowerCase() === 'f'
      if (!isFind && (key !== 'h' || event.metaKey)) return
      event.preventDefault()
      void editor.tools().then(tools => tools.find(isFind && !altKey && !shiftKey ? 'find' : 'replace'))
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [editor])
}

/** After Markdown was pasted as what it means. */
function useOfferOfPlainText(editor: Editor): void {
  useEffect(() => {
    let shown: Toast | null = null
    return editor.onFormattedPaste(paste => {
      if (shown !== null) hideToast(shown)
      shown = paste && { text: words.pastedFormatted, action: { name: words.keepPlain, run: () => paste.keepPlain() } }
      if (shown !== null) showToast(shown)
    })
  }, [editor])
}

/** Goes to the block that the address names (`#b=<block id>`), when the page opens and when the address changes. */
function useBlockOfAddress(editor: Editor): void {
  useEffect(() => {
    const look = (): void => {
      const id = /^#b=(.+)$/.exec(location.hash)?.[1]
      if (id === undefined) return
      editor.tools().then(
        tools => tools.revealBlock(id),
        () => undefined,
      )
    }
    look()
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [editor])
}

function WordCount({ editor }: { editor: Editor }): VNode {
  const [count, setCount] = useState(editor.wordCount)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = editor.onChange(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        setCount(editor.wordCount)
      }, 250)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [editor])
  return <div class="document-foot">{words.wordCount(count)}</div>
}
