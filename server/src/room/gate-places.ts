// The types that structs stand in, of the replica and of updates in flight alike. A type in flight has no Y type yet, and a
// root changes its Y type when somebody reads it, so types are compared by what never changes: root name or item id.

import type * as Y from 'yjs'
import type { LayoutRules, Place } from './gate-layout.ts'

/** One type: a root, or one that an item holds. */
export interface Container {
  readonly place: Place
  /** The name of a root; null for a type inside another. */
  readonly root: string | null
  /** Id of the item that holds it; 0 for a root. */
  readonly client: number
  readonly clock: number
  /** 0 for a root. */
  readonly depth: number
}

export function isSameContainer(a: Container, b: Container): boolean {
  return a === b || (a.root === b.root && a.client === b.client && a.clock === b.clock)
}

/** Names one list of a container: its sequence, or the values that one key has had. */
export function listName(container: Container, key: string | null): string {
  const owner = container.root === null ? `${container.client}:${container.clock}` : `/${container.root}`
  return key === null ? owner : `${owner}\n${key}`
}

export class Places {
  readonly #ydoc: Y.Doc
  readonly #rules: LayoutRules
  readonly #roots = new Map<string, Container>()
  readonly #byType = new WeakMap<object, Container>()

  constructor(ydoc: Y.Doc, rules: LayoutRules) {
    this.#ydoc = ydoc
    this.#rules = rules
  }

  /** The root of this name, whether the replica has it yet or not; undefined when the layout has no such root. */
  root(name: string): Container | undefined {
    const known = this.#roots.get(name)
    if (known !== undefined) return known
    // Not kept: names come from strangers, and what they send may be refused.
    const place = this.#rules.placeOfRoot(name)
    return place === undefined ? undefined : newRoot(name, place)
  }

  /** The type that the item `client:clock` inside `parent` holds. */
  inside(parent: Container, client: number, clock: number): Container {
    return { place: this.#rules.placeInside(parent.place), root: null, client, clock, depth: parent.depth + 1 }
  }

  /** The container of a type of the replica. */
  of(type: Y.AbstractType<unknown>): Container {
    const known = this.#byType.get(type)
    if (known !== undefined) return known
    // From the type upwards to the first known one, then down again: a chain may be long, a stack is not.
    const chain: Y.AbstractType<unknown>[] = []
    let container: Container | undefined
    for (let at = type; ; ) {
      container = this.#byType.get(at)
      if (container !== undefined) break
      if (at._item === null) {
        container = this.#registerRoots(at)
        break
      }
      chain.push(at)
      at = at._item.parent as Y.AbstractType<unknown>
    }
    for (const inner of chain.reverse()) {
      const { client, clock } = inner._item!.id
      container = this.inside(container, client, clock)
      this.#byType.set(inner, container)
    }
    return container
  }

  /** All roots at once: Yjs keeps no way from a root to its name, and to look for each alone costs all of them each time. */
  #registerRoots(wanted: Y.AbstractType<unknown>): Container {
    for (const [name, type] of this.#ydoc.share) {
      if (this.#byType.has(type)) continue
      const container = this.#roots.get(name) ?? newRoot(name, this.#rules.placeOfRoot(name) ?? 'foreign')
      this.#roots.set(name, container)
      this.#byType.set(type, container)
    }
    const found = this.#byType.get(wanted)
    if (found === undefined) throw new TypeError('The type belongs to another document.')
    return found
  }
}

function newRoot(name: string, place: Place): Container {
  return { place, root: name, client: 0, clock: 0, depth: 0 }
}
