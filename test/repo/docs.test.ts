// What the documents promise: each numbered rule has a test that bears its number, links lead somewhere, and nothing in the
// repository points outside it.

import { existsSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, test } from 'vitest'
import { repositoryFiles, repositoryRoot } from '../helpers/sources.ts'

const documents = repositoryFiles(path => path.endsWith('.md'))
const tests = repositoryFiles(path => /^test\/.*\.(ts|tsx)$/.test(path))

/** A rule stands at the start of a line, as `**W3**` or `- **W3**`. */
const rulePattern = /^(?:[-*] |\| )?\*\*([A-Z]{1,2}\d+)\b/gm

describe('numbered rules', () => {
  test.each(['docs/protocol.md', 'docs/storage.md'])('%s has rules, each with a number of its own', path => {
    const rules = rulesOf(path)
    expect(rules.length).toBeGreaterThan(5)
    expect(rules.filter((rule, index) => rules.indexOf(rule) !== index)).toEqual([])
  })

  test('each rule has a test whose title bears its number', () => {
    const titles = tests.flatMap(file => titlesOf(file.text))
    const rules = documents
      .filter(document => document.path.startsWith('docs/'))
      .flatMap(document => rulesOf(document.path))
    const untested = [...new Set(rules)].filter(rule => !titles.some(title => new RegExp(`\\b${rule}\\b`).test(title)))
    expect(untested).toEqual([])
  })

  test('no test bears the number of a rule that does not exist', () => {
    const rules = new Set(documents.flatMap(document => rulesOf(document.path)))
    const kinds = new Set([...rules].map(rule => rule.replace(/\d+/, '')))
    const unknown = tests.flatMap(file =>
      titlesOf(file.text).flatMap(title => {
        const claimed = /^([A-Z]{1,2})(\d+)(?:, [A-Z]{1,2}\d+)*: /.exec(title)
        if (claimed === null || !kinds.has(claimed[1]!)) return []
        return title
          .slice(0, title.indexOf(':'))
          .split(', ')
          .filter(rule => !rules.has(rule))
          .map(rule => `${file.path}: ${rule}`)
      }),
    )
    expect(unknown).toEqual([])
  })
})

describe('links', () => {
  test('relative links in documents lead to files of the repository', () => {
    const broken = documents.flatMap(document =>
      linksOf(document.text)
        .filter(link => !/^(https?:|mailto:|#)/.test(link))
        .map(link => posix.normalize(join(dirname(document.path), link.replace(/#.*$/, ''))))
        .filter(target => !existsSync(join(repositoryRoot, target)))
        .map(target => `${document.path} → ${target}`),
    )
    expect(broken).toEqual([])
  })

  test('anchors in documents lead to headings', () => {
    const broken = documents.flatMap(document =>
      linksOf(document.text).flatMap(link => {
        const [file, anchor] = link.split('#') as [string, string | undefined]
        if (anchor === undefined || /^https?:/.test(link)) return []
        const target = file === '' ? document.path : posix.normalize(join(dirname(document.path), file))
        const text = documents.find(other => other.path === target)?.text
        return text !== undefined && !anchorsOf(text).has(anchor) ? [`${document.path} → ${link}`] : []
      }),
    )
    expect(broken).toEqual([])
  })

  test('nothing cites a path outside the repository, or a registry that only one machine knows', () => {
    const outside = [/\.\.\/shared\b/, /\bshared\/design\b/, /\/work\/(main|shared)\b/, /\/home\/\w+\//]
    const files = repositoryFiles(path => !/\.(gz|png|woff2|ico)$/.test(path) && path !== 'test/repo/docs.test.ts')
    const found = files.flatMap(file =>
      file.text
        .split('\n')
        .flatMap((line, index) => (outside.some(pattern => pattern.test(line)) ? [`${file.path}:${index + 1}`] : [])),
    )
    expect(found).toEqual([])
  })

  test('the lock file names no host, so that any mirror of the packages serves it', () => {
    const lock = repositoryFiles(path => path === 'package-lock.json')[0]!
    expect(lock.text).not.toMatch(/"resolved": "https?:/)
  })
})

function rulesOf(path: string): string[] {
  const text = documents.find(document => document.path === path)?.text ?? ''
  return [...text.matchAll(rulePattern)].map(match => match[1]!)
}

function titlesOf(text: string): string[] {
  const titles =
    /\b(?:test|it|describe)(?:\.\w+(?:\([^)]*\))?)*\s*\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/g
  const each = /\)\(\s*['"`]([^'"`\n]+)['"`]/g
  return [
    ...[...text.matchAll(titles)].map(match => match[1] ?? match[2] ?? match[3] ?? ''),
    ...[...text.matchAll(each)].map(match => match[1]!),
  ]
}

function linksOf(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)].map(match => match[1]!)
}

function anchorsOf(text: string): Set<string> {
  return new Set(
    [...text.matchAll(/^#+\s+(.*)$/gm)].map(match =>
      match[1]!
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  )
}
