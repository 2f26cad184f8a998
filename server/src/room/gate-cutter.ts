// Where large updates are cut into pieces: another thread, so that bytes of whatever kind hold up nobody. One update at a
// time, the documents in turn, so that one document full of them does not keep the others waiting. What takes too long or
// too much memory ends with its thread, is refused (U15), and the next update gets a new thread.

import type { Worker } from 'node:worker_threads'
import { type ErrorCode, SheafError } from '@sheaf/protocol'
import { type Clock, systemClock } from '../clock.ts'
import { type WorkerScript, workerFrom } from '../worker.ts'
import { type Cut, type CutRequest, cutUpdate } from './gate-pieces.ts'
import { refuseSize } from './gate-rules.ts'

export interface Cutter {
  /**
   * @param documentId whose turn it is. @param request the update is copied before this returns.
   * @throws SheafError `invalid-update` or `too-large`; `overloaded` when too much waits.
   */
  cut(documentId: string, request: CutRequest): Promise<Cut>
  /** Refuses what waits, ends the thread. */
  close(): Promise<void>
}

export interface WorkerCutterOptions {
  readonly clock?: Clock
  /** Time for one update. Default 60 s; the largest that there may be takes some 2 s of a processor of its own. */
  readonly timeoutMs?: number
  /** Heap of the thread, MiB. Default 256. */
  readonly maxHeapMiB?: number
  /** Bytes of updates that may wait. Default 64 MiB. */
  readonly maxWaitingBytes?: number
}

/** What comes back from the thread: all pieces in one buffer, which moves without being copied. */
export type CutReply =
  | { readonly kind: 'pieces'; readonly bytes: Uint8Array<ArrayBuffer>; readonly lengths: Uint32Array<ArrayBuffer> }
  | { readonly kind: 'gap'; readonly missing: ReadonlyMap<number, number> }
  | {
      readonly kind: 'refused'
      readonly code: ErrorCode
      readonly message: string
      readonly details: Readonly<Record<string, string | number | boolean>>
    }
  | { readonly kind: 'bug'; readonly message: string }

interface Job {
  readonly request: CutRequest
  readonly resolve: (cut: Cut) => void
  readonly reject: (error: unknown) => void
}

/** Cuts on the calling thread; for tests, and for a server that is run from its sources. */
export const inlineCutter: Cutter = {
  cut: async (_documentId, request) => cutUpdate({ ...request, update: request.update.slice() }),
  close: async () => undefined,
}

/** @param script the built `gate-worker.js`. */
export function workerCutter(script: WorkerScript, options: WorkerCutterOptions = {}): Cutter {
  const { clock = systemClock, timeoutMs = 60_000, maxHeapMiB = 256, maxWaitingBytes = 64 * 1024 * 1024 } = options
  const waiting = new Queues<Job>()
  let waitingBytes = 0
  let worker: Worker | undefined
  let current: Job | undefined
  let cancelTimeout: () => void = () => undefined
  let closed = false

  const next = () => {
    current = waiting.take()
    if (current === undefined) return worker?.unref()
    const { request } = current
    waitingBytes -= request.update.byteLength
    worker ??= startWorker()
    worker.ref()
    worker.postMessage(request, [request.update.buffer as ArrayBuffer])
    cancelTimeout = clock.after(timeoutMs, giveUp)
  }

  const settle = (decide: (job: Job) => void) => {
    cancelTimeout()
    const job = current
    current = undefined
    if (job !== undefined) decide(job)
    next()
  }

  /** The thread has run out of time or memory, or has met a bug: neither it nor the update gets another try. */
  const giveUp = () => {
    const broken = worker
    worker = undefined
    void broken?.terminate()
    settle(({ reject }) => reject(tooMuch(timeoutMs)))
  }

  const startWorker = () => {
    const started = workerFrom(script, { resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB } })
    started.on('message', (reply: CutReply) => {
      if (started === worker) settle(job => answer(job, reply))
    })
    for (const event of ['error', 'exit'] as const) {
      started.on(event, () => {
        if (started === worker) giveUp()
      })
    }
    return started
  }

  return {
    cut(documentId, request) {
      if (closed) return Promise.reject(new SheafError('restarting'))
      const { byteLength } = request.update
      if (waitingBytes > 0 && waitingBytes + byteLength > maxWaitingBytes) {
        return Promise.reject(new SheafError('overloaded', 'Too many large updates are waiting.'))
      }
      return new Promise((resolve, reject) => {
        waiting.add(documentId, { request: { ...request, update: request.update.slice() }, resolve, reject })
        waitingBytes += byteLength
        if (current === undefined) next()
      })
    },
    async close() {
      closed = true
      cancelTimeout()
      const jobs = [current, ...waiting.drain()]
      current = undefined
      const stopped = worker
      worker = undefined
      for (const job of jobs) job?.reject(new SheafError('restarting'))
      await stopped?.terminate()
    },
  }
}

function answer({ resolve, reject }: Job, reply: CutReply): void {
  switch (reply.kind) {
    case 'pieces':
      return resolve({ kind: 'pieces', pieces: unpack(reply.bytes, reply.lengths) })
    case 'gap':
      return resolve(reply)
    case 'refused':
      return reject(new SheafError(reply.code, reply.message, { details: reply.details }))
    case 'bug':
      return reject(new Error(reply.message))
  }
}

function unpack(bytes: Uint8Array, lengths: Uint32Array): Uint8Array[] {
  let at = 0
  return Array.from(lengths, length => {
    at += length
    return bytes.subarray(at - length, at)
  })
}

function tooMuch(timeoutMs: number): unknown {
  try {
    return refuseSize('U15', 'The update takes too much time or memory to look at.', timeoutMs)
  } catch (error) {
    return error
  }
}

/** Queues by name, of which each gives one in turn. */
class Queues<T> {
  readonly #queues = new Map<string, T[]>()

  add(name: string, item: T): void {
    const queue = this.#queues.get(name)
    if (queue === undefined) this.#queues.set(name, [item])
    else queue.push(item)
  }

  take(): T | undefined {
    for (const [name, queue] of this.#queues) {
      const item = queue.shift()
      this.#queues.delete(name)
      if (queue.length > 0) this.#queues.set(name, queue)
      return item
    }
    return undefined
  }

  drain(): T[] {
    const all = [...this.#queues.values()].flat()
    this.#queues.clear()
    return all
  }
}
