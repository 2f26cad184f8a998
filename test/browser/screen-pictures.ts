// `npm run screens [name …]`: takes docs/screens anew: each screen, menu and save state on a phone, a tablet and a desk, light and dark.
// Run by hand when the look has changed; no test run touches the pictures. One place with accounts in memory, and people who are in it.

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defaultLimits } from '@sheaf/protocol'
import type { Page } from 'playwright-core'
import { silentLog } from '../../server/src/log.ts'
import { createServer } from '../../server/src/server.ts'
import { accountsServer, type Browser, settle } from '../helpers/browsers.ts'
import { createDocument } from '../helpers/documents.ts'
import { FrontDoor } from '../helpers/front-door.ts'
import { Person } from './editor-page.ts'
import { saveStates } from './save-states.ts'

const folder = fileURLToPath(new URL('../../docs/screens/', import.meta.url))
const sizes = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1280, height: 860 },
] as const
const themes = ['light', 'dark'] as const
/** Of WebP; all pictures together stay below 6 MB. */
const quality = 62

const room = `The Reading Room closed in March with water under its north wall. This is the plan to open it again <mark>by the first week of April</mark>, written so that everyone who has to lift, pay or decide can find their part.

## What we know

Two surveys agree on the cause: **the gutter above the east bay**, not the foundations. The shelves are sound and the floor has dried to eleven per cent, which the [surveyor’s report](https://example.org) calls safe for paper.

- The roof is open to weather in one place only.
- Nothing was lost from the closed stacks; forty boxes are with the binder.
- The insurer has accepted the claim in principle.

> [!WARNING]
> Nothing moves before the insurer’s visit on **2 December**. If you must enter the east bay, sign the book at the desk.

## Before we open

- [x] Drain and dry the north wall
- [x] Photograph every shelf mark, before and after
- [ ] Order felt for the long tables
- [ ] Ask the choir whether Thursday evenings still suit them

## What it costs

| What | Who | By when | Cost |
| --- | --- | --- | ---: |
| Gutter, lead and labour | Tom Weaver | 12 December | 4,180 |
| Felt, twelve metres | Ines Okafor | 9 January | 312 |
| Lamps | Friends of the library | March | 1,940 |

\`\`\`js
const days = open.filter(day => !day.closed)
\`\`\`
`

/** The start of it, as plain text. */
const plainRoom = room.split('\n\n##', 1)[0]!.replaceAll(/<[^>]+>/g, '')

const others = [
  ['Minutes, trustees, 18 November', 'Present: Halden, Okafor, Sato. The gutter first, then the lamps.'],
  ['Shelf marks', 'A table of 1,204 rows'],
  ['Notes for the opening speech', 'A library is a house with one very large door'],
  ['What we lend besides books', 'Seeds, a telescope, eleven umbrellas'],
  ['Letter to the city, second version', 'With the surveyor’s report attached'],
] as const

interface Screen {
  readonly name: string
  readonly at: string
  /** Who looks: the owner by default. */
  readonly as?: 'stranger'
  readonly show?: (page: Page) => Promise<unknown>
}

const wanted = process.argv.slice(2)
const unset = await accountsServer()
const place = await settle(await accountsServer())
const mira = await Person.arrive({ name: 'Mira Halden', color: 8 })
const ana = await Person.arrive({ name: 'Ana Ruiz', color: 3 })
try {
  mkdirSync(folder, { recursive: true })
  await takeScreens(await furnish())
  await takeSaveStates()
} finally {
  await Promise.all([mira.leave(), ana.leave()])
  await Promise.all([place.server.close({ atOnce: true }), unset.close({ atOnce: true })])
}

async function takeScreens(documentId: string): Promise<void> {
  const screens: readonly Screen[] = [
    { name: 'home', at: '/' },
    { name: 'starred', at: '/?starred' },
    { name: 'trash', at: '/?trash' },
    { name: 'document', at: `/d/${documentId}`, show: page => page.getByRole('button', { name: 'Share' }).waitFor() },
    { name: 'slash-menu', at: `/d/${documentId}`, show: openSlashMenu },
    {
      name: 'bubble',
      at: `/d/${documentId}`,
      show: async page => {
        await page.locator('.sheaf-text strong', { hasText: '2 December' }).dblclick()
        // On a phone it is the bar on the keyboard.
        await page.getByRole('toolbar').first().waitFor()
      },
    },
    {
      name: 'palette',
      at: `/d/${documentId}`,
      show: async page => {
        await page.keyboard.press('Control+k')
        await page.getByRole('combobox').waitFor()
      },
    },
    {
      name: 'share',
      at: `/d/${documentId}`,
      show: async page => {
        await page.getByRole('button', { name: 'Share' }).click()
        await page.getByRole('dialog').getByText('mira@example.org').waitFor()
      },
    },
    {
      name: 'account',
      at: `/d/${documentId}`,
      show: async page => {
        await page.getByRole('button', { name: 'More', exact: true }).click()
        await page.getByRole('menuitem', { name: 'Change name' }).click()
        await page.getByRole('dialog').waitFor()
      },
    },
    { name: 'nowhere', at: '/nowhere' },
    { name: 'sign-in', at: '/signin', as: 'stranger' },
    { name: 'first-run', at: '/setup', as: 'stranger' },
  ]
  for (const { name, at, as, show } of screens) {
    if (!isWanted(name)) continue
    const person = as === 'stranger' ? ana : mira
    if (as === 'stranger') await ana.context.clearCookies()
    for (const size of sizes) {
      await person.page.setViewportSize(size)
      const url =
        at === '/setup' ? `${unset.url}/setup#${unset.authority.invitations.beginSetUp()}` : place.server.url + at
      if (at.startsWith('/d/')) await person.open(place.server.url, documentId)
      else {
        await person.page.goto(url)
        await person.page.locator('h1').first().waitFor({ state: 'attached' })
      }
      if (at === '/') await person.reads('Letter to the city')
      await show?.(person.page)
      await take(person.page, name, size.width)
    }
  }
}

