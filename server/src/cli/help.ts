// `sheaf help`: the commands, and the options of `serve`, written from the table that parses them.

import { scopes } from '../auth/scopes.ts'
import { serveOptions, UsageError, unknown } from '../config.ts'
import type { Terminal } from './terminal.ts'

const ofServer = '[--server URL] [--json]'
const asksServer = 'A server that holds the directory is asked to do it.'

const topics: Readonly<Record<string, () => string>> = {
  serve: () => `sheaf serve [options]    serve the documents of a directory

${serveOptions.map(optionLine).join('\n')}

Each option can be set in the environment too: SHEAF_LISTEN for --listen, and so on; a flag wins.
SIGTERM or Ctrl-C stops it: requests are finished, sockets told to come back, everything is on disk.
`,
  user: () => `sheaf user add LOGIN [--name NAME] [--owner] [--password-file FILE] [--url URL]
sheaf user password LOGIN [--password-file FILE] [--url URL]
sheaf user disable LOGIN    sheaf user enable LOGIN    sheaf user list
                            [--data DIR] [--json]    the people who have an account

LOGIN is a mail address or a user name. Without --password-file a link is printed with which the person chooses a
password, once within a day. Who is disabled is out at once, everywhere. ${asksServer}
`,
  token: () => `sheaf token create LOGIN --scope SCOPES [--note TEXT] [--document IDS] [--days N]
sheaf token list LOGIN      sheaf token revoke LOGIN TOKEN-ID
                            [--data DIR] [--json]    with which programs act for somebody

SCOPES, with commas between: ${scopes.join(', ')}. A token is shown once. It may do what LOGIN may, within
its scopes and, with --document, to these documents only. ${asksServer}
`,
  verify: () => `sheaf verify [--data DIR] [--json]    read everything, and say what is not as it was written

Exit code 1 when something is found. ${asksServer}
`,
  compact: () => `sheaf compact [--data DIR] [--json]    merge the log of every document into a snapshot

It is done while serving, too, by itself; nothing of the history is lost by it. ${asksServer}
`,
  backup: () => `sheaf backup FILE [--data DIR] [--json]    write all documents with their history into one file

The file gets its name when it is whole and has been checked. ${asksServer}
`,
  restore: () => `sheaf restore FILE [--data DIR] [--force] [--json]    make a data directory of a backup

The backup is checked before anything is touched. A directory with documents is refused; with --force they are kept in
its damaged/. Each document begins a new epoch: who has a later copy keeps it apart. Stop the server first.
`,
  repair: () => `sheaf repair DOCUMENT [--data DIR] [--json]    go on from the last good state of a damaged document

Everything that there was is kept in DIR/damaged first. The document begins a new epoch. Stop the server first.
`,
  healthcheck: () => `sheaf healthcheck [options of serve]    whether the server that was started with them turns

Asks /healthz on --listen (or SHEAF_LISTEN). Exit code 1 when it does not answer within 5 seconds. For containers.
`,
  login: () => `sheaf login URL [--token-file FILE] [--json]    remember a server, and a token for it
sheaf login URL --forget                        forget both

The token is read from FILE or from standard input, and kept in ~/.config/sheaf/logins.json, which only you may read.
SHEAF_SERVER and SHEAF_TOKEN go before what is remembered. An open server needs no token.
`,
  ls: () => `sheaf ls [--q TEXT] [--folder ID] [--trashed] ${ofServer}    id, time and title, a line for each

With --json a line of JSON for each document.
`,
  cat: () => `sheaf cat DOCUMENT [--format FORMAT] [--rev REVISION] [--ids] ${ofServer}    what it says

FORMAT: markdown, html, json, text. With --json: { id, format, body, rev }.
`,
  new: () => `sheaf new [FILE] [--title TEXT] [--id ID] [--folder ID] ${ofServer}    make a document, and print its id

FILE, or - for standard input, is Markdown; HTML, JSON or plain text where its name ends so.
`,
  put: () => `sheaf put DOCUMENT FILE --base REVISION ${ofServer}    make it say what a file says
sheaf put DOCUMENT FILE --overwrite

With --base, the revision that the file was made from, what others wrote since is merged in: nothing of it is lost.
`,
  edit: () => `sheaf edit DOCUMENT ${ofServer}    change it in your editor ($VISUAL, $EDITOR)
sheaf edit DOCUMENT --replace OLD --with NEW [--dry-run]

What others write while the editor is open is merged with what you saved. Where it cannot be sent the file stays, and its path is said.
`,
  append:
    () => `sheaf append DOCUMENT [FILE] [--heading TEXT] ${ofServer}    add Markdown at the end, or at the end of a section

Without FILE standard input is read.
`,
  watch: () => `sheaf watch DOCUMENT [--since REVISION] ${ofServer}    a line for each change, as it comes

Until Ctrl-C; over restarts of the server and losses of the network. With --json a line of JSON for each.
`,
  export:
    () => `sheaf export FILE [--format FORMAT] [--folder ID | --document ID] ${ofServer}    all documents as a zip, or one as a file

FORMAT: markdown, html, docx, json, text.
`,
  import: () => `sheaf import FILE… [--folder ID] ${ofServer}    make documents of files

Markdown, HTML, plain text, Word (.docx), zips of them, and directories. Exit code 1 when some file could not be read.
`,
  mcp: () => `sheaf mcp [--server URL]    the documents of a server as tools for a model, over standard input and output

For programs that start their servers themselves; others speak to URL/mcp. The token is that of sheaf login, or SHEAF_TOKEN.
`,
  version: () => 'sheaf version [--json]    which build this is\n',
  help: () => 'sheaf help [command]    this text\n',
}

export function help(args: readonly string[], terminal: Terminal): number {
  const [topic] = args
  if (topic === undefined) terminal.out(overview())
  else if (Object.hasOwn(topics, topic)) terminal.out(topics[topic]!())
  else throw new UsageError(unknown(topic, Object.keys(topics)))
  return 0
}

function overview(): string {
  return `sheaf: a collaborative document editor for your own server

  sheaf serve --open     serve on http://127.0.0.1:4747, documents in ./sheaf-data
  sheaf user add LOGIN   make an account; also list, disable, enable, password
  sheaf token create     make a token for a program; also list, revoke
  sheaf verify           read everything, and say what is not as it was written
  sheaf compact          merge the log of every document into a snapshot
  sheaf backup FILE      write all documents with their history into one file
  sheaf restore FILE     make a data directory of a backup
  sheaf repair DOCUMENT  go on from the last good state of a damaged document
  sheaf healthcheck      whether the server turns, for containers
  sheaf login URL        remember a server, and a token for it
  sheaf ls               its documents
  sheaf cat DOCUMENT     what it says, as Markdown, HTML, JSON or text
  sheaf new [FILE]       make a document
  sheaf put DOCUMENT FILE   make it say what a file says
  sheaf edit DOCUMENT    change it in your editor
  sheaf append DOCUMENT  add to it
  sheaf watch DOCUMENT   a line for each change, as it comes
  sheaf export FILE      documents as files; sheaf import FILE: files as documents
  sheaf mcp              tools for a model, over standard input and output
  sheaf version          which build this is
  sheaf help COMMAND     what it does, and its options

Exit codes: 0 done, 1 failed or damage found, 2 the command cannot be meant as written, 3 not found, 4 denied, 5 something is
in the way (what others wrote, more places than one), 6 not possible now.
`
}

function optionLine(option: (typeof serveOptions)[number]): string {
  const flag = `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`
  return `  ${flag.padEnd(22)} ${option.about}${option.default === undefined ? '' : ` (${option.default})`}`
}
