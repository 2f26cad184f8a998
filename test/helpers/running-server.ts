// A whole server in the test's own process: real HTTP, real sockets, documents in memory. Ends with the test.

import { defaultLimits, type Limits } from '@sheaf/protocol'
import { onTestFinished } from 'vitest'
import { createLog } from '../../server/src/log.ts'
import { createServer, type ServerConfig, type SheafServer } from '../../server/src/server.ts'

export { plainRequest, upgradeHeaders } from './plain-request.ts'

export interface LogLine {
  readonly level: string
  readonly msg: string
  readonly [field: string]: unknown
}

export interface RunningServer extends SheafServer {
  /** Every line of the log so far, debug included. */
  readonly logLines: readonly LogLine[]
}

export interface RunningServerOptions extends Partial<Omit<ServerConfig, 'limits'>> {
  readonly limits?: Partial<Limits>
}

export async function startServer(options: RunningServerOptions = {}): Promise<RunningServer> {
  const logLines: LogLine[] = []
  const { limits, ...rest } = options
  const server = await createServer({
    data: '',
    memory: true,
    listen: { host: '127.0.0.1', port: 0 },
    openMode: true,
    log: createLog({ level: 'debug', format: 'json', write: line => logLines.push(JSON.parse(line) as LogLine) }),
    limits: { ...defaultLimits, ...limits },
    ...rest,
  })
  onTestFinished(() => server.close({ atOnce: true }))
  return Object.assign(server, { logLines })
}