async function takeSaveStates(): Promise<void> {
  const listen = { host: '127.0.0.1', port: 0 }
  const limits = defaultLimits
  const server = await createServer({ data: '', memory: true, listen, openMode: true, log: silentLog, limits })
  const door = await FrontDoor.start(() => server.url)
  for (const { name, line, reads, bring } of saveStates) {
    const picture = `state-${name}`
    if (!isWanted(picture)) continue
    for (const size of sizes) {
      door.pass()
      await mira.page.setViewportSize(size)
      const documentId = `${name}-${size.width}`
      await createDocument(server.url, documentId, { title: 'Reopening the Reading Room', text: plainRoom })
      await mira.open(door.url, documentId)
      await mira.page.getByText('The Reading Room closed').click()
      await mira.page.keyboard.press('Home')
      const throwAway = () => fetch(`${server.url}/api/v1/documents/${documentId}`, { method: 'DELETE' })
      await bring({ person: mira, door, throwAway })
      if (line !== undefined) await mira.says(line)
      if (reads !== undefined) await mira.reads(reads)
      await take(mira.page, picture, size.width)
    }
  }
  await door.close()
  await server.close({ atOnce: true })
}

/** People, folders and documents; Mira and Ana both have the first document open. @returns its id */
async function furnish(): Promise<string> {
  const anas = await place.join('ana@example.org')
  await anas.ask('PATCH', '/me', { name: 'Ana Ruiz', color: 3 })
  await place.owner.ask('PATCH', '/me', { name: 'Mira Halden', color: 8 })
  const library = (await place.owner.ask('POST', '/folders', { name: 'Library' })).body?.id
  const renovation = (await place.owner.ask('POST', '/folders', { name: 'Renovation', parent: library })).body?.id
  await place.owner.ask('POST', '/folders', { name: 'Talks' })
  for (const [title, text] of [...others].reverse()) await write(place.owner, title, text)
  const gone = await write(place.owner, 'Invitation, first draft', 'Come in by the side door.')
  await place.owner.ask('DELETE', `/documents/${gone}`)
  const documentId = await write(place.owner, 'Reopening the Reading Room', room)
  await place.owner.ask('PATCH', `/documents/${documentId}`, { folder: renovation })
  await place.owner.ask('PUT', `/documents/${documentId}/star`)
  await place.owner.ask('PUT', `/documents/${documentId}/sharing/people/${anas.userId}`, { role: 'editor' })
  await enter(mira, place.owner, place.server.url)
  return documentId
}

/** @returns the id of a new document. */
async function write(by: Browser, title: string, markdown: string): Promise<string> {
  const answer = await by.ask(
    'POST',
    `/imports?name=${encodeURIComponent(`${title}.md`)}`,
    new TextEncoder().encode(markdown),
  )
  const { documents } = answer.body as { documents: { id: string }[] }
  return documents[0]!.id
}

async function enter(person: Person, as: Browser, url: string): Promise<void> {
  await person.context.clearCookies()
  await person.context.addCookies(
    as.cookie.split('; ').map(pair => {
      const [name = '', value = ''] = pair.split('=')
      return { name, value, url }
    }),
  )
}

async function openSlashMenu(page: Page): Promise<void> {
  await page.getByText('The insurer has accepted').click()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('/')
  await page.getByRole('listbox').waitFor()
  await page.locator('.status[data-status=Saved]').waitFor()
}

/** One picture of each theme. */
async function take(page: Page, name: string, width: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  for (const colorScheme of themes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.evaluate(async () => {
      await document.fonts.ready
      await Promise.all(document.getAnimations().map(animation => animation.finished.catch(() => undefined)))
    })
    const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality })
    writeFileSync(`${folder}${name}-${width}-${colorScheme}.webp`, Buffer.from(data, 'base64'))
  }
  await devtools.detach()
  // What was opened for the picture is undone with the page.
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}

function isWanted(name: string): boolean {
  return wanted.length === 0 || wanted.includes(name)
}
