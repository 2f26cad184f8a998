// A dialog that stands over the page from the moment it is drawn.

import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/** @returns the ref for the `<dialog>`; whoever drew it takes it out of the page when it was closed. */
export function useModal(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null)
  useLayoutEffect(() => {
    dialog.current?.showModal()
  }, [])
  return dialog
}
