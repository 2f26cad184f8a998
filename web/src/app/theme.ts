// Light, dark, or as the system has it. The attribute is set before the first paint by /theme.js; here it is changed.

import { signal } from '@preact/signals'

export type Theme = 'auto' | 'light' | 'dark'

const key = 'sheaf.theme'

export const theme = signal<Theme>((document.documentElement.dataset.theme as Theme | undefined) ?? 'auto')

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  if (chosen === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = chosen
  try {
    localStorage.setItem(key, chosen)
  } catch {
    // Storage is switched off: the theme counts for this page only.
  }
}
