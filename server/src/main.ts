// `sheaf` from the workspace: its workers are built files beside this one.

import { runProcess } from './process.ts'

await runProcess(() => ({
  compactionWorker: new URL('compaction-worker.js', import.meta.url),
  gateWorker: new URL('gate-worker.js', import.meta.url),
  convertWorker: new URL('convert-worker.js', import.meta.url),
}))
