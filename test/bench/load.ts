// 100,000 live updates, a character each, into one document: how long until somebody has opened it again, and how many bytes on disk
// does an update leave behind?

import { setTimeout as delay } from 'node:timers/promises'
import { diskBytes } from './engine/disk.ts'
import { LoadClient } from './engine/load-client.ts'
import { benchOptions } from './engine/options.ts'
import { type MeasuredProcess, pinLoad } from './engine/process.ts'
import { Report } from './engine/report.ts'
import { snapshotBytes } from './engine/sheaf-store.ts'
import { type Subject, subjects, withData } from './engine/subjects.ts'
import { Typist } from './engine/typist.ts'

/** Peers write to their disks some seconds after the last edit; Sheaf compacts when it stops. */
const settleMs = 5_000
const burst = 100
const coldJoins = 5

export async function run(args: readonly string[]): Promise<void> {
  const options = benchOptions(args)
  const updates = options.number('updates', options.isQuick ? 5_000 : 100_000)
  pinLoad()
  const report = new Report()
  for (const subject of subjects(options)) {
    if (!subject.dialect.syncs) continue
    const runs: Awaited<ReturnType<typeof measure>>[] = []
    for (let i = 0; i < options.runs; i++) runs.push(await measure(subject, updates))
    const isIssue = updates === 100_000
    const add = (
      figure: string,
      unit: string,
      of: (run: (typeof runs)[number]) => number | undefined,
      target?: number,
    ) => {
      const values = runs.map(of).filter(value => value !== undefined)
      if (values.length === 0) return
      report.add({
        scenario: 'load',
        subject: subject.name,
        variant: `${updates} live updates`,
        figure,
        unit,
        runs: values,
        ...(target === undefined || !isIssue ? {} : { target }),
      })
    }
    add('time to open it cold', 'ms', run => run.coldMs, 20)
    add('time to open it as the first of a new process', 'ms', run => run.firstMs)
    add('disk for the state, per update', 'B', run => run.stateBytes, 1)
    add('disk for everything, per update', 'B', run => run.allBytes, 6)
  }
  console.log(report.table())
}

async function measure(subject: Subject, updates: number) {
  return withData(async data => {
    const filled = await subject.start(data)
    try {
      await type(subject, filled, 'load-0', updates)
      for (let n = 1; n <= coldJoins; n++) await type(subject, filled, `load-${n}`, Math.min(updates, 2_000))
      await delay(settleMs)
    } finally {
      await filled.stop()
    }
    const stateBytes = subject.name.startsWith('sheaf') ? await snapshotBytes(data, 'load-0') : undefined
    const allBytes = diskBytes(data)
    return {
      firstMs: await openMs(subject, data, { warmUp: 0 }),
      coldMs: await openMs(subject, data, { warmUp: coldJoins }),
      stateBytes: per(stateBytes, updates),
      allBytes: allBytes / updates,
    }
  })
}

function per(bytes: number | undefined, updates: number): number | undefined {
  return bytes === undefined ? undefined : bytes / updates
}

/** Milliseconds to open the document in a process that has opened so many others before. */
async function openMs(subject: Subject, data: string, { warmUp }: { warmUp: number }): Promise<number> {
  const server = await subject.start(data)
  try {
    for (let n = 1; n <= warmUp; n++) (await LoadClient.join(server.port, subject.dialect, `load-${n}`)).leave()
    await delay(300)
    const startMs = performance.now()
    const client = await LoadClient.join(server.port, subject.dialect, 'load-0')
    const ms = performance.now() - startMs
    client.leave()
    return ms
  } finally {
    await server.stop()
  }
}

async function type(subject: Subject, server: MeasuredProcess, documentId: string, updates: number): Promise<void> {
  const dialect = subject.dialect.maker ?? subject.dialect
  const writer = await LoadClient.join(server.port, dialect, documentId)
  const reader = await LoadClient.join(server.port, dialect, documentId)
  const typist = new Typist(77)
  for (let sent = 0; sent < updates; sent += burst) {
    const mark = Buffer.from(`<${sent}>`)
    const arrived = new Promise<void>(resolve => {
      reader.onFrame = frame => {
        if (frame.includes(mark)) resolve()
      }
    })
    writer.updates(Array.from({ length: burst - 1 }, () => typist.type('x')))
    writer.update(typist.type(mark.toString()))
    await arrived
  }
  writer.leave()
  reader.leave()
}
