// How long the text is, and what is selected of it: in words, or in characters where that was asked for.

import type { Tools } from '@sheaf/editor'
import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { words } from '../words.ts'
import { aroundWords } from './around-words.ts'
import { prefer, preferences } from './preferences.ts'

const restMs = 200

export function Counts({ tools }: { tools: Tools }): VNode {
  const [{ all, selected }, setCounts] = useState(() => tools.count())
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = tools.onUpdate(() => {
      timer ??= setTimeout(() => {
        timer = undefined
        setCounts(tools.count())
      }, restMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [tools])
  const { counts } = preferences.value
  const say = counts === 'words' ? words.wordCount : aroundWords.characters
  const total = say(all[counts])
  const other = counts === 'words' ? 'characters' : 'words'
  return (
    <button
      type="button"
      class="document-foot"
      data-tip={other === 'words' ? aroundWords.showWords : aroundWords.showCharacters}
      onClick={() => prefer({ counts: other })}
    >
      {selected === null ? total : aroundWords.selectedOf(selected[counts].toLocaleString(), total)}
    </button>
  )
}
