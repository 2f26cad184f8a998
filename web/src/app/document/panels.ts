// Which panel over the document is open, and whether anything but the text is shown.

import { signal } from '@preact/signals'

export const isOutlineOpen = signal(false)
export const openPanel = signal<'palette' | 'shortcuts' | null>(null)
export const isFocused = signal(false)
