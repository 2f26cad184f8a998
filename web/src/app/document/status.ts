// What the status line and the banner say: a promise about somebody's text, never about the network. Pure, so that every
// sentence is proved by a test. "Saved" is said only for what the server has acknowledged as on its disk.

import type { DocumentStatus } from '@sheaf/client'
import type { IconName } from '../../icon-names.ts'
import { words } from '../words.ts'

/** What the status of the document alone does not tell. */
export interface Moment {
  /** Everything is acknowledged and nothing was typed for {@link settleMs}. */
  readonly settled: boolean
  /** Changes made offline are on their way since the connection came back. */
  readonly resuming: boolean
  /** Mod-S was pressed within the last {@link answerMs}. */
  readonly asked: boolean
  /** Nothing was ever written in this document. */
  readonly untouched: boolean
}

export type Tone = 'quiet' | 'good' | 'careful' | 'bad' | 'plain'

export interface StatusLine {
  readonly text: string
  /** Where there is little room. */
  readonly short: string
  readonly icon: IconName
  readonly tone: Tone
  /** The words end in a link that opens the banner again. */
  readonly details: boolean
  /** What waits is kept on this device. */
  readonly isKept: boolean
}

export interface Banner {
  readonly tone: 'careful' | 'bad' | 'plain'
  readonly icon: IconName
  readonly bold: string
  readonly text: string
  /** `anew` puts this copy aside as a file and opens the document as the server has it. */
  readonly actions: readonly ('download' | 'retry' | 'anew')[]
}

/** "Saved" arrives this long after the last change, so that it does not flicker; it leaves at once. */
export const settleMs = 600
/** How long the answer to Mod-S stands. */
export const answerMs = 2000

/** Failures that end this copy's life: a page says so instead of the status line. */
const endings = new Set(['not-found', 'document-deleted', 'forbidden', 'unauthorized', 'epoch', 'upgrade-required'])

export function isEnding(status: DocumentStatus): boolean {
  return status.problem?.permanent === true && endings.has(status.problem.code)
}

/** @returns null where the line says nothing: not open yet, or new and untouched. */
export function describeStatus(status: DocumentStatus, moment: Moment): StatusLine | null {
  if (!status.ready) return null
  if (cannotSave(status)) return line(words.cannotSave, 'circle-alert', 'bad', { details: true })
  if (status.readOnly) return line(words.readOnlyCopy, 'eye', 'plain')
  const count = status.pending
  if (status.connection === 'offline' || status.connection === 'closed') {
    if (count === 0) return line(words.offline, 'cloud-off', 'careful')
    // Not kept: private windows, storage switched off or full. Then the words must not claim it.
    return status.kept
      ? line(words.offlineKept(count), 'cloud-off', 'careful', { short: words.offlineKeptShort(count), isKept: true })
      : line(words.offlineInTab(count), 'cloud-off', 'careful', { short: words.offlineInTabShort(count) })
  }
  if (count > 0) {
    return moment.resuming && status.connection === 'online'
      ? line(words.sending(count), 'cloud-upload', 'careful', { short: words.sendingShort })
      : line(words.saving, 'circle-dashed', 'quiet')
  }
  // The kept copy is shown and the server was not heard yet: nothing is pending, and nothing is known.
  if (!status.synced) return null
  if (moment.asked) return line(words.allSaved, 'check', 'good')
  if (moment.untouched) return null
  return moment.settled ? line(words.saved, 'check', 'quiet') : line(words.saving, 'circle-dashed', 'quiet')
}

/** True while the server has said that it goes and has not come back; `before` is what this said of the status before. */
export function isRestarting(status: DocumentStatus, before: boolean): boolean {
  if (status.connection === 'online') return status.draining
  return before || status.draining || status.problem?.code === 'restarting' || status.problem?.code === 'going-away'
}

/** The sentence under the header that bad news deserve; null where there is none. */
export function describeBanner(status: DocumentStatus, restarting = false): Banner | null {
  if (!status.ready || isEnding(status)) return null
  const { problem } = status
  if (problem?.code === 'too-large') {
    return bad(words.full, words.fullMore, ['download', 'retry', 'anew'])
  }
  if (problem?.code === 'damaged') return bad(words.damaged, words.damagedMore, ['download', 'retry'])
  if (problem?.permanent === true) {
    if (status.pending === 0) return bad(words.takesNothing, problem.detail, ['retry'])
    const where = status.kept ? words.kept(status.pending) : words.inTab(status.pending)
    if (problem.code === 'read-only' && (status.role === 'viewer' || status.role === 'commenter')) {
      return bad(words.accessChanged, `${words.notAccepted(status.pending)} ${where}`, ['download', 'anew'])
    }
    return bad(words.notSaved(status.pending), `${problem.detail} ${where}`, ['download', 'retry', 'anew'])
  }
  if (status.storage === 'failing') {
    const full = status.storageCause === 'full'
    const cause = full ? words.diskFull : words.diskFails
    if (status.pending === 0) return bad(cause, words.waitsHere, ['retry'])
    const { kept, pending } = status
    const until = full
      ? { kept: words.keptUntilRoom, inTab: words.inTabUntilRoom }
      : { kept: words.keptUntilMended, inTab: words.inTabUntilMended }
    const where = kept ? until.kept(pending) : until.inTab(pending)
    return bad(words.notSaved(pending), `${cause} ${where}`, ['download', 'retry'])
  }
  if (restarting) {
    return {
      tone: 'plain',
      icon: 'refresh-cw',
      bold: '',
      text: status.kept ? words.restarting : words.restartingHere,
      actions: [],
    }
  }
  if (status.connection === 'offline' && status.pending > 0 && !status.kept) {
    return {
      tone: 'careful',
      icon: 'cloud-off',
      bold: words.onlyInTab(status.pending),
      text: words.keepTab,
      actions: ['download'],
    }
  }
  return null
}

/** What a screen reader hears; null for what is not worth a word. */
export function announcement(line: StatusLine | null): string | null {
  if (line === null || line.icon === 'circle-dashed') return null
  if (line.icon === 'cloud-off') return line.isKept ? words.offlineSpoken : line.text
  return line.text
}

function cannotSave(status: DocumentStatus): boolean {
  if (status.storage === 'failing') return true
  const problem = status.problem
  return problem !== undefined && (problem.permanent || problem.code === 'damaged') && !endings.has(problem.code)
}

function line(
  text: string,
  icon: IconName,
  tone: Tone,
  { short = text, details = false, isKept = false }: { short?: string; details?: boolean; isKept?: boolean } = {},
): StatusLine {
  return { text, short, icon, tone, details, isKept }
}

function bad(bold: string, text: string, actions: Banner['actions']): Banner {
  return { tone: 'bad', icon: 'circle-alert', bold, text, actions }
}
