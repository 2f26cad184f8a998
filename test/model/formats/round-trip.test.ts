// What a format writes, it reads back: the document without what `normalize` says that no format keeps.

import { openBody, readBody, seedUpdate, writeBody } from '@sheaf/model'
import {
  normalize,
  parseHtml,
  parseJson,
  parseMarkdown,
  serializeHtml,
  serializeJson,
  serializeMarkdown,
} from '@sheaf/model/formats'
import fc from 'fast-check'
import type { Node } from 'prosemirror-model'
import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { caseCount } from '../../helpers/cases.ts'
import { anyDocument, anySource, writable } from './documents.ts'

const numRuns = caseCount({ short: 250, long: 5_000 })

describe('every document comes back as it was', () => {
  test.each([
    ['Markdown', (doc: Node) => serializeMarkdown(doc), parseMarkdown],
    ['HTML', serializeHtml, parseHtml],
    ['JSON', (doc: Node) => JSON.stringify(serializeJson(doc)), parseJson],
  ] as const)('%s', (_name, serialize, parse) => {
    fc.assert(
      fc.property(anyDocument, generated => {
        const doc = normalize(generated)
        const text = serialize(generated)
        expect(parse(text).toJSON(), text).toEqual(doc.toJSON())
      }),
      { numRuns },
    )
  })
})

describe('whatever is read is a document that comes back', () => {
  test.each([
    ['Markdown', serializeMarkdown, parseMarkdown],
    ['HTML', serializeHtml, parseHtml],
  ] as const)('%s', (_name, serialize, parse) => {
    fc.assert(
      fc.property(anySource, source => {
        const doc = parse(source)
        doc.check()
        expect(normalize(doc).toJSON()).toEqual(doc.toJSON())
        expect(parse(serialize(doc)).toJSON()).toEqual(doc.toJSON())
      }),
      { numRuns: 2 * numRuns },
    )
  })
})

describe('what a format reads goes into a body, and is read there as the same', () => {
  test.each([
    ['Markdown', serializeMarkdown, parseMarkdown],
    ['HTML', serializeHtml, parseHtml],
    ['JSON', serializeJson, parseJson],
  ] as const)('%s', (_name, serialize, parse) => {
    fc.assert(
      fc.property(anyDocument, anyDocument, (first, second) => {
        const ydoc = new Y.Doc()
        openBody(ydoc)
        Y.applyUpdate(ydoc, seedUpdate())
        // The second one takes the place of the first: what both have in common is kept.
        for (const generated of [first, second]) {
          const doc = normalize(writable(generated))
          writeBody(ydoc, parse(serialize(doc) as string))
          expect(normalize(readBody(ydoc)).toJSON()).toEqual(doc.toJSON())
        }
      }),
      { numRuns: numRuns / 2 },
    )
  })
})
