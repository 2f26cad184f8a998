// The documents of a server from the command line: `ls`, `cat`, `new`, `put`, `append`. What they print can be piped on.

import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Edited, Form } from '@sheaf/client/http'
import { UsageError, unknown } from '../config.ts'
import { say } from './data.ts'
import { parseRemoteArguments } from './remote.ts'
import type { Terminal } from './terminal.ts'

const folderOption = { name: 'folder', value: 'ID', about: 'in which folder' }
const headingOption = { name: 'heading', value: 'TEXT', about: 'at the end of this section' }

const forms: readonly Form[] = ['markdown', 'html', 'json', 'text']
const formsOfEndings: Readonly<Record<string, Form>> = {
  '.html': 'html',
  '.htm': 'html',
  '.json': 'json',
  '.txt': 'text',
}

export async function ls(args: readonly string[], terminal: Terminal): Promise<number> {
  const { server, flags, json } = await parseRemoteArguments(args, terminal, {
    options: [
      folderOption,
      { name: 'q', value: 'TEXT', about: 'whose title has this in it' },
      { name: 'trashed', about: 'those in the trash' },
    ],
  })
  const query = {
    ...(flags.has('folder') && { folder: flags.get('folder')! }),
    ...(flags.has('q') && { q: flags.get('q')! }),
    ...(flags.has('trashed') && { trashed: true }),
  }
  for await (const document of server.documents.all(query)) {
    const { id, updatedAt, title } = document
    terminal.out(json ? `${JSON.stringify(document)}\n` : `${id}\t${updatedAt}\t${title}\n`)
  }
  return 0
}

export async function cat(args: readonly string[], terminal: Terminal): Promise<number> {
  const { server, words, flags, json } = await parseRemoteArguments(args, terminal, {
    names: ['DOCUMENT'],
    options: [
      { name: 'format', value: 'FORMAT', about: forms.join(', ') },
      { name: 'rev', value: 'REVISION', about: 'as it was then' },
      { name: 'ids', about: 'the id of each block before it' },
    ],
  })
  const as = formOf(flags.get('format') ?? 'markdown')
  const rev = flags.get('rev')
  const read = await server.edits.read(words[0]!, { as, ids: flags.has('ids'), ...(rev !== undefined && { rev }) })
  terminal.out(json ? `${JSON.stringify({ id: words[0], format: as, ...read })}\n` : read.body)
  return 0
}

/** Prints the id of the new document. */
export async function newDocument(args: readonly string[], terminal: Terminal): Promise<number> {
  const { server, words, flags, json } = await parseRemoteArguments(args, terminal, {
    optional: ['FILE'],
    options: [
      { name: 'title', value: 'TEXT', about: 'else a heading of level 1 at its beginning, if it is the only one' },
      { name: 'id', value: 'ID', about: 'its id' },
      folderOption,
    ],
  })
  const [file] = words
  const { documents } = server
  const init = {
    ...(flags.has('title') && { title: flags.get('title')! }),
    ...(flags.has('folder') && { folder: flags.get('folder')! }),
    ...(file !== undefined && (await beginningIn(file, terminal))),
  }
  const id = flags.get('id')
  const made = id === undefined ? await documents.create(init) : await documents.createAt(id, init)
  terminal.out(json ? `${JSON.stringify(made)}\n` : `${made.id}\n`)
  return 0
}

/** Makes a document say what a file says, merged with what was written since `--base`. */
export async function put(args: readonly string[], terminal: Terminal): Promise<number> {
  const { server, words, flags, json } = await parseRemoteArguments(args, terminal, {
    names: ['DOCUMENT', 'FILE'],
    options: [
      { name: 'base', value: 'REVISION', about: 'which the file was made from: what was written since is merged' },
      { name: 'overwrite', about: 'whatever was written since' },
    ],
  })
  const [id, file] = words as [string, string]
  const base = flags.get('base')
  if ((base === undefined) !== flags.has('overwrite')) {
    throw new UsageError('Say --base REVISION (sheaf cat --json says it), which merges, or --overwrite.')
  }
  const as = formOfFile(file)
  if (as === 'text') throw new UsageError('Plain text says nothing of blocks. Put Markdown, HTML or JSON.')
  const body = await textIn(file, terminal)
  const edited = await server.edits.put(id, body, { as, ...(base === undefined ? { only: '*' } : { base }) })
  say(terminal, { json }, edited, [lineOf(edited)])
  return 0
}

/** Markdown, from a file or standard input. */
export async function append(args: readonly string[], terminal: Terminal): Promise<number> {
  const { server, words, flags, json } = await parseRemoteArguments(args, terminal, {
    names: ['DOCUMENT'],
    optional: ['FILE'],
    options: [headingOption],
  })
  const [id, file = '-'] = words as [string, string?]
  const markdown = await textIn(file, terminal)
  const heading = flags.get('heading')
  const edited = await server.edits.edit(id, e => e.append(markdown, heading === undefined ? {} : { heading }))
  say(terminal, { json }, edited, [lineOf(edited)])
  return 0
}

/** `merged: …` is said where others had written meanwhile. */
export function lineOf({ rev, merged }: Edited): string {
  return merged ? `${rev}, merged with what was written meanwhile.` : `${rev}`
}

async function beginningIn(file: string, terminal: Terminal): Promise<Readonly<Record<string, unknown>>> {
  const text = await textIn(file, terminal)
  const form = formOfFile(file)
  if (form !== 'json') return { [form]: text }
  const { doc, title } = JSON.parse(text) as { readonly doc?: unknown; readonly title?: string }
  return { json: doc, ...(title !== undefined && { title }) }
}

/** `-` is standard input. */
async function textIn(file: string, terminal: Terminal): Promise<string> {
  return file === '-' ? terminal.read() : readFile(file, 'utf8')
}

function formOfFile(file: string): Form {
  return formsOfEndings[extname(file).toLowerCase()] ?? 'markdown'
}

function formOf(given: string): Form {
  const form = forms.find(candidate => candidate === given)
  if (form === undefined) throw new UsageError(unknown(`format ${given}`, forms))
  return form
}
