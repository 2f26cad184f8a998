// What a reader chooses for all documents on this device.

import { signal } from '@preact/signals'

const key = 'sheaf.preferences'

export interface Preferences {
  readonly smartPunctuation: boolean
  readonly spellcheck: boolean
  /** A bar of tools under the head of the page. */
  readonly toolbar: boolean
  /** What stands at the foot. */
  readonly counts: 'words' | 'characters'
}

const usual: Preferences = { smartPunctuation: true, spellcheck: true, toolbar: false, counts: 'words' }

export const preferences = signal<Preferences>(readPreferences())

export function prefer(change: Partial<Preferences>): void {
  preferences.value = { ...preferences.value, ...change }
  try {
    localStorage.setItem(key, JSON.stringify(preferences.value))
  } catch {
    // It counts for this page only.
  }
}

function readPreferences(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Preferences>
    return {
      smartPunctuation: kept.smartPunctuation !== false,
      spellcheck: kept.spellcheck !== false,
      toolbar: kept.toolbar === true,
      counts: kept.counts === 'characters' ? 'characters' : 'words',
    }
  } catch {
    // No storage here, or something else in it.
    return usual
  }
}
