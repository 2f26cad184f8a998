// The languages that code can be in, as people call them. What they are called in the register `language` is what Markdown writes behind
// its fence; another name there stays, shown as it is.

import { words } from './block-words.ts'
import type { PickerItem } from './picker.ts'

export const languages: readonly PickerItem<string>[] = [
  language('Bash', 'bash', 'sh', 'zsh', 'shell script'),
  language('C', 'c', 'h'),
  language('C#', 'csharp', 'cs'),
  language('C++', 'cpp', 'cc', 'hpp'),
  language('CSS', 'css'),
  language('Diff', 'diff', 'patch'),
  language('Go', 'go', 'golang'),
  language('GraphQL', 'graphql', 'gql'),
  language('HTML, XML', 'xml', 'html', 'svg', 'xhtml'),
  language('INI, TOML', 'ini', 'toml'),
  language('Java', 'java'),
  language('JavaScript', 'javascript', 'js', 'jsx', 'mjs'),
  language('JSON', 'json'),
  language('Kotlin', 'kotlin', 'kt'),
  language('Less', 'less'),
  language('Lua', 'lua'),
  language('Makefile', 'makefile', 'make', 'mk'),
  language('Markdown', 'markdown', 'md'),
  language('Objective-C', 'objectivec', 'objc'),
  language('Perl', 'perl', 'pl'),
  language('PHP', 'php'),
  language('Python', 'python', 'py'),
  language('R', 'r'),
  language('Ruby', 'ruby', 'rb'),
  language('Rust', 'rust', 'rs'),
  language('SCSS', 'scss', 'sass'),
  language('Shell session', 'shell', 'console'),
  language('SQL', 'sql'),
  language('Swift', 'swift'),
  language('TypeScript', 'typescript', 'ts', 'tsx'),
  language('VB.NET', 'vbnet', 'vb'),
  language('WebAssembly', 'wasm', 'wat'),
  language('YAML', 'yaml', 'yml'),
]

/** @param name as the register has it; null is plain text, which is not said. */
export function languageName(name: string | null): string {
  if (name === null) return words.plainText
  const lower = name.toLowerCase()
  return languages.find(({ value, aliases }) => value === lower || aliases?.includes(lower))?.name ?? name
}

function language(name: string, value: string, ...aliases: string[]): PickerItem<string> {
  return { name, value, aliases: [value, ...aliases] }
}
