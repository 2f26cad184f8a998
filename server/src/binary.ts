// `sheaf` as one file (`npm run binary`, docs/deploying.md): the workers, the pages and the addon of LevelDB are assets of the
// program that runs.

import { tmpdir } from 'node:os'
import { resolve } from 'node:path'
import { getAsset, getRawAsset } from 'node:sea'
import { provideEngine } from './addon.ts'
import { dataOf } from './config.ts'
import type { WebFiles } from './http/static.ts'
import { runProcess } from './process.ts'

void runProcess((args, env) => {
  provideEngine({
    bytes: () => new Uint8Array(getRawAsset('classic-level.node') as ArrayBuffer),
    directories: [tmpdir(), resolve(dataOf(args, env))],
  })
  return {
    compactionWorker: workerCode('compaction-worker'),
    gateWorker: workerCode('gate-worker'),
    convertWorker: workerCode('convert-worker'),
    web: embeddedWeb(),
  }
})

function workerCode(name: string): () => string {
  return () => getAsset(`${name}.js`, 'utf8')
}

/** The pages, with the list that server/binary.mjs has written of them. */
function embeddedWeb(): WebFiles {
  const { builtMs, sizes } = JSON.parse(getAsset('web.json', 'utf8')) as {
    builtMs: number
    sizes: Record<string, number>
  }
  const known = new Map(Object.entries(sizes))
  return {
    async find(name) {
      const size = known.get(name)
      return size === undefined ? undefined : { size, mtimeMs: builtMs }
    },
    // A copy: the asset is memory of the program itself, which nobody may write to.
    read: async name => Buffer.from(getRawAsset(`web/${name}`).slice(0) as ArrayBuffer),
  }
}
