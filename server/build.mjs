// Bundles the server into server/dist: main.js, and the workers that compact documents and look at large updates. Only the addon of LevelDB stays outside.

import { fileURLToPath } from 'node:url'
import { build, stop } from 'esbuild'

const directory = fileURLToPath(new URL('.', import.meta.url))

/** @param {string} outdir where the bundle goes. */
export async function buildServer(outdir) {
  await build({
    absWorkingDir: directory,
    entryPoints: [
      'src/main.ts',
      'src/store/compaction-worker.ts',
      'src/room/gate-worker.ts',
      'src/exchange/convert-worker.ts',
    ],
    entryNames: '[name]',
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    external: ['classic-level'],
    // Packages in CommonJS ask for built-ins with `require`, and pino for `__dirname` when it looks for workers of its own.
    banner: {
      js: [
        "import { createRequire as __createRequire } from 'node:module'",
        "import { dirname as __directoryOf } from 'node:path'",
        "import { fileURLToPath as __pathOf } from 'node:url'",
        'const require = __createRequire(import.meta.url)',
        'const __filename = __pathOf(import.meta.url)',
        'const __dirname = __directoryOf(__filename)',
      ].join('\n'),
    },
    legalComments: 'none',
    logLevel: 'warning',
  })
  // esbuild's own process would live as long as ours, which may be about to serve.
  await stop()
}
