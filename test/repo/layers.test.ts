// The layers of docs/architecture.md, read from the imports: they only point down, and each engine is known in one place.

import { describe, expect, test } from 'vitest'
import { exportsOf, type Import, importsOf, repositoryFiles, type SourceFile } from '../helpers/sources.ts'

interface Layer {
  readonly name: string
  readonly prefix: string
  /** Names of the layers that it may import besides itself. */
  readonly may: readonly string[]
}

const packages = ['protocol', 'model', 'client', 'editor']
const serverParts = ['base', 'store', 'auth', 'room', 'accounts', 'exchange', 'http'].map(part => `server/${part}`)

// The longest prefix that fits a path is its layer.
const layers: readonly Layer[] = [
  { name: 'protocol', prefix: 'packages/protocol/src/', may: [] },
  { name: 'model', prefix: 'packages/model/src/', may: ['protocol'] },
  { name: 'client', prefix: 'packages/client/src/', may: ['protocol'] },
  { name: 'editor', prefix: 'packages/editor/src/', may: ['model', 'protocol'] },
  { name: 'web', prefix: 'web/src/', may: packages },
  { name: 'server/base', prefix: 'server/src/clock.ts', may: [] },
  { name: 'server/base', prefix: 'server/src/log.ts', may: [] },
  { name: 'server/base', prefix: 'server/src/metrics.ts', may: [] },
  { name: 'server/base', prefix: 'server/src/worker.ts', may: [] },
  { name: 'server/store', prefix: 'server/src/store/', may: ['protocol', 'model', 'server/base'] },
  { name: 'server/auth', prefix: 'server/src/auth/', may: ['protocol', 'server/base'] },
  { name: 'server/room', prefix: 'server/src/room/', may: ['protocol', 'model', 'server/base', 'server/store'] },
  {
    name: 'server/accounts',
    prefix: 'server/src/accounts/',
    may: ['protocol', 'model', 'server/base', 'server/store', 'server/auth', 'server/room'],
  },
  {
    name: 'server/exchange',
    prefix: 'server/src/exchange/',
    may: ['protocol', 'model', 'server/base'],
  },
  {
    name: 'server/http',
    prefix: 'server/src/http/',
    may: [
      'protocol',
      'model',
      'server/base',
      'server/store',
      'server/auth',
      'server/room',
      'server/accounts',
      'server/exchange',
    ],
  },
  {
    name: 'server/cli',
    prefix: 'server/src/cli/',
    may: [...packages, ...serverParts, 'server'],
  },
  {
    name: 'server/cli',
    prefix: 'server/src/cli.ts',
    may: [...packages, ...serverParts, 'server'],
  },
  {
    name: 'server',
    prefix: 'server/src/',
    may: ['protocol', 'model', ...serverParts, 'server/cli'],
  },
]

const sources = repositoryFiles(path => /^(packages\/[^/]+|server|web)\/src\/.*\.tsx?$/.test(path))

describe('layers', () => {
  test('every source file belongs to a layer', () => {
    expect(sources.length).toBeGreaterThan(10)
    expect(sources.filter(source => layerOf(source.path) === undefined).map(source => source.path)).toEqual([])
  })

  test('imports only point down', () => {
    const wrong = allImports(sources).filter(({ from, imported }) => {
      if (imported.file === undefined) return false
      const own = layerOf(from.path)
      const other = layerOf(imported.file)
      if (own === undefined || other === undefined) return !/\.(css|svg|woff2|json)$/.test(imported.file)
      return own.name !== other.name && !own.may.includes(other.name)
    })
    expect(wrong.map(describeImport)).toEqual([])
  })

  test('there are no import cycles, types included', () => {
    expect(cycles(sources)).toEqual([])
  })

  test('what a package imports from another is what that one exports', () => {
    const wrong = allImports(sources).filter(
      ({ from, imported }) =>
        imported.file?.startsWith('packages/') &&
        packageOf(from.path) !== packageOf(imported.file) &&
        !isExported(imported.file),
    )
    expect(wrong.map(describeImport)).toEqual([])
  })
})

