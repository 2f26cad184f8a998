// Recorded keystroke histories (test/fixtures/editing-traces) and the way to play them: each agent is a replica of its own that
// applies each of its transactions at exactly the version the recording gives, whatever the network between the replicas is.
// Agents play at once; what orders them is the recording's causality and nothing else.

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** [position, deleted count, inserted text]; the patches of a transaction apply one after the other. */
export type Patch = readonly [number, number, string]

export interface TraceStep {
  readonly patches: readonly Patch[]
  /** How many transactions of each agent the replica holds when this one is applied; own ones included. */
  readonly version: readonly number[]
}

export interface Trace {
  readonly name: string
  readonly endText: string
  /** By agent, then in the agent's own order. */
  readonly steps: readonly (readonly TraceStep[])[]
}

export type TraceName = 'conc-friendsforever' | 'conc-clownschool' | 'seq-seph-blog1'

/** One agent's end of the network. */
export interface TraceReplica {
  /** Applies one transaction locally; the replica's network carries it to the others. */
  apply(patches: readonly Patch[]): void
  /** Resolves when the replica holds exactly the first `version[a]` transactions of each other agent `a`. */
  reach(version: readonly number[]): Promise<void> | void
}

interface RecordedTransaction {
  readonly agent?: number
  readonly parents?: readonly number[]
  readonly patches: readonly Patch[]
}

/** @param length only the first so many transactions; the end text is then unknown and reads as empty. */
export function readTrace(name: TraceName, length = Number.MAX_SAFE_INTEGER): Trace {
  const file = new URL(`../fixtures/editing-traces/${name}.json.gz`, import.meta.url)
  const recorded = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as {
    readonly endContent: string
    readonly numAgents?: number
    readonly txns: readonly RecordedTransaction[]
  }
  const agents = recorded.numAgents ?? 1
  const txns = recorded.txns.slice(0, length)
  const steps: TraceStep[][] = Array.from({ length: agents }, () => [])
  /** Of each transaction: how many of each agent's transactions the document holds just after it. */
  const after: (readonly number[])[] = []
  for (const [index, txn] of txns.entries()) {
    const agent = txn.agent ?? 0
    const own = steps[agent]
    if (own === undefined) throw new RangeError(`${name}: transaction ${index} has an agent beyond ${agents}.`)
    const version = new Array<number>(agents).fill(0)
    for (const parent of txn.parents ?? (index === 0 ? [] : [index - 1])) {
      const held = after[parent]
      if (held === undefined) throw new RangeError(`${name}: transaction ${index} comes before its parent.`)
      for (const [a, count] of held.entries()) version[a] = Math.max(version[a]!, count)
    }
    // A replica cannot go back: an agent that forgot its own typing could not be played.
    if (version[agent] !== own.length) throw new RangeError(`${name}: transaction ${index} forks from its own agent.`)
    if (txn.patches.some(([, , text]) => /[\ud800-\udfff]/.test(text))) {
      throw new RangeError(`${name}: positions count code points, and transaction ${index} has one above U+FFFF.`)
    }
    own.push({ patches: txn.patches, version })
    after.push(version.map((count, a) => (a === agent ? count + 1 : count)))
  }
  return { name, endText: length < recorded.txns.length ? '' : recorded.endContent, steps }
}

/** How many transactions of each agent there are: the version of the whole trace. */
export function wholeVersion(trace: Trace): readonly number[] {
  return trace.steps.map(steps => steps.length)
}

/** Plays each agent on its replica, all at once; resolves when every replica holds the whole trace. */
export async function replayConcurrent(trace: Trace, replicas: readonly TraceReplica[]): Promise<void> {
  const whole = wholeVersion(trace)
  await Promise.all(
    trace.steps.map(async (steps, agent) => {
      const replica = replicas[agent]!
      for (const step of steps) {
        const reached = replica.reach(step.version)
        if (reached !== undefined) await reached
        replica.apply(step.patches)
      }
      await replica.reach(whole)
    }),
  )
}
