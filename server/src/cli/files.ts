// `sheaf export` and `sheaf import`: documents as files, and files as documents.

import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import type { ImportReport } from '@sheaf/client/http'
import { SheafError } from '@sheaf/protocol'
import { systemFiles } from '../store/disk-files.ts'
import { say } from './data.ts'
import { parseRemoteArguments } from './remote.ts'
import type { Terminal } from './terminal.ts'

const folderOption = { name: 'folder', value: 'ID', about: 'in which folder' }

const importable = new Set(['.md', '.markdown', '.html', '.htm', '.txt', '.docx', '.zip'])

/** All documents, or those of a folder, as a zip; or one document as a file. */
export async function exportFiles(args: readonly string[], terminal: Terminal): Promise<number> {
  const { server, words, flags, json } = await parseRemoteArguments(args, terminal, {
    names: ['FILE'],
    options: [
      { name: 'format', value: 'FORMAT', about: 'markdown, html, docx, json or text' },
      { name: 'document', value: 'ID', about: 'this document only, not in a zip' },
      folderOption,
    ],
  })
  const [file] = words as [string]
  if (await systemFiles.exists(file)) throw new SheafError('already-exists', `${file} is there already.`)
  const format = flags.get('format') ?? 'markdown'
  const id = flags.get('document')
  const folder = flags.get('folder')
  const bytes =
    id === undefined
      ? await server.files.exportAll({ format, ...(folder !== undefined && { folder }) })
      : await server.files.export(id, { format })
  await writeFile(file, bytes)
  say(terminal, { json }, { file, bytes: bytes.byteLength }, [`${bytes.byteLength} bytes are in ${file}.`])
  return 0
}

/** @returns 1 when some file could not be read; the others are documents then. */
export async function importFiles(args: readonly string[], terminal: Terminal): Promise<number> {
  const { server, words, flags, json } = await parseRemoteArguments(args, terminal, {
    names: ['FILE'],
    isManyMore: true,
    options: [folderOption],
  })
  const folder = flags.get('folder')
  let isWhole = true
  for (const path of (await Promise.all(words.map(filesAt))).flat()) {
    const file = new Blob([await readFile(path)])
    const name = basename(path)
    const report = await server.files
      .import(file, { name, ...(folder !== undefined && { folder }) })
      .catch(cause => refusedFile(cause, name))
    isWhole &&= report.skipped.length === 0
    if (json) terminal.out(`${JSON.stringify({ file: path, ...report })}\n`)
    else for (const line of linesOf(report)) terminal.out(`${line}\n`)
  }
  return isWhole ? 0 : 1
}

/** What one file is refused for does not keep the others out. */
function refusedFile(cause: unknown, name: string): ImportReport {
  if (cause instanceof SheafError && cause.retry === 'fix-request') {
    return { documents: [], skipped: [{ name, reason: cause.message }] }
  }
  throw cause
}

function linesOf({ documents, skipped }: ImportReport): string[] {
  return [
    ...documents.map(({ id, title }) => `${id}\t${title}`),
    ...skipped.map(({ name, reason }) => `${name} was left out: ${reason}`),
  ]
}

/** A file itself; of a directory the files in it that can be read, in the order of their names. */
async function filesAt(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { withFileTypes: true, recursive: true })
  return entries
    .filter(entry => entry.isFile() && importable.has(extname(entry.name).toLowerCase()))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .sort()
}
