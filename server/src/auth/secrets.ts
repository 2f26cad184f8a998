// Secrets that let somebody in: session cookies, set-up, invite and reset links, share links. A secret is 160 random bits and is shown
// once; what is kept is its hash, so that who reads the store, a backup or a log cannot use what they find.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

const secretBytes = 20
const secretPattern = /^[\w-]{27}$/

/** 27 characters of base64url. */
export function newSecret(): string {
  return randomBytes(secretBytes).toString('base64url')
}

export function isSecret(text: string): boolean {
  return secretPattern.test(text)
}

/** SHA-256 as base64url. There is nothing to salt or to slow down: 160 random bits are not guessed. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** Compares in a time that does not tell where the difference is. */
export function isSecretOf(secret: string, hash: string): boolean {
  const [own, other] = [Buffer.from(hashSecret(secret)), Buffer.from(hash)]
  return own.length === other.length && timingSafeEqual(own, other)
}
