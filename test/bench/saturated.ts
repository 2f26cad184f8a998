// One document in which everybody types as fast as the server takes it: the next characters are sent when enough of the earlier ones
// have arrived. How much CPU does one delivered update cost when there is no idle time to spend?

import { benchOptions } from './engine/options.ts'
import { pinLoad } from './engine/process.ts'
import { Report } from './engine/report.ts'
import { type Subject, subjects, withData } from './engine/subjects.ts'
import { Typing } from './engine/typing.ts'

const targetsUs = new Map([
  [10, 0.65],
  [50, 0.17],
  [200, 0.085],
])

/** Characters of each person that may be under way. */
const underWayEach = 100
const burst = 10

export async function run(args: readonly string[]): Promise<void> {
  const options = benchOptions(args)
  const seconds = options.number('seconds', options.isQuick ? 1 : 3)
  const warmUpSeconds = options.number('warm-up', options.isQuick ? 1 : 4)
  const one = options.number('clients', 0)
  pinLoad()
  const report = new Report()
  for (const clients of one > 0 ? [one] : [10, 50, 200]) {
    for (const subject of subjects(options)) {
      const runs: Awaited<ReturnType<typeof measure>>[] = []
      for (let i = 0; i < options.runs; i++) runs.push(await measure(subject, clients, seconds, warmUpSeconds))
      const target = targetsUs.get(clients)
      const common = { scenario: 'saturated', subject: subject.name, variant: `${clients} clients` }
      report.add({
        ...common,
        figure: 'CPU per delivered update',
        unit: 'µs',
        runs: runs.map(run => run.cpuUs),
        ...(target === undefined ? {} : { target }),
      })
      report.add({ ...common, figure: 'updates taken', unit: '1/s', runs: runs.map(run => run.perSecond) })
    }
  }
  console.log(report.table())
}

async function measure(subject: Subject, clients: number, seconds: number, warmUpSeconds: number) {
  return withData(async data => {
    const server = await subject.start(data)
    try {
      const typing = await Typing.open({ server, dialect: subject.dialect, clients })
      await closedLoop(typing, clients, warmUpSeconds)
      await typing.everybodyHasEverything()
      const before = { cpuUs: server.cpuUs(), ms: performance.now(), delivered: typing.delivered }
      await closedLoop(typing, clients, seconds)
      await typing.everybodyHasEverything()
      const cpuUs = server.cpuUs() - before.cpuUs
      const delivered = typing.delivered - before.delivered
      const wallSeconds = (performance.now() - before.ms) / 1000
      typing.close()
      return { cpuUs: cpuUs / delivered, perSecond: delivered / (clients - 1) / wallSeconds }
    } finally {
      await server.stop()
    }
  })
}

async function closedLoop(typing: Typing, clients: number, seconds: number): Promise<void> {
  const endMs = performance.now() + seconds * 1000
  while (performance.now() < endMs) {
    if (typing.underWay <= (underWayEach - burst) * clients) typing.burst(burst)
    await new Promise(setImmediate)
  }
}
