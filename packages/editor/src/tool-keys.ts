// The keys of the tools, as the keymap writes them.

import { isMac } from './key-names.ts'

export const blockKeys = {
  duplicate: 'Mod-d',
  // Each system has one of the two for itself; both work wherever they arrive.
  moveUp: isMac ? 'Mod-Alt-ArrowUp' : 'Ctrl-Shift-ArrowUp',
  moveDown: isMac ? 'Mod-Alt-ArrowDown' : 'Ctrl-Shift-ArrowDown',
  delete: 'Mod-Shift-Backspace',
  blockMenu: 'Mod-/',
} as const

export const findKeys = {
  find: 'Mod-f',
  replace: isMac ? 'Mod-Alt-f' : 'Ctrl-h',
  next: 'Mod-g',
  previous: 'Mod-Shift-g',
} as const
