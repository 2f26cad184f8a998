// The `curl` lines of README.md and docs/, as they stand there, against a server that was just started.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { repositoryFiles, repositoryRoot } from '../helpers/sources.ts'
import { tempDirectory } from '../helpers/tempdir.ts'

const noCurl = spawnSync('curl', ['--version']).status === 0 ? undefined : 'there is no curl'

/** Every command of a block of code that begins with `curl`, with the lines that it goes on in. */
function curlLines(path: string): string[] {
  const text = readFileSync(join(repositoryRoot, path), 'utf8')
  const blocks = [...text.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(match => match[1]!)
  return blocks.flatMap(block => block.match(/^curl (?:.*\\\n)*.*$/gm) ?? [])
}

describeUnless(noCurl, 'the curl lines of the documents', () => {
  test('do what they say, one after the other, as they stand there', async () => {
    const pages = repositoryFiles(path => /^(README|docs\/[^/]+)\.md$/.test(path)).map(({ path }) => path)
    const lines = pages.flatMap(path => curlLines(path).map(line => ({ path, line })))
    expect(lines.length).toBeGreaterThan(5)

    const server = await ServerProcess.start()
    onTestFinished(() => server.dispose())
    const directory = await tempDirectory()
    await writeFile(join(directory, 'plan.md'), '# Plan\n\nShip in May.')
    await writeFile(join(directory, 'plan.png'), readFileSync(join(repositoryRoot, 'docs/two-windows.png')))
    const made = await fetch(`${server.url}/api/v1/documents/plan`, {
      method: 'PUT',
      headers: { 'if-none-match': '*', 'content-type': 'application/json' },
      body: '{"text":"Ship in May."}',
    })
    expect(made.status).toBe(201)
    for (const { path, line } of lines) {
      const command = line.replaceAll('http://127.0.0.1:4747', server.url).replaceAll('/ID/', '/plan/')
      // A stream has no end: what comes in its first second has to do.
      const stream = / -N /.test(command)
      const options = stream ? '--max-time 1' : '--fail-with-body'
      const ran = spawnSync('sh', ['-c', command.replace(/^curl /, `curl -sS ${options} `)], {
        cwd: directory,
        encoding: 'utf8',
      })
      expect(ran.status, `${path}: ${line}\n${ran.stdout}${ran.stderr}`).toBe(stream ? 28 : 0)
      expect(ran.stdout, `${path}: ${line}`).toMatch(/\S/)
    }
    const read = await fetch(`${server.url}/d/plan`, { headers: { accept: 'text/markdown' } })
    expect(await read.text()).toBe('Ship in June.\n')
  })
})
