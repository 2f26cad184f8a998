// The service worker: registered once the page has what it needs, asked now and then for a newer version, and heard when one
// has come.

import { signal } from '@preact/signals'

/** A newer version is on this device; this page still runs the old one. */
export const updated = signal(false)

/** A tab may stay open for weeks; it asks when it is looked at, at most this often. */
const askEveryMs = 3_600_000

export async function registerServiceWorker(): Promise<void> {
  // Not under `vite dev`. (What `import.meta.env.PROD` says depends on who builds.)
  if (import.meta.hot || !('serviceWorker' in navigator)) return
  navigator.serviceWorker.addEventListener('controllerchange', () => void compare())
  // Without it (a private window, an unusual browser) everything but a reload offline works.
  const registration = await navigator.serviceWorker.register('/sw.js').catch(() => undefined)
  let askedMs = performance.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || performance.now() - askedMs < askEveryMs) return
    askedMs = performance.now()
    // Offline, the next time is soon enough.
    registration?.update().catch(() => undefined)
  })
}

/** The page that is served now names other scripts than this one runs: a page that came with the new worker is not old. */
async function compare(): Promise<void> {
  const own = document.querySelector<HTMLScriptElement>('script[type=module]')?.src
  if (own === undefined) return
  const served = await fetch('/', { cache: 'no-cache' }).then(
    response => response.text(),
    () => '',
  )
  updated.value = served !== '' && !served.includes(new URL(own).pathname)
}
