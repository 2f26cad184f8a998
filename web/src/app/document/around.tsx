// What stands around the text of a document, and comes after it.

import type { Editor } from '@sheaf/editor'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import type { DocumentSession } from './session.ts'
import '@sheaf/editor/tools.css'

export interface AroundProps {
  readonly session: DocumentSession
  readonly editor: Editor
}

export function Around({ editor }: AroundProps): VNode | null {
  useBlockOfAddress(editor)
  return null
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
