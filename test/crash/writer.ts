// Writers of the crash loop. Each has a replica and types tokens into it, one every few milliseconds, whether the server is
// there or not. Half of them speak the wire by themselves, so that what counts as acknowledged does not depend on our client;
// the others are our client.

import { openDocument, type SheafDocument } from '@sheaf/client'
import * as Y from 'yjs'
import type { Random } from '../helpers/random.ts'
import { WireClient } from '../helpers/wire-client.ts'
import { newToken, type Oracle } from './oracle.ts'

export interface WriterOptions {
  readonly number: number
  readonly url: string
  readonly documentId: string
  readonly oracle: Oracle
  readonly random: Random
}

export interface Writer {
  readonly ydoc: Y.Doc
  /** Types, or deletes, one token. */
  write(): void
  /** Resolves when everything written so far is acknowledged. */
  settled(): Promise<void>
  close(): Promise<void>
}

/** How often a writer deletes one of its tokens instead of typing another. */
const deleteShare = 0.15

/** Makes the edits of one writer, and says which edit each is. */
class Typist {
  readonly ydoc = new Y.Doc()
  readonly #options: WriterOptions
  readonly #mine: string[] = []
  #count = 0

  constructor(options: WriterOptions) {
    this.#options = options
  }

  /** @returns what to call when this edit is acknowledged; undefined when the body is not here yet. */
  edit(): (() => void) | undefined {
    const { oracle, random, number } = this.#options
    const body = this.ydoc.getText('body')
    if (body.length === 0) return undefined
    // The marker takes one place, and toString() leaves it out.
    const text = body.toString()
    if (this.#mine.length > 0 && random.chance(deleteShare)) {
      const token = this.#mine.splice(random.below(this.#mine.length), 1)[0]!
      oracle.deleted(token)
      body.delete(1 + text.indexOf(token), token.length)
      return () => oracle.acknowledge(token, 'deleted')
    }
    const token = newToken(number, this.#count++)
    oracle.typed(token)
    this.#mine.push(token)
    // Behind some token or at the start, so that no token is ever cut.
    body.insert(1 + text.lastIndexOf('>', random.below(text.length + 1)) + 1, token)
    return () => oracle.acknowledge(token, 'typed')
  }
}

/** A writer that is our client. */
export function openClientWriter(options: WriterOptions): Writer {
  const typist = new Typist(options)
  const opened: SheafDocument = openDocument({
    url: options.url,
    documentId: options.documentId,
    identity: { id: `writer-${options.number}`, name: `Writer ${options.number}` },
    ydoc: typist.ydoc,
    offline: null,
  })
  return {
    ydoc: typist.ydoc,
    write() {
      const acknowledge = typist.edit()
      // A promise that is never kept is a failure of `settled`; one that is broken says the client gave up.
      if (acknowledge !== undefined) opened.saved().then(acknowledge, () => undefined)
    },
    async settled() {
      await opened.saved()
    },
    close: () => opened.close(),
  }
}

/** A writer that speaks `sheaf.v1` itself: sequence numbers, acknowledgements, a step 2 after each reconnect. */
export function openWireWriter(options: WriterOptions): Writer {
  const typist = new Typist(options)
  const { ydoc } = typist
  const unacknowledged: { readonly seq: number; readonly acknowledge: () => void }[] = []
  const waiting = new Set<() => void>()
  let seq = 0
  let client: WireClient | undefined
  let isClosed = false
  ydoc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin === 'remote') return
    seq += 1
    client?.send({ type: 'sequenced', clientSeq: seq, message: { type: 'update', update } })
  })
  const serve = async (opened: WireClient) => {
    const acks = (async () => {
      for (;;) {
        const { clientSeq } = await opened.next('ack')
        while (unacknowledged[0] !== undefined && unacknowledged[0].seq <= clientSeq)
          unacknowledged.shift()!.acknowledge()
        if (unacknowledged.length === 0) {
          for (const wake of waiting) wake()
          waiting.clear()
        }
      }
    })()
    const steps = (async () => {
      for (;;) Y.applyUpdate(ydoc, (await opened.next('step2')).update, 'remote')
    })()
    const updates = (async () => {
      for (;;) Y.applyUpdate(ydoc, (await opened.next('update')).update, 'remote')
    })()
    const answers = (async () => {
      for (;;) {
        const { stateVector } = await opened.next('step1')
        const update = Y.encodeStateAsUpdate(ydoc, stateVector)
        opened.send({ type: 'sequenced', clientSeq: seq, message: { type: 'step2', update } })
        // From here on what is typed follows by itself; before, it is in the step 2.
        client = opened
      }
    })()
    opened.send({ type: 'step1', stateVector: Y.encodeStateVector(ydoc) })
    await Promise.allSettled([acks, steps, updates, answers])
  }
  const running = (async () => {
    while (!isClosed) {
      try {
        const opened = await WireClient.open(options.url, options.documentId, { extension: true })
        if (isClosed) await opened.close()
        await serve(opened)
      } catch {
        // The server is down: that is what this test is about. It is tried again.
      }
      client = undefined
      await new Promise<void>(resolve => setTimeout(resolve, 20))
    }
  })()
  return {
    ydoc,
    write() {
      const acknowledge = typist.edit()
      if (acknowledge !== undefined) unacknowledged.push({ seq, acknowledge })
    },
    async settled() {
      if (unacknowledged.length > 0) await new Promise<void>(resolve => waiting.add(resolve))
    },
    async close() {
      isClosed = true
      await client?.close()
      await running
    },
  }
}
