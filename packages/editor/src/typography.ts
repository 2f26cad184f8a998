// Smart punctuation while typing: quotes, dashes, arrows, an ellipsis. Not in code; Backspace or Mod-Z right behind it gives back what was
// typed.

import { InputRule, inputRules } from 'prosemirror-inputrules'
import type { Plugin } from 'prosemirror-state'

export interface Typography {
  /** Double quotes and single ones, each opening and closing. */
  readonly quotes: readonly [string, string, string, string]
}

/** Quotes as they are set where a language is written. */
const quotesOf: Readonly<Record<string, Typography['quotes']>> = {
  de: ['„', '“', '‚', '‘'],
  fr: ['«\u202f', '\u202f»', '‹\u202f', '\u202f›'],
  es: ['«', '»', '“', '”'],
  pt: ['“', '”', '‘', '’'],
  ru: ['«', '»', '„', '“'],
  it: ['«', '»', '“', '”'],
  pl: ['„', '”', '‚', '’'],
  ja: ['「', '」', '『', '』'],
}
const english: Typography['quotes'] = ['“', '”', '‘', '’']

/** @param isOn asked at each key */
export function smartPunctuation(language: string, isOn: () => boolean): Plugin {
  const [open, close, openSingle, closeSingle] = quotesOf[language.split('-')[0] ?? ''] ?? english
  const rule = (pattern: RegExp, text: string): InputRule =>
    new InputRule(
      pattern,
      (state, match, start, end) => {
        if (!isOn()) return null
        // Group 1 is what is replaced; what stands in front of it is only looked at.
        const typed = match[1] ?? match[0]
        const from = start + match[0].length - typed.length
        return state.tr.insertText(text, Math.min(from, end), end)
      },
      { inCodeMark: false },
    )
  const before = '(?:^|[\\s([{<\\u2014\\u2013\\u201c\\u2018\\u00ab\\u201e-])'
  return inputRules({
    rules: [
      rule(new RegExp(`${before}(")$`), open),
      rule(/(")$/, close),
      rule(new RegExp(`${before}(')$`), openSingle),
      // Also the apostrophe, which is the same everywhere.
      rule(/[\p{L}\p{N}](')$/u, '’'),
      rule(/(')$/, closeSingle),
      // Three dashes at the start of a line are a divider.
      rule(/\S\s?(--)$/, '—'),
      rule(/(\.\.\.)$/, '…'),
      rule(/((?:-|—|–)>)$/, '→'),
      rule(/(<-)$/, '←'),
      rule(/(=>)$/, '⇒'),
    ],
  })
}
