// Every row of the status line and every banner: the promise "Saved" is only ever made for what the server acknowledged (P2).

import type { DocumentStatus } from '@sheaf/client'
import { describe, expect, test } from 'vitest'
import {
  announcement,
  describeBanner,
  describeStatus,
  isEnding,
  isRestarting,
  type Moment,
} from '../../web/src/app/document/status.ts'

const online: DocumentStatus = {
  connection: 'online',
  ready: true,
  synced: true,
  pending: 0,
  kept: true,
  draining: false,
  storage: 'ok',
  readOnly: false,
  layout: 'sheaf',
}
const atRest: Moment = { settled: true, resuming: false, asked: false, untouched: false }

function line(status: Partial<DocumentStatus>, moment: Partial<Moment> = {}) {
  return describeStatus({ ...online, ...status }, { ...atRest, ...moment })
}

describe('the status line', () => {
  test('says Saved when everything is acknowledged and it was quiet', () => {
    expect(line({})).toMatchObject({ text: 'Saved', icon: 'check', tone: 'quiet' })
  })

  test('goes on saying Saving… until it was quiet for a while', () => {
    expect(line({}, { settled: false })).toMatchObject({ text: 'Saving…', icon: 'circle-dashed', tone: 'quiet' })
  })

  test('says Saving… as soon as one change is not acknowledged, however settled it was', () => {
    expect(line({ pending: 1 })).toMatchObject({ text: 'Saving…', icon: 'circle-dashed' })
  })

  test('answers Mod-S with All changes saved, but only when they are', () => {
    expect(line({}, { asked: true })).toMatchObject({ text: 'All changes saved', icon: 'check', tone: 'good' })
    expect(line({ pending: 1 }, { asked: true })?.text).toBe('Saving…')
    expect(line({ connection: 'offline', synced: false, pending: 1 }, { asked: true })?.text).toMatch(/^Offline/)
  })

  test('offline, counts the changes that are kept on this device', () => {
    expect(line({ connection: 'offline', synced: false, pending: 12 })).toMatchObject({
      text: 'Offline — 12 changes kept on this device',
      short: 'Offline — 12 kept',
      icon: 'cloud-off',
      tone: 'careful',
    })
    expect(line({ connection: 'offline', synced: false, pending: 1 })?.text).toBe(
      'Offline — 1 change kept on this device',
    )
    expect(line({ connection: 'offline', synced: false })?.text).toBe('Offline')
  })

  test('offline, never claims that changes are kept which are not', () => {
    const unkept = line({ connection: 'offline', synced: false, pending: 12, kept: false })
    expect(unkept?.text).toBe('Offline — 12 changes only in this tab')
    expect(`${unkept?.text}${unkept?.short}`).not.toMatch(/kept/)
  })

  test('reconnected, says how many changes are on their way', () => {
    expect(line({ pending: 12 }, { resuming: true, settled: false })).toMatchObject({
      text: 'Back online — sending 12 changes',
      icon: 'cloud-upload',
      tone: 'careful',
    })
  })

  test.each([
    ['the server’s disk is full', { storage: 'failing', storageCause: 'full', pending: 3 }],
    ['a change was refused', { readOnly: true, pending: 1, problem: problem('invalid-update') }],
    ['the document is too large', { readOnly: true, pending: 1, problem: problem('too-large') }],
    ['the document is damaged', { problem: { code: 'damaged', detail: '', permanent: false } }],
  ] as const)('says Can’t save when %s', (_why, status) => {
    expect(line(status)).toMatchObject({ text: 'Can’t save', icon: 'circle-alert', tone: 'bad', details: true })
  })

  test('says View only to a reader', () => {
    expect(line({ readOnly: true, role: 'viewer' })).toMatchObject({ text: 'View only', icon: 'eye', tone: 'plain' })
  })

  test('says nothing about a document that is new and untouched, not open yet, or kept and not heard of', () => {
    expect(line({}, { untouched: true })).toBeNull()
    expect(line({ ready: false, synced: false, connection: 'connecting' })).toBeNull()
    expect(line({ synced: false, connection: 'connecting' })).toBeNull()
  })

  test('P2: of all states, only the synced one without pending changes says Saved', () => {
    for (const connection of ['connecting', 'online', 'offline', 'closed'] as const) {
      for (const synced of [true, false]) {
        for (const pending of [0, 1, 5]) {
          for (const storage of ['ok', 'failing'] as const) {
            for (const asked of [true, false]) {
              const said = line({ connection, synced, pending, storage }, { asked })?.text ?? ''
              if (!/saved/i.test(said)) continue
              expect({ connection, synced, pending, storage }).toEqual({
                connection,
                synced: true,
                pending: 0,
                storage: 'ok',
              })
            }
          }
        }
      }
    }
  })
})

