// A thousand documents with two people each, one of whom types: what does an update cost the server's CPU that reaches one person, and
// what does an open document cost in memory?

import { setTimeout as delay } from 'node:timers/promises'
import { joinMany, type LoadClient } from './engine/load-client.ts'
import { benchOptions } from './engine/options.ts'
import { pinLoad } from './engine/process.ts'
import { Report } from './engine/report.ts'
import { type Subject, subjects, withData } from './engine/subjects.ts'
import { Typist } from './engine/typist.ts'

const deadlineMs = 60_000

export async function run(args: readonly string[]): Promise<void> {
  const options = benchOptions(args)
  const documents = options.number('documents', options.isQuick ? 100 : 1_000)
  const perSecond = options.number('rate', documents)
  const seconds = options.number('seconds', options.isQuick ? 2 : 10)
  const warmUpSeconds = options.number('warm-up', options.isQuick ? 1 : 10)
  const isIssue = documents === 1_000
  pinLoad()
  const report = new Report()
  for (const subject of subjects(options)) {
    const runs: Awaited<ReturnType<typeof measure>>[] = []
    for (let i = 0; i < options.runs; i++) {
      runs.push(await measure(subject, { documents, perSecond, seconds, warmUpSeconds }))
    }
    const add = (figure: string, unit: string, of: (run: (typeof runs)[number]) => number, target?: number) =>
      report.add({
        scenario: 'many',
        subject: subject.name,
        variant: `${documents} documents, ${perSecond} updates/s`,
        figure,
        unit,
        runs: runs.map(of),
        ...(target === undefined || !isIssue ? {} : { target }),
      })
    add('CPU per delivered update', 'µs', run => run.cpuUs, 85)
    add('memory per document', 'KB', run => run.bytes / 1000, 30)
  }
  console.log(report.table())
}

interface Load {
  readonly documents: number
  readonly perSecond: number
  readonly seconds: number
  readonly warmUpSeconds: number
}

/** One document: who types, and who reads. */
interface Pair {
  readonly writer: LoadClient
  readonly reader: LoadClient
  readonly typist: Typist
}

async function measure(subject: Subject, { documents, perSecond, seconds, warmUpSeconds }: Load) {
  return withData(async data => {
    const server = await subject.start(data)
    try {
      // What is compiled once is no part of a document.
      const first = await open(subject, server.port, 50, 'warm')
      await type(first, 500, 2)
      await everybodyHasEverything(first)
      close(first)
      await delay(1_000)
      const empty = await server.collectedBytes()
      const pairs = await open(subject, server.port, documents, 'many')
      await type(pairs, perSecond, warmUpSeconds)
      await everybodyHasEverything(pairs)
      const before = server.cpuUs()
      const delivered = (await type(pairs, perSecond, seconds)) + (await everybodyHasEverything(pairs))
      const cpuUs = (server.cpuUs() - before) / delivered
      const bytes = ((await server.collectedBytes()) - empty) / documents
      close(pairs)
      return { cpuUs, bytes }
    } finally {
      await server.stop()
    }
  })
}

async function open(subject: Subject, port: number, documents: number, name: string): Promise<Pair[]> {
  const clients = await joinMany(2 * documents, port, subject.dialect, i => `${name}-${i >> 1}`)
  return Array.from({ length: documents }, (_, i) => ({
    writer: clients[2 * i]!,
    reader: clients[2 * i + 1]!,
    typist: new Typist(1_000_000 + i),
  }))
}

/** One after the other types a character. @returns how many were typed. */
async function type(pairs: readonly Pair[], perSecond: number, seconds: number): Promise<number> {
  const startMs = performance.now()
  const total = perSecond * seconds
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * perSecond))
    for (; sent < due; sent++) {
      const { writer, typist } = pairs[sent % pairs.length]!
      writer.update(typist.type('x'))
    }
    await delay(1)
  }
  return total
}

/** One socket keeps its order, so who has got a mark has got all before it. @returns how many marks that took. */
async function everybodyHasEverything(pairs: readonly Pair[]): Promise<number> {
  const waiting = new Set(pairs)
  for (const pair of pairs) {
    const mark = `<${pair.typist.clock}>`
    pair.reader.onFrame = frame => {
      if (!frame.includes(mark)) return
      pair.reader.onFrame = undefined
      waiting.delete(pair)
    }
    pair.writer.update(pair.typist.type(mark))
  }
  const startMs = performance.now()
  while (waiting.size > 0) {
    const closed = pairs.find(({ writer, reader }) => (writer.closedWith ?? reader.closedWith) !== undefined)
    if (closed !== undefined)
      throw new Error(`A socket was closed with ${closed.writer.closedWith ?? closed.reader.closedWith}.`)
    if (performance.now() - startMs > deadlineMs) throw new Error(`${waiting.size} people were not sent everything.`)
    await delay(2)
  }
  return pairs.length
}

function close(pairs: readonly Pair[]): void {
  for (const { writer, reader } of pairs) {
    writer.leave()
    reader.leave()
  }
}
