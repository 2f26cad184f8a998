// What other programs put on the clipboard becomes clean blocks: the markup of each (test/fixtures/clipboard), and the Markdown that is
// meant by it beside it.

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { blocksOf, schema } from '@sheaf/model'
import { parseHtml, readCopied, serializeHtml, serializeMarkdown, writeCopied } from '@sheaf/model/formats'
import type { Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'

const directory = fileURLToPath(new URL('../../fixtures/clipboard/', import.meta.url))
const programs = readdirSync(directory)
  .filter(name => name.endsWith('.html'))
  .map(name => name.slice(0, -5))

function fixture(name: string): string {
  return readFileSync(`${directory}${name}`, 'utf8')
}

function markdown(blocks: readonly Node[]): string {
  return serializeMarkdown(blocks)
}

describe('what is copied in', () => {
  test.each(programs)('%s: clean blocks', program => {
    const copied = readCopied({ html: fixture(`${program}.html`), text: '' })!
    expect(copied.isMarkdown).toBe(false)
    for (const block of copied.blocks) block.check()
    expect(markdown(copied.blocks)).toBe(fixture(`${program}.md`))
  })

  test.each(['word', 'excel', 'google-docs', 'google-sheets', 'libreoffice'])(
    '%s: the same where the HTML is imported',
    program => {
      const doc = parseHtml(fixture(`${program}.html`))
      expect(serializeMarkdown(doc)).toBe(fixture(`${program}.md`))
    },
  )

  test('Word: a list goes on, begins anew, and begins where its number says', () => {
    const item = (list: number, level: number, sign: string, text: string): string =>
      `<p class=MsoListParagraph style='mso-list:l${list} level${level} lfo1'><span style='mso-list:Ignore'>${sign}<span>&nbsp;&nbsp; </span></span>${text}</p>`
    const html = [
      item(0, 1, '1.', 'one'),
      item(0, 1, '2.', 'two'),
      item(1, 1, '1.', 'anew'),
      item(1, 1, '2)', 'after'),
      '<p class=MsoNormal>between</p>',
      item(0, 1, '3.', 'three'),
      item(2, 1, '(iv)', 'letters'),
    ].join('')
    const { blocks } = readCopied({ html, text: '' })!
    expect(blocks.map(({ attrs, textContent }) => [textContent, attrs.start ?? null])).toEqual([
      ['one', null],
      ['two', null],
      ['anew', 1],
      ['after', null],
      ['between', null],
      ['three', 3],
      ['letters', 1],
    ])
  })

  test('one cell of a spreadsheet is its text', () => {
    const html =
      '<table data-sheets-root="1"><tbody><tr><td style="font-weight:bold" data-sheets-value="{}">12</td></tr></tbody></table>'
    expect(markdown(readCopied({ html, text: '12' })!.blocks)).toBe('**12**\n')
  })

  test('pictures that nobody sees, that are on a disk, or are the text of an address are left out', () => {
    const pictures = [
      '<img src="https://x.example/p.gif" width=1 height=1>',
      '<img src="https://x.example/p.gif" style="width:0px">',
      '<img src="https://x.example/p.gif" style="display: none">',
      '<img src="file:///C:/a.png">',
      '<img src="data:image/png;base64,iVBORw0KGgo=">',
      '<img src="blob:https://x.example/1">',
      '<img src="cid:1">',
    ]
    const { blocks } = readCopied({ html: `<p><b>a</b>${pictures.join('')}</p>`, text: '' })!
    expect(markdown(blocks)).toBe('**a**\n')
  })

  test('a link that leads nowhere safe is its text', () => {
    const html =
      '<p><b>a</b> <a href="javascript:x()">b</a> <a href="file:///c">c</a> <a href=" java\nscript:x">d</a> <a href="/e">e</a></p>'
    expect(markdown(readCopied({ html, text: '' })!.blocks)).toBe('**a** b c d [e](/e)\n')
  })
})

describe('plain text', () => {
  test.each([
    ['a document', fixture('markdown.txt')],
    ['a list', '- milk\n- eggs'],
    ['numbered', 'Then:\n1. dig\n2. sow'],
    ['a task', 'x\n- [ ] water\n- [x] fence'],
    ['a link', 'see [the page](https://example.org)'],
    ['code between fences', '```\nlet a = {\n```'],
    ['a table', 'a | b\n--- | ---\n1 | 2'],
    ['of Notion', fixture('notion.txt')],
  ])('Markdown is seen by its signs: %s', (_what, text) => {
    expect(readCopied({ html: '', text })?.isMarkdown).toBe(true)
  })

  test.each([
    ['a sentence', 'I think - perhaps - that 2 * 3 * 4 is 24.'],
    ['one dash', '- and then she said no'],
    ['a comment', '# not a heading, but a comment\nexport const a = 1\nimport b from "b"'],
    ['code', 'function rows(n) {\n  return n * 2 * `x`\n}\n// # done'],
    ['a list of settings', 'hosts:\n- name: a\n- name: b'],
    ['a difference', 'diff --git a/x b/x\n@@ -1 +1 @@\n- old;\n- older;\n+ new;'],
    ['an address', 'https://example.org/a_b_c'],
    ['a mail', '> yes\n\nno'],
    ['nothing', ''],
  ])('is left alone: %s', (_what, text) => {
    expect(readCopied({ html: '', text })).toBeNull()
  })

  test('HTML that says no more than its text does not stand in the way of Markdown', () => {
    const text = fixture('markdown.txt')
    const html = `<div>${text
      .split('\n')
      .map(line => `<p>${line.replaceAll('<', '&lt;')}</p>`)
      .join('')}</div>`
    expect(readCopied({ html, text })?.isMarkdown).toBe(true)
    expect(readCopied({ html: '<p>a</p><p>b</p>', text: 'a\nb' })?.blocks.length).toBe(2)
  })
})

describe('code of an editor', () => {
  const text = fixture('vscode.txt')
  const html = fixture('vscode.html')

  test('lines are a block of code, in the language that the editor names', () => {
    const { blocks } = readCopied({ html, text, editorData: '{"version":1,"mode":"javascript"}' })!
    expect(blocks.map(block => block.toJSON())).toEqual([
      schema.nodes.code_block.create({ language: 'javascript' }, schema.text(text)).toJSON(),
    ])
  })

  test('a word is a word, text is text, and Markdown is Markdown', () => {
    expect(readCopied({ html, text: 'rows', editorData: '{"mode":"javascript"}' })).toBeNull()
    expect(readCopied({ html, text: 'a\nb', editorData: '{"mode":"plaintext"}' })).toBeNull()
    expect(readCopied({ html, text: '# a\n- b\n- c', editorData: '{"mode":"markdown"}' })?.isMarkdown).toBe(true)
    expect(readCopied({ html, text, editorData: '{"mode":[' })?.blocks[0]?.textContent).toBe(text)
  })
})

test('what is copied here is semantic HTML, and read back exactly', () => {
  const doc = parseHtml(
    '<h2>a</h2><ul><li>b<ul><li data-checked="true">c</li></ul></li></ul><p></p><aside data-kind="callout" data-tone="tip"><p>d</p></aside><figure><img src="data:image/png;base64,iVBORw0KGgo=" alt="e"></figure>',
  )
  const html = writeCopied(blocksOf(doc))
  expect(html).toContain('<ul>')
  const copied = readCopied({ html: `<html><body>\n${html}</body></html>`, text: '' })!
  expect(serializeHtml(doc)).toBe(`${copied.blocks.length > 0 ? html.slice(html.indexOf('>') + 1) : ''}`)
  expect(copied.blocks.map(block => block.toJSON())).toEqual(blocksOf(doc).map(block => block.toJSON()))
})

test.each(['<a href="#a" name="a"><p id=a>', '<table><tr><td>', '<li>[ ] '])(
  'half a megabyte of %s costs time in proportion',
  part => {
    const html = part.repeat(Math.ceil(500_000 / part.length))
    const { user, system } = process.cpuUsage()
    readCopied({ html, text: html })
    const used = process.cpuUsage({ user, system })
    expect((used.user + used.system) / 1_000).toBeLessThan(10_000)
  },
)
