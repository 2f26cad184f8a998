// How many cases a property or a seeded fuzz is tried with: few in `npm test`, at least a thousand in the long run, and as many as CASES
// says in a campaign (`npm run fuzz -- body`). FIRST is the first seed, SEED one alone.

import { isLongRun } from './requirements.ts'

export function caseCount({ short, long }: { short: number; long: number }): number {
  return Number(process.env.CASES ?? (isLongRun ? long : short))
}

/** The seeds of a fuzz, one after the other. */
export function seeds(counts: { short: number; long: number }): number[] {
  if (process.env.SEED !== undefined) return [Number(process.env.SEED)]
  const first = Number(process.env.FIRST ?? 1)
  return Array.from({ length: caseCount(counts) }, (_, index) => first + index)
}
