// Recorded typing over a running server: one real client for each agent, all typing at once, each transaction at exactly the
// version at which it was typed. Then the server is killed and started again, and what it holds is read back.

import { openDocument } from '@sheaf/client'
import { WebSocket } from 'ws'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { ServerProcess } from '../helpers/server-process.ts'
import { clientIdOf, TraceExchange, TraceGate } from '../helpers/trace-gate.ts'
import { type Patch, replayConcurrent, type Trace, type TraceReplica } from '../helpers/traces.ts'

/** `stock`: y-websocket in a document of layout `raw`. `sheaf`: our client, behind the first marker of a `sheaf` document. */
export type ReplayClients = 'stock' | 'sheaf'

export interface Replayed {
  readonly transactions: number
  readonly seconds: number
  /** What each agent's replica ended with. */
  readonly replicas: readonly string[]
  /** What a client saw that typed nothing. */
  readonly witness: string
  /** After the restart: what a fresh client gets, and what the API hands out. */
  readonly client: string
  readonly api: string
  /** For `sheaf`: the document as plain text. */
  readonly plain?: string
}

const documentId = 'replay'

/** How many steps an agent makes before the others get a turn; and bytes in its socket above which it waits. */
const stepsInTurn = 50
const maxBufferedBytes = 1 << 20

export async function replayOverServer(trace: Trace, clients: ReplayClients): Promise<Replayed> {
  const server = await ServerProcess.start({ args: ['--limits', 'off'] })
  try {
    if (clients === 'sheaf') await createSheafDocument(server.url)
    const root = clients === 'sheaf' ? 'body' : 'text'
    const started = performance.now()
    const agents = await openAgents(server.url, trace, clients, root)
    const witness = openStock(server.url, new Y.Doc())
    const whole = trace.steps.reduce((sum, steps) => sum + steps.length, 0)
    await replayConcurrent(trace, agents.replicas)
    await agents.settled()
    const witnessText = await textWhen(witness.ydoc, root, agents.ydocs[0]!)
    const seconds = (performance.now() - started) / 1000
    const replicas = agents.ydocs.map(ydoc => ydoc.getText(root).toString())
    witness.close()
    await server.kill()
    await agents.close()
    await server.start()
    return {
      transactions: whole,
      seconds,
      replicas,
      witness: witnessText,
      client: await readByClient(server.url, root),
      api: await readByApi(server.url, root),
      ...(clients === 'sheaf' ? { plain: await readPlain(server.url) } : {}),
    }
  } finally {
    await server.dispose()
  }
}

interface Agents {
  readonly replicas: readonly TraceReplica[]
  readonly ydocs: readonly Y.Doc[]
  /** Resolves when the server has on disk what all of them typed, as far as the client can tell. */
  settled(): Promise<void>
  close(): Promise<void>
}

async function openAgents(url: string, trace: Trace, clients: ReplayClients, root: string): Promise<Agents> {
  const exchange = new TraceExchange(trace.steps.length)
  const opened = await Promise.all(
    trace.steps.map(async (_, agent) => {
      const ydoc = new Y.Doc()
      ydoc.clientID = clientIdOf(agent)
      // Before the client is opened: the exchange must know of a transaction before any socket carries it.
      ydoc.on('update', (update: Uint8Array, _origin: unknown, _ydoc: Y.Doc, transaction: Y.Transaction) => {
        if (transaction.local) exchange.record(agent, update)
      })
      const gate = new TraceGate(exchange, agent)
      const client = clients === 'stock' ? openStock(url, ydoc, gate) : openSheaf(url, ydoc, agent, gate)
      await client.synced
      return { ydoc, gate, client }
    }),
  )
  return {
    replicas: opened.map(({ ydoc, gate }) => typist(ydoc.getText(root), root === 'body' ? 1 : 0, gate)),
    ydocs: opened.map(({ ydoc }) => ydoc),
    async settled() {
      for (const { gate } of opened) gate.releaseFrames()
      await Promise.all(opened.map(({ client }) => client.saved()))
    },
    async close() {
      await Promise.all(opened.map(({ client }) => client.close()))
    },
  }
}

