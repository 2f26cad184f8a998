// The words of the templates: what each is called, and what it begins with (Markdown). Apart from the other words of the pages, because
// nobody needs them before the home page is there; another language brings them in `words.templates`.

import { overlay } from '@sheaf/editor/overlay'
import { words } from '../words.ts'

const english = {
  meeting: {
    name: 'Meeting notes',
    text: `**Date:**  \n**Present:**  \n\n## What we talked about\n\n- \n\n## What we decided\n\n- \n\n## Who does what\n\n- [ ] \n`,
  },
  proposal: {
    name: 'Proposal',
    text: `> In two sentences: what should change, and why now.\n\n## The problem\n\n\n## What we propose\n\n\n## What it costs\n\n| What | How much | By when |\n| --- | --- | --- |\n|  |  |  |\n\n## What could go wrong\n\n- \n`,
  },
  review: {
    name: 'Weekly review',
    text: `## Done\n\n- [x] \n\n## In the way\n\n- \n\n## Next week\n\n- [ ] \n- [ ] \n- [ ] \n`,
  },
  reading: {
    name: 'Reading list',
    text: `| Title | By | Why | Read |\n| --- | --- | --- | --- |\n|  |  |  |  |\n|  |  |  |  |\n|  |  |  |  |\n\n## Notes\n\n`,
  },
  project: {
    name: 'Project plan',
    text: `## Goal\n\n\n## Steps\n\n- [ ] \n- [ ] \n- [ ] \n\n## Dates\n\n| Step | Who | By when |\n| --- | --- | --- |\n|  |  |  |\n|  |  |  |\n\n## Open questions\n\n- \n`,
  },
  decision: {
    name: 'Decision',
    text: `**Status:** open  \n**Decided by:**  \n\n## What is to be decided\n\n\n## What speaks for it\n\n- \n\n## What speaks against it\n\n- \n\n## What we decided, and why\n\n`,
  },
}

export type TemplateWords = typeof english

export const templateWords: TemplateWords = overlay(english, words.templates)
