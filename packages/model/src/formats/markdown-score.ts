// Whether plain text is Markdown that somebody wrote as such. A sign that people also use by the way counts less than one that hardly
// anybody writes without meaning it, and lines of code count against it.

const signs: readonly (readonly [pattern: RegExp, score: number, max: number])[] = [
  [/^ {0,3}#{1,6} \S/, 2, 6],
  [/^ {0,3}(```|~~~)/, 3, 6],
  [/^\s*[-*+] \[[ xX]\] \S/, 2, 6],
  [/^\s*[-*+] (?!\[[ xX]\]|[\w-]+:\s)\S/, 1.5, 6],
  [/^\s*\d{1,3}[.)] \S/, 1.5, 6],
  [/^\s*\|?[ :|-]*---[ :|-]*\|[ :|-]*$/, 4, 4],
  [/\]\((https?:|mailto:|\/|#|\.)[^\s)]*[^)]*\)/, 3, 6],
  [/(^|[^\w*])\*\*[^\s*][^*]*\*\*/, 2, 4],
  [/(^|[^\w`])`[^`\s][^`]*`/, 1, 2],
  [/^> \S/, 1, 2],
  [/^ {0,3}([-*_])( ?\1){2,} *$/, 1, 1],
  [/^\[\^?[^\]]+\]: \S/, 3, 3],
]

const code =
  /[;{}]\s*$|^\s*(#include|#!|import |from \S+ import|def |class \w+[:({]|(export )?(const|let|var|function|async) |return\b|@@ |diff --git)|=>\s*$/
const enough = 3
const maxLines = 300

export function looksLikeMarkdown(text: string): boolean {
  const scores = signs.map(() => 0)
  let against = 0
  let isFenced = false
  for (const line of text.split(/\r\n?|\n/, maxLines)) {
    const isFence = signs[1]![0].test(line)
    if (isFenced && !isFence) continue
    if (isFence) isFenced = !isFenced
    if (code.test(line)) against += 2
    signs.forEach(([pattern, score, max], index) => {
      if (pattern.test(line)) scores[index] = Math.min(scores[index]! + score, max)
    })
  }
  return scores.reduce((sum, score) => sum + score, 0) - against >= enough
}
