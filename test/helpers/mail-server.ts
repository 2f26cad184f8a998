// A real mail server in the test's own process (the package smtp-server), which keeps what it is given. Ends with the test.

import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { onTestFinished } from 'vitest'

export interface TakenMail {
  readonly to: readonly string[]
  /** Head and body, decoded. */
  readonly text: string
}

export const mailUser = 'sheaf'
export const mailPassword = 'what the mail server asks for'

export async function startMailServer(): Promise<{ url: URL; taken: readonly TakenMail[]; stop: () => Promise<void> }> {
  const taken: TakenMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _, done) =>
      username === mailUser && password === mailPassword
        ? done(null, { user: username })
        : done(new Error('That is not the password')),
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = []
      stream.on('data', part => parts.push(part))
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address)
        taken.push({ to, text: decoded(Buffer.concat(parts).toString('latin1')) })
        done()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const stop = () => new Promise<void>(resolve => server.close(() => resolve()))
  onTestFinished(stop)
  return { url: new URL(`smtp://${mailUser}@127.0.0.1:${port}`), taken, stop }
}

/** Quoted-printable (RFC 2045 section 6.7). */
function decoded(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
