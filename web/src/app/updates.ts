// The service worker: registered once the page has what it needs, and heard when a newer version has come.

import { signal } from '@preact/signals'

/** A newer version is on this device; this page still runs the old one. */
export const updated = signal(false)

export function registerServiceWorker(): void {
  // Not under `vite dev`. (What `import.meta.env.PROD` says depends on who builds.)
  if (import.meta.hot || !('serviceWorker' in navigator)) return
  // The first worker of a first visit is no update.
  const hadWorker = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (hadWorker) updated.value = true
  })
  // Without it (a private window, an unusual browser) everything but a reload offline works.
  navigator.serviceWorker.register('/sw.js').catch(() => undefined)
}
