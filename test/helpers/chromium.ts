// Chromium for the browser tests: SHEAF_CHROMIUM, else Debian's; the package playwright-core drives it and brings none.

import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const debian = '/usr/bin/chromium'

export const chromiumPath: string | undefined = [process.env.SHEAF_CHROMIUM, debian].find(
  path => path !== undefined && path !== '' && existsSync(path),
)

/** Why there are no browser tests here; undefined when there are. */
export const noChromium: string | undefined =
  chromiumPath === undefined ? `no Chromium: install it as ${debian} or set SHEAF_CHROMIUM` : undefined

if (noChromium !== undefined && process.env.REQUIRE_BROWSERS === '1') {
  throw new Error(`REQUIRE_BROWSERS=1, and there is ${noChromium}.`)
}

/** A browser process of its own. */
export function launchChromium(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error(noChromium)
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
