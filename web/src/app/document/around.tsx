// What stands around the text of a document, and comes after it.

import type { Editor, Tools } from '@sheaf/editor'
import type { VNode } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { hideToast, showToast, type Toast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import { Counts } from './counts.tsx'
import { Missed } from './missed.tsx'
import { OutlineView } from './outline.tsx'
import { open, type PageAction, pageActions, toggleFocus } from './page-actions.ts'
import { Palette } from './palette.tsx'
import { isFocused, openPanel } from './panels.ts'
import { EdgeChips, Following, useKeyToPeople, useTold } from './people.tsx'
import { editorPorts } from './ports.ts'
import { preferences } from './preferences.ts'
import type { DocumentSession } from './session.ts'
import { Shortcuts } from './shortcuts.tsx'
import '@sheaf/editor/blocks.css'
import '@sheaf/editor/tools.css'
import '../../css/around.css'

export interface AroundProps {
  readonly session: DocumentSession
  readonly editor: Editor
}

export function Around({ session, editor }: AroundProps): VNode {
  const tools = useTools(editor)
  useOfferOfPlainText(editor)
  useKeyToPeople(session, editor)
  useTold(session, editor)
  return (
    <>
      {session.people.value.length > 0 && <EdgeChips editor={editor} />}
      <Following session={session} editor={editor} />
      <Missed session={session} editor={editor} />
      {tools !== null && <AroundText session={session} tools={tools} />}
    </>
  )
}

function AroundText({ session, tools }: { session: DocumentSession; tools: Tools }): VNode {
  const chosen = preferences.value
  useLayoutEffect(() => tools.set(chosen), [tools, chosen])
  useEffect(() => {
    const root = document.documentElement
    root.classList.toggle('focused', isFocused.value)
    return () => root.classList.remove('focused')
  }, [isFocused.value])
  const { documentId } = session.document
  useEffect(() => tools.setPorts(editorPorts(documentId)), [tools, documentId])
  useBlockOfAddress(tools)
  useKeysOfPage(tools)
  const panel = openPanel.value
  const close = (): void => {
    openPanel.value = null
  }
  useEffect(() => close, [])
  const actions: readonly PageAction[] = panel === null ? [] : pageActions(session, tools)
  return (
    <>
      <OutlineView outline={tools.outline} />
      <Counts tools={tools} />
      {panel === 'palette' && <Palette actions={actions} documentId={session.document.documentId} onClose={close} />}
      {panel === 'shortcuts' && <Shortcuts actions={actions} onClose={close} />}
    </>
  )
}

function useTools(editor: Editor): Tools | null {
  const [tools, setTools] = useState<Tools | null>(null)
  useEffect(() => {
    let isGone = false
    editor.tools().then(
      come => {
        if (!isGone) setTools(come)
      },
      // Without the network the text can be written in all the same.
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [editor])
  return tools
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
function useBlockOfAddress(tools: Tools): void {
  useEffect(() => {
    const look = (): void => {
      const id = /^#b=(.+)$/.exec(location.hash)?.[1]
      if (id !== undefined) tools.revealBlock(id)
    }
    look()
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [tools])
}

/** Keys that work wherever the focus is: what the text has done something with does not come here. */
function useKeysOfPage(tools: Tools): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, altKey, shiftKey } = event
      const isMod = event.ctrlKey || event.metaKey
      const target = event.target instanceof Element ? event.target : null
      if (event.defaultPrevented || event.isComposing || target?.closest('dialog') != null) return
      const letter = key.toLowerCase()
      const isTyping = target?.closest('input, textarea, [contenteditable=true]') != null
      if (isMod && !altKey && !shiftKey && letter === 'k') open('palette')
      else if (isMod && (key === '/' || key === '?')) open('shortcuts')
      else if (key === '?' && !isTyping && !isMod) open('shortcuts')
      else if (isMod && !shiftKey && key === '.') toggleFocus()
      else if (isMod && letter === 'f') tools.find(altKey || shiftKey ? 'replace' : 'find')
      else if (event.ctrlKey && letter === 'h' && !shiftKey) tools.find('replace')
      else return
      event.preventDefault()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [tools])
}
