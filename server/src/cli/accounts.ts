// What the commands about accounts share: which of its verbs a command was given, and the accounts of a data directory.

import { Authority } from '../accounts/authority.ts'
import { systemClock } from '../clock.ts'
import { UsageError, unknown } from '../config.ts'
import { silentLog } from '../log.ts'
import type { LevelStore } from '../store/level.ts'

/** @throws UsageError which names the verbs that there are. */
export function verbOf<Verb extends string>(command: string, verbs: readonly Verb[], given: string | undefined): Verb {
  const verb = verbs.find(candidate => candidate === given)
  if (verb !== undefined) return verb
  const known = verbs.map(name => `${command} ${name}`)
  throw new UsageError(unknown(`${command} ${given ?? ''}`, known))
}

export function accountsIn({ records }: Pick<LevelStore, 'records'>): Promise<Authority> {
  return Authority.open({ records, clock: systemClock, log: silentLog, openMode: false })
}
