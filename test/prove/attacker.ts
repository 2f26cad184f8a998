// A process of its own that attacks a server, so that what it costs to attack does not slow those who measure:
//   attacker.ts <attack> <url> <document id> <seconds>
// It says on standard output, as one line of JSON, how many frames it sent and how many sockets it opened.

import { attacks } from './attacks.ts'

const [name = '', url = '', documentId = '', seconds = '1'] = process.argv.slice(2)
const attack = attacks[name]
if (attack === undefined) throw new TypeError(`There is no attack ${name}.`)
const tally = { frames: 0, sockets: 0 }
// What is prepared before the first socket does not count.
let untilMs = Number.POSITIVE_INFINITY
const isOver = () => {
  if (tally.sockets > 0) untilMs = Math.min(untilMs, performance.now() + Number(seconds) * 1_000)
  return performance.now() >= untilMs
}
await attack({ url, documentId, isOver, tally })
process.stdout.write(`${JSON.stringify(tally)}\n`)
process.exit(0)
