// Is the process alive, and is it ready: two different questions (docs/running.md). Readiness asks the disk itself, with a
// small synced write that is at most ten seconds old.

import type { Clock } from '../clock.ts'
import type { DocumentStore } from '../store/store.ts'

/** A canary older than this is written again before readiness is told. */
const canaryFreshMs = 10_000

/** A disk that takes longer than this is not ready. */
const canaryTimeoutMs = 5_000

export interface Readiness {
  readonly ready: boolean
  readonly draining: boolean
  readonly store: {
    readonly state: string
    /** What an acknowledgement means: `fsync`, `os` or `memory`. */
    readonly durability: string
    /** Documents and files found damaged at start. */
    readonly damaged: number
  }
  readonly canary: { readonly ok: boolean; readonly ageMs: number }
}

export class Health {
  readonly #store: DocumentStore
  readonly #clock: Clock
  readonly #isDraining: () => boolean
  #canary: { readonly atMs: number; readonly ok: boolean } | undefined
  #probing: Promise<void> | undefined

  constructor(options: { store: DocumentStore; clock: Clock; isDraining: () => boolean }) {
    this.#store = options.store
    this.#clock = options.clock
    this.#isDraining = options.isDraining
  }

  async readiness(): Promise<Readiness> {
    const isFresh = this.#canary?.ok && this.#clock.monotonicMs() - this.#canary.atMs <= canaryFreshMs
    if (!isFresh) await this.#probe()
    const canary = { ok: this.#canary!.ok, ageMs: Math.round(this.#clock.monotonicMs() - this.#canary!.atMs) }
    const { state } = this.#store.state
    const draining = this.#isDraining()
    return {
      ready: state === 'ok' && canary.ok && !draining,
      draining,
      store: { state, durability: this.#store.durability, damaged: this.#store.report.length },
      canary,
    }
  }

  /** One probe at a time, however many ask. */
  #probe(): Promise<void> {
    this.#probing ??= this.#writeCanary().finally(() => {
      this.#probing = undefined
    })
    return this.#probing
  }

  async #writeCanary(): Promise<void> {
    let cancel: () => void = () => undefined
    const tooSlow = new Promise<boolean>(resolve => {
      cancel = this.#clock.after(canaryTimeoutMs, () => resolve(false))
    })
    const written = this.#store.probe().then(
      () => true,
      () => false, // The store has logged why; readiness only tells.
    )
    const ok = await Promise.race([written, tooSlow])
    cancel()
    this.#canary = { atMs: this.#clock.monotonicMs(), ok }
  }
}
