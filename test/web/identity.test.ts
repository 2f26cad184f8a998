// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from 'vitest'

beforeEach(() => {
  localStorage.clear()
  vi.resetModules()
})

test('a first visit makes a guest with a name, a colour and an id, and keeps it', async () => {
  const first = (await import('../../web/src/app/identity.ts')).identity.value
  expect(first.name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/)
  expect(first.color).toBeGreaterThanOrEqual(1)
  expect(first.color).toBeLessThanOrEqual(12)
  vi.resetModules()
  expect((await import('../../web/src/app/identity.ts')).identity.value).toEqual(first)
})

test('what somebody else has written into the storage is no identity', async () => {
  localStorage.setItem('sheaf.identity', '{"id":7}')
  expect((await import('../../web/src/app/identity.ts')).identity.value.id).toMatch(/^guest-/)
})