describe('what is known in one place', () => {
  test.each([
    ['hono', /^(hono|@hono\/.*)(\/|$)/, /^server\/src\/http\//],
    ['ws', /^ws$/, /^(server\/src\/http\/|packages\/client\/src\/)/],
    ['classic-level', /^classic-level$/, /^server\/src\/store\//],
    ['y-websocket', /^y-websocket/, /^packages\/client\/src\//],
    ['preact', /^(preact|@preact\/.*)(\/|$)/, /^web\/src\//],
    ['pino', /^pino$/, /^server\/src\/log/],
    ['prom-client', /^prom-client$/, /^server\/src\/metrics/],
  ])('%s', (_name, specifier, place) => {
    const wrong = allImports(sources).filter(
      ({ from, imported }) => specifier.test(imported.specifier) && !place.test(from.path),
    )
    expect(wrong.map(describeImport)).toEqual([])
  })

  test('ws is imported by one file of the client', () => {
    const importers = allImports(sources).filter(
      ({ from, imported }) => from.path.startsWith('packages/client/') && imported.specifier === 'ws',
    )
    expect(importers.length).toBeLessThanOrEqual(1)
  })

  test('protocol imports lib0 and nothing else from outside', () => {
    const foreign = foreignImports('packages/protocol/src/').filter(
      ({ imported }) => !imported.specifier.startsWith('lib0/'),
    )
    expect(foreign.map(describeImport)).toEqual([])
  })

  test('model runs anywhere: no node modules, no socket, no DOM global', () => {
    const allowed = /^(yjs|lib0\/.*|prosemirror-(model|transform)|htmlparser2|markdown-it)$/
    const foreign = foreignImports('packages/model/src/').filter(({ imported }) => !allowed.test(imported.specifier))
    expect(foreign.map(describeImport)).toEqual([])
    const model = sources.filter(source => source.path.startsWith('packages/model/src/'))
    expect(
      linesWith(model, /(?<![\w./'])(window|document|navigator|localStorage|indexedDB|WebSocket|HTMLElement)\s*[.(]/),
    ).toEqual([])
  })

  test('one file of the model and the editor looks into Yjs items', () => {
    const internals =
      /\bY\.(?:Item|GC|Skip|Content\w+|get(?:State|Item\w*)|createID|find(?:Index|Root)\w*|iterateDeleted\w*|isDeleted)\b(?!\s*(?:\||\[|=|;))/
    const files = sources.filter(({ path }) => /^packages\/(model|editor)\/src\//.test(path))
    const values = linesWith(files, internals).filter(line => !/layout\.ts|: Y\.|importing\//.test(line))
    expect(values).toEqual([])
    expect(linesWith(files, internals).some(line => line.includes('layout.ts'))).toBe(true)
  })

  test('editor has no socket and no framework', () => {
    const allowed = /^(yjs|lib0\/.*|prosemirror-.*|@floating-ui\/dom|lowlight|temml)$|\.css$/
    const foreign = foreignImports('packages/editor/src/').filter(({ imported }) => !allowed.test(imported.specifier))
    expect(foreign.map(describeImport)).toEqual([])
  })

  test('only the server imports node modules, and one file of the client', () => {
    const files = allImports(sources)
      .filter(({ from, imported }) => imported.specifier.startsWith('node:') && !from.path.startsWith('server/'))
      .map(({ from }) => from.path)
    expect([...new Set(files)].filter(path => !path.startsWith('packages/client/src/'))).toEqual([])
    expect(new Set(files).size).toBeLessThanOrEqual(1)
  })

  test('process is touched only by process.ts and config', () => {
    const others = sources.filter(source => !/^server\/src\/(process|config)\.ts$/.test(source.path))
    expect(linesWith(others, /(?<![\w.])process\.(env|argv|exit|on|once|stdout|stderr|kill|cwd|pid)\b/)).toEqual([])
  })

  test('console is used only by loggers and the command line', () => {
    const others = sources.filter(source => !/^server\/src\/(log|cli)|^web\/src\/quiet-logging\.ts$/.test(source.path))
    expect(linesWith(others, /(?<![\w.])console\./)).toEqual([])
  })
})

describe('how the code is written', () => {
  test('there are no default exports', () => {
    expect(linesWith(sources, /^export default\b/)).toEqual([])
  })

  test('no file only re-exports but what a package exports', () => {
    const barrels = sources.filter(source => {
      // What is only imported as a whole and later is a part of the bundle of its own, not a barrel.
      if (isExported(source.path) || isLoadedLater(source.path)) return false
      const code = withoutComments(source.text)
      const statements = code.split('\n').filter(line => line.trim() !== '')
      return statements.length > 0 && statements.every(line => /^export .* from /.test(line))
    })
    expect(barrels.map(source => source.path)).toEqual([])
  })

  test('every file says at its head what it is', () => {
    const silent = sources.filter(source => !isExported(source.path) && !/^(\/\/|\/\*)/.test(source.text.trimStart()))
    expect(silent.map(source => source.path)).toEqual([])
  })

  test('nothing inherits but errors', () => {
    expect(linesWith(sources, /\bclass\s+\w+(?:<[^>]*>)?\s+extends\s+(?!\w*Error\b)/)).toEqual([])
  })

  test('no names that say nothing', () => {
    const vague = /\b(?:class|interface)\s+\w*(?:Manager|Handler|Helper|Util|Utils|Impl|Base)\b/
    expect(linesWith(sources, vague)).toEqual([])
    expect(sources.filter(source => /(?:manager|helpers?|utils?)\.tsx?$/.test(source.path)).map(s => s.path)).toEqual(
      [],
    )
  })

  test('nothing is left to be done later', () => {
    const all = repositoryFiles(path => /\.(ts|tsx|mjs|css)$/.test(path) && !path.startsWith('test/repo/'))
    expect(linesWith(all, /\b(TODO|FIXME|XXX|HACK)\b|\b(?:describe|test|it)\.(?:skip|only|todo)\(/)).toEqual([])
  })
})

/** True for the files that another package may import. */
function isExported(path: string): boolean {
  const directory = packageOf(path)
  if (!path.startsWith('packages/')) return false
  return [...exportsOf(directory).values()].includes(path.slice(directory.length + 1))
}

function isLoadedLater(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const isStatic = new RegExp(`^\\s*(?:import|export)\\b[^'"\\n(]*['"][^'"]*/${name.replace('.', '\\.')}['"]`, 'm')
  const isDynamic = new RegExp(`(?<!typeof )\\bimport\\(['"][^'"]*/${name.replace('.', '\\.')}['"]`)
  return sources.some(source => isDynamic.test(source.text)) && !sources.some(source => isStatic.test(source.text))
}

function layerOf(path: string): Layer | undefined {
  return layers.filter(layer => path.startsWith(layer.prefix)).sort((a, b) => b.prefix.length - a.prefix.length)[0]
}

function packageOf(path: string): string {
  return path.startsWith('packages/') ? path.split('/').slice(0, 2).join('/') : path.split('/', 1)[0]!
}

interface FoundImport {
  readonly from: SourceFile
  readonly imported: Import
}

function allImports(files: readonly SourceFile[]): FoundImport[] {
  return files.flatMap(from => importsOf(from).map(imported => ({ from, imported })))
}

function foreignImports(prefix: string): FoundImport[] {
  return allImports(sources.filter(source => source.path.startsWith(prefix))).filter(
    ({ imported }) => imported.file === undefined,
  )
}

function describeImport({ from, imported }: FoundImport): string {
  return `${from.path} imports ${imported.specifier}`
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, comment => comment.replace(/[^\n]/g, '')).replace(/(^|\s)\/\/.*$/gm, '$1')
}

function linesWith(files: readonly SourceFile[], pattern: RegExp): string[] {
  return files.flatMap(source =>
    withoutComments(source.text)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${source.path}:${index + 1}: ${line.trim()}`] : [])),
  )
}

/** Each cycle once, as a path of files. */
function cycles(files: readonly SourceFile[]): string[] {
  const known = new Map(files.map(file => [file.path, file]))
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const path: string[] = []
  const visit = (file: SourceFile) => {
    state.set(file.path, 'open')
    path.push(file.path)
    for (const imported of importsOf(file)) {
      const next = imported.file === undefined ? undefined : known.get(imported.file)
      if (next === undefined) continue
      if (state.get(next.path) === 'open') found.push([...path.slice(path.indexOf(next.path)), next.path].join(' → '))
      else if (!state.has(next.path)) visit(next)
    }
    path.pop()
    state.set(file.path, 'done')
  }
  for (const file of files) if (!state.has(file.path)) visit(file)
  return found
}
