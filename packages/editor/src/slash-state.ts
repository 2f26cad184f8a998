// Whether the slash menu is open, and for which words: shared by the plugin that is always there and the view that comes later.

import { PluginKey } from 'prosemirror-state'

export interface SlashState {
  /** Position of the slash; null while the menu is closed. */
  readonly from: number | null
  readonly query: string
}

export const slashKey = new PluginKey<SlashState>('sheaf-slash')
export const slashClosed: SlashState = { from: null, query: '' }
