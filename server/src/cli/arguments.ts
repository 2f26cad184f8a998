// Arguments of the commands that are about a data directory: words that stand by themselves, and options.

import { type OptionDefinition, parseFlags, UsageError } from '../config.ts'
import type { Terminal } from './terminal.ts'

export const dataOption: OptionDefinition = {
  name: 'data',
  value: 'DIR',
  default: './sheaf-data',
  about: 'where the documents are kept',
}

export const jsonOption: OptionDefinition = { name: 'json', about: 'the result, and every error, as JSON' }

export interface DataArguments {
  readonly data: string
  readonly json: boolean
  /** Those options of the command's own that are there. */
  readonly flags: ReadonlyMap<string, string>
  /** As many as the command has names for. */
  readonly words: readonly string[]
}

/**
 * @param names what the command's words are called: `FILE`.
 * @throws UsageError for words too few or too many, and as {@link parseFlags}.
 */
export function parseDataArguments(
  args: readonly string[],
  terminal: Terminal,
  { names = [], options = [] }: { names?: readonly string[]; options?: readonly OptionDefinition[] } = {},
): DataArguments {
  const withValues = [dataOption, ...options].filter(({ value }) => value !== undefined)
  const words: string[] = []
  const rest: string[] = []
  for (const [index, arg] of args.entries()) {
    const before = args[index - 1] ?? ''
    const isValue = withValues.some(({ name }) => before === `--${name}`)
    if (arg.startsWith('--') || isValue) rest.push(arg)
    else words.push(arg)
  }
  const flags = parseFlags(rest, [dataOption, jsonOption, ...options])
  if (words.length < names.length) throw new UsageError(`${names[words.length]} is missing.`)
  if (words.length > names.length) throw new UsageError(`“${words[names.length]}” means nothing here.`)
  const data = flags.get('data') ?? terminal.env.SHEAF_DATA ?? dataOption.default!
  return { data, json: flags.has('json'), flags, words }
}
