// The thread in which one file is converted; it ends with it.

import { parentPort, workerData } from 'node:worker_threads'
import { ConversionError, convert, type Source } from './convert.ts'

try {
  const converted = await convert(workerData as Source)
  parentPort!.postMessage({ converted })
} catch (cause) {
  const message = cause instanceof ConversionError ? cause.message : 'The file cannot be read.'
  parentPort!.postMessage({ message })
}
