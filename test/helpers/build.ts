// Installs and builds what is out of date before the tests that run the real thing, as `npm test` has done already; so that
// `npx vitest run test/system` never tests an old build.

import { prepare } from '../../server/bin/prepare.mjs'

export async function setup(): Promise<void> {
  await prepare()
}
