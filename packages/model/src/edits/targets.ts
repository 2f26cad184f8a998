// Where an edit is to happen: a target resolved in one state of a document, to words, to whole blocks, or to a place between.

import { placeAnchors } from '../anchors-body.ts'
import type { Body } from '../body.ts'
import { textOf } from '../kinds.ts'
import type { Anchored, EditTarget, OfBlock, OfDocument, OfHeading, Quoted } from './edit.ts'
import { EditError } from './errors.ts'
import { before, type Found, Searched } from './find.ts'
import { anchorOf } from './places.ts'
import { listsOf, type Spot, type Stretch, spotOf, textOfStretch } from './sheet.ts'

export type Resolved =
  | { readonly kind: 'words'; readonly stretches: readonly Stretch[]; readonly matchedBy: MatchedBy }
  | {
      readonly kind: 'blocks'
      readonly list: number
      readonly from: number
      readonly to: number
      readonly matchedBy: MatchedBy
    }
  /** Between two blocks where the offset is -1, or in a text. */
  | {
      readonly kind: 'place'
      readonly list: number
      readonly spot: Spot
      /** The indent that blocks get which are put there. */
      readonly indent: number
      readonly matchedBy: MatchedBy
    }

export type MatchedBy = 'exact' | 'normalized' | 'block' | 'heading' | 'handle' | 'document'

/** A state of a document in which targets are resolved. */
export class Scene {
  readonly body: Body
  readonly searched: Searched

  constructor(body: Body) {
    this.body = body
    this.searched = new Searched(listsOf(body.doc))
  }

  resolve(target: EditTarget): Resolved {
    if ('quote' in target) return this.#quote(target)
    if ('block' in target) return this.#block(target)
    if ('heading' in target) return this.#heading(target)
    if ('anchor' in target) return this.#anchor(target)
    return this.#whole(target)
  }

  #quote(target: Quoted): Resolved {
    const { occurrence = 'only' } = target
    const found = this.searched.quotes(target, maxMatches + 1)
    if (found.length > maxMatches) {
      throw new EditError('unsupported-op', `The quote stands in more than ${maxMatches} places.`)
    }
    if (found.length === 0) {
      throw new EditError('target-not-found', 'These words stand nowhere in it.', {
        candidates: this.#candidates(this.searched.nearest(target)),
      })
    }
    const stretches =
      occurrence === 'all' ? found : occurrence === 'only' ? found.slice(0, 1) : found.slice(occurrence - 1, occurrence)
    if (stretches.length === 0) {
      throw new EditError('target-not-found', `The quote stands in ${found.length} places only.`, {
        candidates: this.#candidates(found),
      })
    }
    if (occurrence === 'only' && found.length > 1) {
      throw new EditError(
        'ambiguous-target',
        `The quote stands in ${found.length} places. Say more with prefix or suffix, or take the handle of one.`,
        { candidates: this.#candidates(found) },
      )
    }
    const { matchedBy } = found[0]!
    const { edge } = target
    if (edge === undefined) return { kind: 'words', stretches, matchedBy }
    if (stretches.length > 1) throw new EditError('unsupported-op', 'One place at a time has an edge.')
    return this.#edgeOf(stretches[0]!, edge, matchedBy)
  }

