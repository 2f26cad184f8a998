// A password or a secret that stands in a file, because arguments can be read by other users of the machine.

import { readFile } from 'node:fs/promises'
import { UsageError } from '../config.ts'

/** @throws UsageError for a file that cannot be read, or whose first line is empty. */
export async function firstLineOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`The file ${file} cannot be read.`, { cause })
  })
  const [line = ''] = text.split(/\r?\n/, 1)
  if (line !== '') return line
  throw new UsageError(`The first line of ${file} is empty.`)
}
