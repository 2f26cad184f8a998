// Connections that are open and do nothing: 5,000 of them on 2,500 documents. What does each cost the server to open, in memory while it
// is there, and what do all of them cost each second?

import { setTimeout as delay } from 'node:timers/promises'
import { joinMany, LoadClient } from './engine/load-client.ts'
import { benchOptions } from './engine/options.ts'
import { pinLoad } from './engine/process.ts'
import { Report } from './engine/report.ts'
import { type Subject, subjects, withData } from './engine/subjects.ts'
import { Typist } from './engine/typist.ts'

const perDocument = 2

/** Peers write to their disks some seconds after the last edit. */
const settleMs = 5_000
const idleMs = 5_000

export async function run(args: readonly string[]): Promise<void> {
  const options = benchOptions(args)
  const connections = options.number('connections', options.isQuick ? 500 : 5_000)
  const warmUp = options.number('warm-up', options.isQuick ? 100 : 1_000)
  const isIssue = connections === 5_000
  pinLoad()
  const report = new Report()
  for (const subject of subjects(options)) {
    const runs: Awaited<ReturnType<typeof measure>>[] = []
    for (let i = 0; i < options.runs; i++) runs.push(await measure(subject, connections, warmUp))
    const add = (figure: string, unit: string, of: (run: (typeof runs)[number]) => number, target?: number) =>
      report.add({
        scenario: 'idle',
        subject: subject.name,
        variant: `${connections} connections, ${connections / perDocument} documents`,
        figure,
        unit,
        runs: runs.map(of),
        ...(target === undefined || !isIssue ? {} : { target }),
      })
    add('CPU per open', 'µs', run => run.openUs, 200)
    add('memory per connection', 'KB', run => run.bytes / 1000, 12)
    add('CPU while idle', '% of a core', run => run.idleShare * 100)
  }
  console.log(report.table())
}

async function measure(subject: Subject, connections: number, warmUp: number) {
  return withData(async data => {
    await makeDocuments(subject, data, Math.max(connections, warmUp) / perDocument)
    const server = await subject.start(data)
    try {
      const join = (count: number) => joinMany(count, server.port, subject.dialect, documentIdOf, { areMade: true })
      for (const client of await join(warmUp)) client.leave()
      await delay(1_000)
      const empty = await server.collectedBytes()
      const cpuUs = server.cpuUs()
      const clients = await join(connections)
      const openUs = (server.cpuUs() - cpuUs) / connections
      await delay(1_000)
      const bytes = ((await server.collectedBytes()) - empty) / connections
      const idleUs = server.cpuUs()
      await delay(idleMs)
      const idleShare = (server.cpuUs() - idleUs) / 1_000 / idleMs
      const closed = clients.filter(client => client.closedWith !== undefined).length
      if (closed > 0) throw new Error(`${subject.name} closed ${closed} of ${connections} idle sockets.`)
      for (const client of clients) client.leave()
      return { openUs, bytes, idleShare }
    } finally {
      await server.stop()
    }
  })
}

/** A line of text in each. */
async function makeDocuments(subject: Subject, data: string, count: number): Promise<void> {
  const { dialect } = subject
  if (!dialect.syncs) return
  const server = await subject.start(data)
  try {
    const makers = await joinMany(count, server.port, dialect.maker ?? dialect, i => `idle-${i}`)
    makers.forEach((maker, i) => void maker.update(new Typist(1_000 + i).type('x'.repeat(60))))
    for (let i = 0; i < count; i++) {
      const reader = await LoadClient.join(server.port, dialect, `idle-${i}`)
      reader.leave()
    }
    for (const maker of makers) maker.leave()
    await delay(settleMs)
  } finally {
    await server.stop()
  }
}

function documentIdOf(index: number): string {
  return `idle-${Math.floor(index / perDocument)}`
}
