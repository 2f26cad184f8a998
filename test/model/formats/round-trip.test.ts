// What a format writes, it reads back: the document without what `normalize` says that no format keeps.

import { openBody, readBody, schema, seedUpdate, writeBody } from '@sheaf/model'
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
import { Fragment, type Mark, type Node } from 'prosemirror-model'
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
        const written = [first, second].map(generated => normalize(writable(generated)))
        // The second one takes the place of the first: what both have in common is kept.
        for (const doc of written) {
          writeBody(ydoc, parse(serialize(doc) as string))
          const read = normalize(readBody(ydoc))
          expect(withoutUnknownMarks(read).toJSON()).toEqual(withoutUnknownMarks(doc).toJSON())
        }
        const [before, after] = written.map(unknownMarks)
        expectMarksKept(before!, after!, unknownMarks(normalize(readBody(ydoc))))
      }),
      { numRuns: numRuns / 2 },
    )
  })
})

/** B29: the marks that were written are there, and besides them nothing but what stood on the text before and had no successor. */
function expectMarksKept(before: UnknownMarks, wanted: UnknownMarks, read: UnknownMarks): void {
  const written = new Set(before.flatMap(marks => [...marks.values()]))
  read.forEach((marks, place) => {
    for (const [name, value] of wanted[place]!) expect(marks.get(name)).toBe(value)
    for (const [name, value] of marks) if (!wanted[place]!.has(name)) expect(written).toContain(value)
  })
}

type UnknownMarks = ReadonlyMap<string, string>[]

/** The unknown marks of each place that bears marks, as JSON by their names. */
function unknownMarks(doc: Node): UnknownMarks {
  const places: UnknownMarks = []
  doc.descendants(({ isInline, nodeSize, marks }) => {
    const unknown = marks.filter(isUnknown)
    const byName = new Map(unknown.map(({ attrs }) => [attrs.name as string, JSON.stringify(attrs)]))
    if (isInline) for (let place = 0; place < nodeSize; place++) places.push(byName)
  })
  return places
}

function withoutUnknownMarks(node: Node): Node {
  const kept = node.mark(node.marks.filter(mark => !isUnknown(mark)))
  return node.isText ? kept : kept.copy(Fragment.fromArray(node.children.map(withoutUnknownMarks)))
}

function isUnknown(mark: Mark): boolean {
  return mark.type === schema.marks.opaque_mark
}
