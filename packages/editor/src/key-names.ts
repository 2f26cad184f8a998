// Keys as they stand in menus: `Mod-Shift-ArrowUp` is “Ctrl Shift ↑”, and on a Mac “⌘⇧↑”.

import { words } from './words.ts'

export const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? '')

const macSigns: Readonly<Record<string, string>> = { Mod: '⌘', Cmd: '⌘', Ctrl: '⌃', Alt: '⌥', Shift: '⇧' }
const names: Readonly<Record<string, string>> = {
  Mod: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Escape: 'Esc',
}

/** @param key as the keymap writes it: modifiers and a key, between hyphens. */
export function keyName(key: string): string {
  const parts = key.split(/-(?!$)/)
  const last = parts.pop() ?? ''
  const end = names[last] ?? (last.length === 1 ? last.toUpperCase() : last)
  if (isMac) return parts.map(part => macSigns[part] ?? part).join('') + end
  return [...parts.map(part => named(names[part] ?? part)), end].join(' ')
}

/** As it is printed on the keyboards of a language. */
function named(modifier: string): string {
  return words.keys[modifier] ?? modifier
}
