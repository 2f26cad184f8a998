// `sheaf help`: the commands, and the options of `serve`, written from the table that parses them.

import { scopes } from '../auth/scopes.ts'
import { serveOptions, UsageError, unknown } from '../config.ts'
import type { Terminal } from './terminal.ts'

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
  sheaf version          which build this is
  sheaf help COMMAND     what it does, and its options

Exit codes: 0 done, 1 failed or damage found, 2 the command cannot be meant as written, 3 not found, 5 something is in the
way, 6 not possible now.
`
}

function optionLine(option: (typeof serveOptions)[number]): string {
  const flag = `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`
  return `  ${flag.padEnd(22)} ${option.about}${option.default === undefined ? '' : ` (${option.default})`}`
}
