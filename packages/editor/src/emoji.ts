// Emoji by their names, as chats write them: “:tada:”. The list comes with the first colon that could be one.

import { fuzzyFit } from './fuzzy.ts'

export interface FoundEmoji {
  readonly emoji: string
  readonly name: string
  /** Indexes of the letters of the name that the query found; empty where another word did. */
  readonly letters: readonly number[]
}

interface Entry {
  readonly emoji: string
  readonly names: readonly string[]
  readonly words: readonly string[]
}

/** Shown before a letter is typed. */
const often = ['+1', 'heart', 'tada', 'white_check_mark', 'eyes', 'thinking', 'rocket', 'pray']

let entries: readonly Entry[] | null = null
let coming: Promise<readonly Entry[]> | null = null

/** Resolves with an empty list where its code cannot be fetched; it is then asked for again. */
export function loadEmoji(): Promise<readonly Entry[]> {
  coming ??= import('./emoji-list.ts').then(
    ({ emojiList }) => {
      entries = emojiList.split('\n').map(readEntry)
      return entries
    },
    () => {
      coming = null
      return []
    },
  )
  return coming
}

/** Whether names can be looked up at once. */
export function isEmojiHere(): boolean {
  return entries !== null
}

/** The emoji of exactly this name; null where there is none, or the list is not here yet. */
export function emojiNamed(name: string): string | null {
  return entries?.find(({ names }) => names.includes(name))?.emoji ?? null
}

/** Best first: the name itself, then names that begin so, names with a word that does, other words, letters in order. */
export async function findEmoji(query: string, most: number): Promise<readonly FoundEmoji[]> {
  const all = await loadEmoji()
  const wanted = query.toLowerCase()
  if (wanted === '') {
    return often.flatMap(name =>
      all.filter(({ names }) => names.includes(name)).map(({ emoji }) => ({ emoji, name, letters: [] })),
    )
  }
  const found: { score: number; emoji: FoundEmoji }[] = []
  for (const entry of all) {
    const best = scoreOf(entry, wanted)
    if (best !== null) found.push(best)
  }
  return found
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ emoji }) => emoji)
}

function scoreOf({ emoji, names, words }: Entry, wanted: string): { score: number; emoji: FoundEmoji } | null {
  let best: { score: number; emoji: FoundEmoji } | null = null
  for (const name of names) {
    const at = name.startsWith(wanted) ? 0 : name.indexOf(`_${wanted}`) + 1
    const isRun = at > 0 || name.startsWith(wanted)
    const fit = isRun ? null : fuzzyFit(name.replaceAll('_', ' '), wanted.replaceAll('_', ' '))
    if (!isRun && fit === null) continue
    const score = name === wanted ? 10 : isRun ? (at === 0 ? 8 : 7) - name.length / 100 : fit!.score
    const letters = isRun ? Array.from(wanted, (_letter, index) => at + index) : fit!.letters
    if (best === null || score > best.score) best = { score, emoji: { emoji, name, letters } }
  }
  const isWord = words.includes(wanted) ? 7.5 : words.some(word => word.startsWith(wanted)) ? 6 : 0
  if (isWord > (best?.score ?? 0)) return { score: isWord, emoji: { emoji, name: names[0]!, letters: [] } }
  return best
}

/** “😀 grinning|cheerful happy”: the emoji, its names, and other words that find it. */
function readEntry(line: string): Entry {
  const [emoji = '', rest = ''] = split(line, ' ')
  const [names, words] = split(rest, '|')
  return { emoji, names: names.split(' '), words: words === '' ? [] : words.split(' ') }
}

function split(text: string, at: string): [string, string] {
  const index = text.indexOf(at)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}
