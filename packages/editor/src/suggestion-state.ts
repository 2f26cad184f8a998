// Whether something is being named at the caret, a person or a document behind “@” or an emoji behind “:”, and with which letters.

import { PluginKey } from 'prosemirror-state'

export interface SuggestionState {
  /** Position of the sign; null while nothing is being named. */
  readonly from: number | null
  readonly sign: '@' | ':'
  readonly query: string
  /** From a menu: the list comes without a letter. */
  readonly isAsked: boolean
}

export const suggestionKey = new PluginKey<SuggestionState>('sheaf-suggestion')
export const nothingNamed: SuggestionState = { from: null, sign: '@', query: '', isAsked: false }
