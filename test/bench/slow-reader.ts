// Readers that stop reading while a document goes on: what does each of them cost in memory of the server, and does it grow?
// Compared with a server in which the same happens and everybody reads.

import { setTimeout as delay } from 'node:timers/promises'
import { joinMany, LoadClient } from './engine/load-client.ts'
import { benchOptions } from './engine/options.ts'
import { type MeasuredProcess, pinLoad } from './engine/process.ts'
import { Report } from './engine/report.ts'
import { type Subject, subjects, withData } from './engine/subjects.ts'
import { Typist } from './engine/typist.ts'

const updateBytes = 16 * 1024
const updatesPerSecond = 200

export async function run(args: readonly string[]): Promise<void> {
  const options = benchOptions(args)
  const readers = options.number('readers', 50)
  const megabytes = options.number('megabytes', options.isQuick ? 4 : 16)
  pinLoad()
  const report = new Report()
  for (const subject of subjects(options)) {
    const runs: { first: number; second: number; closed: number }[] = []
    for (let i = 0; i < options.runs; i++) {
      const reading = await measure(subject, readers, megabytes, { stop: false })
      const stopped = await measure(subject, readers, megabytes, { stop: true })
      const each = (bytes: number) => bytes / readers / 1e6
      runs.push({
        first: each(stopped.first - reading.first),
        second: each(stopped.second - reading.second),
        closed: stopped.closed,
      })
    }
    const add = (figure: string, unit: string, of: (run: (typeof runs)[number]) => number, target?: number) =>
      report.add({
        scenario: 'slow-reader',
        subject: subject.name,
        variant: `${readers} readers that stop`,
        figure,
        unit,
        runs: runs.map(of),
        ...(target === undefined ? {} : { target }),
      })
    add(`memory each after ${megabytes} MB`, 'MB', run => run.first, 0.5)
    add(`memory each after ${2 * megabytes} MB`, 'MB', run => run.second, 0.5)
    add('sockets that the server has closed', '', run => run.closed)
  }
  console.log(report.table())
}

async function measure(subject: Subject, readers: number, megabytes: number, { stop }: { stop: boolean }) {
  return withData(async data => {
    const server = await subject.start(data)
    try {
      const writer = await LoadClient.join(server.port, subject.dialect.maker ?? subject.dialect, 'slow')
      const witness = await LoadClient.join(server.port, subject.dialect, 'slow')
      const clients = await joinMany(readers, server.port, subject.dialect, () => 'slow')
      const typist = new Typist(4_711)
      await write(server, writer, witness, typist, megabytes / 4)
      if (stop) for (const client of clients) client.socket.pause()
      const first = await write(server, writer, witness, typist, megabytes)
      const second = await write(server, writer, witness, typist, megabytes)
      for (const client of clients) client.socket.resume()
      await delay(500)
      const closed = clients.filter(client => client.closedWith !== undefined).length
      for (const client of [writer, witness, ...clients]) client.leave()
      return { first, second, closed }
    } finally {
      await server.stop()
    }
  })
}

/** @returns what memory the server had, at most, in the second half. */
async function write(
  server: MeasuredProcess,
  writer: LoadClient,
  witness: LoadClient,
  typist: Typist,
  megabytes: number,
): Promise<number> {
  const updates = Math.round((megabytes * 1e6) / updateBytes)
  const text = 'slow reader '.repeat(updateBytes / 12)
  let most = 0
  for (let i = 0; i < updates; i++) {
    writer.update(typist.replace(text))
    if (i > updates / 2) most = Math.max(most, server.residentBytes())
    await delay(1000 / updatesPerSecond)
  }
  const mark = Buffer.from(`<end ${typist.clock}>`)
  const arrived = new Promise<void>(resolve => {
    witness.onFrame = frame => {
      if (frame.includes(mark)) resolve()
    }
  })
  writer.update(typist.type(mark.toString()))
  await arrived
  return Math.max(most, server.residentBytes())
}
