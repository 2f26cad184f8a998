// What a browser loads first, and what a server installs. Reads web/dist, which the run builds before the tests.

import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { repositoryRoot } from '../helpers/sources.ts'

const dist = join(repositoryRoot, 'web/dist')
const firstLoadBytes = 140_000

describe('the first load of a document page', () => {
  beforeAll(() => {
    if (!existsSync(join(dist, 'index.html'))) throw new Error('web/dist is not built: run `npm run build`.')
  })

  test('its JavaScript is at most 140 KB as it travels (docs/decisions/0008)', () => {
    const scripts = firstLoadScripts()
    expect(scripts.length).toBeGreaterThan(0)
    const sizes = scripts.map(path => ({ path, bytes: statSync(join(dist, `${path}.br`)).size }))
    const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0)
    expect(total, JSON.stringify(sizes)).toBeLessThanOrEqual(firstLoadBytes)
    // Less than this is no editor: then the list of scripts was read wrong.
    expect(total).toBeGreaterThan(60_000)
  })

  test('in gzip, for what speaks no Brotli, it does not grow: at most 160 KB (docs/decisions/0008)', () => {
    const bytes = firstLoadScripts().map(path => gzipSync(readFileSync(join(dist, path)), { level: 9 }).byteLength)
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(160_000)
  })

  test('there is one copy of Yjs in it', () => {
    // The warning that Yjs prints when it is loaded twice stands once in every copy.
    const copies = allScripts().reduce(
      (sum, path) => sum + readFileSync(join(dist, path), 'utf8').split('Yjs was already imported').length - 1,
      0,
    )
    expect(copies).toBe(1)
  })

  test('nothing in it is a Node module or a development build', () => {
    for (const path of allScripts()) {
      const text = readFileSync(join(dist, path), 'utf8')
      expect(text).not.toMatch(/require\("node:|from"node:/)
    }
  })

  test('the page runs no script of its own: the policy allows files only', () => {
    const html = readFileSync(join(dist, 'index.html'), 'utf8')
    for (const [, attributes, body] of html.matchAll(/<script([^>]*)>([\s\S]*?)<\/script>/g)) {
      expect(attributes).toMatch(/\bsrc=/)
      expect(body!.trim()).toBe('')
    }
  })
})

describe('what a server installs', () => {
  test('there is one ws in the production tree, and it is not older than 8.18', () => {
    const versions = productionVersions('ws')
    expect(versions.size).toBe(1)
    const [major, minor] = [...versions][0]!.split('.').map(Number) as [number, number]
    expect(major * 1000 + minor).toBeGreaterThanOrEqual(8018)
  })

  test.each(['yjs', 'lib0', 'y-protocols'])('there is one %s in the production tree', name => {
    expect(productionVersions(name).size).toBe(1)
  })
})

/** The scripts of index.html and of the document page, with everything that they import statically. */
function firstLoadScripts(): string[] {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const loaded = new Set<string>()
  const load = (path: string) => {
    if (loaded.has(path)) return
    loaded.add(path)
    const text = readFileSync(join(dist, path), 'utf8')
    for (const match of text.matchAll(/\b(?:import|from)\s*["']\.\/([\w.~-]+\.js)["']/g)) load(`assets/${match[1]}`)
  }
  for (const match of html.matchAll(/(?:src|href)="\/(assets\/[\w.~-]+\.js)"/g)) load(match[1]!)
  // What the entry imports when the address is /d/…
  for (const path of allScripts()) if (path.includes('/document-page-')) load(path)
  return [...loaded]
}

function allScripts(): string[] {
  return readdirSync(join(dist, 'assets'))
    .filter(name => name.endsWith('.js'))
    .map(name => `assets/${name}`)
}

interface TreeNode {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, TreeNode>>
}

function productionVersions(name: string): Set<string> {
  const text = execFileSync('npm', ['ls', '--omit=dev', '--all', '--json', name], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const versions = new Set<string>()
  const walk = (node: TreeNode) => {
    for (const [dependency, child] of Object.entries(node.dependencies ?? {})) {
      if (dependency === name && child.version !== undefined) versions.add(child.version)
      walk(child)
    }
  }
  walk(JSON.parse(text) as TreeNode)
  return versions
}
