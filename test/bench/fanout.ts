// One document, many people, some of whom type: so many updates a second, whatever the server makes of it (open loop). What does the
// server's CPU pay for one update that reaches one person, and how long does it take? `--rights` measures in turn, in pairs, the server open
// and with accounts, and what authorising adds.

import { setTimeout as delay } from 'node:timers/promises'
import { fsyncMs } from './engine/disk.ts'
import { benchOptions } from './engine/options.ts'
import { pinLoad } from './engine/process.ts'
import { percentile, Report } from './engine/report.ts'
import { type Subject, subjects, withAndWithoutRights, withData } from './engine/subjects.ts'
import { Typing } from './engine/typing.ts'

/** At 200 clients and 500 updates a second. */
const targetUs = 1.4
/** What authorising may add to the server's CPU. */
const maxAddedPercent = 5

export async function run(args: readonly string[]): Promise<void> {
  const options = benchOptions(args)
  const clients = options.number('clients', 200)
  const perSecond = options.number('rate', 500)
  const seconds = options.number('seconds', options.isQuick ? 1 : 5)
  // For as long as it takes a server to be compiled; its threads for that would be counted too.
  const warmUpSeconds = options.number('warm-up', options.isQuick ? 1 : 10)
  const variant = `${clients} clients, ${perSecond} updates/s`
  const isIssue = clients === 200 && perSecond === 500
  pinLoad()
  const report = new Report()
  const isPaired = args.includes('--rights')
  const measured = isPaired ? withAndWithoutRights('bench') : subjects(options)
  const runsOf = new Map<Subject, Run[]>(measured.map(subject => [subject, []]))
  // In pairs, the other one first in each second pair, so that what the machine does meanwhile falls on both.
  const order = isPaired
    ? Array.from({ length: options.runs }, (_, i) => (i % 2 === 0 ? measured : measured.toReversed())).flat()
    : measured.flatMap(subject => Array.from({ length: options.runs }, () => subject))
  for (const subject of order) {
    runsOf.get(subject)!.push(await measure(subject, clients, perSecond, seconds, warmUpSeconds))
  }
  for (const [subject, runs] of runsOf) {
    const figure = (name: string, unit: string, of: (run: Run) => number, target?: number) =>
      report.add({
        scenario: 'fanout',
        subject: subject.name,
        variant,
        figure: name,
        unit,
        runs: runs.map(of),
        ...(target === undefined || !isIssue ? {} : { target }),
      })
    const fsync = Math.min(...runs.map(run => run.fsyncP50))
    figure('CPU per delivered update', 'µs', run => run.cpuUs, targetUs)
    figure('CPU of the server', '% of a core', run => run.cpuShare * 100)
    figure('latency p50', 'ms', run => run.p50, 1.5 * fsync + 6)
    figure('latency p99', 'ms', run => run.p99)
    figure('fsync p50', 'ms', run => run.fsyncP50)
  }
  if (isPaired) {
    const [open, authorised] = [...runsOf.values()] as [Run[], Run[]]
    report.add({
      scenario: 'fanout',
      subject: 'sheaf.v1 with rights',
      variant,
      figure: 'CPU added by authorising',
      unit: '%',
      runs: authorised.map((run, i) => (run.cpuUs / open[i]!.cpuUs - 1) * 100),
      target: maxAddedPercent,
    })
  }
  console.log(report.table())
}

type Run = Awaited<ReturnType<typeof measure>>

async function measure(subject: Subject, clients: number, perSecond: number, seconds: number, warmUpSeconds: number) {
  return withData(async data => {
    const fsync = fsyncMs(data)
    const server = await subject.start(data)
    try {
      const typing = await Typing.open({ server, dialect: subject.dialect, clients })
      await openLoop(typing, perSecond, warmUpSeconds)
      await typing.everybodyHasEverything()
      typing.latenciesMs.length = 0
      const before = { cpuUs: server.cpuUs(), ms: performance.now(), delivered: typing.delivered }
      await openLoop(typing, perSecond, seconds)
      await typing.everybodyHasEverything()
      const cpuUs = server.cpuUs() - before.cpuUs
      const wallMs = performance.now() - before.ms
      typing.close()
      return {
        cpuUs: cpuUs / (typing.delivered - before.delivered),
        cpuShare: cpuUs / 1000 / wallMs,
        p50: percentile(typing.latenciesMs, 0.5),
        p99: percentile(typing.latenciesMs, 0.99),
        fsyncP50: percentile(fsync, 0.5),
      }
    } finally {
      await server.stop()
    }
  })
}

async function openLoop(typing: Typing, perSecond: number, seconds: number): Promise<void> {
  const startMs = performance.now()
  const total = perSecond * seconds
  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startMs) / 1000) * perSecond))
    for (; sent < due; sent++) typing.next()
    await delay(1)
  }
}
