// What an entry of the audit log says in values, in words: the role that was given, how far a link reaches, why somebody was not let in.

import { accountWords } from '../account/account-words.ts'
import type { AuditFields } from './admin-api.ts'
import { adminWords as says } from './admin-words.ts'
import { dayOf } from './loaded.ts'

type Value = AuditFields[string]

const readers: Readonly<Record<string, (value: Value) => string | undefined>> = {
  role: value => Reflect.get(accountWords.roles, String(value)),
  reach: value => Reflect.get(accountWords.reaches, String(value)),
  owner: value => (value === true ? says.owner : undefined),
  disabled: value => (value === true ? says.disabled : says.enabled),
  hasPassword: value => (value === true ? says.passwordGiven : says.passwordTaken),
  untilAt: value => (typeof value === 'string' ? says.invitedUntil(dayOf(value)) : says.noEnd),
  reason: value => Reflect.get(says.reasons, String(value)),
  mailed: value => (value === true ? says.byMail : undefined),
  forGood: value => (value === true ? says.forGood : undefined),
}

/** One text for each; what a newer server writes is shown as it stands. */
export function fieldWords(fields: AuditFields = {}): (string | undefined)[] {
  return Object.entries(fields).map(([name, value]) => {
    const read = readers[name]
    return read === undefined ? `${name}: ${value}` : read(value)
  })
}
