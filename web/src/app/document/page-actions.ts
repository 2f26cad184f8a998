// What can be done on the page of a document besides writing: one table for the keys of the page, the palette and the list of shortcuts.

import type { Action, Tools } from '@sheaf/editor'
import { keyName } from '@sheaf/editor/key-names'
import type { IconName } from '../../icon-names.ts'
import { preferTheme } from '../account/me.ts'
import { createDocument } from '../api.ts'
import { copyLink } from '../parts/copy-link.ts'
import { showToast } from '../parts/toast.tsx'
import { navigate } from '../router.ts'
import { type Theme, theme } from '../theme.ts'
import { words } from '../words.ts'
import { aroundWords } from './around-words.ts'
import { downloadText } from './download.ts'
import { changeLook, fonts, readLook, widths } from './look.ts'
import { isFocused, isOutlineOpen, openPanel } from './panels.ts'
import { type Preferences, prefer, preferences } from './preferences.ts'
import type { DocumentSession } from './session.ts'

export interface PageAction {
  readonly name: string
  readonly group: Action['group']
  readonly icon?: IconName
  /** As a keymap writes them; none where it has no key. */
  readonly keys?: string
  /** Of a choice: that it is the one. */
  readonly isOn?: boolean
  readonly run: () => void
}

/** Keys of the page wherever the focus is. Those of the text come with the editor's own. */
export const pageKeys = {
  palette: 'Mod-k',
  shortcuts: 'Mod-Shift-/',
  focusMode: 'Mod-.',
  save: 'Mod-s',
} as const

export function pageActions(session: DocumentSession, tools: Tools): PageAction[] {
  const id = session.document.documentId
  const look = readLook(id)
  const isWritable = !session.status.value.readOnly
  const switched = (name: string, of: 'smartPunctuation' | 'spellcheck' | 'toolbar'): PageAction => ({
    name: `${name}: ${preferences.value[of] ? aroundWords.off : aroundWords.on}`,
    group: 'document',
    icon: 'settings',
    run: () => prefer({ [of]: !preferences.value[of] } as Partial<Preferences>),
  })
  return [
    { name: aroundWords.palette, group: 'document', keys: pageKeys.palette, run: () => open('palette') },
    {
      name: aroundWords.shortcuts,
      group: 'document',
      icon: 'keyboard',
      keys: pageKeys.shortcuts,
      run: () => open('shortcuts'),
    },
    { name: aroundWords.focusMode, group: 'document', icon: 'maximize', keys: pageKeys.focusMode, run: toggleFocus },
    { name: aroundWords.save, group: 'document', icon: 'check', keys: pageKeys.save, run: () => session.answerSave() },
    ...(matchMedia('(min-width: 1180px)').matches
      ? []
      : [
          {
            name: aroundWords.outline,
            group: 'document' as const,
            icon: 'table-of-contents' as const,
            run: () => {
              isOutlineOpen.value = true
            },
          },
        ]),
    { name: words.copyLink, group: 'document', icon: 'link-2', run: () => void copyLink(id) },
    { name: words.downloadCopy, group: 'document', icon: 'download', run: () => downloadText(session) },
    { name: aroundWords.print, group: 'document', icon: 'printer', keys: 'Mod-p', run: () => print() },
    { name: aroundWords.newDocument, group: 'document', icon: 'plus', run: () => void makeDocument() },
    { name: aroundWords.home, group: 'document', icon: 'house', run: () => navigate('/') },
    ...widths.map(
      (width): PageAction => ({
        name: aroundWords.widths[width],
        group: 'document',
        icon: 'move-horizontal',
        isOn: look.width === width,
        run: () => changeLook(id, { width }),
      }),
    ),
    ...fonts.map(
      (font): PageAction => ({
        name: aroundWords.fonts[font],
        group: 'document',
        icon: 'type',
        isOn: look.font === font,
        run: () => changeLook(id, { font }),
      }),
    ),
    ...(['auto', 'light', 'dark'] as const satisfies readonly Theme[]).map(
      (name): PageAction => ({
        name: `${words.theme}: ${words.themes[name]}`,
        group: 'document',
        icon: 'sun-moon',
        isOn: theme.value === name,
        run: () => preferTheme(name),
      }),
    ),
    switched(aroundWords.smartPunctuation, 'smartPunctuation'),
    switched(aroundWords.spellcheck, 'spellcheck'),
    switched(aroundWords.toolbar, 'toolbar'),
    ...tools.actions
      .filter(action => isWritable || action.group === 'document')
      .map(action => ({ name: action.name, group: action.group, keys: action.keys, run: () => action.run() })),
  ]
}

export function open(panel: 'palette' | 'shortcuts'): void {
  openPanel.value = panel
}

export function toggleFocus(): void {
  isFocused.value = !isFocused.value
}

/** The keys of an action as they stand in a menu. */
export function shownKeys({ keys }: PageAction): string {
  return keys === undefined ? '' : keyName(keys)
}

async function makeDocument(): Promise<void> {
  try {
    const { id } = await createDocument()
    navigate(`/d/${id}`, { fresh: true })
  } catch {
    showToast({ text: words.notMade })
  }
}
