// A document as a file: Markdown, one clean page of HTML, Word, JSON, plain text.

import { readBody, readTitle } from '@sheaf/model'
import { serializeHtml, serializeJson, serializeMarkdown, serializeText } from '@sheaf/model/formats'
import type { Node } from 'prosemirror-model'
import type * as Y from 'yjs'
import { nameMentions, type TitleOf } from './mentions.ts'

export const exportFormats = ['markdown', 'html', 'docx', 'json', 'text'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportedFile {
  readonly title: string
  /** Without a dot. */
  readonly ending: string
  readonly type: string
  readonly bytes: Uint8Array
}

const kinds: Readonly<Record<ExportFormat, { readonly ending: string; readonly type: string }>> = {
  markdown: { ending: 'md', type: 'text/markdown; charset=utf-8' },
  html: { ending: 'html', type: 'text/html; charset=utf-8' },
  docx: { ending: 'docx', type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document' },
  json: { ending: 'json', type: 'application/json' },
  text: { ending: 'txt', type: 'text/plain; charset=utf-8' },
}

/** @param titleOf what other documents are called for who exports. */
export async function exportDocument(ydoc: Y.Doc, format: ExportFormat, titleOf: TitleOf): Promise<ExportedFile> {
  const title = readTitle(ydoc)
  const content = await write(title, await nameMentions(readBody(ydoc), titleOf), format)
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  return { title, ...kinds[format], bytes }
}

async function write(title: string, doc: Node, format: ExportFormat): Promise<string | Uint8Array> {
  switch (format) {
    case 'markdown':
      return title === ''
        ? serializeMarkdown(doc)
        : `# ${title.replace(/([\\`*_[\]<>#])/g, '\\$1')}\n\n${serializeMarkdown(doc)}`
    case 'text':
      return title === '' ? serializeText(doc) : `${title}\n\n${serializeText(doc)}`
    case 'json':
      return `${JSON.stringify({ title, doc: serializeJson(doc) }, null, 2)}\n`
    case 'html':
      return page(title, serializeHtml(doc))
    case 'docx': {
      // The largest library of the server, loaded when somebody first wants it.
      const { exportDocx } = await import('./export-docx.ts')
      return exportDocx(title, doc)
    }
  }
}

/** A name that every file system takes. */
export function fileName(title: string, ending: string): string {
  const name = title
    .replace(/[\p{Cc}\\/:*?"<>|]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
    .slice(0, 100)
  return `${name === '' ? 'Untitled' : name}.${ending}`
}

function page(title: string, body: string): string {
  const safe = title.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe}</title>
<style>
body { max-width: 41rem; margin: 3rem auto; padding: 0 1.25rem; font: 17px/1.6 "Source Serif 4", Georgia, serif; color: #22252a; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; }
a { color: #2f4c9b; }
img { max-width: 100%; }
pre, code { font: 0.85em/1.6 ui-monospace, Menlo, Consolas, monospace; background: #f6f5f1; border-radius: 4px; }
pre { padding: 14px 18px; overflow-x: auto; }
blockquote { margin-inline: 0; padding-inline-start: 22px; border-inline-start: 2px solid; font-style: italic; }
table { border-collapse: collapse; width: 100%; font: 14.5px/1.45 system-ui, sans-serif; }
td, th { padding: 8px 12px; border-bottom: 1px solid #e7e4dd; text-align: start; vertical-align: top; }
mark { background: #fbe7ae; }
@media print { body { max-width: none; margin: 0; font-size: 11.5pt; } thead { display: table-header-group; } a { color: inherit; } }
</style>
</head>
<body>
${title === '' ? '' : `<h1>${safe}</h1>\n`}${body}
</body>
</html>
`
}
