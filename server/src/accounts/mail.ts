// Mail that the server sends, by somebody else's mail server (SMTP): links for a new password. A link in a mail lets its reader in, so it goes
// over the network encrypted or not at all, and nothing of a mail stands in a log.

import type { Log } from '../log.ts'

export interface MailSettings {
  /** `smtp://user@mail.example:587` (STARTTLS is insisted on beyond this machine) or `smtps://user@mail.example`. */
  readonly url: URL
  readonly password?: string
  /** `Sheaf <sheaf@docs.example>` */
  readonly from: string
}

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

const timeoutMs = 20_000
const ports: Readonly<Record<string, number>> = { 'smtp:': 587, 'smtps:': 465 }
const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

export class Mailer {
  readonly #settings: MailSettings
  readonly #log: Log

  constructor(options: { settings: MailSettings; log: Log }) {
    this.#settings = options.settings
    this.#log = options.log
  }

  /** Resolves when the mail server has taken it, or has not: then the log says so, for nobody who waits could mend it. */
  async send(mail: Mail): Promise<void> {
    const { url, password, from } = this.#settings
    const user = decodeURIComponent(url.username)
    try {
      // It is loaded with the first mail.
      const { createTransport } = await import('nodemailer')
      const transport = createTransport({
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? (ports[url.protocol] ?? 587) : Number(url.port),
        secure: url.protocol === 'smtps:',
        requireTLS: url.protocol === 'smtp:' && !loopbackHosts.has(url.hostname),
        ignoreTLS: loopbackHosts.has(url.hostname),
        ...(user !== '' && { auth: { user, pass: password ?? '' } }),
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        // What is sent is text; no file and no address is ever read for it.
        disableFileAccess: true,
        disableUrlAccess: true,
      })
      await transport.sendMail({ ...mail, from })
    } catch (cause) {
      const { code, responseCode } = cause as { code?: unknown; responseCode?: unknown }
      this.#log.error('A mail could not be sent', { server: url.host, code, responseCode })
    }
  }
}
