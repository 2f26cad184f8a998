// Passwords as scrypt hashes (RFC 7914) that carry their parameters, so that these can rise later. Hashing runs off the main thread,
// for a few at once: each takes 32 MiB and a core for a fifth of a second, and the same threads serve the disk.

import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { SheafError } from '@sheaf/protocol'

/** Memory is 128 · 2^cost · blockSize bytes. */
export interface ScryptParameters {
  /** Log2 of N. */
  readonly cost: number
  readonly blockSize: number
  readonly parallelization: number
}

export interface PasswordsOptions {
  /** For new passwords. Default: 32 MiB, three times over (OWASP, 2024). */
  readonly parameters?: ScryptParameters
  /** Hashed at the same time; more wait. */
  readonly maxAtOnce?: number
  /** Beyond so many that wait, the next one is refused. */
  readonly maxWaiting?: number
}

const defaultParameters: ScryptParameters = { cost: 15, blockSize: 8, parallelization: 3 }
const hashBytes = 32
const saltBytes = 16

/** More than this would only cost time. */
export const maxPasswordLength = 256
export const minPasswordLength = 12

export class Passwords {
  readonly #parameters: ScryptParameters
  readonly #maxAtOnce: number
  readonly #maxWaiting: number
  readonly #waiting: (() => void)[] = []
  #running = 0
  /** A password of nobody, checked where there is no account, so that the time does not tell. */
  #nobody: Promise<string> | undefined

  constructor({ parameters = defaultParameters, maxAtOnce = 2, maxWaiting = 50 }: PasswordsOptions = {}) {
    this.#parameters = parameters
    this.#maxAtOnce = maxAtOnce
    this.#maxWaiting = maxWaiting
  }

  /** @returns `scrypt$cost$blockSize$parallelization$salt$hash`. @throws SheafError `overloaded` when too many wait. */
  async hash(password: string): Promise<string> {
    const { cost, blockSize, parallelization } = this.#parameters
    const salt = randomBytes(saltBytes)
    const hash = await this.#inTurn(() => derive(password, salt, this.#parameters))
    const encoded = [salt, hash].map(bytes => bytes.toString('base64url'))
    return ['scrypt', cost, blockSize, parallelization, ...encoded].join('$')
  }

  /**
   * @param stored undefined where there is no account: takes as long as a wrong password.
   * @throws SheafError `overloaded` when too many wait.
   */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    this.#nobody ??= this.hash(randomBytes(saltBytes).toString('hex'))
    const [, cost, blockSize, parallelization, salt = '', hash = ''] = (stored ?? (await this.#nobody)).split('$')
    const parameters = { cost: Number(cost), blockSize: Number(blockSize), parallelization: Number(parallelization) }
    const derived = await this.#inTurn(() => derive(password, Buffer.from(salt, 'base64url'), parameters))
    const wanted = Buffer.from(hash, 'base64url')
    const isSame = wanted.length === derived.length && timingSafeEqual(wanted, derived)
    return isSame && stored !== undefined
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running < this.#maxAtOnce) this.#running += 1
    else if (this.#waiting.length >= this.#maxWaiting) {
      throw new SheafError('overloaded', 'Too many people are signing in at this moment.')
    } else {
      // Whoever ends hands its place over.
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next === undefined) this.#running -= 1
      else next()
    }
  }
}

function derive(password: string, salt: Buffer, parameters: ScryptParameters): Promise<Buffer> {
  const { cost, blockSize, parallelization } = parameters
  const options = {
    N: 2 ** cost,
    r: blockSize,
    p: parallelization,
    maxmem: 128 * blockSize * (2 ** cost + parallelization) + 1024 * 1024,
  }
  // One keyboard composes what another one does not (RFC 8265).
  const normal = password.normalize('NFKC')
  return new Promise((resolve, reject) => {
    scrypt(normal, salt, hashBytes, options, (error, derived) => (error === null ? resolve(derived) : reject(error)))
  })
}
