// The crash loop: eight writers, a server that is killed with -9 at random moments, and an oracle of what it had called
// durable. After every start the documents are read by somebody new, before any writer is let back in, so that no
// client can mend what the server has lost.

import * as Y from 'yjs'
import { createDocument, receiveState } from '../helpers/documents.ts'
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

const documentNames = ['one', 'two', 'three']
const writerCount = 8
/** After so many kills the writers move on to new documents: in ever longer ones the test itself would become slow. */
const killsInRound = 25
/** The server lives this long after its writers are back, at most. */
const maxLifeMs = 700

export async function crashLoop(options: { readonly kills: number; readonly seed: number }): Promise<CrashReport> {
  const random = seededRandom(options.seed)
  const server = await ServerProcess.start({ args: ['--limits', 'off'] })
  const proxy = await TcpProxy.start(server.port)
  const rounds: Round[] = []
  try {
    for (let left = options.kills; left > 0; left -= killsInRound) {
      rounds.push(await playRound(rounds.length, Math.min(left, killsInRound), server, proxy, random))
    }
  } finally {
    await proxy.close()
    await server.dispose()
  }
  const lost = rounds.flatMap(round => round.lost)
  return {
    seed: options.seed,
    kills: options.kills,
    acknowledged: rounds.reduce((sum, round) => sum + round.acknowledged, 0),
    lost: lost.length,
    examples: lost.slice(0, 10),
    converged: rounds.every(round => round.converged),
  }
}

interface Round {
  readonly acknowledged: number
  readonly lost: readonly string[]
  readonly converged: boolean
}

async function playRound(
  number: number,
  kills: number,
  server: ServerProcess,
  proxy: TcpProxy,
  random: Random,
): Promise<Round> {
  const oracle = new Oracle()
  const documentIds = documentNames.map(name => `crash-${number}-${name}`)
  await Promise.all(documentIds.map(documentId => createDocument(server.url, documentId)))
  const writers = Array.from({ length: writerCount }, (_, index) =>
    openWriter(index, documentIds[index % documentIds.length]!, proxy.url, oracle, random),
  )
  const stopWriting = keepWriting(writers, random)
  const lost: string[] = []
  for (let kill = 0; kill < kills; kill++) {
    await pause(random.below(maxLifeMs))
    proxy.cut()
    await server.kill()
    await server.start()
    const { lost: missing, revived } = oracle.judge(await readAll(server.url, documentIds))
    lost.push(...missing, ...revived.map(token => `${token} was deleted`))
    proxy.mend()
  }
  stopWriting()
  await Promise.all(writers.map(writer => writer.settled()))
  const texts = await readAll(server.url, documentIds)
  lost.push(...oracle.judge(texts).lost)
  const converged = await areEqual(writers, texts)
  await Promise.all(writers.map(writer => writer.close()))
  return { acknowledged: oracle.acknowledged, lost, converged }
}

function openWriter(number: number, documentId: string, url: string, oracle: Oracle, random: Random): Writer {
  const own = seededRandom(random.below(2 ** 31))
  const options = { number, url, documentId, oracle, random: own }
  return number % 2 === 0 ? openWireWriter(options) : openClientWriter(options)
}

/** Each writer edits every few milliseconds until the returned function is called. */
function keepWriting(writers: readonly Writer[], random: Random): () => void {
  const timers = writers.map(writer => setInterval(() => writer.write(), 3 + random.below(12)))
  return () => timers.forEach(clearInterval)
}

function readAll(url: string, documentIds: readonly string[]): Promise<string[]> {
  return Promise.all(
    documentIds.map(async documentId => {
      const reader = await WireClient.open(url, documentId)
      const ydoc = new Y.Doc()
      reader.send({ type: 'step1', stateVector: Y.encodeStateVector(ydoc) })
      await receiveState(reader, ydoc)
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
      const index = number % texts.length
      return tokensIn(own).length === goals[index] && own === texts[index]
    })
    if (equal || performance.now() > deadlineMs) return equal
    await pause(50)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}
