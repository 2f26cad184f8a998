// P11 for the formats: no script, handler, style or foreign scheme leaves them, whatever goes in; and what somebody sends costs
// time in proportion to its length.

import { cutSections } from '@sheaf/model'
import { parseHtml, parseMarkdown, parseText, readCopied, serializeHtml, serializeMarkdown } from '@sheaf/model/formats'
import type { Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'
import { isLongRun } from '../../helpers/requirements.ts'

const attacks = [
  '<script>alert(1)</script>',
  '<ScRiPt src=//evil.example>alert(1)</sCrIpT >',
  '<scr<script>ipt>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<img src="javascript:alert(1)">',
  '<img src=`javascript:alert(1)` onload=alert(1)>',
  '<img src="data:text/html;base64,PHNjcmlwdD4=">',
  '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
  '<img srcset="javascript:alert(1)" src=a.png style="background:url(javascript:alert(1))">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="JaVaScRiPt:alert(1)">x</a>',
  '<a href="java\nscript:alert(1)">x</a>',
  '<a href="java&#9;script:alert(1)">x</a>',
  '<a href="&#1;javascript:alert(1)">x</a>',
  '<a href="&#x6A;&#x61;vascript&colon;alert(1)">x</a>',
  '<a href=" javascript:alert(1)">x</a>',
  '<a href="vbscript:msgbox(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<a href="file:///etc/passwd">x</a>',
  '<a href="view-source:javascript:alert(1)">x</a>',
  '<p style="position:fixed" onclick="alert(1)" id=x class=y>x</p>',
  '<style>*{display:none}</style><style>@import "//evil.example"</style>',
  '<meta http-equiv=refresh content="0;url=javascript:alert(1)"><base href="//evil.example"><link rel=stylesheet href=x>',
  '<iframe src="javascript:alert(1)"></iframe><iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)"><applet code=x></applet>',
  '<svg onload=alert(1)><script>alert(1)</script><a xlink:href="javascript:alert(1)">x</a></svg>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<form action="javascript:alert(1)"><button formaction="javascript:alert(1)">x</button><input onfocus=alert(1) autofocus></form>',
  '<video><source onerror="alert(1)"></video><audio src=x onerror=alert(1)>',
  '<details open ontoggle=alert(1)><summary onclick=alert(1)>x</summary></details>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<textarea><img title="</textarea><img src=x onerror=alert(1)>"></textarea>',
  '<template><script>alert(1)</script></template>',
  '<xmp><script>alert(1)</script></xmp><plaintext><script>alert(1)</script>',
  '<!--><script>alert(1)</script>--><!--[if IE]><script>alert(1)</script><![endif]-->',
  '<?xml-stylesheet href="javascript:alert(1)"?><![CDATA[<script>alert(1)</script>]]>',
  '<div data-kind="embed" data-src="javascript:alert(1)"></div>',
  '<figure><img src="javascript:alert(1)" alt=\'"><script>alert(1)</script>\'></figure>',
  '<span data-mark="link" data-value=\'{"href":"javascript:alert(1)"}\'>x</span>',
  '<span data-mark="x" data-value=\'"><script>alert(1)</script>\'>x</span>',
  '<span data-mention="person" data-ref=\'"><script>\' data-label="<script>alert(1)</script>"></span>',
  '<sup data-footnote="<img src=x onerror=alert(1)>"></sup>',
  '<div data-kind="opaque" data-unknown-kind=\'"><script>alert(1)</script>\'>x</div>',
  '<pre data-language=\'js"><script>alert(1)</script>\'><code class="language-x onload=alert(1)">x</code></pre>',
  '<p data-align=\'center" onclick="alert(1)\' data-indent=\'1" onclick="alert(1)\'>x</p>',
  '<ol start=\'1" onclick="alert(1)\'><li value=\'2" onclick="alert(1)\'>x</ol>',
  '<p __proto__=x constructor=y>x</p><__proto__>x</__proto__><constructor>x</constructor>',
  "<table onclick=alert(1) style=x data-header='\"><script>'><caption onclick=alert(1)>x</caption><col width='\"><script>'>",
  '<table><tr onclick=alert(1)><th scope=\'"><script>alert(1)</script>\' colspan=\'2" onclick="alert(1)\' background="javascript:alert(1)">x',
  '| <script>alert(1)</script> | [x](javascript:alert(1)) |\n|---|---|\n| <td onclick=alert(1)> |',
  '[x](javascript:alert(1))',
  '[x](<java&Tab;script:alert(1)>)',
  '[x](JAVASCRIPT&colon;alert(1) "\' onclick=alert(1)")',
  '[x]: javascript:alert(1)\n\n[x] ![x]',
  '![x](javascript:alert(1))',
  '![x](data:text/html,x "\\"><script>alert(1)</script>")',
  '![x" onerror="alert(1)](y)',
  '<javascript:alert(1)> <data:text/html,x> <vbscript:x>',
  '[^a]\n\n[^a]: <script>alert(1)</script> [x](javascript:alert(1))',
  '```js" onclick="alert(1)\n</code></pre><script>alert(1)</script>\n```',
  '$$\n</code></pre><script>alert(1)</script>\n$$ $</span><script>alert(1)</script>$',
  '<!-- sheaf id="><script> indent=2 onclick=alert(1) -->\n<!-- sheaf align=x -->\nx',
  '> [!NOTE]\n> <script>alert(1)</script>',
]

describe('P11: hostile input leaves no script, handler, style or foreign scheme', () => {
  test.each(attacks)('%s', attack => {
    const copied = readCopied({ html: `<p class=MsoNormal><b>x</b></p>${attack}`, text: attack })!
    const documents = [
      parseHtml(attack),
      parseMarkdown(attack),
      parseMarkdown(`- > ${attack}`),
      parseText(attack),
      cutSections(copied.blocks),
    ]
    for (const doc of documents) {
      doc.check()
      expectSafeNode(doc)
      expectSafeHtml(serializeHtml(doc))
      const again = parseMarkdown(serializeMarkdown(doc))
      expectSafeNode(again)
      expectSafeHtml(serializeHtml(again))
    }
  })

  test('the text around what is left out stays', () => {
    expect(parseHtml('a<script>b</script>c').textContent).toBe('ac')
    expect(parseHtml('<p onclick=x>a <blink>b</blink></p>').textContent).toBe('a b')
    expect(parseMarkdown('a <blink>b</blink> [c](javascript:d)').textContent).toBe('a b c')
  })
})

/** Elements and attributes that a document is written with, and what an address may begin with. */
const allowedTags =
  'a aside blockquote br caption code col colgroup details div em figcaption figure h1 h2 h3 h4 hr img input li mark ol p pre s section span strong summary sup table tbody td th thead tr u ul'.split(
    ' ',
  )
const allowedAttributes =
  /^(href|title|src|alt|width|start|value|type|checked|disabled|open|class|id|scope|colspan|rowspan|data-[a-z-]+)$/

/** Reads the tags with an eye of its own: quoted values only, as we write them. */
function expectSafeHtml(html: string): void {
  const rest = html.replace(
    /<(\/?)([a-z0-9]+)((?: [a-z-]+(?:="[^"<>]*")?)*)>/g,
    (_, _slash, tag: string, attributes: string) => {
      expect(allowedTags, html).toContain(tag)
      for (const [, name, value = ''] of attributes.matchAll(/ ([a-z-]+)(?:="([^"<>]*)")?/g)) {
        expect(name, html).toMatch(allowedAttributes)
        if (name === 'href' || name === 'src') expectSafeAddress(value)
        if (name === 'class') expect(value).toMatch(/^language-/)
      }
      return ''
    },
  )
  expect(rest, html).not.toContain('<')
}

function expectSafeAddress(value: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what browsers take out of an address
  const seen = value.replace(/[\u0000-\u0020\u007f-\u00a0]/g, '').toLowerCase()
  const scheme = /^([a-z][a-z0-9+.-]*):/.exec(seen)?.[1]
  expect([undefined, 'http', 'https', 'mailto', 'tel'], value).toContain(scheme)
}

function expectSafeNode(doc: Node): void {
  doc.descendants(node => {
    if (typeof node.attrs.src === 'string') expectSafeAddress(node.attrs.src)
    for (const mark of node.marks) if (typeof mark.attrs.href === 'string') expectSafeAddress(mark.attrs.href)
  })
}

/** Time of the processor: how busy the machine is does not count. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Generous: CPU time for a megabyte. */
const limitMs = 10_000
/** A megabyte in the long run, where what is not linear takes minutes; `npm test` sees that with less. */
const longest = isLongRun ? 1_000_000 : 300_000
const long = (piece: string) => piece.repeat(Math.floor(longest / piece.length))
const paragraph =
  'The *quick* **brown** [fox](https://example.org/a "b") jumps `over` the ~~lazy~~ dog & <u>runs</u> $x^2$.\n\n'

describe('what is large or deep costs time in proportion', () => {
  test.each([
    ['prose', `${long(paragraph)}end`],
    ['one long line', `${long('word ')}end`],
    ['10,000 quotes in each other', `${'>'.repeat(10_000)} end`],
    ['10,000 quotes with spaces', `${'> '.repeat(10_000)} end`],
    ['10,000 lists on one line', `${'- '.repeat(10_000)} end`],
    [
      '1,000 lists, each line deeper',
      Array.from({ length: 1_000 }, (_, depth) => `${'  '.repeat(depth)}- end`).join('\n'),
    ],
    ['open brackets', `${long('[').slice(0, 100_000)}end`],
    ['brackets open and closed', `${'['.repeat(10_000)}end${']'.repeat(10_000)}`],
    ['nested links', `${'['.repeat(5_000)}end${'](x)'.repeat(5_000)}`],
    ['nested images', `${'!['.repeat(2_000)}end${'](x)'.repeat(2_000)}`],
    ['delimiters', `${long('*a **b_ ')}end`],
    ['a run of stars', `${long('*')}end`],
    ['backticks', Array.from({ length: 1_000 }, (_, run) => '`'.repeat(run)).join(' end ')],
    ['open tags', `${long('<u>').slice(0, 300_000)}end`],
    ['unfinished tags', `${long('<a href="').slice(0, 100_000)}end`],
    ['unfinished comments', `end ${long('<!-- ').slice(0, 100_000)}`],
    ['details', `${long('<details>\n\n').slice(0, 200_000)}end`],
    [
      'a table of 10,000 cells',
      `${'| a '.repeat(100)}|\n${'|---'.repeat(100)}|\n${`${'| b '.repeat(100)}|\n`.repeat(99)}\nend`,
    ],
    ['a table of 20,000 rows', `| a | b |\n|---|---|\n${'| c | d |\n'.repeat(20_000)}\nend`],
    ['a header of 100,000 columns', `${'|a'.repeat(100_000)}|\n${'|-'.repeat(100_000)}|\n|b|\n\nend`],
    ['pipes', `a\n${long('|').slice(0, 300_000)}end`],
    ['tables in tables', `${'<table><tr><td>\n\n'.repeat(10_000)}end`],
    ['breaks', `${long('a\\\n').slice(0, 600_000)}end`],
    ['captions', `<figure><img src=x>${long('<p>x').slice(0, 400_000)}end`],
    ['dollars', `${long('$a ').slice(0, 200_000)}end`],
    ['notes', `${long('[^a]').slice(0, 200_000)} end\n\n[^a]: note`],
    ['definitions of notes', Array.from({ length: 20_000 }, (_, index) => `[^${index}]: end`).join('\n')],
    ['addresses of mail', `${long('a@b.c ').slice(0, 500_000)} end`],
    ['web addresses', `${long('http://a.b/').slice(0, 500_000)} end`],
    ['parentheses behind an address', `http://a.bc/${')'.repeat(100_000)} end`],
    ['tables', '| a | b |\n|---|---|\n| end | d |\n\n'.repeat(12_000)],
    ['entities', `${long('&amp;')}end`],
  ])('Markdown: %s', (_title, text) => {
    const startedMs = cpuMs()
    const doc = parseMarkdown(text)
    const parsedMs = cpuMs() - startedMs
    expect(doc.textContent + notesOf(doc)).toContain('end')
    serializeMarkdown(doc)
    serializeHtml(doc)
    const totalMs = cpuMs() - startedMs
    console.log(
      `${Math.round(parsedMs)} ms to read, ${Math.round(totalMs)} ms in all: ${_title}, ${text.length} characters`,
    )
    expect(totalMs).toBeLessThan(limitMs)
  })

  test.each([
    '<b>',
    '<div>',
    '<ul><li>a',
    '<p>',
    '<table><tr><td>',
    '<tr><td>',
    '<td>',
    '<td colspan=9999>',
    '<tr><td rowspan=65534 colspan=3>x',
    '</td></tr></table><table><tr><td>x',
    '<blockquote>',
    '<details>',
    '<i a=1>x<p>',
    '</b>',
    '<svg>',
    '&lt;',
    '<a href=x>',
    '<li>x',
    '<!--',
    '<a b="',
    '<pre>',
    '<br>',
    '<figure><img src=x><p>',
  ])('HTML: %s, over and over', piece => {
    const startedMs = cpuMs()
    const doc = parseHtml(`start ${piece.startsWith('<t') ? '<table>' : ''}${long(piece)}`)
    const parsedMs = cpuMs() - startedMs
    expect(doc.textContent).toContain('start')
    serializeHtml(doc)
    const totalMs = cpuMs() - startedMs
    console.log(`${Math.round(parsedMs)} ms to read, ${Math.round(totalMs)} ms in all: a megabyte of ${piece}`)
    expect(totalMs).toBeLessThan(limitMs)
  })

  test('10,000 nested elements keep their text', () => {
    expect(parseHtml(`${'<div><ul><li>'.repeat(10_000)}end`).textContent).toBe('end')
    expect(parseHtml(`${'<blockquote>'.repeat(10_000)}end${'</blockquote>'.repeat(10_000)}after`).textContent).toBe(
      'endafter',
    )
  })
})

function notesOf(doc: Node): string {
  let notes = ''
  doc.descendants(node => {
    if (node.type.name === 'footnote') notes += node.attrs.text
  })
  return notes
}
