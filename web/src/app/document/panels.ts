// Which panel over the document is open.

import { signal } from '@preact/signals'

export const isOutlineOpen = signal(false)
