// One line at the foot that says what happened, with Undo where there is one. It stays under the pointer and the focus.

import { signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'

export interface Toast {
  readonly text: string
  readonly action?: { readonly name: string; readonly run: () => void }
}

/** So long a toast stands, and Undo with it. */
export const toastMs = 6000
const current = signal<Toast | null>(null)

/** Replaces the one before. */
export function showToast(toast: Toast): void {
  current.value = toast
}

/** Takes it away, if it is the one that is shown: what it offers is no longer there. */
export function hideToast(toast: Toast): void {
  if (current.peek() === toast) current.value = null
}

export function Toasts(): VNode {
  const toast = current.value
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (toast === null || held) return
    const timer = setTimeout(() => {
      current.value = null
    }, toastMs)
    return () => clearTimeout(timer)
  }, [toast, held])
  const run = (): void => {
    current.value = null
    setHeld(false)
    toast?.action?.run()
  }
  return (
    <div class="toasts" role="status">
      {toast !== null && (
        <div
          class={`toast${toast.action === undefined ? ' plain' : ''}`}
          key={toast.text}
          onPointerEnter={() => setHeld(true)}
          onPointerLeave={() => setHeld(false)}
          onFocusCapture={() => setHeld(true)}
          onBlurCapture={() => setHeld(false)}
        >
          <span>{toast.text}</span>
          {toast.action !== undefined && (
            <button type="button" class="button" onClick={run}>
              {toast.action.name}
            </button>
          )}
        </div>
      )}
    </div>
  )
}
