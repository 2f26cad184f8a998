// Beginnings for a new document, in Markdown: a row of small pictures of what each looks like.

import { SheafError } from '@sheaf/protocol'
import type { VNode } from 'preact'
import { createDocument, importFile } from '../api.ts'
import { showToast } from '../parts/toast.tsx'
import { navigate } from '../router.ts'
import { templateWords } from './template-words.ts'
import { words } from './words.ts'

type Name = keyof typeof templateWords

/** What a picture of it is drawn of: a long line, a short one, a heading, a task, a row of a table, nothing. */
type Stroke = 'line' | 'short' | 'heading' | 'task' | 'rule' | 'gap'

const pictures: Readonly<Record<Name, readonly Stroke[]>> = {
  meeting: ['heading', 'short', 'line', 'line', 'gap', 'short', 'line', 'line'],
  proposal: ['heading', 'heading', 'gap', 'line', 'line', 'line', 'short'],
  review: ['heading', 'task', 'task', 'task', 'task'],
  reading: ['heading', 'rule', 'line', 'rule', 'short', 'rule', 'line', 'rule'],
  project: ['heading', 'line', 'gap', 'task', 'task', 'gap', 'rule', 'rule'],
  decision: ['heading', 'short', 'line', 'gap', 'short', 'line', 'line'],
}

export function Templates({ folder }: { folder: string | null }): VNode {
  return (
    <ul class="templates" aria-label={words.startWith}>
      <li>
        <button type="button" class="template" onClick={() => void begin(undefined, folder)}>
          <span class="template-page blank">
            <i />
          </span>
          {words.blank}
        </button>
      </li>
      {(Object.keys(pictures) as Name[]).map(name => (
        <li key={name}>
          <button type="button" class="template" onClick={() => void begin(name, folder)}>
            <span class="template-page">
              {pictures[name].map((stroke, place) => (
                <i key={place} class={`stroke-${stroke}`} />
              ))}
            </span>
            {templateWords[name].name}
          </button>
        </li>
      ))}
    </ul>
  )
}

async function begin(name: Name | undefined, folder: string | null): Promise<void> {
  try {
    navigate(`/d/${await make(name, folder)}`, { fresh: true })
  } catch (error) {
    if (!(error instanceof SheafError)) throw error
    showToast({ text: error.code === 'going-away' ? words.notMade : error.message })
  }
}

async function make(name: Name | undefined, folder: string | null): Promise<string> {
  if (name === undefined) return (await createDocument(folder === null ? {} : { folder })).id
  const { name: title, text } = templateWords[name]
  const { documents } = await importFile(`${title}.md`, new Blob([text]), folder)
  return documents[0]!.id
}
