// What stands around the text of a document, and comes after it.

import type { Editor } from '@sheaf/editor'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { OutlineView } from './outline.tsx'
import type { DocumentSession } from './session.ts'
import '@sheaf/editor/tools.css'
import '../../css/around.css'

export interface AroundProps {
  readonly session: DocumentSession
  readonly editor: Editor
}

export function Around({ editor }: AroundProps): VNode {
  useBlockOfAddress(editor)
  useKeysOfPage(editor)
  return <OutlineView editor={editor} />
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