describe('the banner', () => {
  test('tells how many edits are not saved, why, and where they are', () => {
    const banner = describeBanner({ ...online, storage: 'failing', storageCause: 'full', pending: 3 })
    expect(`${banner?.bold} ${banner?.text}`).toBe(
      'Your last 3 edits are not saved. The server’s disk is full. They are kept on this device and will be sent when there is room.',
    )
    expect(banner?.actions).toEqual(['download', 'retry'])
  })

  test('says of one edit what it says of many', () => {
    const banner = describeBanner({ ...online, storage: 'failing', storageCause: 'full', pending: 1 })
    expect(`${banner?.bold} ${banner?.text}`).toBe(
      'Your last edit is not saved. The server’s disk is full. It is kept on this device and will be sent when there is room.',
    )
  })

  test('does not promise that something is kept which is only in this tab', () => {
    const banner = describeBanner({ ...online, storage: 'failing', storageCause: 'full', pending: 3, kept: false })
    expect(banner?.text).not.toMatch(/kept/)
    expect(banner?.text).toMatch(/only in this tab/)
  })

  test('a full document says so and what to do', () => {
    const banner = describeBanner({ ...online, pending: 1, readOnly: true, problem: problem('too-large') })
    expect(`${banner?.bold} ${banner?.text}`).toBe('This document is full. Move a part into a new one.')
  })

  test('a restarting server asks for nothing', () => {
    const banner = describeBanner({ ...online, draining: true }, true)
    expect(banner).toMatchObject({
      tone: 'plain',
      text: 'The server is restarting. Keep writing; it is kept on this device.',
    })
    expect(banner?.actions).toEqual([])
    expect(describeBanner({ ...online, kept: false }, true)?.text).not.toMatch(/kept/)
  })

  test('a server that said it restarts is restarting until it is back, however often it does not answer', () => {
    const away = { ...online, connection: 'offline', synced: false } as const
    const said = isRestarting({ ...away, problem: { code: 'restarting', detail: '', permanent: false } }, false)
    expect(said).toBe(true)
    expect(isRestarting(away, said)).toBe(true)
    expect(isRestarting(online, said)).toBe(false)
    expect(isRestarting(away, false)).toBe(false)
  })

  test('warns when only the browser’s tab has the changes', () => {
    const banner = describeBanner({ ...online, connection: 'offline', synced: false, pending: 12, kept: false })
    expect(`${banner?.bold} ${banner?.text}`).toBe(
      '12 changes are only in this tab. Keep this tab until you are online again.',
    )
  })

  test('is silent while all is well, and while one is offline with everything kept', () => {
    expect(describeBanner(online)).toBeNull()
    expect(describeBanner({ ...online, connection: 'offline', synced: false, pending: 12 })).toBeNull()
  })
})

describe('the end of a document', () => {
  test.each(['not-found', 'document-deleted', 'forbidden', 'unauthorized', 'epoch', 'upgrade-required'] as const)(
    '%s has a page of its own, and no banner',
    code => {
      const status = { ...online, connection: 'closed', synced: false, readOnly: true, problem: problem(code) } as const
      expect(isEnding(status)).toBe(true)
      expect(describeBanner(status)).toBeNull()
    },
  )

  test('a refused change does not end the document', () => {
    expect(isEnding({ ...online, problem: problem('invalid-update') })).toBe(false)
  })
})

describe('what is spoken', () => {
  test('saved, offline and problems are; saving is not', () => {
    expect(announcement(line({}))).toBe('Saved')
    expect(announcement(line({ connection: 'offline', synced: false, pending: 2 }))).toBe(
      'Offline, your changes are kept',
    )
    expect(announcement(line({ storage: 'failing', pending: 1 }))).toBe('Can’t save')
    expect(announcement(line({ pending: 1 }))).toBeNull()
  })
})

function problem(code: NonNullable<DocumentStatus['problem']>['code']) {
  return { code, detail: 'It was not accepted.', permanent: true }
}
