// A program that opens a document, writes, saves and closes, and has nothing else to wait for: run by leave.test.ts.

import { openDocument } from '@sheaf/client'

const url = process.argv[2] ?? ''
const document = openDocument({ url, documentId: 'plan', identity: { id: 'bot', name: 'Bot' } })
document.presence.setCaret({ anchor: 1, head: 1 })
document.presence.setCaret({ anchor: 2, head: 2 })
await document.synced
document.ydoc.getText('body').insert(0, 'written by a program')
await document.saved()
await document.close()
