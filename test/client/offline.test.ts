// What is kept on the device: nothing that was typed is lost to a closed tab, a crash, days offline or a second tab.

import { listKept } from '@sheaf/client'
import { describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { Device, type Tab, untilStatus } from '../helpers/device.ts'
import { ScriptedServer } from '../helpers/scripted-server.ts'
import { TcpProxy } from '../helpers/tcp-proxy.ts'

const write = (tab: Tab, text: string) => tab.document.ydoc.getText('body').insert(0, text)
const text = (ydoc: Y.Doc) => ydoc.getText('body').toString()

describe('one tab after the other', () => {
  test('a document that was open before opens again without a network', async () => {
    const server = await ScriptedServer.start()
    server.edit(ydoc => ydoc.getText('body').insert(0, 'the document'))
    const device = new Device()
    const first = device.open('plan', server)
    await first.document.synced
    await first.document.kept()
    await first.document.close()
    await server.stop()

    const again = device.open('plan', server)
    await again.document.ready
    expect(text(again.document.ydoc)).toBe('the document')
    expect(again.document.status).toMatchObject({ ready: true, synced: false, pending: 0, kept: true })
  })

  test('C6: an empty or half loaded copy is never shown as the document', async () => {
    const server = await ScriptedServer.start()
    await server.stop()
    const device = new Device()
    const tab = device.open('plan', server)
    await untilStatus(tab.document, status => status.connection === 'offline')
    expect(tab.document.status.ready).toBe(false)
    write(tab, 'typed by a script')
    await tab.document.kept()
    await tab.crash()

    const again = device.open('plan', server)
    await untilStatus(again.document, status => status.connection === 'offline')
    expect(again.document.status).toMatchObject({ ready: false, pending: 1 })
  })

  test('C7: what was typed offline is sent by the next tab, after a close and after a crash', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const first = device.open('plan', server)
    await first.document.synced
    await server.stop()
    await untilStatus(first.document, status => status.connection === 'offline')
    write(first, 'c')
    await first.document.close()

    const second = device.open('plan', server)
    await second.document.ready
    expect(second.document.status).toMatchObject({ pending: 1, kept: true })
    write(second, 'b')
    await second.document.kept()
    await second.crash()

    const third = device.open('plan', server)
    await third.document.ready
    expect(third.document.status.pending).toBe(2)
    write(third, 'a')
    await server.listen()
    third.document.retry()
    await third.document.saved()
    expect([text(server.ydoc), third.document.status.pending]).toEqual(['abc', 0])
  })

  test('a retry while the copy is still being read does not connect without it', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const first = device.open('plan', server)
    await first.document.synced
    await server.stop()
    write(first, 'unsent')
    await first.document.kept()
    await first.crash()
    await server.listen()
    const second = device.open('plan', server)
    second.document.retry()
    await second.document.saved()
    expect([text(server.ydoc), server.connections]).toEqual(['unsent', 2])
  })

  test('what was acknowledged is not pending for the next tab', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const first = device.open('plan', server)
    await first.document.synced
    write(first, 'a')
    await first.document.saved()
    await first.document.close()
    await server.stop()
    const second = device.open('plan', server)
    await second.document.ready
    expect(second.document.status.pending).toBe(0)
  })

  test('an acknowledgement that the tab did not live to write down is asked for again, and changes nothing', async () => {
    const server = await ScriptedServer.start()
    server.holdAcks = true
    const device = new Device()
    const first = device.open('plan', server)
    await first.document.synced
    write(first, 'once')
    await first.document.kept()
    await server.until(() => text(server.ydoc) === 'once')
    await first.crash()
    server.holdAcks = false
    const second = device.open('plan', server)
    await second.document.ready
    expect(second.document.status.pending).toBe(1)
    await second.document.saved()
    expect([text(server.ydoc), server.revision]).toEqual(['once', 1])
  })

  test('C7: days offline, a thousand changes, several compactions: all of it is there, and little of it is rows', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    let tab = device.open('plan', server)
    await tab.document.synced
    await server.stop()
    await untilStatus(tab.document, status => status.connection === 'offline')
    for (let day = 0; day < 3; day++) {
      for (let i = 0; i < 600; i++) {
        tab.document.ydoc.getText('body').insert(tab.document.ydoc.getText('body').length, String(i % 10))
        if (i % 50 === 0) await tab.document.kept()
      }
      await tab.document.kept()
      await tab.crash()
      expect(await device.rows()).toBeLessThan(502)
      tab = device.open('plan', server)
      await tab.document.ready
      expect(tab.document.status.pending).toBe((day + 1) * 600)
    }
    await server.listen()
    tab.document.retry()
    await tab.document.saved()
    expect(text(server.ydoc)).toBe('0123456789'.repeat(180))
  })

  test('the changes of a stranger that came just before are kept too, so that ours have something to stand on', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const first = device.open('plan', server)
    await first.document.synced
    const arrived = new Promise(resolve => first.document.ydoc.once('update', resolve))
    server.edit(ydoc => ydoc.getText('body').insert(0, 'from Bo'))
    await arrived
    server.holdAcks = true
    await server.stop()
    await untilStatus(first.document, status => status.connection === 'offline')
    first.document.ydoc.getText('body').insert(7, ', and mine')
    await first.document.kept()
    await first.crash()
    const second = device.open('plan', server)
    await second.document.ready
    expect(text(second.document.ydoc)).toBe('from Bo, and mine')
  })
})

