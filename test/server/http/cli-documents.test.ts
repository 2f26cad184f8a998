// The commands that speak to a server: documents, edits and files from the command line, with what they print and with what they end.

import { access, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EditsApi } from '@sheaf/client/http'
import { describe, expect, test } from 'vitest'
import { run } from '../../../server/src/cli.ts'
import { startPlace } from '../../helpers/people.ts'
import { startServer } from '../../helpers/running-server.ts'
import { tempDirectory } from '../../helpers/tempdir.ts'
import { TestTerminal } from '../../helpers/terminal.ts'

type Program = TestTerminal['program']

interface Ended {
  readonly code: number
  readonly output: string
  readonly errors: string
}

/** Runs commands of one person against one server. */
async function shell(url: string, env: Readonly<Record<string, string>> = {}) {
  const home = await tempDirectory()
  return {
    home,
    async sheaf(
      args: readonly string[],
      { input = '', program }: { input?: string; program?: Program } = {},
    ): Promise<Ended> {
      const terminal = new TestTerminal(false, { HOME: home, SHEAF_SERVER: url, EDITOR: 'ed', ...env })
      terminal.input = input
      if (program !== undefined) terminal.program = program
      const code = await run(args, terminal)
      return { code, output: terminal.output, errors: terminal.errors }
    },
  }
}

async function open() {
  const { url } = await startServer()
  return { url, edits: new EditsApi({ url }), ...(await shell(url)) }
}

describe('documents from the command line', () => {
  test('are made of a file or of standard input, listed, and printed in each format', async () => {
    const { sheaf, home } = await open()
    const file = join(home, 'plan.md')
    await writeFile(file, '# Plan\n\nShip in May.\n')
    const made = await sheaf(['new', file])
    expect(made).toMatchObject({ code: 0, errors: '' })
    const id = made.output.trim()
    expect((await sheaf(['new', '-', '--title', 'Notes', '--id', 'notes'], { input: '- one' })).output).toBe('notes\n')
    const lines = (await sheaf(['ls'])).output.trim().split('\n')
    expect(lines.map(line => line.split('\t')[2]).sort()).toEqual(['Notes', 'Plan'])
    expect(JSON.parse((await sheaf(['ls', '--q', 'Pla', '--json'])).output)).toMatchObject({ id, title: 'Plan' })
    expect((await sheaf(['cat', id])).output).toBe('Ship in May.\n')
    expect((await sheaf(['cat', id, '--format', 'html'])).output).toContain('<p>Ship in May.</p>')
    expect(JSON.parse((await sheaf(['cat', id, '--json'])).output)).toMatchObject({ body: 'Ship in May.\n' })
    expect((await sheaf(['cat', id, '--format', 'pdf'])).code).toBe(2)
    expect((await sheaf(['new', '--id', 'notes'])).code).toBe(5)
  })

  test('are put with the revision that a file was made from, and what others wrote since stays', async () => {
    const { sheaf, edits } = await open()
    await sheaf(['new', '-', '--id', 'plan'], { input: 'Ship in May.\n\nRest.' })
    const { body, rev } = JSON.parse((await sheaf(['cat', 'plan', '--json'])).output)
    await edits.edit('plan', e => e.replaceText('Rest', 'Rest well'))
    const input = body.replace('May', 'June')
    expect((await sheaf(['put', 'plan', '-'], { input })).code).toBe(2)
    const put = await sheaf(['put', 'plan', '-', '--base', rev], { input })
    expect(put).toMatchObject({ code: 0, output: expect.stringContaining('merged with what was written meanwhile') })
    expect((await sheaf(['cat', 'plan'])).output).toBe('Ship in June.\n\nRest well.\n')
    expect((await sheaf(['put', 'plan', '-', '--overwrite'], { input })).code).toBe(0)
    expect((await sheaf(['cat', 'plan', '--rev', rev])).output).toBe(body)
    expect((await sheaf(['put', 'plan', '-', '--base', 'aaaaaaaa.1'], { input })).code).toBe(5)
  })

  test('are added to, at the end and at the end of a section', async () => {
    const { sheaf } = await open()
    await sheaf(['new', '-', '--id', 'plan', '--title', 'x'], { input: '## Risks\n\n- Money\n\n## Next\n\nEnd.' })
    expect((await sheaf(['append', 'plan', '--heading', 'Risks'], { input: '- Vendor' })).code).toBe(0)
    expect((await sheaf(['append', 'plan'], { input: 'More.' })).code).toBe(0)
    expect((await sheaf(['cat', 'plan'])).output).toBe('## Risks\n\n- Money\n- Vendor\n\n## Next\n\nEnd.\n\nMore.\n')
    expect((await sheaf(['append', 'plan', '--heading', 'Ricks'], { input: 'x' })).code).toBe(3)
  })
})

