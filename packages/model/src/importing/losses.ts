// What an import had no place for, by name and count. Names come from a foreign document: they are cut, cleaned and bounded in number.

import { cleanText } from '../formats/inline.ts'

const maxNameLength = 60
const maxNames = 100

export class Losses {
  readonly #counts = new Map<string, number>()

  add(kind: 'node' | 'mark' | 'root' | 'value', name: string): void {
    let label = `${kind} ${cleanText(name.slice(0, maxNameLength)).replace(/\s+/g, ' ')}`
    if (!this.#counts.has(label) && this.#counts.size >= maxNames) label = 'others'
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1)
  }

  /** One line for each name, in the order of the first of each: `mark textStyle: 3`. */
  list(): readonly string[] {
    return [...this.#counts].map(([label, count]) => `${label}: ${count}`)
  }
}