describe('two tabs at once', () => {
  test('C8: each keeps and sends its own; neither takes the other for dead', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const [left, right] = [device.open('plan', server), device.open('plan', server)]
    await Promise.all([left.document.synced, right.document.synced])
    await server.stop()
    await untilStatus(left.document, status => status.connection === 'offline')
    await untilStatus(right.document, status => status.connection === 'offline')
    write(left, 'left ')
    write(right, 'right ')
    await Promise.all([left.document.kept(), right.document.kept()])
    const third = device.open('plan', server)
    await third.document.ready
    expect([left, right, third].map(tab => tab.document.status.pending)).toEqual([1, 1, 0])

    await server.listen()
    for (const tab of [left, right]) tab.document.retry()
    await Promise.all([left.document.saved(), right.document.saved()])
    expect(text(server.ydoc)).toMatch(/^(left right |right left )$/)
  })

  test('C8: one that dies leaves its changes to the other, which sends them with its next connection', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const [left, right] = [device.open('plan', server), device.open('plan', server)]
    await Promise.all([left.document.synced, right.document.synced])
    await server.stop()
    await untilStatus(left.document, status => status.connection === 'offline')
    await untilStatus(right.document, status => status.connection === 'offline')
    write(left, 'left ')
    await left.document.kept()
    await left.crash()
    await server.listen()
    right.document.retry()
    await right.document.saved()
    await untilStatus(right.document, status => status.pending === 0 && status.synced)
    await server.until(() => text(server.ydoc) === 'left ')
    expect(text(right.document.ydoc)).toBe('left ')
    await right.document.kept()
    expect(await listKept(device.store())).toMatchObject([{ documentId: 'plan', pending: 0 }])
  })

  test('a compaction in one tab keeps what only the other has seen', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const [left, right] = [device.open('plan', server), device.open('plan', server)]
    await Promise.all([left.document.synced, right.document.synced])
    await server.stop()
    await untilStatus(left.document, status => status.connection === 'offline')
    await untilStatus(right.document, status => status.connection === 'offline')
    write(right, 'right ')
    await right.document.kept()
    for (let i = 0; i < 600; i++) {
      write(left, '.')
      if (i % 50 === 0) await left.document.kept()
    }
    await left.document.kept()
    await Promise.all([left.crash(), right.crash()])
    const third = device.open('plan', server)
    await third.document.ready
    expect(text(third.document.ydoc)).toContain('right ')
    expect(text(third.document.ydoc)).toHaveLength(606)
    expect(third.document.status.pending).toBe(601)
  })

  test('a compaction in one tab keeps what others wrote that only the other tab has received', async () => {
    const server = await ScriptedServer.start()
    const proxy = await TcpProxy.start(Number(new URL(server.url).port))
    onTestFinished(() => proxy.close())
    const device = new Device()
    const [left, right] = [device.open('plan', proxy), device.open('plan', server)]
    await Promise.all([left.document.synced, right.document.synced])
    proxy.cut()
    await untilStatus(left.document, status => status.connection === 'offline')
    const arrived = new Promise(resolve => right.document.ydoc.once('update', resolve))
    server.edit(ydoc => ydoc.getText('body').insert(0, 'Bo'))
    await arrived
    await server.stop()
    right.document.ydoc.getText('body').insert(1, 'right')
    await right.document.kept()
    for (let i = 0; i < 600; i++) {
      write(left, '.')
      if (i % 50 === 0) await left.document.kept()
    }
    await left.document.kept()
    await Promise.all([left.crash(), right.crash()])
    const third = device.open('plan', server)
    await third.document.ready
    expect(text(third.document.ydoc).replaceAll('.', '')).toBe('Brighto')
  })

  test('C8: without Web Locks a tab takes over all that is unsent, and the server has it once', async () => {
    const server = await ScriptedServer.start()
    const device = new Device({ locks: false })
    const left = device.open('plan', server)
    await left.document.synced
    await server.stop()
    await untilStatus(left.document, status => status.connection === 'offline')
    write(left, 'once')
    await left.document.kept()
    const right = device.open('plan', server)
    await right.document.ready
    expect(right.document.status.pending).toBe(1)
    await server.listen()
    for (const tab of [left, right]) tab.document.retry()
    await Promise.all([left.document.saved(), right.document.saved()])
    expect(text(server.ydoc)).toBe('once')
  })
})

