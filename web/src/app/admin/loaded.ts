// What a page shows once the server has answered, and a way to ask again.

import { useEffect, useState } from 'preact/hooks'
import { showToast } from '../parts/toast.tsx'
import { shortTime } from '../time.ts'
import { adminWords } from './admin-words.ts'

/** @returns undefined until it is there; where it does not come, the page says so. */
export function useLoaded<T>(load: () => Promise<T>): [T | undefined, () => void] {
  const [found, setFound] = useState<T | undefined>()
  const reload = (): void => {
    load().then(setFound, (error: Error) => showToast({ text: error.message || adminWords.notReached }))
  }
  useEffect(reload, [])
  return [found, reload]
}

/** Of an RFC 3339 time, as people say it now. */
export function timeOf(at: string): string {
  return shortTime(new Date(at), new Date())
}

/** The day of an RFC 3339 time that may be still to come. */
export function dayOf(at: string): string {
  return new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
}
