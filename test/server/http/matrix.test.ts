// P3: everybody × everything. The rows are those of test/prove/matrix.ts, which the long proof uses too.

import { expect, test } from 'vitest'
import { rights } from '../../../server/src/http/rights.ts'
import { startPlace } from '../../helpers/people.ts'
import { repositoryFiles } from '../../helpers/sources.ts'
import { runMatrix } from '../../prove/matrix.ts'

test('P3, R1, R2: everybody may do over HTTP and the socket what their role says, and nothing else', async () => {
  const place = await startPlace({ limits: { socketsPerUser: 1_000, socketsPerAddress: 1_000 } })
  const { cells, wrong } = await runMatrix(place)
  expect(wrong).toEqual([])
  expect(cells).toBeGreaterThan(600)
}, 120_000)

test('P3, R1: every route that the server answers has its row', () => {
  const files = repositoryFiles(path => /^server\/src\/http\/\w+\.ts$/.test(path))
  const told = files.flatMap(({ text }) =>
    [
      ...text.matchAll(/\bmethods\(app, '([^']+)', \{([\s\S]*?)\n {2}\}\)|\bmethods\(app, '([^']+)', \{ (GET)/g),
    ].flatMap(([, path, body = '', shortPath, shortMethod]) =>
      path === undefined
        ? [`${shortMethod} ${shortPath}`]
        : [...body.matchAll(/^ {4}([A-Z]+):/gm)].map(([, method]) => `${method} ${path}`),
    ),
  )
  expect(told.length).toBeGreaterThan(30)
  expect(told.filter(route => !(route in rights))).toEqual([])
})
