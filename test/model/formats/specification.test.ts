// The examples of the CommonMark 0.31.2 and GFM specifications through our reader and writer of blocks. A body is flat and knows
// less than HTML, so both sides are first brought to what a body can say: the expected HTML is read as HTML, and written again.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseHtml, parseMarkdown, serializeHtml, serializeMarkdown } from '@sheaf/model/formats'
import { describe, expect, test } from 'vitest'

interface Example {
  readonly markdown: string
  readonly html: string
  readonly section: string
  readonly number?: number
}

const commonmark = (createRequire(import.meta.url)('commonmark-spec') as { tests: readonly Example[] }).tests
const gfm = (
  JSON.parse(readFileSync(new URL('gfm-examples.json', import.meta.url), 'utf8')) as { examples: readonly Example[] }
).examples
const withTabs = (example: Example): Example => ({
  ...example,
  markdown: example.markdown.replaceAll('→', '\t'),
  html: example.html.replaceAll('→', '\t'),
})

// `meant`: examples that we read otherwise on purpose.
const suites = [
  {
    name: 'CommonMark 0.31.2',
    examples: commonmark.map(withTabs),
    meant: [
      // A referenced line break is a break, as it must be for text that holds one to come back.
      'foo&#10;&#10;bar\n',
      // Autolinks without brackets are an extension of GFM.
      '< https://foo.bar >\n',
      'https://example.com\n',
      'foo@bar.example.com\n',
    ],
  },
  {
    name: 'GFM 0.29',
    examples: gfm.map(withTabs),
    meant: [
      // ftp: is not among the schemes that may be followed.
      gfm.find(({ markdown }) => markdown.includes('ftp://'))!.markdown,
      // Hidden elements are left out, where GFM shows their source.
      gfm.find(({ markdown }) => markdown.includes('<xmp>'))!.markdown,
    ],
  },
]

describe.each(suites)('the examples of $name', ({ name, examples, meant }) => {
  test('are read and written without an error, and what is written reads back', () => {
    expect(examples.length).toBeGreaterThan(20)
    for (const { markdown } of examples) {
      const doc = parseMarkdown(markdown)
      doc.check()
      expect(parseMarkdown(serializeMarkdown(doc)).toJSON(), markdown).toEqual(doc.toJSON())
      expect(parseHtml(serializeHtml(doc)).toJSON(), markdown).toEqual(doc.toJSON())
    }
  })

  test('give the HTML of the specification', () => {
    const different = examples.filter(example => rendered(example) !== expected(example))
    console.log(
      `${name}: ${examples.length - different.length} of ${examples.length} give the HTML of the specification`,
    )
    expect(different.map(({ markdown }) => markdown)).toEqual(meant)
  })
})

function rendered({ markdown }: Example): string {
  return comparable(serializeHtml(parseMarkdown(markdown)))
}

function expected({ html }: Example): string {
  return comparable(html)
}

/**
 * What a page shows: white space collapses, an image alone is an image with or without a frame, addresses are compared as a
 * browser would send them.
 */
function comparable(html: string): string {
  const flat = html
    .replaceAll(' data-space', '')
    .replace(/<figure>(<img[^>]*>)(<figcaption>.*?<\/figcaption>)?<\/figure>/g, '<p>$1</p>')
  return serializeHtml(parseHtml(flat)).replace(/(href|src)="([^"]*)"/g, (_, name: string, address: string) => {
    const plain = address.replaceAll('&quot;', '"')
    try {
      return `${name}="${encodeURI(decodeURI(plain))}"`
    } catch {
      // Not the encoding of any text: compared as it stands.
      return `${name}="${plain}"`
    }
  })
}