  #block({ block: id, edge }: OfBlock): Resolved {
    const found = this.searched.block(id)
    if (found === undefined) throw new EditError('target-not-found', 'There is no block of this id.')
    const { list, index, node } = found
    const indent = Number(node.attrs.indent) || 0
    const place = (spot: Spot) => ({ kind: 'place', list, spot, indent, matchedBy: 'block' }) as const
    if (edge === 'before') return place(before(index))
    if (edge === 'after') return place(before(index + 1))
    if (edge === 'start') return place({ block: index, offset: 0 })
    if (edge === 'end') return place({ block: index, offset: textOf(node).size })
    return { kind: 'blocks', list, from: index, to: index + 1, matchedBy: 'block' }
  }

  #heading({ heading, level, edge }: OfHeading): Resolved {
    const { searched } = this
    const found = searched.headings(heading, level)
    const [index] = found
    if (index === undefined) {
      const candidates = this.#candidates(searched.nearest({ quote: heading }))
      throw new EditError('target-not-found', 'There is no such heading.', { candidates })
    }
    if (found.length > 1) {
      const stretches = found.map((block): Found => ({ ...this.#wholeBlock(0, block), matchedBy: 'exact' }))
      throw new EditError(
        'ambiguous-target',
        `There are ${found.length} such headings. Say its level, or take the id of its block.`,
        {
          candidates: this.#candidates(stretches),
        },
      )
    }
    const end = searched.sectionEnd(index)
    const place = (block: number) =>
      ({ kind: 'place', list: 0, spot: before(block), indent: 0, matchedBy: 'heading' }) as const
    if (edge === 'before') return place(index)
    if (edge === 'start') return place(index + 1)
    if (edge === 'end') return place(end)
    return { kind: 'blocks', list: 0, from: index, to: end, matchedBy: 'heading' }
  }

  #anchor({ anchor, holds, edge }: Anchored): Resolved {
    const [range] = placeAnchors(this.body, [anchor])
    if (range == null || (range.by === 'block' && anchor.first !== null)) {
      throw new EditError('target-deleted', 'What the handle was made for is not there any more.')
    }
    const { lists } = this.searched
    const from = spotOf(this.body.doc, lists, range.from)
    const to = spotOf(this.body.doc, lists, range.to)
    const stretch: Stretch = { list: from.list, from: from.spot, to: to.list === from.list ? to.spot : from.spot }
    if (anchor.first === null) {
      const { block } = from.spot
      if (edge === undefined)
        return { kind: 'blocks', list: from.list, from: block, to: block + 1, matchedBy: 'handle' }
      const index = edge === 'before' ? block : block + 1
      const indent = Number(lists[from.list]!.blocks[block]!.attrs.indent) || 0
      return { kind: 'place', list: from.list, spot: before(index), indent, matchedBy: 'handle' }
    }
    const current = textOfStretch(lists[stretch.list]!, stretch)
    if (!holds(current)) {
      throw new EditError('target-changed', 'What the handle was made for says something else now.', { current })
    }
    if (edge === undefined) return { kind: 'words', stretches: [stretch], matchedBy: 'handle' }
    return this.#edgeOf(stretch, edge, 'handle')
  }

  #whole({ document: place }: OfDocument): Resolved {
    const { length } = this.searched.lists[0]!.blocks
    if (place === 'all') return { kind: 'blocks', list: 0, from: 0, to: length, matchedBy: 'document' }
    const spot = before(place === 'start' ? 0 : length)
    return { kind: 'place', list: 0, spot, indent: 0, matchedBy: 'document' }
  }

  #edgeOf({ list, from, to }: Stretch, edge: 'before' | 'after', matchedBy: MatchedBy): Resolved {
    return { kind: 'place', list, spot: edge === 'before' ? from : to, indent: 0, matchedBy }
  }

  #wholeBlock(list: number, block: number): Stretch {
    const { size } = textOf(this.searched.lists[list]!.blocks[block]!)
    return { list, from: { block, offset: 0 }, to: { block, offset: size } }
  }

  #candidates(found: readonly Stretch[]) {
    return found.slice(0, maxCandidates).map(stretch => ({
      anchor: anchorOf(this.body, this.searched.lists, stretch),
      block: this.searched.lists[stretch.list]!.blocks[stretch.from.block]!.attrs.id as string | null,
      text: textOfStretch(this.searched.lists[stretch.list]!, stretch),
      context: this.searched.contextOf(stretch),
    }))
  }
}

const maxCandidates = 20

/** So much one edit may change at once, so that it holds up nobody else. */
const maxMatches = 1_000
