// The servers that are measured: Sheaf as it is built, and with `--peers` the published packages beside it, each as its own
// documentation sets it up and with its documents on disk; and a relay that does nothing but pass bytes on, as the limit.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { base, type Dialect, hocuspocus, relay, sheafExtension, sheafStock } from './dialects.ts'
import { LoadClient } from './load-client.ts'
import { MeasuredProcess } from './process.ts'

export type SubjectName = 'sheaf' | 'sheaf.v1' | 'sheaf.v1 with rights' | 'hocuspocus' | 'y-websocket' | 'relay'

export interface Subject {
  readonly name: SubjectName
  readonly dialect: Dialect
  /** @param data a directory that outlives the process. */
  start(data: string): Promise<MeasuredProcess>
}

const peersDirectory = fileURLToPath(new URL('../peers', import.meta.url))
const serverDirectory = fileURLToPath(new URL('../../../server', import.meta.url))
/** Another build of the server, or the same under a profiler: `SHEAF_BENCH_SERVER="node --cpu-prof …/main.js"`. */
const otherServer = process.env.SHEAF_BENCH_SERVER?.split(' ')
const sheafCommand = otherServer ?? [process.execPath, join(serverDirectory, 'dist', 'main.js')]

function startSheaf(data: string): Promise<MeasuredProcess> {
  const options = ['serve', '--open', '--json', '--limits', 'off', '--log-level', 'error', '--listen', '127.0.0.1:0']
  return MeasuredProcess.start({
    command: [...sheafCommand, ...options, '--data', join(data, 'sheaf')],
    portOf: output =>
      output.includes('\n') ? (JSON.parse(output.split('\n', 1)[0]!) as { port: number }).port : undefined,
  })
}

function peer(script: string): (data: string) => Promise<MeasuredProcess> {
  return data =>
    MeasuredProcess.start({
      command: [process.execPath, join(peersDirectory, script)],
      env: { BENCH_DATA: data, NODE_ENV: 'production' },
      cwd: peersDirectory,
      portOf: output => {
        const port = /^port (\d+)$/m.exec(output)?.[1]
        return port === undefined ? undefined : Number(port)
      },
    })
}

const sheaf: readonly Subject[] = [
  { name: 'sheaf', dialect: sheafStock, start: data => startSheaf(data) },
  { name: 'sheaf.v1', dialect: sheafExtension, start: data => startSheaf(data) },
]

const peers: readonly Subject[] = [
  { name: 'hocuspocus', dialect: hocuspocus, start: peer('hocuspocus.mjs') },
  { name: 'y-websocket', dialect: base, start: peer('y-websocket.mjs') },
  { name: 'relay', dialect: relay, start: peer('relay.mjs') },
]

/**
 * Who is measured. `only` (`--only sheaf,relay`) picks some of them.
 * @throws Error when the server cannot be built, or the peers cannot be installed.
 */
export function subjects(options: { peers: boolean; only: readonly string[] | undefined }): readonly Subject[] {
  if (otherServer === undefined) buildServer()
  if (options.peers) installPeers()
  const all = options.peers ? [...sheaf, ...peers] : sheaf
  return options.only === undefined ? all : all.filter(subject => options.only?.includes(subject.name))
}

/** The same server open, and with accounts: everybody comes with a token, and each message asks for the role on the document. */
export function withAndWithoutRights(documentId: string): readonly [Subject, Subject] {
  if (otherServer === undefined) buildServer()
  let protocol = ''
  const start = async (data: string) => {
    const server = await startSheaf(data)
    // Made as the open one is, before there are accounts: what nobody owns is the owner's.
    const maker = await LoadClient.join(server.port, sheafStock, documentId)
    maker.leave()
    const directory = ['--data', join(data, 'sheaf'), '--json']
    sheafSays(['user', 'add', 'bench', '--owner', ...directory])
    const made = sheafSays(['token', 'create', 'bench', '--scope', 'docs:manage', ...directory])
    const { text } = JSON.parse(made) as { text: string }
    protocol = `sheaf.v1, sheaf.bearer.${text}`
    return server
  }
  const { maker: _, ...dialect } = sheafExtension
  return [
    sheaf[1]!,
    {
      name: 'sheaf.v1 with rights',
      get dialect() {
        return { ...dialect, protocol }
      },
      start,
    },
  ]
}

function sheafSays(args: readonly string[]): string {
  const [program, ...first] = sheafCommand
  return execFileSync(program!, [...first, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
}

/** Runs `f` with an empty data directory, which is gone afterwards. */
export async function withData<T>(f: (data: string) => Promise<T>): Promise<T> {
  const data = await mkdtemp(join(tmpdir(), 'sheaf-bench-'))
  try {
    return await f(data)
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

/** Builds what is out of date, and nothing else. */
function buildServer(): void {
  const { status } = spawnSync(process.execPath, [join(serverDirectory, 'bin', 'prepare.mjs')], {
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) throw new Error('The server could not be built.')
}

/** The peers are no dependency of the product: they are installed beside the benchmark when somebody asks for them. */
function installPeers(): void {
  const manifest = JSON.parse(readFileSync(join(peersDirectory, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const isInstalled = Object.entries(manifest.dependencies).every(([name, version]) => {
    const path = join(peersDirectory, 'node_modules', name, 'package.json')
    return existsSync(path) && (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version === version
  })
  if (isInstalled) return
  process.stderr.write('Installing the peers …\n')
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--workspaces=false', '--loglevel=error']
  const { status } = spawnSync('npm', args, { cwd: peersDirectory, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error('The peers could not be installed.')
}
