// @vitest-environment happy-dom

// Addresses of the app, and what a browser remembers of a guest.

import { describe, expect, test } from 'vitest'
import { initials, read } from '../../web/src/app/identity.ts'
import { parseRoute } from '../../web/src/app/router.ts'

describe('an address', () => {
  test.each([
    ['/', { page: 'home', view: { kind: 'home' } }],
    ['/?from=mail', { page: 'home', view: { kind: 'home' } }],
    ['/?trash', { page: 'home', view: { kind: 'trash' } }],
    ['/?folder=a1', { page: 'home', view: { kind: 'folder', folder: 'a1' } }],
    ['/?folder=../x', { page: 'home', view: { kind: 'home' } }],
    ['/d/plan', { page: 'document', documentId: 'plan', fresh: false, made: false }],
    ['/d/plan/', { page: 'document', documentId: 'plan', fresh: false, made: false }],
    ['/d/plan?as=viewer', { page: 'document', documentId: 'plan', fresh: false, made: false, seenAs: 'viewer' }],
    ['/d/plan?as=owner', { page: 'document', documentId: 'plan', fresh: false, made: false }],
    ['/d/plan?x=1', { page: 'document', documentId: 'plan', fresh: false, made: false }],
    ['/d/', { page: 'nowhere' }],
    ['/d/a/b', { page: 'nowhere' }],
    ['/d/%2e%2e', { page: 'nowhere' }],
    ['/api/v1/documents', { page: 'nowhere' }],
  ])('%s', (path, route) => {
    expect(parseRoute(path)).toEqual(route)
  })
})

describe('a guest', () => {
  test('is read back as it was kept', () => {
    expect(read('{"id":"guest-1","name":"Blue Heron","color":4}')).toEqual({
      id: 'guest-1',
      name: 'Blue Heron',
      color: 4,
    })
  })

  test.each([[null], ['null'], ['{}'], ['[1]'], ['not json'], ['{"id":"","name":"x"}'], ['{"id":1,"name":"x"}']])(
    'is nobody in %s',
    json => {
      expect(read(json)).toBeNull()
    },
  )

  test('keeps to the twelve colours and to a name that fits a flag', () => {
    expect(read('{"id":"a","name":"b","color":"#f00"}')?.color).toBe(1)
    expect(read(`{"id":"a","name":"${'x'.repeat(99)}","color":13}`)).toMatchObject({ color: 1, name: 'x'.repeat(40) })
  })

  test.each([
    ['Ana Ruiz', 'AR'],
    ['Ana de la Cruz', 'AC'],
    ['ana', 'A'],
    ['  ', ''],
    ['😀 Smith', '😀S'],
  ])('%s is abbreviated to %s', (name, letters) => {
    expect(initials(name)).toBe(letters)
  })
})
