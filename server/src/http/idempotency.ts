// Requests that may be sent again: the answer is kept under the caller's key for a day, in the batch of the row that it speaks of, so
// that no crash can fall between doing and remembering (draft-ietf-httpapi-idempotency-key-header-07).

import { createHash } from 'node:crypto'
import { RequestError, SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { RecordPut, Records } from '../store/records.ts'

export interface Remembered {
  readonly status: 200 | 201
  /** JSON. */
  readonly body: string
  /** The revision that it speaks of; said in the header, too. */
  readonly rev?: string
}

interface Kept extends Remembered {
  readonly fingerprint: string
  readonly madeMs: number
}

export interface KeyedRequest {
  readonly principal: string
  /** Of the header `Idempotency-Key`; absent: nothing is remembered. */
  readonly key: string | undefined
  /** All that makes the request what it is. */
  readonly fingerprint: readonly (string | Uint8Array)[]
}

/** What is to be written together with the change; none where there is no key. */
export type Remember = (answer: Remembered) => readonly RecordPut[]

const keptMs = 24 * 60 * 60_000
const sweepMs = 60 * 60_000
const maxKeyLength = 255

export class Idempotency {
  readonly #records: Records
  readonly #clock: Clock
  readonly #inProgress = new Set<string>()
  #sweptMs: number

  constructor({ records, clock }: { records: Records; clock: Clock }) {
    this.#records = records
    this.#clock = clock
    this.#sweptMs = clock.nowMs()
  }

  /**
   * Answers a request, or gives the answer that was given before.
   * @param answer writes what `remember` gives in the batch of its change; where it has changed nothing that is done here.
   * @throws RequestError `idempotency-in-progress`, `idempotency-key-reused`; SheafError `invalid-field`; what `answer` throws.
   */
  async run(
    { principal, key, fingerprint }: KeyedRequest,
    answer: (remember: Remember) => Promise<{ readonly answer: Remembered; readonly isKept: boolean }>,
  ): Promise<Remembered & { readonly isReplayed: boolean }> {
    if (key === undefined) return { ...(await answer(() => [])).answer, isReplayed: false }
    if (key === '' || key.length > maxKeyLength) {
      const detail = `Idempotency-Key: 1 to ${maxKeyLength} characters.`
      throw new SheafError('invalid-field', detail, { details: { field: 'Idempotency-Key' } })
    }
    const name = digest([principal, key])
    const print = digest(fingerprint)
    if (this.#inProgress.has(name)) throw new RequestError('idempotency-in-progress')
    this.#inProgress.add(name)
    try {
      const kept = await this.#records.get<Kept>('idempotency', name)
      if (kept !== undefined && kept.madeMs + keptMs > this.#clock.nowMs()) {
        if (kept.fingerprint !== print) throw new RequestError('idempotency-key-reused')
        const { status, body, rev } = kept
        return { status, body, ...(rev !== undefined && { rev }), isReplayed: true }
      }
      const putOf = (remembered: Remembered): RecordPut => ({
        collection: 'idempotency',
        key: name,
        value: { ...remembered, fingerprint: print, madeMs: this.#clock.nowMs() } satisfies Kept,
      })
      const given = await answer(remembered => [putOf(remembered)])
      if (!given.isKept) {
        const { collection, key: at, value } = putOf(given.answer)
        await this.#records.change(change => change.put(collection, at, value))
      }
      await this.#sweep()
      return { ...given.answer, isReplayed: false }
    } finally {
      this.#inProgress.delete(name)
    }
  }

  /** Takes away what is older than a day, once an hour. */
  async #sweep(): Promise<void> {
    const nowMs = this.#clock.nowMs()
    if (nowMs - this.#sweptMs < sweepMs) return
    this.#sweptMs = nowMs
    await this.#records.change(async change => {
      for (const { key, value } of await change.list<Kept>('idempotency')) {
        if (value.madeMs + keptMs <= nowMs) change.delete('idempotency', key)
      }
    })
  }
}

/** Each part with its length before it: no two lists of parts are one. */
function digest(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part) : part
    hash.update(`${bytes.byteLength}:`).update(bytes)
  }
  return hash.digest('base64url')
}
