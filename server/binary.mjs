// Makes `sheaf` as one file: a Node program with the bundled server in it, and the workers, the pages and the addon of LevelDB
// as its assets (Node's single executable applications). Both targets are Linux with glibc.

import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, stop } from 'esbuild'
import { inject } from 'postject'

const require = createRequire(import.meta.url)
const directory = fileURLToPath(new URL('.', import.meta.url))
const root = join(directory, '..')
const web = join(root, 'web', 'dist')
const cache = join(root, 'node_modules', '.cache', 'sheaf-binary')

/** Where the addon of each target is in its package. */
const addons = { x64: 'linux-x64/classic-level.node', arm64: 'linux-arm64/classic-level.armv8.node' }

/** What Node looks for in itself (https://nodejs.org/docs/latest-v20.x/api/single-executable-applications.html). */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

const workers = ['store/compaction-worker', 'room/gate-worker', 'exchange/convert-worker']

/** Cannot be made here; the message says why, and what to do. */
export class BinaryError extends Error {}

export const targets = Object.keys(addons)

/**
 * @param {'x64' | 'arm64'} arch
 * @param {string} out the file. It is there when it is whole.
 * @param {{ node?: string }} options the Node program for the target: the one that runs here, or, for another machine, the same
 * version from npm.
 */
export async function makeBinary(arch, out, options = {}) {
  const isOurs = process.platform === 'linux' && process.arch === arch
  const node = options.node ?? (isOurs ? process.execPath : fetchNode(arch))
  if (!existsSync(node)) throw new BinaryError(`There is no Node program ${node}.`)
  if (!readFileSync(node).includes(fuse)) {
    throw new BinaryError(
      `${node} is no Node program that others can be put into: it has none of its own code, or was built without single ` +
        'executable applications. Use Node 20.12 or newer from nodejs.org.',
    )
  }
  const work = join(cache, `${arch}-${process.pid}`)
  mkdirSync(work, { recursive: true })
  try {
    await bundle(work)
    const blob = join(work, 'sheaf.blob')
    writeFileSync(
      join(work, 'sea.json'),
      JSON.stringify(configOf(arch, work, blob, { isOurs: isOurs && node === process.execPath })),
    )
    run(process.execPath, ['--experimental-sea-config', join(work, 'sea.json')])
    const program = join(work, 'sheaf')
    copyFileSync(node, program)
    chmodSync(program, 0o755)
    // What only debuggers read; before the assets come in, never after. A strip that does not know the target changes nothing.
    spawnSync('strip', [program], { stdio: 'ignore' })
    await injectQuietly(program, readFileSync(blob))
    // It may be on another disk, and is there when it is whole.
    copyFileSync(program, `${out}.partial`)
    renameSync(`${out}.partial`, out)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

async function bundle(work) {
  const common = {
    absWorkingDir: directory,
    outdir: work,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    // Where the pages of the workspace are; here they are inside.
    logOverride: { 'empty-import-meta': 'silent' },
  }
  await build({ ...common, entryPoints: ['src/binary.ts'], plugins: [ownAddon, noAddons] })
  await build({ ...common, entryPoints: workers.map(path => `src/${path}.ts`), entryNames: '[name]' })
  // esbuild's own process would live as long as ours.
  await stop()
}

/** classic-level gets its addon from server/src/addon.ts. */
const ownAddon = {
  name: 'own-addon',
  setup(build) {
    build.onResolve({ filter: /^\.\/binding$/ }, ({ importer }) =>
      importer.includes(`${sep}classic-level${sep}`) ? { path: 'binding', namespace: 'own-addon' } : undefined,
    )
    build.onLoad({ filter: /./, namespace: 'own-addon' }, () => ({
      contents: `module.exports = require('./src/addon.ts').binding`,
      resolveDir: directory,
    }))
  },
}

/** ws does without its two addons, but to ask for them prints a warning: the program has the modules of Node and no others. */
const noAddons = {
  name: 'no-addons',
  setup(build) {
    build.onResolve({ filter: /^(bufferutil|utf-8-validate)$/ }, ({ path }) => ({ path, namespace: 'no-addons' }))
    build.onLoad({ filter: /./, namespace: 'no-addons' }, ({ path }) => ({ contents: `throw new Error('no ${path}')` }))
  },
}

function configOf(arch, work, blob, { isOurs }) {
  const names = filesBelow(web)
  const list = {
    builtMs: Date.now(),
    sizes: Object.fromEntries(names.map(name => [name, statSync(join(web, name)).size])),
  }
  writeFileSync(join(work, 'web.json'), JSON.stringify(list))
  const addon = join(require.resolve('classic-level/package.json'), '..', 'prebuilds', addons[arch])
  return {
    main: join(work, 'binary.js'),
    output: blob,
    disableExperimentalSEAWarning: true,
    // Compiled code is for the program that made it.
    useCodeCache: isOurs,
    assets: {
      'classic-level.node': addon,
      'web.json': join(work, 'web.json'),
      ...Object.fromEntries(
        workers.map(path => path.split('/')[1]).map(name => [`${name}.js`, join(work, `${name}.js`)]),
      ),
      ...Object.fromEntries(names.map(name => [`web/${name}`, join(web, name)])),
    },
  }
}

/** With `/` between their parts, without hidden ones. */
function filesBelow(path) {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
    .map(entry => relative(path, join(entry.parentPath ?? entry.path, entry.name)).replaceAll(sep, '/'))
    .sort()
}

/** Node for another machine, as its package on npm has it. @returns the program. */
function fetchNode(arch) {
  const name = `node-linux-${arch}`
  const spec = `${name}@${process.versions.node}`
  const kept = join(cache, `${name}-${process.versions.node}`)
  if (existsSync(kept)) return kept
  const work = join(cache, `fetch-${arch}-${process.pid}`)
  mkdirSync(work, { recursive: true })
  try {
    const packed = spawnSync('npm', ['pack', spec, '--pack-destination', work, '--loglevel=error'], {
      encoding: 'utf8',
    })
    if (packed.status !== 0) {
      throw new BinaryError(
        `sheaf for linux-${arch} needs Node ${process.versions.node} for that machine, and npm could not fetch ${spec}: ` +
          `${firstLine(packed.stderr)}. Give it by hand: npm run binary -- --arch ${arch} --node FILE`,
      )
    }
    run('tar', ['-xzf', join(work, packed.stdout.trim().split('\n').at(-1)), '-C', work])
    cpSync(join(work, 'package', 'bin', 'node'), `${kept}.partial`)
    renameSync(`${kept}.partial`, kept)
    return kept
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** @throws Error with what it printed when it fails. */
function run(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`This failed: ${command} ${args.join(' ')}\n${stdout}${stderr}`, { cause: error })
}

function firstLine(text = '') {
  return (
    text
      .split('\n')
      .find(line => line.trim() !== '')
      ?.replace(/^npm (error|ERR!) ?/, '') ?? 'it did not say why'
  )
}

/** postject warns of notes of other tools in the program, which it leaves alone. */
async function injectQuietly(program, blob) {
  const { warn } = console
  console.warn = () => undefined
  try {
    await inject(program, 'NODE_SEA_BLOB', blob, { sentinelFuse: fuse })
  } finally {
    console.warn = warn
  }
}
