// The door of the web app.

import { render } from 'preact'
import { App, loadPage } from './app/app.tsx'
import { route } from './app/router.ts'
import { registerServiceWorker } from './app/updates.ts'
import '@fontsource-variable/inter/wght.css'
import '@fontsource-variable/source-serif-4/opsz.css'
import '@fontsource-variable/source-serif-4/opsz-italic.css'
import '@fontsource-variable/jetbrains-mono/wght.css'
import '@sheaf/editor/tokens.css'
import './css/base.css'
import './css/parts.css'

const wanted = route.value.page === 'document' ? 'document' : 'home'
loadPage(wanted)
/** Long enough after the page stands; then going from one to the other is instant. */
const idleMs = 800
addEventListener('load', () => setTimeout(() => loadPage(wanted === 'home' ? 'document' : 'home'), idleMs))

render(<App />, document.querySelector('#app')!)
addEventListener('load', () => void registerServiceWorker())
