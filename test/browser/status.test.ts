// Every state of the save state has a screen, and says the truth: saving, saved, offline, not saved, read-only, removed, newer version
// needed, too large, server restarting.

import { beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument } from '../helpers/documents.ts'
import { FrontDoor } from '../helpers/front-door.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { adaAlone } from './alone.ts'
import { saveStates } from './save-states.ts'

describeUnless(noChromium, 'the save state', () => {
  const here = adaAlone()
  let door: FrontDoor

  beforeAll(async () => {
    door = await FrontDoor.start(() => here.server.url)
    return () => door.close()
  })

  test.each(saveStates)('$name', async ({ name, line, reads, bring }) => {
    door.pass()
    await createDocument(here.server.url, name, { title: 'Harvest', text: 'The first field is done.' })
    await here.ada.open(door.url, name)
    await here.ada.sees('The first field')
    await here.ada.clickBody()
    const throwAway = () => fetch(`${here.server.url}/api/v1/documents/${name}`, { method: 'DELETE' })
    await bring({ person: here.ada, door, throwAway })
    if (line !== undefined) await here.ada.says(line)
    if (reads !== undefined) await here.ada.page.getByText(reads).first().waitFor()
    // Where nothing may be written, nothing pretends that it can.
    const editable = here.ada.page.locator('.sheaf-text[contenteditable=true]')
    await expect
      .poll(() => editable.count())
      .toBe(['read-only', 'removed', 'newer-version', 'too-large'].includes(name) ? 0 : 1)
  })
})
