// Runs before every test file: property tests draw the same cases each time, so that a run says something about the change
// and not about luck. SHEAF_SEED=<number> draws others, SHEAF_SEED=random new ones each time.

import fc from 'fast-check'

const { SHEAF_SEED: seed = '20261121' } = process.env
if (seed !== 'random') fc.configureGlobal({ seed: Number(seed) })
