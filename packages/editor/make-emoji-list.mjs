// Writes src/emoji-list.ts anew: `node make-emoji-list.mjs <folder>`, where the folder is the unpacked npm package emojibase-data (50 MB,
// which is why it is no dependency).

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder] = process.argv.slice(2)
const read = name => JSON.parse(readFileSync(join(folder, name), 'utf8'))
const { version } = read('package.json')
const names = read('en/shortcodes/github.json')

const lines = read('en/compact.json')
  .filter(({ hexcode, order }) => names[hexcode] !== undefined && order !== undefined)
  .sort((a, b) => a.order - b.order)
  .map(({ hexcode, unicode, tags = [] }) => {
    const called = [names[hexcode]].flat()
    const known = new Set(called.flatMap(name => name.split('_')))
    const others = tags.filter(tag => !known.has(tag) && !tag.includes(' ')).slice(0, 4)
    return `${unicode} ${called.join(' ')}|${others.join(' ')}`
  })

const head = `// Emoji, the names that they have on GitHub, and other words that find them: made from emojibase-data ${version} (MIT, Miles Johnson) by
// make-emoji-list.mjs. Skin tones are left out.`
writeFileSync(
  new URL('src/emoji-list.ts', import.meta.url),
  `${head}\n\n/** A line each: the emoji, its names, “|”, other words. */\nexport const emojiList = \`${lines.join('\n')}\`\n`,
)
