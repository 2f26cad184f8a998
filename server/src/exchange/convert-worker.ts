// The thread in which one file is converted; it ends with it.

import { parentPort, workerData } from 'node:worker_threads'
import { ConversionError, convert, type Source } from './convert.ts'

void answer(workerData as Source)

async function answer(source: Source): Promise<void> {
  try {
    parentPort!.postMessage({ converted: await convert(source) })
  } catch (cause) {
    parentPort!.postMessage({ message: cause instanceof ConversionError ? cause.message : 'The file cannot be read.' })
  }
}
