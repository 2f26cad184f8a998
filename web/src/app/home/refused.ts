// What the server did not do, said in a toast.

import { SheafError } from '@sheaf/protocol'
import { showToast } from '../parts/toast.tsx'
import { words } from '../words.ts'

/** For `catch`: shows why, and goes on with undefined. @throws what is no refusal. */
export function refused(error: unknown): undefined {
  if (!(error instanceof SheafError)) throw error
  showToast({ text: error.code === 'going-away' ? words.notDone : error.message })
}
