// The recordings, played on bare replicas: what the end text assumes, proved before any server is involved.

import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { type Patch, readTrace, replayConcurrent, type TraceReplica } from '../helpers/traces.ts'

describe('recorded typing on bare replicas', () => {
  test.each(['conc-friendsforever', 'conc-clownschool'] as const)('%s ends in its end text', async name => {
    const trace = readTrace(name)
    const replicas = bareReplicas(trace.steps.length)
    await replayConcurrent(trace, replicas)
    for (const replica of replicas) expect(replica.text).toBe(trace.endText)
  })

  test('the client ids decide: agents with their ids in reverse end in another text', async () => {
    const trace = readTrace('conc-friendsforever')
    const replicas = bareReplicas(trace.steps.length, agent => trace.steps.length - agent)
    await replayConcurrent(trace, replicas)
    expect(replicas[0]!.text).toBe(replicas[1]!.text)
    expect(replicas[0]!.text).not.toBe(trace.endText)
  })

  test('seq-seph-blog1 ends in its end text', () => {
    const trace = readTrace('seq-seph-blog1')
    let text = ''
    for (const step of trace.steps[0]!) {
      for (const [at, deleted, inserted] of step.patches) text = text.slice(0, at) + inserted + text.slice(at + deleted)
    }
    expect(text).toBe(trace.endText)
  })
})

interface BareReplica extends TraceReplica {
  readonly text: string
}

/** Replicas joined by nothing but one list of updates in the order they were made. */
function bareReplicas(agents: number, clientIdOf = (agent: number) => agent + 1): BareReplica[] {
  const made: { readonly agent: number; readonly update: Uint8Array }[] = []
  const counts = new Array<number>(agents).fill(0)
  const waiting = new Set<() => void>()
  return Array.from({ length: agents }, (_, agent): BareReplica => {
    const ydoc = new Y.Doc()
    ydoc.clientID = clientIdOf(agent)
    const ytext = ydoc.getText('text')
    const held = new Array<number>(agents).fill(0)
    /** Updates of other agents that this replica has not applied yet, in causal order. */
    let waitingHere: { readonly agent: number; readonly update: Uint8Array }[] = []
    let seen = 0
    ydoc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin === 'remote') return
      made.push({ agent, update })
      counts[agent]!++
      const woken = [...waiting]
      waiting.clear()
      for (const wake of woken) wake()
    })
    return {
      get text() {
        return ytext.toString()
      },
      apply(patches: readonly Patch[]) {
        ydoc.transact(() => {
          for (const [at, deleted, inserted] of patches) {
            if (deleted > 0) ytext.delete(at, deleted)
            if (inserted !== '') ytext.insert(at, inserted)
          }
        })
      },
      async reach(version) {
        while (version.some((count, other) => counts[other]! < count)) {
          await new Promise<void>(resolve => waiting.add(resolve))
        }
        for (; seen < made.length; seen++) if (made[seen]!.agent !== agent) waitingHere.push(made[seen]!)
        waitingHere = waitingHere.filter(({ agent: other, update }) => {
          if (held[other]! >= version[other]!) return true
          Y.applyUpdate(ydoc, update, 'remote')
          held[other]!++
          return false
        })
      },
    }
  })
}
