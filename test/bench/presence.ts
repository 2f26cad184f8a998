// Carets: 100 people in one document move theirs 20 times a second. What does a state cost that reaches somebody, and how old is it
// then?

import { setTimeout as delay } from 'node:timers/promises'
import { decodeAwareness, encodeAwareness } from '@sheaf/protocol'
import { joinMany } from './engine/load-client.ts'
import { benchOptions } from './engine/options.ts'
import { pinLoad } from './engine/process.ts'
import { percentile, Report } from './engine/report.ts'
import { type Subject, subjects, withData } from './engine/subjects.ts'

export async function run(args: readonly string[]): Promise<void> {
  const options = benchOptions(args)
  const people = options.number('people', 100)
  const perSecond = options.number('rate', 20)
  const seconds = options.number('seconds', options.isQuick ? 1 : 5)
  pinLoad()
  const report = new Report()
  for (const subject of subjects(options)) {
    const runs: Awaited<ReturnType<typeof measure>>[] = []
    for (let i = 0; i < options.runs; i++) runs.push(await measure(subject, people, perSecond, seconds))
    const add = (figure: string, unit: string, of: (run: (typeof runs)[number]) => number, target?: number) =>
      report.add({
        scenario: 'presence',
        subject: subject.name,
        variant: `${people} carets × ${perSecond}/s`,
        figure,
        unit,
        runs: runs.map(of),
        ...(target === undefined || people !== 100 || perSecond !== 20 ? {} : { target }),
      })
    add('CPU per delivered state', 'µs', run => run.cpuUs, 0.35)
    add('age p50', 'ms', run => run.p50)
    add('age p99', 'ms', run => run.p99, 35)
    add('states that were overtaken by a newer one', '%', run => run.overtaken * 100)
  }
  console.log(report.table())
}

async function measure(subject: Subject, people: number, perSecond: number, seconds: number) {
  return withData(async data => {
    const server = await subject.start(data)
    try {
      const clients = await joinMany(people, server.port, subject.dialect, () => 'carets')
      const sentMs = clients.map(() => [] as number[])
      const ages: number[] = []
      let seen = 0
      // The first one watches, and shows itself as all do.
      clients[0]!.onMessage = message => {
        if (message.kind !== 'awareness') return
        const nowMs = performance.now()
        for (const { clientId, clock } of decodeAwareness(message.bytes)) {
          const sent = sentMs[clientId - firstId]?.[clock]
          if (sent === undefined || clientId === firstId) continue
          seen += 1
          ages.push(nowMs - sent)
        }
      }
      const move = (i: number) => {
        const clock = Math.max(1, sentMs[i]!.length)
        const state = JSON.stringify({
          user: { id: `person-${i}`, name: `Person ${i}`, color: (i % 12) + 1 },
          caret: { anchor: [i, clock], head: [i, clock] },
        })
        sentMs[i]![clock] = performance.now()
        clients[i]!.awareness(encodeAwareness([{ clientId: firstId + i, clock, state }]))
      }
      await openLoop(people, perSecond, 1, move)
      await delay(1_000)
      const before = { cpuUs: server.cpuUs(), seen }
      ages.length = 0
      const sent = await openLoop(people, perSecond, seconds, move)
      await delay(600)
      const cpuUs = server.cpuUs() - before.cpuUs
      const states = seen - before.seen
      const closes = clients.flatMap(client => client.closedWith ?? [])
      if (states === 0 || closes.length > 0) {
        throw new Error(
          `${subject.name} has shown ${states} states; sockets closed with ${closes.join(', ') || 'nothing'}.`,
        )
      }
      for (const client of clients) client.leave()
      return {
        // Everybody gets what the one who watches gets.
        cpuUs: cpuUs / (states * people),
        p50: percentile(ages, 0.5),
        p99: percentile(ages, 0.99),
        overtaken: 1 - states / ((sent * (people - 1)) / people),
      }
    } finally {
      await server.stop()
    }
  })
}

const firstId = 1_000

/** Everybody moves, one after the other, spread evenly over the time. @returns how many moves. */
async function openLoop(
  people: number,
  perSecond: number,
  seconds: number,
  move: (i: number) => void,
): Promise<number> {
  const startMs = performance.now()
  const total = people * perSecond * seconds
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * people * perSecond))
    for (; sent < due; sent++) move(sent % people)
    await delay(1)
  }
  return total
}
