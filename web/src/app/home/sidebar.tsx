// The way around: a sidebar on wide windows, a drawer on tablets, a bar of tabs on phones.

import { signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { IconName } from '../../icon-names.ts'
import { me } from '../account/closed.ts'
import { identity } from '../identity.ts'
import { Icon, Mark } from '../parts/icon.tsx'
import { MenuButton } from '../parts/menu.tsx'
import { Avatar, ProfileRows } from '../parts/profile.tsx'
import { dropTarget, target } from './drag.ts'
import { FolderTree } from './folder-tree.tsx'
import { query } from './query.ts'
import { pathOf, type View } from './views.ts'
import { words } from './words.ts'

const drawerOpen = signal(false)

export function Sidebar({ view }: { view: View }): VNode {
  const path = pathOf(view)
  useEffect(() => {
    drawerOpen.value = false
  }, [path])
  return (
    <>
      {drawerOpen.value && <button type="button" class="drawer-shade" aria-label={words.close} onClick={closeDrawer} />}
      <nav class={`sidebar${drawerOpen.value ? ' open' : ''}`} aria-label="Sheaf">
        <div class="brand">
          <Mark />
          <b>Sheaf</b>
        </div>
        <SearchField keys />
        <NavigationLink view={{ kind: 'home' }} path={path} icon="house">
          {words.home}
        </NavigationLink>
        <NavigationLink view={{ kind: 'starred' }} path={path} icon="star">
          {words.starred}
        </NavigationLink>
        <div class={`drop-row${target.value === 'none' ? ' target' : ''}`} {...dropTarget(null)}>
          <NavigationLink view={{ kind: 'drafts' }} path={path} icon="pencil">
            {words.drafts}
          </NavigationLink>
        </div>
        <div class="sidebar-folders">
          <FolderTree />
        </div>
        {/* Known a little later; here it takes from the room of the folders, and nothing moves. */}
        {me.value?.user !== undefined && (
          <NavigationLink view={{ kind: 'shared' }} path={path} icon="users">
            {words.sharedWithMe}
          </NavigationLink>
        )}
        <NavigationLink view={{ kind: 'kept' }} path={path} icon="monitor-down">
          {words.onThisDevice}
        </NavigationLink>
        <NavigationLink view={{ kind: 'trash' }} path={path} icon="trash-2">
          {words.trash}
        </NavigationLink>
        <MenuButton
          name={words.youAre(identity.value.name)}
          class="profile-row"
          up
          button={
            <>
              <Avatar name={identity.value.name} color={identity.value.color} />
              <span class="profile-name">{identity.value.name}</span>
              <span class="grow" />
              <Icon name="settings" size={16} />
            </>
          }
        >
          <ProfileRows />
        </MenuButton>
      </nav>
    </>
  )
}

/** The head of the page where there is no sidebar. */
export function TopBar(): VNode {
  return (
    <header class="home-top">
      <button
        type="button"
        class="button square drawer-button"
        aria-label={words.menu}
        aria-expanded={drawerOpen.value}
        onClick={openDrawer}
      >
        <Icon name="menu" size={18} />
      </button>
      <div class="brand">
        <Mark />
        <b>Sheaf</b>
      </div>
      <span class="grow" />
      <MenuButton
        name={words.youAre(identity.value.name)}
        class="avatar-button"
        button={<Avatar name={identity.value.name} color={identity.value.color} size="large" />}
      >
        <ProfileRows />
      </MenuButton>
      <SearchField />
    </header>
  )
}

export function TabBar({ view }: { view: View }): VNode {
  const isIn = (...kinds: View['kind'][]): 'page' | undefined => (kinds.includes(view.kind) ? 'page' : undefined)
  return (
    <nav class="tab-bar" aria-label={words.pages}>
      <a href="/" aria-current={isIn('home')}>
        <Icon name="house" size={22} />
        {words.home}
      </a>
      <a href={pathOf({ kind: 'folders' })} aria-current={isIn('folders', 'folder', 'drafts')}>
        <Icon name="folder" size={22} />
        {words.folders}
      </a>
      <a href={pathOf({ kind: 'starred' })} aria-current={isIn('starred')}>
        <Icon name="star" size={22} />
        {words.starred}
      </a>
      <a href={pathOf({ kind: 'trash' })} aria-current={isIn('trash')}>
        <Icon name="trash-2" size={22} />
        {words.trash}
      </a>
    </nav>
  )
}

function NavigationLink(props: { view: View; path: string; icon: IconName; children: string }): VNode {
  const href = pathOf(props.view)
  return (
    <a
      class="navigation-link"
      href={href}
      aria-current={href === props.path ? 'page' : undefined}
      onClick={closeDrawer}
    >
      <Icon name={props.icon} />
      {props.children}
    </a>
  )
}

function SearchField({ keys = false }: { keys?: boolean }): VNode {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (!keys) return
    const onKey = (event: KeyboardEvent): void => {
      const typing =
        event.target instanceof Element &&
        event.target.closest('input:not([type=checkbox]), textarea, [contenteditable], dialog, [role=menu]') !== null
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || typing) return
      event.preventDefault()
      input.current?.focus()
      // On a phone the other field is the one that is seen; on a tablet there is none before the drawer is open.
      if (document.activeElement !== input.current) {
        document.querySelector<HTMLInputElement>('.home-top .search-field input')?.focus()
      }
      if (document.activeElement?.matches('.search-field input') === true) return
      drawerOpen.value = true
      requestAnimationFrame(() => input.current?.focus())
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [keys])
  return (
    <label class="field search-field">
      <Icon name="search" size={16} />
      <input
        ref={input}
        type="search"
        placeholder={words.search}
        aria-label={words.searchDocuments}
        aria-keyshortcuts="/"
        value={query.value}
        onInput={event => {
          query.value = event.currentTarget.value
        }}
        onKeyDown={event => {
          if (event.key === 'Escape') query.value = ''
          if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
          const first = document.querySelector<HTMLElement>('.documents a.document-name')
          if (first === null) return
          event.preventDefault()
          if (event.key === 'Enter' && query.value !== '') first.click()
          else first.focus()
        }}
      />
      {keys && <span class="key">/</span>}
    </label>
  )
}

function openDrawer(): void {
  drawerOpen.value = true
}

function closeDrawer(): void {
  drawerOpen.value = false
}
