// Loaded into every server under measurement: on SIGUSR2 it collects its garbage, so that what is left is what it holds.

const { isMainThread } = require('node:worker_threads')

if (isMainThread) {
  process.on('SIGUSR2', () => {
    for (let i = 0; i < 3; i++) globalThis.gc()
  })
}
