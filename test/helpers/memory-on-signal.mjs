// Loaded into a server (NODE_OPTIONS `--import`) whose memory is measured: at SIGUSR2 it collects what can be collected and writes what
// is held then to the file that SHEAF_MEMORY_FILE names, as one line of JSON.

import { renameSync, writeFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

const file = process.env.SHEAF_MEMORY_FILE

if (isMainThread && file !== undefined) {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc')
  process.on('SIGUSR2', () => {
    gc()
    // What finalizers let go behind the first collection goes with the second.
    setImmediate(() => {
      gc()
      writeFileSync(`${file}.part`, JSON.stringify(process.memoryUsage()))
      renameSync(`${file}.part`, file)
    })
  })
}