/** @param offset places before the text: the first marker of a body. */
function typist(ytext: Y.Text, offset: number, gate: TraceGate): TraceReplica {
  let steps = 0
  return {
    apply(patches: readonly Patch[]) {
      ytext.doc!.transact(() => {
        for (const [at, deleted, inserted] of patches) {
          if (deleted > 0) ytext.delete(at + offset, deleted)
          if (inserted !== '') ytext.insert(at + offset, inserted)
        }
      })
    },
    reach(version) {
      steps += 1
      return steps % stepsInTurn === 0 ? afterATurn(gate, version) : gate.reach(version)
    },
  }
}

async function afterATurn(gate: TraceGate, version: readonly number[]): Promise<void> {
  do {
    await new Promise<void>(resolve => setImmediate(resolve))
  } while (gate.bufferedAmount > maxBufferedBytes)
  await gate.reach(version)
}

interface OpenedClient {
  readonly ydoc: Y.Doc
  readonly synced: Promise<void>
  saved(): Promise<unknown>
  close(): Promise<void> | void
}

function openStock(url: string, ydoc: Y.Doc, gate?: TraceGate): OpenedClient {
  const provider = new WebsocketProvider(`${url.replace(/^http/, 'ws')}/ws`, documentId, ydoc, {
    WebSocketPolyfill: gate?.WebSocket ?? (WebSocket as unknown as typeof globalThis.WebSocket),
    disableBc: true,
  })
  return {
    ydoc,
    synced: new Promise(resolve => provider.once('sync', () => resolve())),
    // A stock client is told of nothing. That its typing is on disk shows when somebody else sees it.
    saved: () => Promise.resolve(),
    close() {
      provider.destroy()
      provider.awareness.destroy()
    },
  }
}

function openSheaf(url: string, ydoc: Y.Doc, agent: number, gate: TraceGate): OpenedClient {
  const opened = openDocument({
    url,
    documentId,
    identity: { id: `agent-${agent}`, name: `Agent ${agent}` },
    ydoc,
    offline: null,
    WebSocket: gate.WebSocket,
  })
  return { ydoc, synced: opened.synced, saved: () => opened.saved(), close: () => opened.close() }
}

async function createSheafDocument(url: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/documents/${documentId}`, {
    method: 'PUT',
    headers: { 'if-none-match': '*', 'content-type': 'application/json' },
    body: JSON.stringify({ title: 'Recorded typing' }),
  })
  if (response.status !== 201) throw new Error(`PUT answered ${response.status}: ${await response.text()}`)
}

/** Resolves with the text of `ydoc` once it holds all that `goal` holds. */
async function textWhen(ydoc: Y.Doc, root: string, goal: Y.Doc): Promise<string> {
  const clocks = [...Y.decodeStateVector(Y.encodeStateVector(goal))]
  const length = goal.getText(root).length
  const ytext = ydoc.getText(root)
  // All insertions are here, and nothing is here that was deleted.
  const isThere = () =>
    ytext.length === length && clocks.every(([clientId, clock]) => Y.getState(ydoc.store, clientId) === clock)
  await new Promise<void>(resolve => {
    const check = () => {
      if (!isThere()) return
      ydoc.off('afterTransaction', check)
      resolve()
    }
    ydoc.on('afterTransaction', check)
    check()
  })
  return ytext.toString()
}

async function readByClient(url: string, root: string): Promise<string> {
  const fresh = openStock(url, new Y.Doc())
  await fresh.synced
  const text = fresh.ydoc.getText(root).toString()
  await fresh.close()
  return text
}

async function readByApi(url: string, root: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/documents/${documentId}/update`)
  if (!response.ok) throw new Error(`GET update answered ${response.status}.`)
  const ydoc = new Y.Doc()
  Y.applyUpdate(ydoc, new Uint8Array(await response.arrayBuffer()))
  return ydoc.getText(root).toString()
}

async function readPlain(url: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/documents/${documentId}/content`, { headers: { accept: 'text/plain' } })
  if (!response.ok) throw new Error(`GET content answered ${response.status}.`)
  return response.text()
}
