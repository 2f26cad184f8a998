// Block ids. A block's id is the id of its marker, or what the register `was` says where the marker stands for an older one (a
// move, an undone deletion). Several markers may claim one id; they are resolved in document order: (1) shown markers that are
// not gone and have a well-formed `was`, the first wins; (2) other markers that are not gone: their own id, or own + `~` where it
// is taken; (3) shown gone markers: `was`, own, own + `~`. Claims fall into small groups by the id without its `~`, and only
// the groups of what changed are resolved again.

/** What takes part in the resolution; entries of the block index have this shape. */
export interface Claimant {
  /** Id of the marker; null for a first block without one, which has no id. */
  readonly own: string | null
  /** The register `was` where it is well-formed. */
  readonly was: string | null
  readonly gone: boolean
  /** False for a ghost with nothing behind it: it is not there and has no id. */
  readonly shown: boolean
}

export function isBlockId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-z]{1,11}\.[0-9a-z]{1,11}~{0,8}$/.test(value)
}

export class Claims<T extends Claimant> {
  /** Claimants by the id in their `was`, without `~`. Almost always empty. */
  readonly #byWas = new Map<string, Set<T>>()

  add(claimant: T): void {
    if (claimant.was === null) return
    const group = stem(claimant.was)
    const members = this.#byWas.get(group)
    if (members === undefined) this.#byWas.set(group, new Set([claimant]))
    else members.add(claimant)
  }

  remove(claimant: T): void {
    if (claimant.was === null) return
    const group = stem(claimant.was)
    const members = this.#byWas.get(group)
    if (members?.delete(claimant) && members.size === 0) this.#byWas.delete(group)
  }

  /** Everybody whose `was` is this id or one with another number of `~`. */
  claimants(id: string): Iterable<T> {
    return this.#byWas.get(stem(id)) ?? []
  }

  /**
   * The ids of all claimants whose ids can depend on the changed ones.
   * @param changed claimants that came, went or changed
   * @param markerOf the live claimant whose marker has this id, if any
   * @param inOrder live claimants in document order
   */
  resolve(
    changed: Iterable<T>,
    markerOf: (own: string) => T | undefined,
    inOrder: (claimants: ReadonlySet<T>) => readonly T[],
  ): Map<T, string | null> {
    const simple = new Map<T, string | null>()
    const groups = new Set<string>()
    const members = new Set<T>()
    const queue: string[] = []
    const visit = (id: string): void => {
      const group = stem(id)
      if (!groups.has(group)) {
        groups.add(group)
        queue.push(group)
      }
    }
    for (const claimant of changed) {
      // The usual block: nobody claims its id, and it claims nobody's.
      if (claimant.was === null && (claimant.own === null || !this.#byWas.has(claimant.own))) {
        simple.set(claimant, claimant.shown ? claimant.own : null)
        continue
      }
      if (claimant.own !== null) visit(claimant.own)
      if (claimant.was !== null) visit(claimant.was)
    }
    for (let group = queue.pop(); group !== undefined; group = queue.pop()) {
      const marker = markerOf(group)
      for (const claimant of [...(marker === undefined ? [] : [marker]), ...(this.#byWas.get(group) ?? [])]) {
        members.add(claimant)
        if (claimant.own !== null) visit(claimant.own)
        if (claimant.was !== null) visit(claimant.was)
      }
    }
    if (members.size === 0) return simple
    const resolved = settle(inOrder(members))
    for (const [claimant, id] of resolved) simple.set(claimant, id)
    return simple
  }
}

/** Resolves claimants in document order; they must hold everybody who claims one of their ids. */
export function settle<T extends Claimant>(ordered: readonly T[]): Map<T, string | null> {
  const ids = new Map<T, string | null>()
  const taken = new Set<string>()
  const take = (claimant: T, id: string): void => {
    taken.add(id)
    ids.set(claimant, id)
  }
  const takeOwn = (claimant: T): void => {
    if (claimant.own === null) return
    let id = claimant.own
    while (taken.has(id)) id += '~'
    take(claimant, id)
  }
  for (const claimant of ordered) {
    if (!claimant.gone && claimant.was !== null && !taken.has(claimant.was)) take(claimant, claimant.was)
  }
  for (const claimant of ordered) {
    if (!claimant.gone && !ids.has(claimant)) takeOwn(claimant)
  }
  for (const claimant of ordered) {
    if (!claimant.gone) continue
    if (!claimant.shown) ids.set(claimant, null)
    else if (claimant.was !== null && !taken.has(claimant.was)) take(claimant, claimant.was)
    else takeOwn(claimant)
  }
  return ids
}

function stem(id: string): string {
  return id.replace(/~+$/, '')
}
