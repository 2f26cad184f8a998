// The header of a document: home, the name once it has scrolled away, the status, who is here, and what else can be done.

import type { Editor } from '@sheaf/editor'
import type { FunctionComponent, VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { me } from '../account/closed.ts'
import { Icon, Mark } from '../parts/icon.tsx'
import { lazily } from '../parts/lazy.tsx'
import { words } from '../words.ts'
import type { DocumentMenuProps } from './document-menu.tsx'
import type { DocumentSession } from './session.ts'
import { StatusLineView } from './status-line.tsx'

export function Header({ session, editor }: { session: DocumentSession; editor: Editor | null }): VNode {
  const scrolled = useScrolled()
  return (
    <header class={`document-header${scrolled ? ' scrolled' : ''}`}>
      <a class="header-home" href="/" aria-label={words.home} data-tip={words.home}>
        <Mark />
        <span class="header-back">
          <Icon name="arrow-left" size={21} />
        </span>
      </a>
      {editor !== null && <DocumentPlace documentId={session.document.documentId} />}
      {scrolled && <b class="header-title">{session.title.value.trim() || words.untitled}</b>}
      <StatusLineView session={session} />
      <span class="grow" />
      {session.people.value.length > 0 && <People session={session} editor={editor} />}
      {me.value?.user !== undefined && <ShareButton session={session} />}
      <LazyMenu session={session} editor={editor} />
    </header>
  )
}

/** Comes after the text. */
const DocumentPlace = lazily(async () => (await import('./place.tsx')).DocumentPlace)

/** Comes with the first other person. */
const People = lazily(async () => (await import('./people.tsx')).People)

/** Comes to those who have an account. */
const ShareButton = lazily(async () => (await import('../share/share-button.tsx')).ShareButton)

/** The menu comes after the text; until then its button stands there already. */
function LazyMenu(props: DocumentMenuProps): VNode {
  const [found, setFound] = useState<{ Menu: FunctionComponent<DocumentMenuProps> } | null>(null)
  const wanted = props.editor !== null || props.session.status.value.layout === 'raw'
  useEffect(() => {
    if (wanted) void import('./document-menu.tsx').then(module => setFound({ Menu: module.DocumentMenu }))
  }, [wanted])
  if (found !== null) return <found.Menu {...props} />
  return (
    <button type="button" class="button square" aria-label={words.more} aria-haspopup="menu" disabled>
      <Icon name="ellipsis" size={18} />
    </button>
  )
}

/** True once something is beneath the header. */
function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(scrollY > 0)
  useEffect(() => {
    const read = (): void => setScrolled(scrollY > 48)
    read()
    addEventListener('scroll', read, { passive: true })
    return () => removeEventListener('scroll', read)
  }, [])
  return scrolled
}
