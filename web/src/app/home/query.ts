// What is searched for: typed in the sidebar, answered by the home page.

import { signal } from '@preact/signals'

export const query = signal('')