test('sheaf watch prints each change as it comes, until it is told to stop', async () => {
  const { url, edits, sheaf } = await open()
  await sheaf(['new', '-', '--id', 'plan'], { input: 'Ship.' })
  const { rev } = await edits.read('plan')
  const terminal = new TestTerminal(false, { SHEAF_SERVER: url, HOME: await tempDirectory() })
  const ended = run(['watch', 'plan', '--since', rev, '--json'], terminal)
  const made = await edits.edit('plan', e => e.append('One.'), { run: { id: 'r-1' } })
  await expect.poll(() => terminal.output).toContain('\n')
  expect(JSON.parse(terminal.output)).toMatchObject({ rev: made.rev, run: 'r-1' })
  terminal.stop('SIGINT')
  expect(await ended).toBe(0)
  expect((await sheaf(['watch', 'none'])).code).toBe(3)
})

describe('sheaf edit', () => {
  test('merges what was saved with what others wrote while the editor was open, and leaves no file', async () => {
    const { sheaf, edits } = await open()
    await sheaf(['new', '-', '--id', 'plan'], { input: 'Ship in May.\n\nRest.' })
    let file = ''
    const edited = await sheaf(['edit', 'plan'], {
      async program(command, path) {
        file = path
        expect(command).toBe('ed')
        const text = await readFile(path, 'utf8')
        await edits.edit('plan', e => e.replaceText('Rest', 'Rest well').replaceText('Ship', 'We ship'))
        await writeFile(path, text.replace('in May', 'in June'))
        return 0
      },
    })
    expect(edited).toMatchObject({ code: 0, output: expect.stringContaining('merged') })
    expect((await sheaf(['cat', 'plan'])).output).toBe('We ship in June.\n\nRest well.\n')
    await expect(access(dirname(file))).rejects.toThrow()
  })

  test('keeps the file, and says where, when it cannot be sent', async () => {
    const server = await startServer()
    const { sheaf } = await shell(server.url)
    await sheaf(['new', '-', '--id', 'plan'], { input: 'Ship in May.' })
    const failed = await sheaf(['edit', 'plan'], {
      async program(_, path) {
        await writeFile(path, 'Many words.')
        await server.close({ atOnce: true })
        return 0
      },
    })
    expect(failed.code).toBe(6)
    const [, path] = /what you wrote is in (\S+);/.exec(failed.errors) ?? []
    expect(await readFile(path!, 'utf8')).toBe('Many words.')
  })

  test('sends nothing when nothing was changed, or when the editor failed', async () => {
    const { sheaf, edits } = await open()
    await sheaf(['new', '-', '--id', 'plan'], { input: 'Ship in May.' })
    const { rev } = await edits.read('plan')
    expect((await sheaf(['edit', 'plan'], { program: async () => 0 })).output).toBe('Nothing was changed.\n')
    const program: Program = async (_, path) => {
      await writeFile(path, 'Half')
      return 1
    }
    expect((await sheaf(['edit', 'plan'], { program })).code).toBe(1)
    expect((await edits.read('plan')).rev).toBe(rev)
  })

  test('replaces words that stand once, shows before what it would do, and names the places when they stand more often', async () => {
    const { sheaf } = await open()
    await sheaf(['new', '-', '--id', 'plan'], { input: 'Ship in May.\n\nRest in May.' })
    const dry = await sheaf(['edit', 'plan', '--replace', 'Ship', '--with', 'We ship', '--dry-run'])
    expect(dry.output).toContain('+We ship in May.')
    expect((await sheaf(['edit', 'plan', '--replace', 'Ship', '--with', 'We ship'])).code).toBe(0)
    const ambiguous = await sheaf(['edit', 'plan', '--replace', 'May', '--with', 'June'])
    expect(ambiguous).toMatchObject({ code: 5, errors: expect.stringContaining('Rest in May.') })
    expect((await sheaf(['edit', 'plan', '--replace', 'July', '--with', 'June'])).code).toBe(3)
    expect((await sheaf(['edit', 'plan', '--replace', 'May'])).code).toBe(2)
  })
})

