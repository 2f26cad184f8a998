// Edits of programs and kill -9: what was answered is there, and what bears a key is made once, however often it is sent.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { caseCount } from '../helpers/cases.ts'
import { ServerProcess } from '../helpers/server-process.ts'

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.start()
  await fetch(`${server.url}/api/v1/documents/log`, { method: 'PUT', headers: { 'if-none-match': '*' } })
}, 60_000)

afterAll(() => server?.dispose())

/** @returns undefined where the server was gone before it answered. */
async function append(line: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${server.url}/api/v1/documents/log/edits`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': line },
      body: JSON.stringify({ edits: [{ op: 'insert', target: { document: 'end' }, text: line }] }),
    })
    await response.text()
    return response.status
  } catch {
    return undefined
  }
}

async function lines(): Promise<string[]> {
  const headers = { accept: 'text/plain' }
  const response = await fetch(`${server.url}/api/v1/documents/log/content`, { headers })
  return (await response.text()).split('\n').filter(line => line !== '')
}

const rounds = caseCount({ short: 4, long: 100 })

test(`contract 4, 12: ${rounds} kills at random moments, under the same keys again and again: each line once, none missing`, async () => {
  const sent: string[] = []
  for (let round = 0; round < rounds; round++) {
    const keys = Array.from({ length: 6 }, (_, index) => `round ${round}, line ${index}`)
    const asked = keys.flatMap(key => [append(key), append(key)])
    // Some are answered by then, some are on their way, and some have not come.
    await Promise.race(asked.slice(Math.floor(Math.random() * asked.length)))
    await server.kill()
    const acknowledged = new Set<string>()
    for (const [index, status] of (await Promise.all(asked)).entries()) {
      if (status === 200) acknowledged.add(keys[index >> 1]!)
    }
    await server.start()
    const kept = await lines()
    expect(kept).toEqual(expect.arrayContaining([...sent, ...acknowledged]))
    for (const key of keys) expect(await append(key)).toBe(200)
    sent.push(...keys)
    expect((await lines()).sort()).toEqual([...sent].sort())
  }
}, 600_000)
