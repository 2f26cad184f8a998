// `sheaf help`: the commands, and the options of `serve`, written from the table that parses them.

import { serveOptions, UsageError, unknown } from '../config.ts'
import type { Terminal } from './terminal.ts'

const topics: Readonly<Record<string, () => string>> = {
  serve: () => `sheaf serve --open [options]    serve the documents of a directory

${serveOptions.map(optionLine).join('\n')}

Each option can be set in the environment too: SHEAF_LISTEN for --listen, and so on; a flag wins.
SIGTERM or Ctrl-C stops it: requests are finished, sockets told to come back, everything is on disk.
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
  sheaf version          which build this is
  sheaf help serve       all options of serve

Exit codes: 0 done, 1 failed, 2 the command cannot be meant as written.
`
}

function optionLine(option: (typeof serveOptions)[number]): string {
  const flag = `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`
  return `  ${flag.padEnd(22)} ${option.about}${option.default === undefined ? '' : ` (${option.default})`}`
}
