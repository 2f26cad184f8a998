// One icon of the set that the build put into the page, and the mark of Sheaf.

import type { VNode } from 'preact'
import type { IconName } from '../../icon-names.ts'

/** Decorative: what it means stands beside it, or in the name of the button around it. */
export function Icon({ name, size = 17 }: { name: IconName; size?: number }): VNode {
  return (
    <svg class="icon" width={size} height={size} aria-hidden="true">
      <use href={`#icon-${name}`} />
    </svg>
  )
}

/** Three strands and a band of wheat. */
export function Mark({ size = 22 }: { size?: number }): VNode {
  return (
    <svg class="mark" viewBox="0 0 24 24" width={size} height={size} aria-hidden="true">
      <path d="M12 2.8v18.4M5.4 3.6c.6 4.2 3.9 5.6 3.9 9.2S6.6 17.6 6 20.8M18.6 3.6c-.6 4.2-3.9 5.6-3.9 9.2s2.7 4.8 3.3 8" />
      <path class="band" d="M7.6 13.2h8.8" />
    </svg>
  )
}
