// What the address of a picture says besides where it is, and that no format, and no browser, takes a picture on its way for one that is there.

import { imageSize, safeSource, schema } from '@sheaf/model'
import { normalize, parseHtml, parseMarkdown, serializeHtml, serializeMarkdown } from '@sheaf/model/formats'
import { describe, expect, test } from 'vitest'
import { tokens } from '../../packages/editor/src/grammar.ts'
import { pendingAddress, pendingIn, withImageSize } from '../../packages/editor/src/image-address.ts'

const { nodes } = schema

describe('the address of a picture', () => {
  test('has its size, which comes back from Markdown and HTML', () => {
    const src = withImageSize('/api/v1/documents/a/assets/0f', { width: 1200, height: 800 })
    expect(src).toBe('/api/v1/documents/a/assets/0f#1200x800')
    expect(imageSize(src)).toEqual({ width: 1200, height: 800 })
    expect(withImageSize(src, { width: 2, height: 1 })).toBe('/api/v1/documents/a/assets/0f#2x1')
    const image = nodes.image.create({ src, alt: 'Front' }, schema.text('South'))
    const doc = normalize(nodes.doc.create(null, nodes.section.create(null, image)))
    expect(parseMarkdown(serializeMarkdown(doc)).eq(doc)).toBe(true)
    expect(parseHtml(serializeHtml(doc)).eq(doc)).toBe(true)
    expect(serializeMarkdown(doc)).toBe('![Front](/api/v1/documents/a/assets/0f#1200x800 "South")\n')
  })

  test.each(['', '/a.png', '/a#0x1', '/a#12x', '/a#1x2x3', '/a#123456x1', '/a#1x2?'])('%s says no size', address => {
    expect(imageSize(address)).toBeNull()
  })

  test('of one that is on its way is nothing to load, and names who sends it', () => {
    const address = pendingAddress({ id: 'k3f9', name: 'Ada/Løv #1' })
    expect(pendingIn(address)).toEqual({ id: 'k3f9', name: 'Ada/Løv #1' })
    expect(safeSource(address)).toBe('')
    expect(pendingIn(pendingAddress({ id: 'x', name: 'n'.repeat(1_000) }))?.name).toHaveLength(80)
    for (const other of ['', '/a.png', 'upload:', 'upload:x', 'upload:../y/z', 'http://upload:a/b']) {
      expect(pendingIn(other), other).toBeNull()
    }
    expect(pendingIn('upload:x/%E0%A4%A')).toEqual({ id: 'x', name: '' })
  })
})

describe('hues of code', () => {
  test('are five, and each stretch of text has one', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code that is coloured
    const text = 'const a = `x${1}` // why'
    const found = tokens(text, 'javascript')
    expect(found.map(({ from, to, hue }) => `${hue} ${text.slice(from, to)}`)).toEqual([
      'keyword const',
      'string `x${',
      'number 1',
      'string }`',
      'comment // why',
    ])
    expect(tokens(text, 'nothing-of-the-kind')).toEqual([])
  })
})
