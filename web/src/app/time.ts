// Times as people say them: 10:42 today, Tue 16:02 this week, 14 Nov, then with the year. And the groups of a list by day.

import { phrase } from '@sheaf/editor/plural'
import { words } from './words.ts'

const dayMs = 86_400_000

/** A short time for the end of a row. Both in local time. */
export function shortTime(time: Date, now: Date): string {
  const days = daysBetween(time, now)
  const clock = time.toLocaleTimeString(locale(), { hour: '2-digit', minute: '2-digit' })
  if (days <= 0) return clock
  if (days < 7) return `${time.toLocaleDateString(locale(), { weekday: 'short' })} ${clock}`
  const sameYear = time.getFullYear() === now.getFullYear()
  return time.toLocaleDateString(locale(), { day: 'numeric', month: 'short', ...(sameYear ? {} : { year: 'numeric' }) })
}

/** The heading that a row stands under: by calendar days and by weeks that begin on Monday. */
export function dayGroup(time: Date, now: Date): string {
  const days = daysBetween(time, now)
  if (days <= 0) return words.today
  if (days === 1) return words.yesterday
  const sinceMonday = (now.getDay() + 6) % 7
  if (days <= sinceMonday) return words.thisWeek
  if (days <= sinceMonday + 7) return words.lastWeek
  const sameYear = time.getFullYear() === now.getFullYear()
  return time.toLocaleDateString(locale(), { month: 'long', ...(sameYear ? {} : { year: 'numeric' }) })
}

/** Consecutive items under one heading, in the order given. */
export function groupBy<T>(items: readonly T[], heading: (item: T) => string): { heading: string; items: T[] }[] {
  const groups: { heading: string; items: T[] }[] = []
  for (const item of items) {
    const name = heading(item)
    const last = groups[groups.length - 1]
    if (last?.heading === name) last.items.push(item)
    else groups.push({ heading: name, items: [item] })
  }
  return groups
}

/** Whole calendar days; noon is taken so that a change of daylight saving counts for nothing. */
function daysBetween(time: Date, now: Date): number {
  const noon = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate(), 12).getTime()
  return Math.round((noon(now) - noon(time)) / dayMs)
}

/** English as it is written in most of the world: the day first, and 24 hours. */
function locale(): string {
  return phrase.tag === 'en' ? 'en-GB' : phrase.tag
}
