// Writing bit by bit, as a language model gives its words: pieces go in batches, each with its place, so that one whose answer was lost is sent
// again and written once.

import { SheafError } from '@sheaf/protocol'
import { type CallOptions, pathOf, type Requests } from './requests.ts'

export interface WriterOptions extends CallOptions {
  /** A block with an edge, a heading, or `{document: 'start' | 'end'}`. Default: the end of the document. */
  readonly target?: Readonly<Record<string, unknown>>
  /** Stands in the log with all that is written, so that it can be taken back as one. */
  readonly run?: { readonly id: string }
  /** What stands beside the caret; the note of a token goes before it. */
  readonly name?: string
}

export interface Written {
  /** `<epoch>.<revision>`; absent where nothing was written. */
  readonly rev?: string
  /** Ids of the blocks that it stands in. */
  readonly blocks: readonly string[]
}

/** More than this waits for the server before more is taken. */
const maxWaitingBytes = 16 * 1024
const maxTries = 6
const firstWaitMs = 250

/** A text that is being written; Markdown. */
export class DocumentWriter implements AsyncDisposable {
  readonly #requests: Requests
  readonly #path: string
  readonly #signal: AbortSignal | undefined
  readonly #encoder = new TextEncoder()
  /** Bytes that the server has. */
  #at = 0
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #sending: Promise<void> | null = null
  #failure: unknown
  #ended: Promise<Written> | null = null

  private constructor(requests: Requests, path: string, signal: AbortSignal | undefined) {
    this.#requests = requests
    this.#path = path
    this.#signal = signal
  }

  static async open(requests: Requests, documentId: string, options: WriterOptions = {}): Promise<DocumentWriter> {
    const { signal, ...body } = options
    const path = `${pathOf(documentId)}/writers`
    const response = await requests.send('POST', path, { body, ...(signal && { signal }) })
    const { writer } = (await response.json()) as { writer: string }
    return new DocumentWriter(requests, `${path}/${writer}`, signal)
  }

  /**
   * Resolves at once, or when the server has caught up.
   * @throws what has kept an earlier piece from being written: SheafError `forbidden`, `not-found` where the writer has ended …
   */
  async write(markdown: string): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#ended !== null) throw new SheafError('malformed', 'The text has ended.')
    const bytes = this.#encoder.encode(markdown)
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.byteLength
    const sending = this.#send()
    if (this.#waitingBytes > maxWaitingBytes) await sending
  }

  /** Resolves when all of it is on disk. @throws as {@link write}. */
  close(): Promise<Written> {
    this.#ended ??= this.#finish()
    return this.#ended
  }

  /** Takes away what was written, and nothing that others wrote in it. */
  async abort(): Promise<void> {
    this.#waiting = []
    this.#ended ??= Promise.resolve({ blocks: [] })
    await this.#sending?.catch(() => undefined)
    await this.#requests.send('DELETE', this.#path)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #send(): Promise<void> {
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = null
    })
    // Who does not wait is told with the next piece.
    this.#sending.catch(() => undefined)
    return this.#sending
  }

  async #drain(): Promise<void> {
    // What is written in the same moment goes together.
    await Promise.resolve()
    try {
      while (this.#waiting.length > 0) await this.#post(this.#take(), false)
    } catch (cause) {
      this.#failure = cause
      throw cause
    }
  }

  async #finish(): Promise<Written> {
    await this.#sending
    if (this.#failure !== undefined) throw this.#failure
    return this.#post(this.#take(), true)
  }

  #take(): Uint8Array<ArrayBuffer> {
    const piece = new Uint8Array(this.#waitingBytes)
    let at = 0
    for (const bytes of this.#waiting) {
      piece.set(bytes, at)
      at += bytes.byteLength
    }
    this.#waiting = []
    this.#waitingBytes = 0
    return piece
  }

  async #post(piece: Uint8Array<ArrayBuffer>, isLast: boolean): Promise<Written> {
    for (let tries = 1; ; tries++) {
      try {
        const response = await this.#requests.send('POST', this.#path, {
          query: { at: this.#at, ...(isLast && { end: 1 }) },
          headers: { 'content-type': 'text/markdown' },
          body: new Blob([piece]),
          ...(this.#signal && { signal: this.#signal }),
        })
        const { at, rev, blocks } = (await response.json()) as Written & { at: number }
        this.#at = at
        return { blocks, ...(rev !== undefined && { rev }) }
      } catch (cause) {
        const isLater = cause instanceof SheafError && cause.kind.retry === 'later'
        if (!isLater || tries === maxTries) throw cause
        await new Promise(resolve => setTimeout(resolve, firstWaitMs * 2 ** (tries - 1)))
      }
    }
  }
}
