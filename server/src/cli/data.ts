// The commands about a data directory: `verify`, `compact`, `backup`, `restore`, `repair`. When a server holds the directory it is
// asked to do the work (admin.ts); otherwise the store is opened here.

import { createReadStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { SheafError } from '@sheaf/protocol'
import { systemClock } from '../clock.ts'
import { silentLog } from '../log.ts'
import { noMetrics } from '../metrics.ts'
import { type BackupSummary, readBackup } from '../store/backup.ts'
import { inlineCompactor } from '../store/compaction.ts'
import { systemFiles } from '../store/disk-files.ts'
import { LevelStore } from '../store/level.ts'
import { restoreBackup } from '../store/restoring.ts'
import { workerCompactor } from '../store/worker-compactor.ts'
import { type AdminClient, findAdmin } from './admin.ts'
import { type DataArguments, parseDataArguments } from './arguments.ts'
import { compactAll, verify as verifyStore } from './tasks.ts'
import type { Terminal } from './terminal.ts'

/** Reads everything. @returns 0 when all of it is as it was written, else 1. */
export async function verify(args: readonly string[], terminal: Terminal): Promise<number> {
  const given = parseDataArguments(args, terminal)
  const report = await withData(given, terminal, {
    server: admin => admin.verify(),
    here: verifyStore,
  })
  const { documents, sound, findings } = report
  const lines = [
    ...findings.map(({ documentId, damage }) => `${documentId ?? 'the store'}: ${damage.detail}`),
    `${sound} of ${documents} documents are sound.`,
  ]
  say(terminal, given, report, lines)
  return findings.length === 0 ? 0 : 1
}

/** @returns 1 when some document is damaged, and stays as it is. */
export async function compact(args: readonly string[], terminal: Terminal): Promise<number> {
  const given = parseDataArguments(args, terminal)
  const report = await withData(given, terminal, { server: admin => admin.compact(), here: compactAll })
  const lines = report.damaged.map(({ documentId, detail }) => `${documentId} is damaged: ${detail}`)
  say(terminal, given, report, [...lines, `${report.documents - report.damaged.length} documents are compact.`])
  return report.damaged.length === 0 ? 0 : 1
}

/** Writes a backup beside its file, checks it, and only then gives it its name. @returns 1 when the store is damaged. */
export async function backup(args: readonly string[], terminal: Terminal): Promise<number> {
  const given = parseDataArguments(args, terminal, { names: ['FILE'] })
  const path = resolve(given.words[0]!)
  if (await systemFiles.exists(path))
    throw new SheafError('already-exists', `${path} is there already. Choose another name.`)
  const summary = await withData(given, terminal, {
    server: admin => writeBackupFile(path, admin.backup()),
    here: store => writeBackupFile(path, store.backup()),
  })
  const damaged =
    summary.damaged === 0 ? [] : [`${summary.damaged} entries are not what was written; see sheaf verify.`]
  say(terminal, given, { file: path, ...summary }, [...damaged, `${summary.documents} documents are in ${path}.`])
  return summary.damaged === 0 ? 0 : 1
}

/** @returns 1 when something in the backup was damaged already. */
export async function restore(args: readonly string[], terminal: Terminal): Promise<number> {
  const options = [{ name: 'force', about: 'what is there is kept aside, and the backup takes its place' }]
  const given = parseDataArguments(args, terminal, { names: ['FILE'], options })
  const path = resolve(given.words[0]!)
  if (!(await systemFiles.exists(path))) throw new SheafError('not-found', `There is no file ${path}.`)
  const report = await restoreBackup({
    directory: resolve(given.data),
    open: () => createReadStream(path),
    force: given.flags.has('force'),
    clock: systemClock,
    log: silentLog,
  })
  const { verified, replaced, documents } = report
  say(terminal, given, report, [
    ...verified.findings.map(({ documentId, damage }) => `${documentId ?? 'the store'}: ${damage.detail}`),
    ...(replaced === undefined ? [] : [`What was there is kept in ${join(given.data, replaced)}.`]),
    `${documents} documents are in ${given.data}.`,
  ])
  return verified.findings.length === 0 ? 0 : 1
}

/** Makes the last good state of a damaged document the document. Only where no server holds the directory. */
export async function repair(args: readonly string[], terminal: Terminal): Promise<number> {
  const given = parseDataArguments(args, terminal, { names: ['DOCUMENT'] })
  const documentId = given.words[0]!
  if (await findAdmin(resolve(given.data))) {
    throw new SheafError(
      'storage-failed',
      'A server holds the directory, and may have the document open. Stop it first; a repair is made at rest.',
    )
  }
  const repaired = await withStore(given, terminal, store => store.repair(documentId))
  if (repaired === undefined) {
    say(terminal, given, { documentId, repaired: false }, [`${documentId} is sound; nothing was changed.`])
    return 0
  }
  const { revision, reached, exported, historyStart } = repaired
  say(terminal, given, { documentId, repaired: true, ...repaired }, [
    `${documentId} goes on from revision ${revision}${reached > revision ? `; it once reached ${reached}` : ''}.`,
    ...(historyStart > 1 ? [`Its history begins at revision ${historyStart}.`] : []),
    `Everything that there was is kept in ${join(given.data, exported)}.`,
  ])
  return 0
}

/** Asks the server that holds the directory, or opens the store here. */
export async function withData<T>(
  given: DataArguments,
  terminal: Terminal,
  work: { server: (admin: AdminClient) => Promise<T>; here: (store: LevelStore) => Promise<T> },
): Promise<T> {
  const admin = await findAdmin(resolve(given.data))
  return admin === undefined ? withStore(given, terminal, work.here) : work.server(admin)
}

async function withStore<T>(
  given: DataArguments,
  terminal: Terminal,
  work: (store: LevelStore) => Promise<T>,
): Promise<T> {
  const directory = resolve(given.data)
  // Opening would make one, and a directory that was misspelt would look like an empty store.
  if (
    !(await systemFiles.exists(join(directory, 'store'))) &&
    !(await systemFiles.exists(join(directory, 'clean-stop.json')))
  ) {
    throw new SheafError('not-found', `There are no documents of Sheaf in ${directory}.`)
  }
  const compactionWorker = terminal.built?.compactionWorker
  const store = await LevelStore.open({
    directory,
    clock: systemClock,
    log: silentLog,
    metrics: noMetrics,
    compactor: compactionWorker === undefined ? inlineCompactor : workerCompactor(compactionWorker),
  })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

async function writeBackupFile(path: string, parts: AsyncIterable<Uint8Array>): Promise<BackupSummary> {
  const partial = `${path}.partial`
  try {
    const file = await open(partial, 'w', 0o600)
    try {
      for await (const part of parts) await file.write(part)
      await file.sync()
    } finally {
      await file.close()
    }
    const summary = await readBackup(createReadStream(partial))
    await rename(partial, path)
    await systemFiles.syncDirectory(dirname(path))
    return summary
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** Prints the result: as JSON where that was asked for, as lines otherwise. */
export function say(
  terminal: Terminal,
  { json }: Pick<DataArguments, 'json'>,
  result: object,
  lines: readonly string[],
): void {
  terminal.out(json ? `${JSON.stringify(result)}\n` : `${lines.join('\n')}\n`)
}
