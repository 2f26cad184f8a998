// The words that mark a suite which did not run, shared by those who write them and by the reporter that reads them.

/** Stands between the title of a suite and the reason why it did not run. */
export const skippedBecause = ' — skipped: '
