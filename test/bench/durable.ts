// 1,000 updates a second over 100 documents: how long until a change is acknowledged, which means that it is on disk? Compared with what
// the disk itself takes, measured before and after in the same run. No peer acknowledges a change when it is durable.

import { setTimeout as delay } from 'node:timers/promises'
import { fsyncMs } from './engine/disk.ts'
import { joinMany } from './engine/load-client.ts'
import { benchOptions } from './engine/options.ts'
import { pinLoad } from './engine/process.ts'
import { median, percentile, Report } from './engine/report.ts'
import { type Subject, subjects, withData } from './engine/subjects.ts'
import { Typist } from './engine/typist.ts'

export async function run(args: readonly string[]): Promise<void> {
  const options = benchOptions(args)
  const documents = options.number('documents', 100)
  const perSecond = options.number('rate', 1_000)
  const seconds = options.number('seconds', options.isQuick ? 2 : 8)
  pinLoad()
  const report = new Report()
  for (const subject of subjects({ peers: false, only: ['sheaf.v1'] })) {
    const runs: Awaited<ReturnType<typeof measure>>[] = []
    for (let i = 0; i < options.runs; i++) runs.push(await measure(subject, documents, perSecond, seconds))
    const fsyncP50 = median(runs.map(run => run.fsyncP50))
    const fsyncP99 = median(runs.map(run => run.fsyncP99))
    const add = (figure: string, unit: string, of: (run: (typeof runs)[number]) => number, target?: number) =>
      report.add({
        scenario: 'durable',
        subject: subject.name,
        variant: `${perSecond} updates/s over ${documents} documents`,
        figure,
        unit,
        runs: runs.map(of),
        ...(target === undefined ? {} : { target }),
      })
    add('acknowledged p50', 'ms', run => run.p50, 1.5 * fsyncP50 + 3)
    add('acknowledged p99', 'ms', run => run.p99, 2 * fsyncP99 + 10)
    add('fsync p50', 'ms', run => run.fsyncP50)
    add('fsync p99', 'ms', run => run.fsyncP99)
    add('CPU per update', 'µs', run => run.cpuUs)
  }
  console.log(report.table())
}

async function measure(subject: Subject, documents: number, perSecond: number, seconds: number) {
  return withData(async data => {
    const server = await subject.start(data)
    try {
      const clients = await joinMany(documents, server.port, subject.dialect, i => `durable-${i}`)
      const typists = clients.map((_, i) => new Typist(1_000 + i))
      const sentMs = clients.map(() => [] as number[])
      const acked = clients.map(() => 0)
      const latencies: number[] = []
      let pending = 0
      for (const [i, client] of clients.entries()) {
        client.onMessage = ({ kind, clientSeq = 0 }) => {
          if (kind !== 'ack') return
          const nowMs = performance.now()
          for (let seq = acked[i]! + 1; seq <= clientSeq; seq++) {
            latencies.push(nowMs - sentMs[i]![seq]!)
            pending -= 1
          }
          acked[i] = Math.max(acked[i]!, clientSeq)
        }
      }
      let next = 0
      const type = () => {
        const i = next++ % documents
        pending += 1
        const nowMs = performance.now()
        sentMs[i]![clients[i]!.update(typists[i]!.type('x'))] = nowMs
      }
      await openLoop(perSecond, 2, type)
      while (pending > 0) await delay(1)
      latencies.length = 0
      const fsync = fsyncMs(data, 500)
      const beforeUs = server.cpuUs()
      await openLoop(perSecond, seconds, type)
      while (pending > 0) await delay(1)
      const cpuUs = (server.cpuUs() - beforeUs) / latencies.length
      fsync.push(...fsyncMs(data, 500))
      for (const client of clients) client.leave()
      return {
        cpuUs,
        p50: percentile(latencies, 0.5),
        p99: percentile(latencies, 0.99),
        fsyncP50: percentile(fsync, 0.5),
        fsyncP99: percentile(fsync, 0.99),
      }
    } finally {
      await server.stop()
    }
  })
}

async function openLoop(perSecond: number, seconds: number, act: () => void): Promise<void> {
  const startMs = performance.now()
  const total = perSecond * seconds
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * perSecond))
    for (; sent < due; sent++) act()
    await delay(1)
  }
}
