// The elements of HTML that are open while it is read, and which of them a tag ends.

import type { Mark } from 'prosemirror-model'
import { endedByPart, holdsEndTag, impliedEnds, isBlockTag } from './html-structure.ts'

export interface Element {
  readonly name: string
  /** Marks to go on with behind it. */
  readonly marks: readonly Mark[]
  /** Ends the block; absent in inline elements. */
  readonly close?: () => void
}

export class OpenElements {
  readonly #elements: Element[] = []
  readonly #floors: number[] = []

  get depth(): number {
    return this.#elements.length
  }

  /** What lies below is not ended by a tag. */
  get floor(): number {
    return this.#floors.at(-1) ?? 0
  }

  raiseFloor(): void {
    this.#floors.push(this.depth)
  }

  lowerFloor(): void {
    this.#floors.pop()
  }

  push(element: Element): void {
    this.#elements.push(element)
  }

  pop(): Element {
    return this.#elements.pop()!
  }

  /** How deep the innermost open element of that name lies, if an end tag reaches it; else null. */
  find(name: string, floor: number): number | null {
    for (let i = this.#elements.length - 1; i >= floor; i--) {
      const element = this.#elements[i]!
      if (element.name === name) return i
      if (holdsEndTag(element.name, name)) return null
    }
    return null
  }

  /** How deep the element lies that ends, with all inside, because another one begins; null where none does. */
  findImplied(name: string): number | null {
    const ends = impliedEnds.get(name)
    for (let i = this.#elements.length - 1; i >= this.floor; i--) {
      const element = this.#elements[i]!
      if (ends?.has(element.name) || (element.name === 'p' && isBlockTag(name))) return i
      if (element.close !== undefined) return null
    }
    return null
  }

  /** The same for a part of a table: the outermost element of the innermost table that cannot hold it. */
  findEndedByPart(name: string): number | null {
    const ends = endedByPart.get(name)
    if (ends === undefined) return null
    let outermost: number | null = null
    for (let i = this.#elements.length - 1; i >= this.floor; i--) {
      const element = this.#elements[i]!
      if (ends.has(element.name)) outermost = i
      if (element.name === 'table') return outermost
    }
    return null
  }
}
