// The door of the web app.

import { effect } from '@preact/signals'
import { render } from 'preact'
import { App, loadPage } from './app/app.tsx'
import { loadLanguage } from './app/language.ts'
import { route } from './app/router.ts'
import { registerServiceWorker } from './app/updates.ts'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/source-serif-4/opsz.css'
import '@fontsource-variable/source-serif-4/opsz-italic.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@sheaf/editor/tokens.css'
import './css/base.css'
import './css/parts.css'

/** From the list to a document is instant when its code is there already; the way back is short anyway. */
const idleMs = 800

let isMeeting = false
let hasTooltips = false

// A secret in the address is gone from it before anything else is done.
if (location.hash.startsWith('#key=')) await (await import('./app/account/link.ts')).takeLink()
await loadLanguage()

effect(() => {
  if (route.value.page === 'account') return void loadPage('account').then(bringTooltips)
  const kind = route.value.page === 'document' ? 'document' : 'home'
  const arrived = loadPage(kind)
  void arrived.then(meetMe)
  void arrived.then(bringTooltips)
  if (kind === 'home') void arrived.then(() => setTimeout(() => void loadPage('document'), idleMs))
})

render(<App />, document.querySelector('#app')!)
addEventListener('load', () => void registerServiceWorker())

/** Who I am is no part of the first load; the server knows it anyway. */
function meetMe(): void {
  if (isMeeting) return
  isMeeting = true
  setTimeout(() => void import('./app/account/me.ts').then(({ loadMe }) => loadMe()), idleMs)
}

/** Nor are they: they only repeat a name. Without a network, and not in the cache, the next page asks again. */
function bringTooltips(): void {
  if (hasTooltips) return
  hasTooltips = true
  setTimeout(async () => {
    const tooltips = await import('./app/parts/tooltip.tsx').catch(() => undefined)
    if (tooltips === undefined) hasTooltips = false
    else tooltips.showTooltips()
  }, idleMs)
}
