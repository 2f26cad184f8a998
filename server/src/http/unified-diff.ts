// The lines of two texts side by side, as `diff -u` writes them. Pure.

import { changedLines } from '@sheaf/model/edits'

const around = 2

/** Empty when they are the same. */
export function unifiedDiff(before: string, after: string): string {
  const [olds, news] = [before, after].map(text => text.replace(/\n$/, '').split('\n')) as [string[], string[]]
  const lines: string[] = []
  let atOld = 0
  let atNew = 0
  let shownTo = 0
  for (const { keep, remove, from, to } of changedLines(olds, news)) {
    atOld += keep
    atNew = from
    const start = Math.max(shownTo, atOld - around)
    const isApart = start > shownTo || lines.length === 0
    if (isApart && shownTo > 0)
      for (const line of olds.slice(shownTo, Math.min(shownTo + around, start))) lines.push(` ${line}`)
    if (isApart) lines.push(`@@ -${start + 1} +${atNew - (atOld - start) + 1} @@`)
    for (const line of olds.slice(start, atOld)) lines.push(` ${line}`)
    for (const line of olds.slice(atOld, atOld + remove)) lines.push(`-${line}`)
    for (const line of news.slice(from, to)) lines.push(`+${line}`)
    atOld += remove
    shownTo = atOld
  }
  if (lines.length === 0) return ''
  for (const line of olds.slice(shownTo, shownTo + around)) lines.push(` ${line}`)
  return `${lines.join('\n')}\n`
}
