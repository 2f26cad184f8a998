// Real keystrokes over a running server: what is read back after kill -9 and a restart is the recording's end text, byte for
// byte, for stock clients and for ours.

import { describe, expect, test } from 'vitest'
import { describeUnless, longRunOnly } from '../helpers/requirements.ts'
import { readTrace, type TraceName } from '../helpers/traces.ts'
import { type ReplayClients, replayOverServer } from './over-server.ts'

describe('recorded typing over a running server', () => {
  test.each([['conc-clownschool', 'sheaf']] as const)('%s by %s clients reads back as its end text', endsInItsEndText)
})

describeUnless(longRunOnly, 'all recorded typing, both ways', () => {
  test.each([
    ['conc-friendsforever', 'stock'],
    ['conc-friendsforever', 'sheaf'],
    ['conc-clownschool', 'stock'],
    ['seq-seph-blog1', 'sheaf'],
    ['seq-seph-blog1', 'stock'],
  ] as const)('%s by %s clients reads back as its end text', endsInItsEndText)
})

async function endsInItsEndText(name: TraceName, clients: ReplayClients): Promise<void> {
  const trace = readTrace(name)
  const replayed = await replayOverServer(trace, clients)
  for (const text of replayed.replicas) expect(text === trace.endText).toBe(true)
  expect(replayed.witness === trace.endText).toBe(true)
  expect(replayed.client === trace.endText).toBe(true)
  expect(replayed.api === trace.endText).toBe(true)
  if (replayed.plain !== undefined) expect(replayed.plain.includes(trace.endText.trimEnd())).toBe(true)
}
