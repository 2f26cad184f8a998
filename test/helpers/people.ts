// A server with accounts in the test's own process, which ends with the test.

import { type Place, quickPasswords, settle } from './browsers.ts'
import { type RunningServer, type RunningServerOptions, startServer } from './running-server.ts'

/** It has its first owner, set up by the link. */
export async function startPlace(options: RunningServerOptions = {}): Promise<Place<RunningServer>> {
  return settle(await startServer({ openMode: false, passwords: quickPasswords(), ...options }))
}