describe('storage in trouble', () => {
  test('C11: a full disk is shown, typing goes on, and all is kept once there is room', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const tab = device.open('plan', server)
    await tab.document.synced
    await server.stop()
    await untilStatus(tab.document, status => status.connection === 'offline')
    write(tab, 'c')
    await tab.document.kept()
    tab.isFull = true
    write(tab, 'b')
    await expect(tab.document.kept()).rejects.toMatchObject({ name: 'QuotaExceededError' })
    expect(tab.document.status).toMatchObject({ kept: false, pending: 2 })
    write(tab, 'a')
    tab.isFull = false
    await untilStatus(tab.document, status => status.kept)
    await tab.crash()
    const again = device.open('plan', server)
    await again.document.ready
    expect(text(again.document.ydoc)).toBe('abc')
    expect(again.document.status.pending).toBe(3)
  })

  test('C11: a storage that does not open is done without: nothing is kept, the server still saves', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const tab = device.open('plan', server)
    tab.refusesToOpen = true
    await tab.document.synced
    expect(tab.document.status.kept).toBe(false)
    write(tab, 'online')
    await tab.document.saved()
    await expect(tab.document.kept()).rejects.toThrow()
  })
})

describe('the list, and copies set aside', () => {
  test('the list names what is kept, newest first, with what waits to be sent', async () => {
    const server = await ScriptedServer.start()
    server.edit(ydoc => ydoc.getText('title').insert(0, 'The plan'))
    const device = new Device()
    const first = device.open('plan', server)
    await first.document.synced
    await first.document.kept()
    await first.document.close()
    await server.stop()
    const second = device.open('notes', server)
    write(second, 'x')
    write(second, 'y')
    await second.document.kept()
    expect(await listKept(device.store())).toMatchObject([
      { documentId: 'notes', title: '', pending: 2, complete: false },
      { documentId: 'plan', title: 'The plan', pending: 0, complete: true, layout: 'sheaf' },
    ])
  })

  test('C9: another timeline, the copy stays as it is, can be set aside and exported, and the document opened anew', async () => {
    const server = await ScriptedServer.start()
    const device = new Device()
    const first = device.open('plan', server)
    await first.document.synced
    write(first, 'before the restore')
    await first.document.saved()
    await first.document.kept()
    await first.crash()
    const restored = await ScriptedServer.start({ hello: { epoch: 'epoch-02' } })
    restored.edit(ydoc => ydoc.getText('body').insert(0, 'restored'))

    const second = device.open('plan', restored)
    await second.document.ready
    await untilStatus(second.document, status => status.connection === 'closed')
    expect(second.document.status).toMatchObject({ readOnly: true, problem: { code: 'epoch' } })
    expect(text(restored.ydoc)).toBe('restored')
    const copy = new Y.Doc()
    Y.applyUpdate(copy, await second.document.setAside())
    expect(text(copy)).toBe('before the restore')
    const [aside] = await device.store().listAside()
    const kept = new Y.Doc()
    Y.applyUpdate(kept, aside!.update)
    expect([aside!.documentId, text(kept)]).toEqual(['plan', 'before the restore'])

    const third = device.open('plan', restored)
    await third.document.synced
    expect(text(third.document.ydoc)).toBe('restored')
    await device.store().discardAside(aside!.id)
    expect(await device.store().listAside()).toEqual([])
  })
})