describe('files', () => {
  test('are documents after import, those of directories too, and documents are files after export', async () => {
    const { sheaf, home } = await open()
    await mkdir(join(home, 'notes'))
    await writeFile(join(home, 'notes', 'a.md'), '# Alpha\n\nOne.')
    await writeFile(join(home, 'notes', 'b.txt'), 'Two.')
    await writeFile(join(home, 'notes', 'c.exe'), 'no')
    await writeFile(join(home, 'd.exe'), 'no')
    const imported = await sheaf(['import', join(home, 'notes'), '--json'])
    expect(imported.code).toBe(0)
    const reports = imported.output
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(reports.map(({ documents }) => documents[0].title)).toEqual(['Alpha', 'b'])
    expect((await sheaf(['import', join(home, 'd.exe')])).code).toBe(1)
    const zip = join(home, 'all.zip')
    expect((await sheaf(['export', zip])).code).toBe(0)
    expect((await readFile(zip)).subarray(0, 2).toString()).toBe('PK')
    expect((await sheaf(['export', zip])).code).toBe(5)
    const one = join(home, 'alpha.md')
    expect((await sheaf(['export', one, '--document', reports[0].documents[0].id])).code).toBe(0)
    expect(await readFile(one, 'utf8')).toContain('One.')
  })
})

describe('sheaf login', () => {
  test('keeps a token that the server knows, where only its owner can read it, and forgets it', async () => {
    const { owner, server } = await startPlace()
    const { token } = (await owner.ask('POST', '/tokens', { note: 'cli', scopes: ['docs:read', 'docs:write'] }))
      .body as {
      token: string
    }
    const { sheaf, home } = await shell(server.url)
    expect((await sheaf(['ls'])).code).toBe(4)
    expect((await sheaf(['login', server.url], { input: 'sheaf_pat_wrong\n' })).code).toBe(4)
    const login = await sheaf(['login', `${server.url}/`, '--json'], { input: `${token}\n` })
    expect(JSON.parse(login.output)).toEqual({ server: server.url, name: 'Mira Halden' })
    expect(login.output + login.errors).not.toContain(token)
    const file = join(home, '.config/sheaf/logins.json')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect((await sheaf(['new', '--id', 'plan', '--title', 'Plan'])).code).toBe(0)
    expect((await sheaf(['cat', 'none'])).code).toBe(3)
    expect((await sheaf(['login', server.url, '--forget'])).code).toBe(0)
    expect(await readFile(file, 'utf8')).not.toContain(token)
    expect((await sheaf(['ls'])).code).toBe(4)
  })

  test('a server that does not answer ends a command with 6, an address that is none with 2', async () => {
    const server = await startServer()
    await server.close()
    const { sheaf } = await shell(server.url)
    const failed = await sheaf(['ls', '--json'])
    expect(failed.code).toBe(6)
    expect(JSON.parse(failed.errors)).toMatchObject({ event: 'failed', code: 'going-away' })
    expect((await sheaf(['ls', '--server', 'docs.example'])).code).toBe(2)
  })
})
