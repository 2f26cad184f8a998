// The app: one page at a time, each loaded when it is wanted, and what floats over all of them.

import { signal } from '@preact/signals'
import type { ComponentType, VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { closed } from './account/closed.ts'
import type { View } from './home/views.ts'
import { loadEditorLanguage } from './language.ts'
import { Icon } from './parts/icon.tsx'
import { openDialog } from './parts/open-dialog.ts'
import { Toasts } from './parts/toast.tsx'
import { type AccountKind, type DocumentRoute, route } from './router.ts'
import { updated } from './updates.ts'
import { words } from './words.ts'

interface Pages {
  home?: ComponentType<{ view: View }>
  document?: ComponentType<DocumentRoute>
  account?: ComponentType<{ kind: AccountKind | 'password' | 'ended' }>
}

const pages = signal<Pages>({})
const missing = signal(false)

/** Fetches the code of a kind of page, once. */
export async function loadPage(kind: keyof Pages): Promise<void> {
  if (pages.peek()[kind] !== undefined) return
  try {
    const page = await (kind === 'home' ? loadHome() : kind === 'document' ? loadDocument() : loadAccount())
    pages.value = { ...pages.peek(), ...page }
    missing.value = false
  } catch {
    // No network, and not in the cache: the page says so, and offers to try again.
    missing.value = true
  }
}

async function loadHome(): Promise<Pages> {
  const { HomePage } = await import('./home/home-page.tsx')
  return { home: HomePage }
}

async function loadDocument(): Promise<Pages> {
  const [{ DocumentPage }] = await Promise.all([import('./document/document-page.tsx'), loadEditorLanguage()])
  return { document: DocumentPage }
}

async function loadAccount(): Promise<Pages> {
  const { AccountPage } = await import('./account/account-page.tsx')
  return { account: AccountPage }
}

export function App(): VNode {
  const Dialog = openDialog.value
  return (
    <>
      <Page />
      {Dialog !== null && <Dialog />}
      <Toasts />
      {updated.value && <UpdateBanner />}
    </>
  )
}

function Page(): VNode {
  const { value } = route
  const { home: Home, document: Document, account: Account } = pages.value
  const gate = value.page === 'account' ? value.kind : closed.value
  useEffect(() => {
    if (gate !== null) void loadPage('account')
  }, [gate])
  if (gate !== null) return Account ? <Account kind={gate} /> : <main />
  if (value.page === 'nowhere') {
    return (
      <Notice text={words.nothingThere}>
        <a class="button primary big" href="/">
          {words.goHome}
        </a>
      </Notice>
    )
  }
  if (value.page === 'document') {
    if (Document) return <Document key={value.documentId} {...value} />
  } else if (value.page === 'home' && Home) return <Home view={value.view} />
  if (!missing.value) return <main />
  return (
    <Notice text={words.notLoaded}>
      <button
        type="button"
        class="button primary big"
        onClick={() => void loadPage(value.page === 'document' ? 'document' : 'home')}
      >
        {words.tryAgain}
      </button>
    </Notice>
  )
}

function Notice({ text, children }: { text: string; children: VNode }): VNode {
  return (
    <main class="ending">
      <h1>{text}</h1>
      <div class="ending-actions">{children}</div>
    </main>
  )
}

function UpdateBanner(): VNode {
  return (
    <div class="banners">
      <div class="banner" role="status">
        <Icon name="rotate-ccw" size={18} />
        <p>{words.upgrade}</p>
        <span class="banner-actions">
          <button type="button" class="button line" onClick={() => location.reload()}>
            {words.reload}
          </button>
          <button
            type="button"
            class="button square"
            aria-label={words.close}
            onClick={() => {
              updated.value = false
            }}
          >
            <Icon name="x" size={16} />
          </button>
        </span>
      </div>
    </div>
  )
}
