// Certificates for tests, signed by themselves, made by openssl.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

export const noOpenssl: string | undefined = isThere('openssl', ['version']) ? undefined : 'no openssl: install it'

/** Whether a program runs here. */
export function isThere(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** @returns the paths of two PEM files in `directory`; those of an earlier call with the same name are replaced. */
export function makeCertificate(directory: string, name: string): { cert: string; key: string } {
  const cert = join(directory, `${name}.pem`)
  const key = join(directory, `${name}.key`)
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const about = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name},IP:127.0.0.1`, '-days', '2']
  execFileSync('openssl', ['req', '-x509', ...curve, ...about, '-keyout', key, '-out', cert], { stdio: 'ignore' })
  return { cert, key }
}
