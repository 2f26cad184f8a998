// The repository's own files, as the repository tests read them: which there are, and what each imports.

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, posix, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url))

export interface SourceFile {
  /** From the repository's root, with `/`. */
  readonly path: string
  readonly text: string
}

export interface Import {
  /** As written: `./room.ts`, `@sheaf/model`, `node:fs`. */
  readonly specifier: string
  /** Path from the root for a relative import and for a package of ours; undefined for everything else. */
  readonly file?: string
}

/** Files that git tracks or would track, by prefix and ending. */
export function repositoryFiles(matches: (path: string) => boolean): SourceFile[] {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: repositoryRoot,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  const files: SourceFile[] = []
  for (const path of new Set(listed.split('\0'))) {
    if (path === '' || !matches(path)) continue
    try {
      files.push({ path, text: readFileSync(resolve(repositoryRoot, path), 'utf8') })
    } catch (error) {
      // Deleted, but still in the index: it is no longer a file of the repository.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

const importPatterns = [
  /^\s*(?:import|export)\s[^'"`;]*?\sfrom\s+['"]([^'"]+)['"]/gm,
  /^\s*import\s+['"]([^'"]+)['"]/gm,
  /\bimport\(\s*['"]([^'"]+)['"]\s*\)/g,
  /\bnew\s+URL\(\s*['"]([^'"]+\.m?[jt]s)['"]\s*,\s*import\.meta\.url/g,
]

/** Static, dynamic, type-only imports, re-exports, and modules named by `new URL(…, import.meta.url)` (workers). */
export function importsOf(source: SourceFile): Import[] {
  const specifiers = new Set<string>()
  for (const pattern of importPatterns) {
    for (const match of source.text.matchAll(pattern)) specifiers.add(match[1]!)
  }
  return [...specifiers].map(specifier => {
    const file = ownFile(source.path, specifier)
    return file === undefined ? { specifier } : { specifier, file }
  })
}

/** What a package offers: subpath → file of the package, as its package.json says. */
export function exportsOf(directory: string): Map<string, string> {
  const text = readFileSync(resolve(repositoryRoot, directory, 'package.json'), 'utf8')
  const { exports = {} } = JSON.parse(text) as { exports?: Record<string, string> }
  return new Map(Object.entries(exports).map(([subpath, file]) => [subpath, file.replace(/^\.\//, '')]))
}

function ownFile(from: string, specifier: string): string | undefined {
  const workspace = /^@sheaf\/(protocol|model|client|editor)(?:\/(.*))?$/.exec(specifier)
  if (workspace !== null) {
    const [, name, subpath] = workspace
    return `packages/${name}/${exportsOf(`packages/${name}`).get(subpath === undefined ? '.' : `./${subpath}`) ?? subpath}`
  }
  if (/^@sheaf\/(server|web)/.test(specifier)) return specifier.replace('@sheaf/', '')
  if (!specifier.startsWith('.')) return undefined
  const target = specifier.replace(/\?.*$/, '')
  return posix.normalize(relative(repositoryRoot, resolve(repositoryRoot, dirname(from), target)))
}
