// Where the code of a worker is, and how one is started from it.

import { Worker, type WorkerOptions } from 'node:worker_threads'

/** A built file, or what gives the code itself (CommonJS), as in the single file that `npm run binary` makes. */
export type WorkerScript = URL | (() => string)

export function workerFrom(
  script: WorkerScript,
  options: Pick<WorkerOptions, 'resourceLimits' | 'workerData'>,
): Worker {
  return script instanceof URL ? new Worker(script, options) : new Worker(script(), { ...options, eval: true })
}
