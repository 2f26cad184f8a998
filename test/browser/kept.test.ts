// What is typed and not yet sent lives on the device: a closed tab, a reload without a network and a server that is gone lose
// nothing, and nothing that is not the document is ever shown as if it were.

import { afterEach, beforeAll, expect, test } from 'vitest'
import { noChromium } from '../helpers/chromium.ts'
import { createDocument, readDocument } from '../helpers/documents.ts'
import { describeUnless } from '../helpers/requirements.ts'
import { ServerProcess } from '../helpers/server-process.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'
import { Person } from './editor-page.ts'

describeUnless(noChromium, 'what the device keeps', () => {
  let server: ServerProcess
  let network: TcpProxy
  let ada: Person

  beforeAll(async () => {
    server = await ServerProcess.start()
    network = await TcpProxy.start(server.port)
    ada = await Person.arrive({ name: 'Ada' })
    return async () => {
      await ada.leave()
      await network.close()
      await server.dispose()
    }
  })

  afterEach(async () => {
    await ada.closeTab()
    network.mend()
    await ada.context.setOffline(false)
  })

  async function opened(documentId: string, text: string): Promise<void> {
    await createDocument(server.url, documentId, { title: 'Kept', text })
    await ada.open(network.url, documentId)
    await ada.sees(text)
    await ada.clickBody()
  }

  /** The document's page works without a network once its files are kept: the service worker has them. */
  async function filesAreKept(): Promise<void> {
    await ada.page.evaluate(async () => {
      await navigator.serviceWorker.ready
    })
  }

  test('a tab closed with unsent edits: they are there when the document is opened again, and are sent', async () => {
    await opened('closed-tab', 'Sent. ')
    await filesAreKept()
    network.cut()
    await ada.type('unsent ')
    // One for each key: fewer, and the last of them may not be kept yet.
    await ada.says(/^Offline — 7 changes kept on this device$/)
    await ada.closeTab()
    expect((await readDocument(server.url, 'closed-tab')).getText('body').toString()).toBe('Sent. ')
    network.mend()
    await ada.open(network.url, 'closed-tab')
    await ada.sees('Sent. unsent')
    await ada.says(/^Saved$/)
    expect((await readDocument(server.url, 'closed-tab')).getText('body').toString()).toBe('Sent. unsent ')
  })

  test('a reload without a network shows the kept document, and what is typed then is kept and sent later', async () => {
    await opened('reload', 'Read before. ')
    await filesAreKept()
    network.cut()
    await ada.context.setOffline(true)
    await ada.open(network.url, 'reload')
    await ada.sees('Read before.')
    await ada.says(/^Offline/)
    await ada.clickBody()
    await ada.type('Written offline. ')
    await ada.says(/^Offline — \d+ changes kept on this device$/)
    await ada.open(network.url, 'reload')
    await ada.sees('Read before. Written offline.')
    network.mend()
    await ada.context.setOffline(false)
    await ada.says(/^Saved$/)
    expect((await readDocument(server.url, 'reload')).getText('body').toString()).toBe('Read before. Written offline. ')
  })

  test('a document that was never here is not shown as an empty one while the server is away', async () => {
    await opened('was-here', 'Something.')
    await filesAreKept()
    await createDocument(server.url, 'was-not-here', { text: 'Written by somebody else.' })
    network.cut()
    await ada.context.setOffline(true)
    await ada.page.goto(`${network.url}/d/was-not-here`)
    // It takes five seconds until the page says why nothing is shown; all that time there must be no editor to type in.
    await ada.reads('The server can’t be reached, and this document isn’t kept on this device.')
    expect(await ada.page.locator('[contenteditable="true"]').count()).toBe(0)
    network.mend()
    await ada.context.setOffline(false)
    await ada.sees('Written by somebody else.')
  })

  test('the home page lists what is kept while the server is away', async () => {
    await opened('listed', 'Something.')
    await filesAreKept()
    network.cut()
    await ada.context.setOffline(true)
    await ada.page.goto(network.url)
    await ada.reads('The server can’t be reached. These documents are kept on this device.')
    await ada.reads('Kept')
  })
})
