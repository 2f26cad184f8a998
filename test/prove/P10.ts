// P10: one hostile editor cannot slow other documents. Each attack runs against one document, from a process of its own, while
// people type in twenty others; beside it stands what the same people see while nothing happens.

import { createDocument } from '../helpers/documents.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { attackWith } from './attack.ts'
import { attacks } from './attacks.ts'
import { Bystanders, type Latencies, pause } from './bystanders.ts'

export interface SlownessFigure {
  readonly promise: 'P10'
  /** p99 below 250 ms and nobody above a second, under every attack; nobody dropped, nothing lost. */
  readonly ok: boolean
  readonly calm: Latencies
  readonly attacks: Readonly<Record<string, Latencies & { readonly frames: number; readonly sockets: number }>>
  readonly dropped: number
  readonly processDeaths: number
}

/** @param options.only names of attacks; default: all. */
export async function prove(options: { full: boolean; only?: readonly string[] }): Promise<SlownessFigure> {
  const { full, only = Object.keys(attacks) } = options
  const seconds = full ? 30 : 4
  const server = await ServerProcess.start({ args: ['--log-level', 'error'] })
  try {
    const documentIds = Array.from({ length: 20 }, (_, i) => `quiet-${i}`)
    for (const documentId of documentIds) await createDocument(server.url, documentId)
    const bystanders = await Bystanders.start({ url: server.url, documentIds, everyMs: 200 })
    await pause(500)
    bystanders.reset()
    await pause(seconds * 1_000)
    const calm = bystanders.sightings.toReader
    const seen: Record<string, Latencies & { frames: number; sockets: number }> = {}
    for (const name of only) {
      const documentId = `attacked-${name}`
      await createDocument(server.url, documentId)
      bystanders.reset()
      const tally = await attackWith(name, server, documentId, seconds)
      seen[name] = { ...bystanders.sightings.toReader, ...tally }
      await pause(500)
    }
    await bystanders.stop()
    const { dropped } = bystanders.sightings
    bystanders.close()
    const processDeaths = server.isRunning ? 0 : 1
    const isCalm = Object.values(seen).every(({ p99, max }) => p99 < 250 && max < 1_000)
    return { promise: 'P10', ok: isCalm && dropped + processDeaths === 0, calm, attacks: seen, dropped, processDeaths }
  } finally {
    await server.dispose()
  }
}
