// When to connect again after a close that is not for ever. Pure; the caller brings time and chance.

/** The longest wait between two attempts that the server did not ask for. */
export const maxBackoffMs = 10_000
const minBackoffMs = 200
/** Closes by which a server asks for quiet start higher. */
const busyBackoffMs = 2_000
const maxRetryAfterMs = 5 * 60_000

const busyCloses: ReadonlySet<number> = new Set([1013, 4503, 4508, 4529])

/**
 * @param attempt how many connections failed since one synced; 0 for the first.
 * @param chance 0 ≤ chance < 1; spreads clients that lost the same server at the same moment.
 * @returns milliseconds. A reason that holds `retry=<seconds>` (closes 1001 and 1012) decides; the server spreads those itself.
 */
export function reconnectDelayMs(attempt: number, closeCode: number, reason: string, chance: number): number {
  const asked = /(?:^|[ ;])retry=(\d+(?:\.\d+)?)/.exec(reason)?.[1]
  if (asked !== undefined) return Math.min(Number(asked) * 1000, maxRetryAfterMs) + chance * minBackoffMs
  const floor = busyCloses.has(closeCode) ? busyBackoffMs : minBackoffMs
  const ceiling = Math.min(floor * 2 ** Math.min(attempt, 10), maxBackoffMs)
  return ceiling / 2 + (ceiling / 2) * chance
}
