// P5: a bad frame closes only its own socket; an update applies whole or not at all. Hostile frames by the thousand against the
// real server, on the document in which two people type, and beside one in which two others do.

import * as Y from 'yjs'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { attackWith } from './attack.ts'
import { Bystanders, type Latencies, pause } from './bystanders.ts'

export interface HostileFigure {
  readonly promise: 'P5'
  readonly ok: boolean
  /** Frames of the attackers that the server has read. */
  readonly frames: number
  readonly sockets: number
  readonly processDeaths: number
  readonly bystandersDropped: number
  /** Characters that were acknowledged and are not there after kill -9. */
  readonly editsLost: number
  readonly edits: number
  /** From key to the other's screen, before the attack and while it went on. */
  readonly calm: Latencies
  readonly bystanders: Latencies
}

const documentIds = ['attacked', 'beside']

/** @param options.frames how many the server is to read. Default 1,000,000 in full, and what comes in 30 s otherwise. */
export async function prove(options: { full: boolean; frames?: number }): Promise<HostileFigure> {
  const { full, frames: wanted = full ? 1_000_000 : 0 } = options
  const server = await ServerProcess.start({ args: ['--log-level', 'error'] })
  try {
    for (const documentId of documentIds) await createDocument(server.url, documentId)
    const bystanders = await Bystanders.start({ url: server.url, documentIds, everyMs: 50 })
    await pause(3_000)
    const calm = bystanders.sightings.toReader
    bystanders.reset()
    let frames = 0
    let sockets = 0
    do {
      const tally = await attackWith('hostile-frames', server, 'attacked', wanted > 0 && wanted < 5_000 ? 3 : 30)
      sockets += tally.sockets
      frames = (await framesRead(server.url)) - bystanders.sent
    } while (frames < wanted && server.isRunning)
    await bystanders.stop()
    const { typed, dropped, toReader } = bystanders.sightings
    const acknowledged = bystanders.acknowledgedIn()
    bystanders.close()
    const processDeaths = server.isRunning ? 0 : 1
    if (server.isRunning) await server.kill()
    await server.start()
    let editsLost = 0
    for (const { documentId, clientId, characters } of acknowledged) {
      const clock = Y.getState((await readDocument(server.url, documentId)).store, clientId)
      editsLost += Math.max(0, characters - clock)
    }
    return {
      promise: 'P5',
      ok: processDeaths + dropped + editsLost === 0 && toReader.p99 < 250 && typed > 0,
      frames,
      sockets,
      processDeaths,
      bystandersDropped: dropped,
      editsLost,
      edits: typed,
      calm,
      bystanders: toReader,
    }
  } finally {
    await server.dispose()
  }
}

/** Of all sockets, since the server started. */
async function framesRead(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^sheaf_ws_messages_total\{[^}]*direction="in"[^}]*\} (\d+)/m.exec(metrics)?.[1] ?? 0)
}
