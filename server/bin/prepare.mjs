// Installs and builds what is missing or out of date, and nothing else. Built-in modules only, for in a fresh clone there is
// nothing else. What was done is remembered in stamps: the hash of the lock file beside the packages, the hash of the sources
// beside each build. Run as a program it does all of it; everything it says goes to standard error.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

const packagesStamp = join(root, 'node_modules', '.stamp')

/** What each build is made from; a change of any of it makes the build out of date. */
const builds = [
  {
    name: 'server',
    out: join(root, 'server', 'dist'),
    sources: ['server/src', 'server/build.mjs', 'packages/protocol', 'packages/model', 'packages/client'],
    run: async out => {
      const { buildServer } = await import(pathToFileURL(join(root, 'server', 'build.mjs')).href)
      await buildServer(out)
    },
  },
  {
    name: 'web app',
    out: join(root, 'web', 'dist'),
    sources: ['web', 'packages'],
    run: async out => {
      const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
      run(
        process.execPath,
        [vite, 'build', join(root, 'web'), '--outDir', out, '--emptyOutDir', '--logLevel', 'warn'],
        {
          // Whoever asks for it, a test run too: otherwise every element of the pages carries the file and line that it was written in.
          NODE_ENV: 'production',
        },
      )
    },
  },
]

const say = text => process.stderr.write(`${text}\n`)

if (Number(process.versions.node.split('.', 1)[0]) < 20) {
  say(`Sheaf needs Node 20 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

/** @param {{ build?: boolean }} options `build: false` only installs. @throws Error when a step fails. */
async function prepare({ build = true } = {}) {
  const isReady = () => isInstalled() && (!build || builds.every(isBuilt))
  if (isReady()) return
  const release = await lock()
  try {
    if (!isInstalled()) install()
    if (build) for (const target of builds) if (!isBuilt(target)) await make(target)
  } finally {
    release()
  }
}

/** The same for a program that has nothing to do without it: ends with 1 when a step fails, which has said why itself. */
export async function prepareOrExit(options) {
  try {
    await prepare(options)
  } catch (cause) {
    if (!(cause instanceof CommandFailed)) throw cause
    say(cause.message)
    process.exit(1)
  }
}

class CommandFailed extends Error {}

function isInstalled() {
  const wanted = lockFileHash()
  if (readStamp(packagesStamp) === wanted) return true
  // Somebody ran `npm install` by hand: the same packages are there, only our stamp is missing.
  if (!isSameTree()) return false
  writeFileSync(packagesStamp, wanted)
  return true
}

function install() {
  say('Installing packages …')
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'])
  writeFileSync(packagesStamp, lockFileHash())
}

/** The lock file, and what decides which of its addons were installed. */
function lockFileHash() {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  return hash.update(`${process.platform} ${process.arch}`).digest('hex')
}

/** Compares the lock file with the one that npm keeps of what it has installed. */
function isSameTree() {
  const path = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(path)) return false
  const installed = JSON.parse(readFileSync(path, 'utf8')).packages
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  return Object.entries(wanted).every(([name, entry]) => {
    if (!name.startsWith('node_modules/') || entry.link) return true
    // Packages for other platforms are in the lock file and never on the disk.
    if (installed[name] === undefined) return entry.optional === true
    return installed[name].version === entry.version
  })
}

function isBuilt({ out, sources }) {
  return readStamp(join(out, '.stamp')) === sourcesHash(sources)
}

/** Builds beside the old build and then takes its place, so that a server that starts meanwhile finds one or the other. */
async function make({ name, out, sources, run }) {
  say(`Building the ${name} …`)
  const hash = sourcesHash(sources)
  const fresh = join(root, 'node_modules', '.cache', `sheaf-${basename(dirname(out))}-${process.pid}`)
  try {
    await run(fresh)
    writeFileSync(join(fresh, '.stamp'), hash)
    rmSync(out, { recursive: true, force: true })
    renameSync(fresh, out)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

function sourcesHash(sources) {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const source of sources) {
    for (const path of filesOf(join(root, source))) hash.update(relative(root, path)).update(readFileSync(path))
  }
  return hash.digest('hex')
}

function filesOf(path) {
  return statSync(path).isFile() ? [path] : filesBelow(path)
}

function filesBelow(directory) {
  const found = []
  for (const entry of readdirSync(directory, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || /^(dist|node_modules)$/.test(entry.name)) continue
    const path = join(directory, entry.name)
    if (entry.isDirectory()) found.push(...filesBelow(path))
    else found.push(path)
  }
  return found.sort()
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** Two programs that find something missing at the same time do the work once. */
async function lock() {
  const directory = join(tmpdir(), `sheaf-prepare-${createHash('sha256').update(root).digest('hex').slice(0, 16)}`)
  const owner = join(directory, 'pid')
  for (;;) {
    try {
      mkdirSync(directory)
      writeFileSync(owner, String(process.pid))
      return () => rmSync(directory, { recursive: true, force: true })
    } catch (cause) {
      if (cause.code !== 'EEXIST') throw cause
    }
    const pid = Number(readStamp(owner) ?? process.pid)
    if (isAlive(pid)) await delay(100)
    else rmSync(directory, { recursive: true, force: true })
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    return cause.code === 'EPERM'
  }
}

function run(command, args, env = {}) {
  // Our own standard output belongs to the server's ready line.
  const { status } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new CommandFailed(`This failed: ${[basename(command), ...args].join(' ')}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  await prepareOrExit({ build: !process.argv.includes('--install') })
