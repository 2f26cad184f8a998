// Types of prepare.mjs, for the tests that use it.

export const root: string
export function prepare(options?: { build?: boolean }): Promise<void>
