// Arguments of the commands: words that stand by themselves, and options.

import { type OptionDefinition, parseFlags, UsageError } from '../config.ts'
import type { Terminal } from './terminal.ts'

export const dataOption: OptionDefinition = {
  name: 'data',
  value: 'DIR',
  default: './sheaf-data',
  about: 'where the documents are kept',
}

export const jsonOption: OptionDefinition = { name: 'json', about: 'the result, and every error, as JSON' }

export interface DataArguments extends Arguments {
  readonly data: string
  readonly json: boolean
}

/** What the words of a command are called: `FILE`. */
export interface WordNames {
  readonly names?: readonly string[]
  /** Those that may be left out, behind the others. */
  readonly optional?: readonly string[]
  /** The last of `names` may stand more than once. */
  readonly isManyMore?: boolean
}

export interface Arguments {
  /** Those options that are there. */
  readonly flags: ReadonlyMap<string, string>
  readonly words: readonly string[]
}

/** @throws UsageError as {@link parseArguments}. */
export function parseDataArguments(
  args: readonly string[],
  terminal: Terminal,
  { options = [], ...names }: WordNames & { readonly options?: readonly OptionDefinition[] } = {},
): DataArguments {
  const { flags, words } = parseArguments(args, { ...names, options: [dataOption, jsonOption, ...options] })
  const data = flags.get('data') ?? terminal.env.SHEAF_DATA ?? dataOption.default!
  return { data, json: flags.has('json'), flags, words }
}

/**
 * A word that begins with `--` comes behind `--` only.
 * @throws UsageError for words too few or too many, and as {@link parseFlags}.
 */
export function parseArguments(
  args: readonly string[],
  {
    names = [],
    optional = [],
    isManyMore = false,
    options,
  }: WordNames & { readonly options: readonly OptionDefinition[] },
): Arguments {
  const withValues = options.filter(({ value }) => value !== undefined)
  const end = args.indexOf('--')
  const words: string[] = []
  const rest: string[] = []
  for (const [index, arg] of args.slice(0, end < 0 ? args.length : end).entries()) {
    const before = args[index - 1] ?? ''
    const isValue = withValues.some(({ name }) => before === `--${name}`)
    if (arg.startsWith('--') || isValue) rest.push(arg)
    else words.push(arg)
  }
  if (end >= 0) words.push(...args.slice(end + 1))
  const most = isManyMore ? Number.POSITIVE_INFINITY : names.length + optional.length
  const flags = parseFlags(rest, options)
  if (words.length < names.length) throw new UsageError(`${names[words.length]} is missing.`)
  if (words.length > most) throw new UsageError(`“${words[most]}” means nothing here.`)
  return { flags, words }
}
