// The way around: a sidebar on wide windows, a drawer on tablets, a bar of tabs on phones.

import { signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { identity } from '../identity.ts'
import { Icon, Mark } from '../parts/icon.tsx'
import { MenuButton } from '../parts/menu.tsx'
import { Avatar, ProfileRows } from '../parts/profile.tsx'
import { trashPath } from '../router.ts'
import { words } from '../words.ts'
import { query } from './query.ts'

const drawerOpen = signal(false)

export function Sidebar({ trash }: { trash: boolean }): VNode {
  useEffect(() => {
    drawerOpen.value = false
  }, [trash])
  return (
    <>
      {drawerOpen.value && <button type="button" class="drawer-shade" aria-label={words.close} onClick={closeDrawer} />}
      <nav class={`sidebar${drawerOpen.value ? ' open' : ''}`} aria-label="Sheaf">
        <div class="brand">
          <Mark />
          <b>Sheaf</b>
        </div>
        <SearchField keys />
        <NavigationLink href="/" icon="house" current={!trash}>
          {words.home}
        </NavigationLink>
        <span class="grow" />
        <NavigationLink href={trashPath} icon="trash-2" current={trash}>
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

export function TabBar({ trash }: { trash: boolean }): VNode {
  return (
    <nav class="tab-bar" aria-label={words.pages}>
      <a href="/" aria-current={trash ? undefined : 'page'}>
        <Icon name="house" size={22} />
        {words.home}
      </a>
      <a href={trashPath} aria-current={trash ? 'page' : undefined}>
        <Icon name="trash-2" size={22} />
        {words.trash}
      </a>
    </nav>
  )
}

function NavigationLink(props: { href: string; icon: 'house' | 'trash-2'; current: boolean; children: string }): VNode {
  return (
    <a
      class="navigation-link"
      href={props.href}
      aria-current={props.current ? 'page' : undefined}
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
        event.target.closest('input, textarea, [contenteditable], dialog, [role=menu]') !== null
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || typing) return
      event.preventDefault()
      input.current?.focus()
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
        aria-label={words.searchTitles}
        value={query.value}
        onInput={event => {
          query.value = event.currentTarget.value
        }}
        onKeyDown={event => {
          if (event.key === 'Escape') query.value = ''
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
