// One participant of a load: a socket on a document that has said what the dialect asks for and is in sync. While the load runs its
// frames are only counted, unless somebody looks at them.

import type { Dialect, Received } from './dialects.ts'
import { sync } from './dialects.ts'
import { LoadSocket } from './load-socket.ts'

const nothing = Uint8Array.of(0, 0)
const emptyStateVector = Uint8Array.of(0)

export class LoadClient {
  readonly socket: LoadSocket
  /** Called for each message; while it is not set, frames are not decoded. */
  onMessage: ((message: Received) => void) | undefined
  /** Called for each frame, decoded or not. */
  onFrame: ((frame: Buffer) => void) | undefined
  #closedWith: number | undefined
  #lastSeq = 0
  readonly #dialect: Dialect
  readonly #documentId: string
  #onSynced: ((bytes: number) => void) | undefined
  #onRefused: (error: Error) => void = () => undefined

  private constructor(socket: LoadSocket, dialect: Dialect, documentId: string) {
    this.socket = socket
    this.#dialect = dialect
    this.#documentId = documentId
    socket.onFrame = frame => this.#receive(frame)
    socket.onClose = code => {
      this.#closedWith = code
      this.#onRefused(new Error(`The server closed a socket with ${code}.`))
    }
  }

  /** Resolves when the document's state has come. @throws Error when the server closes the socket before. */
  static async join(
    port: number,
    dialect: Dialect,
    documentId: string,
    onMessage?: (message: Received) => void,
  ): Promise<LoadClient> {
    const socket = await LoadSocket.open(port, dialect.path(documentId), dialect.protocol)
    const client = new LoadClient(socket, dialect, documentId)
    client.onMessage = onMessage
    if (dialect.greeting !== undefined) socket.send(dialect.greeting(documentId))
    if (!dialect.syncs) return client
    const synced = new Promise<number>((resolve, reject) => {
      client.#onSynced = resolve
      client.#onRefused = reject
    })
    client.#sync(sync.step1, emptyStateVector)
    await synced
    return client
  }

  /** The code that the server closed with; undefined while the socket is open. */
  get closedWith(): number | undefined {
    return this.#closedWith
  }

  /** @returns the client sequence number, for dialects that acknowledge. */
  update(update: Uint8Array): number {
    this.#lastSeq += 1
    this.#sync(sync.update, update)
    return this.#lastSeq
  }

  updates(updates: readonly Uint8Array[]): void {
    this.socket.sendAll(
      updates.map(update => this.#dialect.encodeSync(this.#documentId, sync.update, update, ++this.#lastSeq)),
    )
  }

  /** Asks for everything once more. */
  ask(): void {
    this.#sync(sync.step1, emptyStateVector)
  }

  awareness(update: Uint8Array): void {
    this.socket.send(this.#dialect.encodeAwareness(this.#documentId, update))
  }

  leave(): void {
    this.socket.destroy()
  }

  #sync(step: number, bytes: Uint8Array): void {
    this.socket.send(this.#dialect.encodeSync(this.#documentId, step, bytes, this.#lastSeq))
  }

  #receive(frame: Buffer): void {
    this.onFrame?.(frame)
    if (this.#onSynced === undefined && this.onMessage === undefined) return
    for (const message of this.#dialect.decode(frame)) {
      // We have nothing that the server lacks; without an answer it may hold back what we send.
      if (message.kind === 'step1') this.#sync(sync.step2, nothing)
      else if (message.kind === 'step2') {
        this.#onSynced?.(message.bytes.length)
        this.#onSynced = undefined
      }
      this.onMessage?.(message)
    }
  }
}

/**
 * Lets so many join at once, in groups, so that no listen queue overflows. Documents are made where the dialect does not do
 * that by itself, unless they `areMade`.
 */
export async function joinMany(
  count: number,
  port: number,
  dialect: Dialect,
  documentIdOf: (index: number) => string,
  { areMade = false } = {},
): Promise<LoadClient[]> {
  if (dialect.maker !== undefined && !areMade) {
    for (const documentId of new Set(Array.from({ length: count }, (_, i) => documentIdOf(i)))) {
      const maker = await LoadClient.join(port, dialect.maker, documentId)
      maker.leave()
    }
  }
  const clients: LoadClient[] = []
  while (clients.length < count) {
    const group = Math.min(50, count - clients.length)
    const first = clients.length
    clients.push(
      ...(await Promise.all(
        Array.from({ length: group }, (_, i) => LoadClient.join(port, dialect, documentIdOf(first + i))),
      )),
    )
  }
  return clients
}
