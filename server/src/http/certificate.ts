// The certificate that the server itself speaks TLS with: two files, read anew when they change, so that a renewal needs no restart. A
// pair that cannot be used (one file is there before the other, say) leaves the last good one in force.

import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'

/** Paths of PEM files. */
export interface TlsFiles {
  /** The certificate, and behind it those that it is signed with. */
  readonly cert: string
  readonly key: string
}

export interface CertificatePair {
  readonly cert: Buffer
  readonly key: Buffer
}

/** How often the files are looked at. Watching would miss links that are pointed elsewhere, as renewals do. */
const lookMs = 2_000

/** @throws Error that says which file is wrong, and how. */
export async function readCertificate({ cert, key }: TlsFiles): Promise<CertificatePair> {
  const pair = { cert: await readPart(cert, '--tls-cert'), key: await readPart(key, '--tls-key') }
  try {
    createSecureContext(pair)
  } catch (cause) {
    throw new Error(`${cert} and ${key} are no certificate with its key, both as PEM: ${(cause as Error).message}.`, {
      cause,
    })
  }
  return pair
}

/** Calls `use` with each new pair. @returns stops it. */
export function followCertificate(
  files: TlsFiles,
  options: { clock: Clock; log: Log; use: (pair: CertificatePair) => void },
): () => void {
  const { clock, log, use } = options
  let seen: string | undefined
  let isLooking = false
  const look = async () => {
    const stamp = await stampOf(files)
    const isFirst = seen === undefined
    if (stamp === seen) return
    seen = stamp
    if (isFirst) return
    try {
      const pair = await readCertificate(files)
      use(pair)
      log.info('The certificate was read anew', {
        until: new Date(new X509Certificate(pair.cert).validTo).toISOString(),
      })
    } catch (cause) {
      log.warn('The new certificate cannot be used; the last one stays', { cause })
    }
  }
  const lookOnce = () => {
    if (isLooking) return
    isLooking = true
    void look().finally(() => {
      isLooking = false
    })
  }
  lookOnce()
  return clock.every(lookMs, lookOnce)
}

async function readPart(path: string, flag: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new Error(`The file ${path} of ${flag} cannot be read.`, { cause })
  }
}

/** Changes with the files; a file that is not there is one state of it. */
async function stampOf({ cert, key }: TlsFiles): Promise<string> {
  const parts = [cert, key].map(async path => {
    const found = await stat(path).catch(() => undefined)
    return found === undefined ? 'none' : `${found.dev}:${found.ino}:${found.size}:${found.mtimeMs}`
  })
  return (await Promise.all(parts)).join(' ')
}
