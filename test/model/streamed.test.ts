// Text that comes bit by bit: what is shown of it meanwhile, what it says in the end, and what others type into it.

import { Body, blocksOf, readBody, seedUpdate } from '@sheaf/model'
import { editDocument, Streamed, type StreamTarget, showable } from '@sheaf/model/edits'
import { parseMarkdown, serializeMarkdown } from '@sheaf/model/formats'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'

const text = [
  '# The gutter',
  '',
  'It leaks **at the corner**, see [the plan](https://example.org/plan), and `rusts` there.',
  '',
  '- one',
  '- [ ] two',
  '',
  '```js',
  'let **a = [1',
  '```',
  '',
  '| what | cost |',
  '| --- | --- |',
  '| gutter | 12 |',
  '',
  'Then a heading',
  '===',
  '',
  '> and a quote.',
].join('\n')

function documentOf(markdown: string): Y.Doc {
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, seedUpdate({ body: blocksOf(parseMarkdown(markdown)) }))
  return ydoc
}

function forkOf(ydoc: Y.Doc): Y.Doc {
  const fork = new Y.Doc()
  Y.applyUpdate(fork, Y.encodeStateAsUpdate(ydoc))
  return fork
}

const said = (ydoc: Y.Doc): string => serializeMarkdown(readBody(ydoc)).trim()

describe('streamed text', () => {
  const targets: readonly (readonly [string, StreamTarget, (text: string) => string])[] = [
    ['at the end', { document: 'end' }, whole => `First.\n\n## Part\n\nLast.\n\n${whole}`],
    ['at the start', { document: 'start' }, whole => `${whole}\n\nFirst.\n\n## Part\n\nLast.`],
    ['in a section', { heading: 'Part', edge: 'start' }, whole => `First.\n\n## Part\n\n${whole}\n\nLast.`],
  ]
  test.each(targets)('%s says in the end what it says in one piece, however it was cut', (_name, target, expected) => {
    for (const step of [1, 3, 7, 40, 1_000]) {
      const ydoc = documentOf('First.\n\n## Part\n\nLast.')
      const streamed = new Streamed(ydoc, target)
      for (let at = step; at < text.length; at += step) streamed.say(showable(text.slice(0, at)))
      streamed.say(text)
      expect(said(ydoc)).toBe(said(documentOf(expected(text))))
      streamed.remove()
      expect(said(ydoc)).toBe('First.\n\n## Part\n\nLast.')
    }
  })

  test('in an empty document fills it', () => {
    const ydoc = documentOf('')
    const streamed = new Streamed(ydoc, { document: 'end' })
    for (let at = 1; at <= text.length; at++) streamed.say(showable(text.slice(0, at)))
    streamed.say(text)
    expect(said(ydoc)).toBe(said(documentOf(text)))
  })

  test('never shows half a word, half a pair of marks, or a table as a line of text', () => {
    const wordsOf = (text: string) => text.split(/[^\p{L}\p{N}]+/u).filter(word => word !== '')
    const whole = new Set(wordsOf(text))
    for (let at = 0; at <= text.length; at++) {
      const ydoc = documentOf('')
      new Streamed(ydoc, { document: 'end' }).say(showable(text.slice(0, at)))
      const body = readBody(ydoc)
      const shown = body.textBetween(0, body.content.size, '\n', '\n')
      for (const word of wordsOf(shown)) expect(whole, text.slice(0, at)).toContain(word)
      if (!shown.includes('let ')) expect(shown, text.slice(0, at)).not.toMatch(/[*`[\]|]/)
    }
  })

  test('keeps what others type into it, each word once and whole', () => {
    const room = documentOf('First.')
    const fork = forkOf(room)
    const streamed = new Streamed(fork, { document: 'end' })
    let human = 0
    for (let at = 5; at < text.length + 5; at += 5) {
      const known = Y.encodeStateVector(fork)
      streamed.say(at >= text.length ? text : showable(text.slice(0, at)))
      Y.applyUpdate(room, Y.encodeStateAsUpdate(fork, known))
      if (streamed.blocks.length === 0) continue
      // Somebody types in the middle of what is there.
      const block = blocksOf(new Body(room).doc).find(({ attrs }) => attrs.id === streamed.blocks[0])!
      const [first] = block.textContent.split(' ')
      if (first === '') continue
      editDocument(room, [
        {
          op: 'insert',
          target: { quote: first!, within: block.attrs.id as string, edge: 'after', occurrence: 1 },
          text: ` h${human++}`,
        },
      ])
    }
    const all = said(room)
    for (let i = 0; i < human; i++) expect(all.match(new RegExp(`\\bh${i}\\b`, 'g')), `h${i}`).toHaveLength(1)
    expect(all.replace(/ h\d+\b/g, '')).toBe(said(documentOf(`First.\n\n${text}`)))
  })

  test('knows where its writer stands, and refuses a target that is not there', () => {
    const ydoc = documentOf('First.')
    const streamed = new Streamed(ydoc, { document: 'end' })
    expect(streamed.caret()).toBeNull()
    streamed.say('One two ')
    expect(streamed.caret()).toMatch(/^[0-9a-z]+\.[0-9a-z]+$/)
    expect(() => new Streamed(ydoc, { block: 'nobody.1', edge: 'after' }).say('x ')).toThrowError(/block/i)
  })
})
