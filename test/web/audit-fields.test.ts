// What the audit log says in values, in words.
// @vitest-environment happy-dom

import { expect, test } from 'vitest'
import { fieldWords } from '../../web/src/app/admin/audit-fields.ts'

const said = (fields: Parameters<typeof fieldWords>[0]) => fieldWords(fields).filter(text => text !== undefined)

test('the values of an entry are said in words; what is not known is shown as it stands', () => {
  expect(said({ role: 'editor' })).toEqual(['Can edit'])
  expect(said({ reach: 'anyone', role: 'viewer', hasPassword: true })).toEqual([
    'Anyone with the link',
    'Can view',
    'with a password',
  ])
  expect(said({ untilAt: null, hasPassword: false })).toEqual(['No end', 'password removed'])
  expect(said({ disabled: false })).toEqual(['Enabled'])
  expect(said({ owner: false, mailed: true, reason: 'no-account' })).toEqual(['by mail', 'no account'])
  expect(said({ later: 3 })).toEqual(['later: 3'])
  expect(said(undefined)).toEqual([])
})
