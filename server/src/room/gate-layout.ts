// What may stand where, for each layout. `sheaf` is the layout of docs/body.md: a body, a title and cells that are
// sequences, and maps of flat registers. `raw` is whatever another Yjs editor writes, without subdocuments: they would be
// documents of their own, under ids that nobody granted.

import type { Layout, Limits } from '@sheaf/protocol'
import * as Y from 'yjs'
import { contentRef, type Shape, typeRef } from './prescan.ts'

/** What a list of structs is for. `foreign` holds what was there before the gate; nothing may be added. */
export type Place = 'body' | 'cell' | 'title' | 'map' | 'marker' | 'any' | 'foreign'

export interface LayoutRules {
  readonly shape: Shape
  /** How deep a type may stand below its root. */
  readonly maxTypeDepth: number
  /** The place that a root of this name is; undefined when there is no such root in the layout. */
  placeOfRoot(name: string): Place | undefined
  /** The place inside a type that stands in `place`. */
  placeInside(place: Place): Place
  /** Why content has no place there; null when it has. `key` is that of a map entry, null in a sequence. */
  misfit(place: Place, key: string | null, content: Y.Item['content']): string | null
}

export function layoutRules(layout: Layout, limits: Limits): LayoutRules {
  return layout === 'sheaf' ? sheafRules(limits) : rawRules(limits)
}

function bits(...refs: readonly number[]): number {
  return refs.reduce((set, ref) => set | (1 << ref), 0)
}

const sharedContents = bits(
  contentRef.deleted,
  contentRef.json,
  contentRef.string,
  contentRef.embed,
  contentRef.format,
  contentRef.type,
  contentRef.any,
)

function rawRules(limits: Limits): LayoutRules {
  return {
    shape: {
      contents: sharedContents | bits(contentRef.binary),
      types: bits(...Object.values(typeRef)),
      // Thousands of levels can be written and never loaded again; no editor comes near a hundred.
      maxValueDepth: 100,
      maxValueBytes: limits.maxDocumentBytes,
      maxNameBytes: limits.maxDocumentBytes,
      jsonOnly: false,
    },
    // Yjs deletes and collects nested types by recursion.
    maxTypeDepth: 200,
    placeOfRoot: () => 'any',
    placeInside: () => 'any',
    misfit: () => null,
  }
}

const tableRoot = /^table:[\w-]{1,64}$/
const cellRoot = /^cell:[\w-]{1,64}:[\w-]{1,64}$/
const shadowingKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

function sheafRules(limits: Limits): LayoutRules {
  return {
    shape: {
      contents: sharedContents,
      types: bits(typeRef.map),
      maxValueDepth: 8,
      maxValueBytes: limits.maxValueBytes,
      maxNameBytes: 256,
      jsonOnly: true,
    },
    maxTypeDepth: 1,
    placeOfRoot(name) {
      if (name === 'body' || name === 'title') return name
      if (name === 'meta' || tableRoot.test(name)) return 'map'
      return cellRoot.test(name) ? 'cell' : undefined
    },
    placeInside: place => (place === 'body' || place === 'cell' ? 'marker' : 'foreign'),
    misfit: sheafMisfit,
  }
}

function sheafMisfit(place: Place, key: string | null, content: Y.Item['content']): string | null {
  switch (place) {
    case 'body':
    case 'cell':
    case 'title':
      if (key !== null) return `The ${place} is a sequence and has no key.`
      if (isInline(content)) return null
      if (content instanceof Y.ContentType && place !== 'title') return null
      return `A ${content.constructor.name} has no place in the ${place}.`
    case 'map':
    case 'marker':
      if (key === null) return `A ${place} has no sequence.`
      if (shadowingKeys.has(key)) return 'A register bears the name of a built-in.'
      if (content instanceof Y.ContentJSON) {
        return content.arr.includes(undefined) ? 'A register is undefined.' : null
      }
      return content instanceof Y.ContentAny || content instanceof Y.ContentDeleted
        ? null
        : `A ${content.constructor.name} has no place in a ${place}.`
    default:
      return 'The type is not of this layout.'
  }
}

function isInline(content: Y.Item['content']): boolean {
  return (
    content instanceof Y.ContentString ||
    content instanceof Y.ContentDeleted ||
    content instanceof Y.ContentFormat ||
    content instanceof Y.ContentEmbed
  )
}
