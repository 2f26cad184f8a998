// The crash loop: eight writers, a server that is killed with -9 at random moments, and an oracle of what it had called
// durable. After every start the documents are read by somebody new, before any writer is let back in, so that no
// client can mend what the server has lost.

import * as Y from 'yjs'
import { type Random, seededRandom } from '../helpers/random.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'
import { WireClient } from '../helpers/wire-client.ts'
import { Oracle, tokensIn } from './oracle.ts'
import { openClientWriter, openWireWriter, type Writer } from './writer.ts'

export interface CrashReport {
  readonly seed: number
  readonly kills: number
  /** Edits acknowledged as durable. */
  readonly acknowledged: number
  /** Edits that were acknowledged and not there after a start, over all starts. */
  readonly lost: number
  /** The first few of them, for the one who looks for the cause. */
  readonly examples: readonly string[]
  /** At the end, when the network had been whole for a while: do all replicas and the server hold the same? */
  readonly converged: boolean
}

const documentIds = ['crash-one', 'crash-two', 'crash-three']
const writerCount = 8
/** The server lives this long after its writers are back, at most. */
const maxLifeMs = 700

export async function crashLoop(options: { readonly kills: number; readonly seed: number }): Promise<CrashReport> {
  const random = seededRandom(options.seed)
  const oracle = new Oracle()
  const server = await ServerProcess.start({ args: ['--limits', 'off'] })
  const proxy = await TcpProxy.start(server.port)
  try {
    await Promise.all(documentIds.map(documentId => createDocument(server.url, documentId)))
    const writers = Array.from({ length: writerCount }, (_, number) => openWriter(number, proxy.url, oracle, random))
    const stopWriting = keepWriting(writers, random)
    const lost: string[] = []
    for (let kill = 0; kill < options.kills; kill++) {
      await pause(random.below(maxLifeMs))
      proxy.cut()
      await server.kill()
      await server.start()
      const { lost: missing, revived } = oracle.judge(await readAll(server.url))
      lost.push(...missing, ...revived.map(token => `${token} was deleted`))
      proxy.mend()
    }
    stopWriting()
    await Promise.all(writers.map(writer => writer.settled()))
    const texts = await readAll(server.url)
    const { lost: missing } = oracle.judge(texts)
    lost.push(...missing)
    const converged = await areEqual(writers, texts)
    await Promise.all(writers.map(writer => writer.close()))
    return {
      seed: options.seed,
      kills: options.kills,
      acknowledged: oracle.acknowledged,
      lost: lost.length,
      examples: lost.slice(0, 10),
      converged,
    }
  } finally {
    await proxy.close()
    await server.dispose()
  }
}

function openWriter(number: number, url: string, oracle: Oracle, random: Random): Writer {
  const documentId = documentIds[number % documentIds.length]!
  const own = seededRandom(random.below(2 ** 31))
  const options = { number, url, documentId, oracle, random: own }
  return number % 2 === 0 ? openWireWriter(options) : openClientWriter(options)
}

/** Each writer edits every few milliseconds until the returned function is called. */
function keepWriting(writers: readonly Writer[], random: Random): () => void {
  const timers = writers.map(writer => setInterval(() => writer.write(), 3 + random.below(12)))
  return () => timers.forEach(clearInterval)
}

async function createDocument(url: string, documentId: string): Promise<void> {
  const response = await fetch(`${url}/api/v1/documents/${documentId}`, {
    method: 'PUT',
    headers: { 'if-none-match': '*', 'content-type': 'application/json' },
    body: '{}',
  })
  if (response.status !== 201) throw new Error(`PUT answered ${response.status}: ${await response.text()}`)
}

function readAll(url: string): Promise<string[]> {
  return Promise.all(
    documentIds.map(async documentId => {
      const reader = await WireClient.open(url, documentId)
      const ydoc = new Y.Doc()
      reader.send({ type: 'step1', stateVector: Y.encodeStateVector(ydoc) })
      Y.applyUpdate(ydoc, (await reader.next('step2')).update)
      await reader.close()
      return ydoc.getText('body').toString()
    }),
  )
}

/** True once every writer's replica holds what the server handed out; the last updates may still be on their way. */
async function areEqual(writers: readonly Writer[], texts: readonly string[]): Promise<boolean> {
  const goals = texts.map(text => tokensIn(text).length)
  const deadlineMs = performance.now() + 10_000
  for (;;) {
    const equal = writers.every((writer, number) => {
      const own = writer.ydoc.getText('body').toString()
      const index = number % documentIds.length
      return tokensIn(own).length === goals[index] && own === texts[index]
    })
    if (equal || performance.now() > deadlineMs) return equal
    await pause(50)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
