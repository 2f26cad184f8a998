// What the formats make of what people write by hand, and what they say of what they refuse.

import { openBody, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
import {
  FormatError,
  normalize,
  parseHtml,
  parseJson,
  parseMarkdown,
  parseText,
  serializeHtml,
  serializeJson,
  serializeMarkdown,
  serializeText,
} from '@sheaf/model/formats'
import type { Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'

const { nodes, marks } = schema

/** Kind, indent and text of each block. */
function outline(doc: Node): string[] {
  const lines: string[] = []
  doc.forEach(section => {
    section.forEach(({ type, attrs, textContent }) => {
      lines.push(`${attrs.indent} ${type.name}: ${textContent}`)
    })
  })
  return lines
}

function body(...blocks: Node[]): Node {
  return nodes.doc.create(null, nodes.section.create(null, blocks))
}

describe('Markdown', () => {
  test('nested lists, quotes, alerts and details become indents', () => {
    const doc = parseMarkdown(`- a
  1. b
     more of b
  2. c

     a paragraph of c
- [x] d

> q
>
> - in q
>
> r

> [!WARNING]
> careful
>
> \`\`\`js
> code
> \`\`\`

<details>
<summary>A <b>toggle</b></summary>

- inside

</details>

after
`)
    expect(outline(doc)).toEqual([
      '0 bullet: a',
      '1 ordered: b more of b',
      '1 ordered: c',
      '2 paragraph: a paragraph of c',
      '0 task: d',
      '0 quote: q',
      '1 bullet: in q',
      '0 quote: r',
      '0 callout: careful',
      '1 code_block: code',
      '0 toggle: A toggle',
      '1 bullet: inside',
      '0 paragraph: after',
    ])
  })

  test('it is written as people write it', () => {
    const text = `# Plan for *May*

Ship **everything** by [the end](https://example.org "of May"), see <https://example.org/a_b> and \`x * y\`.

- snake_case and 2 + 2 = 4
  - [x] done
  - [ ] to do
- costs $5, not more
  on

3. three
4. four

> quoted
>
> - item

> [!NOTE]
> told

<details open>
<summary>more</summary>

inside

</details>

\`\`\`js
let a = \`b\`
\`\`\`

$$
x^2
$$

![alt text](a.png "The caption")

---

Euler: $e^{i\\pi}$ and a note[^1]. ~~Gone~~ <u>under</u> <mark>light</mark>

[^1]: See *there*.

    Or here.
`
    expect(serializeMarkdown(parseMarkdown(text))).toBe(text.replace('more\n  on', 'more on'))
  })

  test('prices are no math, and text is no link', () => {
    const doc = parseMarkdown('$5 and $10 and x$ y')
    expect(outline(doc)).toEqual(['0 paragraph: $5 and $10 and x$ y'])
    const bare = body(nodes.paragraph.create(null, schema.text('https://example.org www.example.org me@example.org')))
    expect(parseMarkdown(serializeMarkdown(bare)).eq(bare)).toBe(true)
  })

  test('ids are written when asked for, and read back', () => {
    const doc = body(
      nodes.heading.create({ id: 'a.0', level: 2 }, schema.text('title')),
      nodes.bullet.create({ id: 'a.7' }, schema.text('one')),
      nodes.task.create({ id: 'b.1~', indent: 1 }, schema.text('two')),
      nodes.quote.create({ id: 'b.2' }),
      nodes.callout.create({ id: 'b.3' }, schema.text('note')),
      nodes.paragraph.create({ id: 'b.4' }),
      nodes.paragraph.create({ id: null }, schema.text('no id')),
    )
    const text = serializeMarkdown(doc, { ids: true })
    expect(text).toContain('<!-- sheaf id=a.0 -->\n## title')
    expect(parseMarkdown(text).toJSON()).toEqual(doc.toJSON())
    expect(serializeMarkdown(doc)).not.toContain('id=')
  })

  test('an id that stands twice is read once', () => {
    const doc = parseMarkdown('<!-- sheaf id=a.1 -->\nx\n\n<!-- sheaf id=a.1 -->\ny\n')
    expect(doc.firstChild!.children.map(block => block.attrs.id)).toEqual(['a.1', null])
  })

  test('a note that nothing refers to is not lost', () => {
    const doc = parseMarkdown('text\n\n[^x]: alone\n')
    expect(doc.firstChild!.lastChild!.toString()).toBe('paragraph("x", footnote)')
    expect(doc.firstChild!.lastChild!.lastChild!.attrs.text).toBe('alone')
  })

  test('blocks alone can be written', () => {
    expect(serializeMarkdown([nodes.bullet.create(null, schema.text('x'))])).toBe('- x\n')
  })
})

describe('HTML', () => {
  test('nesting is derived from indents', () => {
    const doc = parseMarkdown('- a\n  - b\n\n    c\n\n> q\n\n<details open>\n<summary>t</summary>\n\nx\n\n</details>\n')
    expect(serializeHtml(doc).replaceAll('\n', '')).toBe(
      '<ul><li>a<ul><li>b<p>c</p></li></ul></li></ul><blockquote><p>q</p></blockquote>' +
        '<details open><summary>t</summary><p>x</p></details>',
    )
  })

  test('what word processors and pages write is understood', () => {
    const doc =
      parseHtml(`<b style="font-weight:normal"><p style="text-align: right">a <span style="font-weight:700">b</span></p>
      <ul><li><p>one</p><p>two</p><ol start=3><li>three</ol></ul></b>
      <table><tr><th>x<th>y<tr><td>1<td><b>2</b></table>
      <figure><img src="a.png" width=10><figcaption>cap</figcaption></figure><h6>deep</h6>
      <pre><code class="language-js">
let  a
</code></pre><div>loose <i>text</i><div>inner</div></div>`)
    expect(outline(doc)).toEqual([
      '0 paragraph: a b',
      '0 bullet: one',
      '1 paragraph: two',
      '1 ordered: three',
      '0 table_block: xy12',
      '0 image: cap',
      '0 heading: deep',
      '0 code_block: \nlet  a',
      '0 paragraph: loose text',
      '0 paragraph: inner',
    ])
    expect(doc.firstChild!.firstChild!.attrs.align).toBe('end')
    expect(doc.firstChild!.firstChild!.lastChild!.marks[0]!.type).toBe(marks.strong)
  })
})

describe('plain text', () => {
  test('is a line for each block', () => {
    const text = 'one\n\n# two\n  three'
    expect(outline(parseText(text))).toEqual([
      '0 paragraph: one',
      '0 paragraph: ',
      '0 paragraph: # two',
      '0 paragraph:   three',
    ])
    expect(serializeText(parseText(text))).toBe(`${text}\n`)
    expect(serializeText(parseMarkdown('- a\\\nb $x$'))).toBe('a\nb $x$\n')
    expect(serializeText(parseText(''))).toBe('\n')
  })
})

describe('ProseMirror JSON', () => {
  const paragraph = (content: unknown) => ({ type: 'doc', content: [{ type: 'paragraph', content }] })

  test('sections are read and not written', () => {
    const doc = body(nodes.paragraph.create({ id: 'a.1' }, schema.text('x')))
    expect(serializeJson(doc)).toMatchObject({ type: 'doc', content: [{ type: 'paragraph', attrs: { id: 'a.1' } }] })
    expect(parseJson(doc.toJSON()).toJSON()).toEqual(doc.toJSON())
    expect(parseJson(serializeJson(doc)).toJSON()).toEqual(doc.toJSON())
  })

  test('kinds and marks of a newer version are kept', () => {
    const doc = parseJson({
      type: 'doc',
      content: [
        {
          type: 'poll',
          attrs: { indent: 2, options: 3 },
          content: [{ type: 'text', text: 'q?', marks: [{ type: 'blink', attrs: { hz: 2 } }] }],
        },
      ],
    })
    const block = doc.firstChild!.firstChild!
    expect(block.attrs).toEqual({ id: null, indent: 2, kind: 'poll' })
    expect(block.firstChild!.marks[0]!.attrs).toEqual({ name: 'blink', value: { hz: 2 } })
  })

  test.each<[string, unknown, string]>([
    ['no JSON', '{', ''],
    ['no object', [], ''],
    ['another node', { type: 'paragraph' }, 'type'],
    ['no content', { type: 'doc' }, 'content'],
    ['a block without a type', { type: 'doc', content: [{}] }, 'content[0].type'],
    [
      'a level that does not exist',
      { type: 'doc', content: [{ type: 'heading', attrs: { level: 5 } }] },
      'content[0].attrs.level',
    ],
    [
      'an indent that is no number',
      { type: 'doc', content: [{ type: 'bullet', attrs: { indent: '1' } }] },
      'content[0].attrs.indent',
    ],
    ['an id that is none', { type: 'doc', content: [{ type: 'bullet', attrs: { id: '"><' } }] }, 'content[0].attrs.id'],
    [
      'an id twice',
      {
        type: 'doc',
        content: [
          { type: 'bullet', attrs: { id: 'a.1' } },
          { type: 'quote', attrs: { id: 'a.1' } },
        ],
      },
      'content[1].attrs.id',
    ],
    ['blocks in blocks', paragraph([{ type: 'paragraph' }]), 'content[0].content[0].type'],
    ['text that is no string', paragraph([{ type: 'text', text: 1 }]), 'content[0].content[0].text'],
    ['no text', paragraph([{ type: 'text', text: '' }]), 'content[0].content[0].text'],
    ['unknown inline content', paragraph([{ type: 'sticker' }]), 'content[0].content[0].type'],
    [
      'an attribute of a wrong type',
      paragraph([{ type: 'inline_math', attrs: { tex: 1 } }]),
      'content[0].content[0].attrs.tex',
    ],
    [
      'a link without an address',
      paragraph([{ type: 'text', text: 'x', marks: [{ type: 'link' }] }]),
      'content[0].content[0].marks[0].attrs.href',
    ],
    [
      'a known mark by the back door',
      paragraph([{ type: 'text', text: 'x', marks: [{ type: 'opaque_mark', attrs: { name: 'link' } }] }]),
      'content[0].content[0].marks[0].attrs.name',
    ],
  ])('%s is refused, and the place named', (_title, json, path) => {
    const refusal = (() => {
      try {
        parseJson(json)
        return null
      } catch (error) {
        return error
      }
    })()
    expect(refusal).toBeInstanceOf(FormatError)
    expect((refusal as FormatError).path).toBe(path)
  })

  test('addresses that could run script are taken out', () => {
    const link = { type: 'link', attrs: { href: 'javascript:alert(1)' } }
    const doc = parseJson(paragraph([{ type: 'text', text: 'x', marks: [link] }]))
    expect(doc.firstChild!.firstChild!.firstChild!.marks[0]!.attrs.href).toBe('#')
  })
})

test('what was read goes into a body, and is read there as the same', () => {
  const doc = parseMarkdown(
    '# a *b*\n\n- [x] c [d](https://e.f "g") `h`\n  1. i $j$ k[^1]\n\n> [!TIP]\n> l\\\n> m\n\n[^1]: n\n',
  )
  const ydoc = new Y.Doc()
  openBody(ydoc)
  Y.applyUpdate(ydoc, seedUpdate())
  writeBody(ydoc, doc)
  expect(normalize(readBody(ydoc)).toJSON()).toEqual(doc.toJSON())
})

test.each([' \u2028- ', ' \u00a0 ', '\u00a0 a ', '   ', ' a ', '\u2028'])('a code span keeps its spaces: %j', text => {
  const doc = body(nodes.paragraph.create(null, schema.text(text, [marks.code.create()])))
  expect(parseMarkdown(serializeMarkdown(doc)).toJSON()).toEqual(normalize(doc).toJSON())
})

describe('normalize', () => {
  test('changes only what no format keeps', () => {
    const doc = body(
      nodes.paragraph.create({ id: 'a.1', indent: 3 }, [
        schema.text('a\nb\u0007\ud800', [marks.link.create({ href: 'javascript:x', title: '' })]),
        nodes.inline_image.create({ src: 'javascript:x', width: -1 }),
      ]),
      nodes.code_block.create({ language: '' }, [schema.text('a'), nodes.hard_break.create(), schema.text('b')]),
    )
    const link = marks.link.create({ href: '#' })
    expect(normalize(doc).toJSON()).toEqual(
      body(
        nodes.paragraph.create({ indent: 3 }, [
          schema.text('a', [link]),
          nodes.hard_break.create(null, null, [link]),
          schema.text('b\ufffd\ufffd', [link]),
          nodes.inline_image.create(),
        ]),
        nodes.code_block.create(null, schema.text('a\nb')),
      ).toJSON(),
    )
  })

  test('leaves alone what it has made', () => {
    const doc = normalize(parseMarkdown('# a\n\n- *b* [c](d "e") `f`\n\n![g](h.png)\n\n    code\n'))
    expect(normalize(doc).eq(doc)).toBe(true)
    expect(doc.eq(parseMarkdown('# a\n\n- *b* [c](d "e") `f`\n\n![g](h.png)\n\n    code\n'))).toBe(true)
  })
})
