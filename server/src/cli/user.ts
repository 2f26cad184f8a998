// `sheaf user`: accounts from the command line. A server that holds the directory is asked to do it; otherwise the store is opened here.
// No password is ever an argument, where other users of the machine could read it.

import { accountsIn, verbOf } from './accounts.ts'
import { parseDataArguments } from './arguments.ts'
import { say, withData } from './data.ts'
import { firstLineOf } from './first-line.ts'
import type { Terminal } from './terminal.ts'
import { runUserTask, type UserEntry, type UserTask } from './user-tasks.ts'

const options = [
  { name: 'name', value: 'NAME', about: 'what others see; the login by default' },
  { name: 'owner', about: 'may invite and disable others' },
  { name: 'password-file', value: 'FILE', about: 'its first line is the password; a link to choose one by default' },
  { name: 'url', value: 'URL', about: 'what that link begins with' },
]
const verbs = ['add', 'list', 'disable', 'enable', 'password'] as const

/** @throws UsageError; SheafError `not-found`, `already-exists`, `invalid-field`. */
export async function user(args: readonly string[], terminal: Terminal): Promise<number> {
  const verb = verbOf('user', verbs, args[0])
  const names = verb === 'list' ? [] : ['LOGIN']
  const given = parseDataArguments(args.slice(1), terminal, { names, options })
  const [login = ''] = given.words
  const file = given.flags.get('password-file')
  const password = file === undefined ? {} : { password: await firstLineOf(file) }
  const task: UserTask =
    verb === 'list'
      ? { do: verb }
      : verb === 'add'
        ? { do: verb, login, name: given.flags.get('name') ?? login, isOwner: given.flags.has('owner'), ...password }
        : verb === 'password'
          ? { do: verb, login, ...password }
          : { do: verb, login }
  const report = await withData(given, terminal, {
    server: admin => admin.user(task),
    here: async store => runUserTask(await accountsIn(store), task),
  })
  const link =
    report.secret &&
    `${given.flags.get('url') ?? terminal.env.SHEAF_URL ?? 'http://127.0.0.1:4747'}/reset#${report.secret}`
  say(terminal, given, { users: report.users, ...(link && { link }) }, [
    ...report.users.map(lineOf),
    ...(link ? [`Choose a password with this link, once within a day: ${link}`] : []),
  ])
  return 0
}

function lineOf({ login, name, isOwner, isDisabled }: UserEntry): string {
  return [login, name, ...(isOwner ? ['owner'] : []), ...(isDisabled ? ['disabled'] : [])].join('  ')
}
