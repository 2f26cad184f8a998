// `npx tsx test/browser/screenshots.ts`: takes the pictures of the documentation anew: docs/home.png, docs/two-windows.png.
// Run by hand when the look has changed; no test run touches the pictures.

import { fileURLToPath } from 'node:url'
import { createDocument } from '../helpers/documents.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { Person } from './editor-page.ts'

const docs = fileURLToPath(new URL('../../docs/', import.meta.url))

const documents = [
  ['allotment', 'The allotment, year two', 'Beans along the fence, and the water butt moved to the north side.'],
  ['reading', 'Reading list', 'Le Guin, Calvino, and everything on rivers.'],
  ['choir', 'Choir weekend', 'Eleven singers, two cars, one piano that is in tune.'],
  ['letter', 'Letter to the town hall', 'Dear Ms Okafor, thank you for your answer about the crossing.'],
  ['minutes', 'Minutes, 14 November', 'Present: Ines, Tom, Mira. Late: the tea.'],
] as const

const server = await ServerProcess.start()
try {
  for (const [documentId, title, text] of documents) await createDocument(server.url, documentId, { title, text })
  await takeHome()
  await takeTwoWindows()
} finally {
  await server.dispose()
}

async function takeHome(): Promise<void> {
  const ines = await Person.arrive({ name: 'Ines Roth', color: 2, context: { viewport: { width: 1280, height: 720 } } })
  await ines.page.goto(server.url)
  await ines.reads('Choir weekend')
  await ines.page.evaluate(() => document.fonts.ready)
  await ines.page.screenshot({ path: `${docs}home.png` })
  await ines.leave()
}

/** Two windows side by side, put together in a third one. */
async function takeTwoWindows(): Promise<void> {
  const context = { viewport: { width: 640, height: 420 }, deviceScaleFactor: 1 }
  const ines = await Person.arrive({ name: 'Ines Roth', color: 2, context })
  const tom = await Person.arrive({ name: 'Tom Achebe', color: 6, context })
  await createDocument(server.url, 'plan', { title: 'A weekend by the river' })
  await Promise.all([ines.open(server.url, 'plan'), tom.open(server.url, 'plan')])
  await ines.clickBody()
  await ines.type('We leave on Friday at four, whatever the weather says. Bring boots, a torch and one good story.')
  await ines.page.keyboard.press('Enter')
  await ines.type('# What we need')
  await ines.page.keyboard.press('Enter')
  await ines.type('- The big tent, and the small one in case it rains')
  await ines.page.keyboard.press('Enter')
  await ines.type('A kettle')
  await tom.sees('A kettle')
  await tom.page.getByText('Bring boots').click()
  await tom.page.keyboard.press('End')
  await tom.type(' I bring the guitar')
  await ines.type(' that whistle')
  await Promise.all([ines.says(/^Saved$/), tom.says(/^Saved$/)])
  await Promise.all([ines.seesCaretOf('Tom Achebe'), tom.seesCaretOf('Ines Roth')])
  await Promise.all([tom.type('.'), ines.type('s')])
  await Promise.all([ines.says(/^Saved$/), tom.says(/^Saved$/)])
  const [left, right] = await Promise.all([ines.page.screenshot(), tom.page.screenshot()])
  const frame = await Person.arrive({ name: 'Frame', context: { viewport: { width: 1280, height: 420 } } })
  const image = (png: Buffer) => `<img src="data:image/png;base64,${png.toString('base64')}">`
  await frame.page.setContent(
    `<style>body{margin:0;display:flex;gap:2px;background:#d9d6ce}img{width:639px;height:420px;object-fit:cover;object-position:left top}</style>${image(left)}${image(right)}`,
  )
  await frame.page.screenshot({ path: `${docs}two-windows.png` })
  await Promise.all([ines.leave(), tom.leave(), frame.leave()])
}
