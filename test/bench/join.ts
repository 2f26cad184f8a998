// Opening a large document: 260,000 recorded edits. What does it cost the server when fifty people open it at once, when one person
// opens it and it is not in memory, and when it is the first thing that a new process does? `--trace FILE` takes another recording.

import { setTimeout as delay } from 'node:timers/promises'
import * as Y from 'yjs'
import { LoadClient } from './engine/load-client.ts'
import { benchOptions } from './engine/options.ts'
import { type MeasuredProcess, pinLoad } from './engine/process.ts'
import { type Recording, recordedDocument } from './engine/recording.ts'
import { Report } from './engine/report.ts'
import { type Subject, subjects, withData } from './engine/subjects.ts'

const herd = 50
const coldDocuments = 8
const warmUpDocuments = 4

/** Peers write to their disks some seconds after the last edit. */
const settleMs = 5_000

/** So long somebody has the document open before the herd comes. */
const openMs = 2_000

export async function run(args: readonly string[]): Promise<void> {
  const options = benchOptions(args)
  const edits = options.number('edits', options.isQuick ? 26_000 : 260_000)
  pinLoad()
  const report = new Report()
  const recording = recordedDocument(edits, options.text('trace'))
  for (const subject of subjects(options)) {
    if (!subject.dialect.syncs) continue
    const measured = await measure(subject, recording, options.runs)
    const add = (figure: string, runs: readonly number[], target?: number, unit = 'ms') =>
      report.add({
        scenario: 'join',
        subject: subject.name,
        variant: `${edits} edits`,
        figure,
        unit,
        runs,
        ...(target === undefined || edits !== 260_000 ? {} : { target }),
      })
    add(`CPU each of a herd of ${herd}`, measured.herdMs, 0.3)
    add('CPU of a cold document', measured.coldMs, 4)
    add('CPU of the first join of a new process', measured.firstMs, 20)
    add('time to the first join of a new process', measured.firstWallMs)
    add('bytes received by one', [measured.bytes], undefined, 'B')
  }
  console.log(report.table())
}

async function measure(subject: Subject, recording: Recording, runs: number) {
  const { stateBytes } = recording
  return withData(async data => {
    await fill(subject, data, recording)
    const herdMs: number[] = []
    const coldMs: number[] = []
    const firstMs: number[] = []
    const firstWallMs: number[] = []
    let bytes = 0
    for (let i = 0; i < runs; i++) {
      const server = await subject.start(data)
      try {
        await delay(300)
        const startMs = performance.now()
        firstMs.push(await cpuMsOf(server, () => join(subject, server, 0, stateBytes)))
        firstWallMs.push(performance.now() - startMs)
        for (let n = 1; n < warmUpDocuments; n++) await join(subject, server, n, stateBytes)
        const cold = await cpuMsOf(server, async () => {
          for (let n = 0; n < coldDocuments; n++) await join(subject, server, warmUpDocuments + n, stateBytes)
        })
        coldMs.push(cold / coldDocuments)
        const stays = await LoadClient.join(server.port, subject.dialect, documentIdOf(0))
        // Somebody has it open who may write: whatever a server does for them is done.
        await delay(openMs)
        const joined = await cpuMsOf(server, () =>
          Promise.all(Array.from({ length: herd }, () => join(subject, server, 0, stateBytes))),
        )
        herdMs.push(joined / herd)
        stays.leave()
        bytes = await check(subject, server, recording)
      } finally {
        await server.stop()
      }
    }
    return { herdMs, coldMs, firstMs, firstWallMs, bytes }
  })
}

/** Writes the documents, and lets the server write its disk. */
async function fill(subject: Subject, data: string, recording: Recording): Promise<void> {
  const server = await subject.start(data)
  try {
    const maker = subject.dialect.maker ?? subject.dialect
    for (let n = 0; n < warmUpDocuments + coldDocuments; n++) {
      const client = await LoadClient.join(server.port, maker, documentIdOf(n))
      client.updates(recording.updates)
      const reader = await LoadClient.join(server.port, maker, documentIdOf(n))
      const text = new Y.Doc()
      reader.onMessage = message => {
        if (message.kind === 'update' || message.kind === 'step2') Y.applyUpdate(text, message.bytes)
      }
      reader.ask()
      while (text.getText('text').length !== recording.text.length) await delay(10)
      client.leave()
      reader.leave()
    }
    await delay(settleMs)
  } finally {
    await server.stop()
  }
}

/** Resolves when the whole document has come: some peers say that all is there before they have read it from their disk. */
async function join(subject: Subject, server: MeasuredProcess, n: number, stateBytes: number): Promise<void> {
  const client = await LoadClient.join(server.port, subject.dialect, documentIdOf(n))
  while (client.socket.bytes < stateBytes) {
    if (client.closedWith !== undefined) throw new Error(`${subject.name} closed a socket with ${client.closedWith}.`)
    await delay(1)
  }
  client.leave()
}

/** What was measured was the document and nothing less. @returns bytes until it was whole. */
async function check(subject: Subject, server: MeasuredProcess, recording: Recording): Promise<number> {
  const ydoc = new Y.Doc()
  const client = await LoadClient.join(server.port, subject.dialect, documentIdOf(0), message => {
    if (message.kind === 'update' || message.kind === 'step2') Y.applyUpdate(ydoc, message.bytes)
  })
  const isWhole = () => ydoc.getText('text').toString() === recording.text
  for (let tries = 0; !isWhole() && tries < 100; tries++) await delay(20)
  const { bytes } = client.socket
  client.leave()
  if (!isWhole()) throw new Error(`${subject.name} did not give the whole document.`)
  return bytes
}

async function cpuMsOf(server: MeasuredProcess, f: () => Promise<unknown>): Promise<number> {
  const before = server.cpuUs()
  await f()
  // What follows a join (presence, the end of a socket) is a part of it.
  await delay(50)
  return (server.cpuUs() - before) / 1000
}

function documentIdOf(n: number): string {
  return `join-${n}`
}
