// Handles: what finding gives and editing takes. A handle says where words stand, in ids that outlive the edits of others, and what they
// said. It is signed, so that nobody is handed one that this server did not make, and good for a day, also after a restart.

import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Anchor, parseAnchor } from '@sheaf/model'
import type { Anchored } from '@sheaf/model/edits'
import { RequestError, SheafError } from '@sheaf/protocol'
import type { Clock } from '../clock.ts'
import type { Records } from '../store/records.ts'

export interface HandlesOptions {
  readonly records: Records
  readonly clock: Clock
}

/** Which document, in which timeline. */
export interface Timeline {
  readonly documentId: string
  readonly epoch: string
}

const validMs = 24 * 60 * 60_000
const keyName = 'handle-key'
const macLength = 22

type Payload = readonly [untilS: number, epoch: string, hash: string, ...anchor: readonly unknown[]]

export class Handles {
  readonly #options: HandlesOptions
  #key: Promise<Buffer> | undefined

  constructor(options: HandlesOptions) {
    this.#options = options
  }

  /** @param text what the words say; of a block that is meant as a whole nothing. */
  async make({ documentId, epoch }: Timeline, anchor: Anchor, text: string): Promise<string> {
    const untilS = Math.ceil((this.#options.clock.nowMs() + validMs) / 1_000)
    const { block, first, last, quote, offset } = anchor
    const payload: Payload = [untilS, epoch, hashOf(text), block, first, last, quote, offset]
    const encoded = Buffer.from(JSON.stringify(payload)).toString('base64url')
    return `h_${encoded}.${await this.#mac(documentId, encoded)}`
  }

  /**
   * @throws SheafError `invalid-field` for what is no handle of this document; RequestError `target-not-found` when it has expired,
   * `epoch-mismatch`.
   */
  async read({ documentId, epoch }: Timeline, handle: string): Promise<Anchored> {
    const [, encoded = '', mac = ''] = /^h_([\w-]+)\.([\w-]+)$/.exec(handle) ?? []
    const expected = Buffer.from(await this.#mac(documentId, encoded))
    const given = Buffer.from(mac)
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      throw new SheafError('invalid-field', 'This is no handle of this document.', { details: { field: '/handle' } })
    }
    const [untilS, made, hash, block, first, last, quote, offset] = JSON.parse(
      Buffer.from(encoded, 'base64url').toString(),
    ) as Payload
    if (untilS * 1_000 < this.#options.clock.nowMs()) {
      throw new RequestError('target-not-found', 'The handle has expired; find the words again.')
    }
    if (made !== epoch)
      throw new RequestError('epoch-mismatch', 'The handle is of another timeline; find the words again.')
    return { anchor: parseAnchor({ block, first, last, quote, offset }), holds: text => hashOf(text) === hash }
  }

  async #mac(documentId: string, encoded: string): Promise<string> {
    this.#key ??= this.#openKey()
    const mac = createHmac('sha256', await this.#key).update(`${documentId}\0${encoded}`)
    return mac.digest('base64url').slice(0, macLength)
  }

  async #openKey(): Promise<Buffer> {
    const kept = await this.#options.records.change(async change => {
      const known = await change.get<string>('setting', keyName)
      if (known !== undefined) return known
      const made = randomBytes(32).toString('base64url')
      change.put('setting', keyName, made)
      return made
    })
    return Buffer.from(kept, 'base64url')
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16)
}
