// Readers that stop reading while a document goes on, at a server of its own. What each costs the server is its memory after a
// collection, beside what the same server held while all of them read.

import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sheafExtension, sheafStock } from '../bench/engine/dialects.ts'
import { joinMany, LoadClient } from '../bench/engine/load-client.ts'
import { Typist } from '../bench/engine/typist.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { pause } from './bystanders.ts'

export interface SlowReadersFigure {
  readonly readers: number
  /** Written while all read, and again and again while they do not, MB. */
  readonly writtenMb: number
  /** Most that all of them together cost at any time, in the heap and in buffers outside of it, MB. */
  readonly costMb: number
  /** The same of the resident memory of the process, which V8 does not always give back. */
  readonly residentMb: number
  /** Sockets that were closed with 4508. */
  readonly closed: number
}

interface Memory {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
}

const signalFile = new URL('../helpers/memory-on-signal.mjs', import.meta.url).href

const updateBytes = 16 * 1024
const updatesPerSecond = 200

/** @param options.rounds how often `megabytes` are written after the readers have stopped. */
export async function slowReaders(options: {
  readers: number
  megabytes: number
  rounds: number
}): Promise<SlowReadersFigure> {
  const { readers, megabytes, rounds } = options
  const data = await mkdtemp(join(tmpdir(), 'sheaf-slow-'))
  const memoryFile = join(data, 'memory.json')
  const server = await ServerProcess.start({
    args: ['--limits', 'off', '--log-level', 'error'],
    env: { NODE_OPTIONS: `--import=${signalFile}`, SHEAF_MEMORY_FILE: memoryFile },
  })
  const memory = async (): Promise<Memory> => {
    process.kill(server.pid!, 'SIGUSR2')
    while (!existsSync(memoryFile)) await pause(20)
    const read = JSON.parse(await readFile(memoryFile, 'utf8')) as Memory
    await rm(memoryFile)
    return read
  }
  try {
    const writer = await LoadClient.join(server.port, sheafStock, 'slow')
    const witness = await LoadClient.join(server.port, sheafStock, 'slow')
    const clients = await joinMany(readers, server.port, sheafExtension, () => 'slow')
    const typist = new Typist(4_711)
    await write(writer, witness, typist, megabytes)
    const before = await memory()
    for (const client of clients) client.socket.pause()
    let [cost, resident] = [0, 0]
    for (let round = 0; round < rounds; round++) {
      await write(writer, witness, typist, megabytes)
      const now = await memory()
      cost = Math.max(cost, now.heapUsed + now.external - before.heapUsed - before.external)
      resident = Math.max(resident, now.rss - before.rss)
    }
    for (const client of clients) client.socket.resume()
    await pause(1_000)
    const closed = clients.filter(client => client.closedWith === 4508).length
    for (const client of [writer, witness, ...clients]) client.leave()
    const inMb = (bytes: number) => Math.round(bytes / 1e4) / 100
    return { readers, writtenMb: megabytes, costMb: inMb(cost), residentMb: inMb(resident), closed }
  } finally {
    await server.dispose()
    await rm(data, { recursive: true, force: true })
  }
}

/** Somebody replaces all of a text again and again; resolves when the other one has got all of it. */
async function write(writer: LoadClient, witness: LoadClient, typist: Typist, megabytes: number): Promise<void> {
  const updates = Math.round((megabytes * 1e6) / updateBytes)
  const text = 'slow reader '.repeat(updateBytes / 12)
  for (let i = 0; i < updates; i++) {
    writer.update(typist.replace(text))
    await pause(1_000 / updatesPerSecond)
  }
  const mark = Buffer.from(`<end ${typist.clock}>`)
  const arrived = new Promise<void>(resolve => {
    witness.onFrame = frame => {
      if (frame.includes(mark)) resolve()
    }
  })
  writer.update(typist.type(mark.toString()))
  await arrived
}
