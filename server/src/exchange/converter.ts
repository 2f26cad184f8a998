// Converts files one after another per process slot, each in a thread of its own with so much memory and time; a file that takes more is
// refused, and nothing else notices.

import { SheafError } from '@sheaf/protocol'
import { type WorkerScript, workerFrom } from '../worker.ts'
import { ConversionError, type Converted, convert, type Source } from './convert.ts'

/** @throws SheafError `unsupported-media-type` for a file that cannot be read, `too-large` for one that takes too much. */
export type Convert = (source: Source) => Promise<Converted>

const maxMs = 30_000
const maxMemoryMb = 768
/** As many files are converted at once. */
const maxThreads = 2
const maxWaiting = 200

/** In this thread; for tests. */
export const inlineConvert: Convert = async source => {
  try {
    return await convert(source)
  } catch (cause) {
    throw unreadable(cause instanceof ConversionError ? cause.message : 'The file cannot be read.', cause)
  }
}

/** @param script the built worker. */
export function workerConvert(script: WorkerScript): Convert {
  let running = 0
  const waiting: (() => void)[] = []
  return async source => {
    if (waiting.length >= maxWaiting) throw new SheafError('overloaded', 'Too many files are being read; try again.')
    if (running >= maxThreads) await new Promise<void>(resolve => waiting.push(resolve))
    running += 1
    try {
      return await convertIn(script, source)
    } finally {
      running -= 1
      waiting.shift()?.()
    }
  }
}

function convertIn(script: WorkerScript, source: Source): Promise<Converted> {
  return new Promise((resolve, reject) => {
    const worker = workerFrom(script, {
      workerData: source,
      resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb, stackSizeMb: 8 },
    })
    const timer = setTimeout(() => end(() => reject(tooMuch('time'))), maxMs)
    const end = (settle: () => void): void => {
      clearTimeout(timer)
      settle()
      void worker.terminate()
    }
    worker.once('message', (answer: { converted?: Converted; message?: string }) =>
      end(() => (answer.converted === undefined ? reject(unreadable(answer.message!)) : resolve(answer.converted))),
    )
    worker.once('error', cause => {
      const isMemory = (cause as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
      end(() => reject(isMemory ? tooMuch('memory') : unreadable('The file cannot be read.', cause)))
    })
    worker.once('exit', () => end(() => reject(unreadable('The file cannot be read.'))))
  })
}

function unreadable(detail: string, cause?: unknown): SheafError {
  return new SheafError('unsupported-media-type', detail, { cause })
}

function tooMuch(what: 'time' | 'memory'): SheafError {
  return new SheafError('too-large', `Reading this file takes more ${what} than an import may have.`)
}
