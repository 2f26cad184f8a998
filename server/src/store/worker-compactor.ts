// Compaction in a worker thread, so that merging a large document holds up nobody's keystroke. One document at a time; a
// worker that crashes, runs out of memory or takes too long fails the one compaction it was at, and the next one gets a new
// worker. A failed compaction costs nothing but the time: the document's log is as it was.

import type { Worker } from 'node:worker_threads'
import { SheafError } from '@sheaf/protocol'
import { type Clock, systemClock } from '../clock.ts'
import { type WorkerScript, workerFrom } from '../worker.ts'
import { type MovableSnapshot, movable, type Snapshot } from './snapshot.ts'
import type { Compactor } from './store.ts'

export interface WorkerCompactorOptions {
  readonly clock?: Clock
  /** Time for one document. Default 60 s. */
  readonly timeoutMs?: number
  /** Heap of the worker, MiB. Default 1,024. */
  readonly maxHeapMiB?: number
}

/** What goes to the worker: all updates in one piece, which moves to it without being copied once more. */
export interface MergeRequest {
  readonly snapshot: MovableSnapshot | null
  readonly updates: Uint8Array<ArrayBuffer>
  readonly lengths: Uint32Array<ArrayBuffer>
}

export type MergeReply = { readonly merged: MovableSnapshot } | { readonly failure: string }

interface Job {
  readonly request: MergeRequest
  readonly resolve: (merged: Snapshot) => void
  readonly reject: (error: unknown) => void
}

/** @param script the built `compaction-worker.js`. */
export function workerCompactor(script: WorkerScript, options: WorkerCompactorOptions = {}): Compactor {
  const { clock = systemClock, timeoutMs = 60_000, maxHeapMiB = 1_024 } = options
  const queue: Job[] = []
  let worker: Worker | undefined
  let current: Job | undefined
  let cancelTimeout: () => void = () => undefined
  let closed = false

  const next = () => {
    current = queue.shift()
    if (current === undefined) {
      worker?.unref()
      return
    }
    worker ??= startWorker()
    worker.ref()
    const { request } = current
    const moved = [request.updates.buffer, request.lengths.buffer]
    if (request.snapshot !== null) moved.push(request.snapshot.deflated.buffer, request.snapshot.stateVector.buffer)
    worker.postMessage(request, moved)
    cancelTimeout = clock.after(timeoutMs, () => giveUp(new Error(`the compaction took longer than ${timeoutMs} ms`)))
  }

  const settle = (decide: (job: Job) => void) => {
    cancelTimeout()
    const job = current
    current = undefined
    if (job !== undefined) decide(job)
    next()
  }

  /** The worker is not to be trusted with another document. */
  const giveUp = (error: unknown) => {
    const broken = worker
    worker = undefined
    void broken?.terminate()
    settle(job => job.reject(error))
  }

  const startWorker = () => {
    const started = workerFrom(script, { resourceLimits: { maxOldGenerationSizeMb: maxHeapMiB } })
    const isCurrent = () => started === worker
    started.on('message', (reply: MergeReply) => {
      if (!isCurrent()) return
      settle(job => ('merged' in reply ? job.resolve(reply.merged) : job.reject(new Error(reply.failure))))
    })
    started.on('error', error => {
      if (isCurrent()) giveUp(error)
    })
    started.on('exit', code => {
      if (isCurrent()) giveUp(new Error(`the compaction worker ended with code ${code}`))
    })
    return started
  }

  return {
    merge(snapshot, updates) {
      if (closed) return Promise.reject(closedError())
      return new Promise((resolve, reject) => {
        queue.push({ request: packed(snapshot, updates), resolve, reject })
        if (current === undefined) next()
      })
    },
    async close() {
      closed = true
      cancelTimeout()
      const jobs = current === undefined ? queue.splice(0) : [current, ...queue.splice(0)]
      current = undefined
      const stopped = worker
      worker = undefined
      await stopped?.terminate()
      for (const { reject } of jobs) reject(closedError())
    },
  }
}

function packed(snapshot: Snapshot | null, updates: readonly Uint8Array[]): MergeRequest {
  const lengths = Uint32Array.from(updates, update => update.length)
  const all = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
  let at = 0
  for (const update of updates) {
    all.set(update, at)
    at += update.length
  }
  return { snapshot: snapshot && movable(snapshot), updates: all, lengths }
}

function closedError(): SheafError {
  return new SheafError('going-away', 'The store is closed.')
}
