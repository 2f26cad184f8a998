// `npm run replay -- [trace] [stock|sheaf]`: replays recorded typing over a server of its own and prints one line of JSON for
// each trace. Exit code 1 when a text that was read back is not the recording's.

import { readTrace, type TraceName } from '../helpers/traces.ts'
import { type ReplayClients, replayOverServer } from './over-server.ts'

const names: readonly TraceName[] = ['conc-friendsforever', 'conc-clownschool', 'seq-seph-blog1']
const args = process.argv.slice(2)
const chosen = names.filter(name => args.includes(name))
const clients: ReplayClients = args.includes('stock') ? 'stock' : 'sheaf'
for (const name of chosen.length > 0 ? chosen : names) {
  const trace = readTrace(name)
  const { transactions, seconds, ...texts } = await replayOverServer(trace, clients)
  const read = {
    ...Object.fromEntries(texts.replicas.entries()),
    witness: texts.witness,
    client: texts.client,
    api: texts.api,
  }
  const differ = Object.entries(read).flatMap(([reader, text]) => (text === trace.endText ? [] : [reader]))
  const perSecond = Math.round(transactions / seconds)
  console.log(
    JSON.stringify({ trace: name, clients, transactions, seconds: Number(seconds.toFixed(2)), perSecond, differ }),
  )
  if (differ.length > 0) process.exitCode = 1
}
