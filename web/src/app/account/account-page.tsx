// The pages before anybody is in: first run, sign in, an invitation, a new password, the password of a link, a link that has ended.
// One form each; whatever was wrong stands above the button, and is read out.

import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon, Mark } from '../parts/icon.tsx'
import { lazily } from '../parts/lazy.tsx'
import type { AccountKind } from '../router.ts'
import { words } from '../words.ts'
import { accountWords } from './account-words.ts'
import { closed, me } from './closed.ts'
import { openHeld } from './link.ts'
import { loadMe } from './me.ts'
import '../../css/account.css'

interface Answer {
  readonly status: number
  readonly body: {
    readonly detail?: string
    readonly field?: string
    readonly invitedBy?: string
    readonly site?: string
    readonly url?: string
  }
}

/** These are of the same kind, and come when they are wanted. */
const AdminPage = lazily(async () => (await import('../admin/admin-page.tsx')).AdminPage)
const DevicesPage = lazily(async () => (await import('../admin/devices-page.tsx')).DevicesPage)

export function AccountPage({ kind }: { kind: AccountKind | 'password' | 'ended' }): VNode {
  const secret = useSecret()
  if (closed.value === 'signin' || kind === 'signin') return <SignIn />
  if (kind === 'admin') return <AdminPage />
  if (kind === 'devices') return <DevicesPage />
  if (kind === 'password') return <LinkPassword />
  if (kind === 'ended' || secret === '') return <Ended />
  if (kind === 'setup') return <SetUp secret={secret} />
  if (kind === 'invite') return <Invite secret={secret} />
  return <Reset secret={secret} />
}

function SetUp({ secret }: { secret: string }): VNode {
  const found = useAnswer('/setup/look', secret)
  if (found !== null && found.status === 403) return <Ended />
  return (
    <div class="account split">
      <main class="account-form">
        <Form
          title={accountWords.setUp}
          text={accountWords.setUpMore}
          button={accountWords.openPlace}
          send={fields => post('/setup', { secret, ...fields })}
        >
          <Field name="name" label={accountWords.yourName} autocomplete="name" />
          <Field name="login" label={accountWords.login} autocomplete="username" />
          <Field
            name="password"
            label={accountWords.password}
            hint={accountWords.passwordRule}
            autocomplete="new-password"
            isSecret
          />
          <Field name="site" label={accountWords.placeName} autocomplete="organization" />
        </Form>
      </main>
      <aside class="account-aside">
        <p>{accountWords.setUpAside}</p>
      </aside>
    </div>
  )
}

function SignIn(): VNode {
  useMe()
  // Whoever comes back from a provider and is not in is told why.
  const [notIn] = useState(() => Object.entries(accountWords.notIn).find(([reason]) => location.hash === `#${reason}`))
  const [isForgotten, setForgotten] = useState(false)
  if (isForgotten) return <Forgotten onBack={() => setForgotten(false)} />
  return (
    <Alone>
      <Form
        title={me.value?.site ?? 'Sheaf'}
        text={accountWords.signInMore}
        button={accountWords.signIn}
        send={fields => post('/sessions', fields)}
        then={async () => {
          // The first page speaks the language of who has come, and has their theme.
          await loadMe()
          location.pathname === '/signin' ? location.assign('/') : location.reload()
        }}
        {...(notIn !== undefined && { told: notIn[1] })}
      >
        <Field name="login" label={accountWords.login} autocomplete="username" />
        <Field
          name="password"
          label={accountWords.password}
          autocomplete="current-password"
          isSecret
          beside={
            me.value?.mail === true && (
              <button type="button" class="link" onClick={() => setForgotten(true)}>
                {accountWords.forgotIt}
              </button>
            )
          }
        />
      </Form>
      <Provider next={location.pathname === '/signin' ? '/' : location.pathname + location.search} />
      <p class="account-foot">{accountWords.noAccount}</p>
      {me.value?.mail !== true && <p class="account-foot">{accountWords.forgotten}</p>}
    </Alone>
  )
}

/** The same is said whether there is such an account or not. */
function Forgotten({ onBack }: { onBack: () => void }): VNode {
  const [isSent, setSent] = useState(false)
  return (
    <Alone>
      {isSent ? (
        <>
          <Mark size={34} />
          <h1>{accountWords.forgotTitle}</h1>
          <p class="account-text" role="status">
            {accountWords.linkSent}
          </p>
        </>
      ) : (
        <Form
          title={accountWords.forgotTitle}
          text={accountWords.forgotMore}
          button={accountWords.sendLink}
          send={fields => post('/resets/mail', fields)}
          then={() => setSent(true)}
        >
          <Field name="login" label={accountWords.login} autocomplete="username" />
        </Form>
      )}
      <p class="account-foot">
        <button type="button" class="link" onClick={onBack}>
          {accountWords.backToSignIn}
        </button>
      </p>
    </Alone>
  )
}

/** The way in with an account of an OpenID provider, where there is one. @param invite secret of the invitation that opens it. */
function Provider({ next, invite }: { next: string; invite?: string }): VNode | null {
  const [fault, setFault] = useState('')
  const provider = me.value?.provider
  if (provider === undefined) return null
  const begin = async (): Promise<void> => {
    const answer = await post('/oidc', { next, ...(invite !== undefined && { invite }) }).catch(() => undefined)
    const url = answer?.body.url
    if (url !== undefined) return location.assign(url)
    setFault(answer?.status === 429 ? accountWords.tooMany : accountWords.notIn.unreachable)
  }
  return (
    <>
      <p class="account-or">{accountWords.or}</p>
      <button type="button" class="button line account-other" onClick={() => void begin()}>
        <Icon name="key-round" size={16} />
        {accountWords.continueWith(provider.name)}
      </button>
      <p class="account-fault" role="alert">
        {fault}
      </p>
    </>
  )
}

function Invite({ secret }: { secret: string }): VNode {
  useMe()
  const found = useAnswer('/invites/look', secret)
  if (found?.status === 403) return <Ended />
  const { site = '', invitedBy } = found?.body ?? {}
  return (
    <Alone>
      <Form
        title={accountWords.invited(site === '' ? 'Sheaf' : site)}
        text={invitedBy === undefined ? '' : accountWords.invitedBy(invitedBy)}
        button={accountWords.join}
        send={fields => post('/invites/accept', { secret, ...fields })}
      >
        <Field name="name" label={accountWords.yourName} autocomplete="name" />
        <Field name="login" label={accountWords.login} autocomplete="username" />
        <Field
          name="password"
          label={accountWords.password}
          hint={accountWords.passwordRule}
          autocomplete="new-password"
          isSecret
        />
      </Form>
      <Provider next="/" invite={secret} />
    </Alone>
  )
}

function Reset({ secret }: { secret: string }): VNode {
  return (
    <Alone>
      <Form
        title={accountWords.chooseNew}
        text={accountWords.chooseNewMore}
        button={accountWords.setPassword}
        send={fields => post('/resets', { secret, ...fields })}
      >
        <Field
          name="password"
          label={accountWords.newPassword}
          hint={accountWords.passwordRule}
          autocomplete="new-password"
          isSecret
        />
      </Form>
    </Alone>
  )
}

function LinkPassword(): VNode {
  return (
    <Alone>
      <Form
        title={accountWords.hasPassword}
        text=""
        button={accountWords.openDocument}
        send={async ({ password = '' }) =>
          (await openHeld(password))
            ? { status: 204, body: {} }
            : { status: 400, body: { detail: accountWords.wrongPassword } }
        }
        then={() => location.reload()}
      >
        <Field name="password" label={accountWords.password} autocomplete="off" isSecret />
      </Form>
    </Alone>
  )
}

function Ended(): VNode {
  return (
    <Alone>
      <Mark size={34} />
      <h1>{accountWords.linkEnded}</h1>
      <div class="ending-actions">
        <a class="button line big" href="/">
          {words.goHome}
        </a>
      </div>
    </Alone>
  )
}

function Alone({ children }: { children: ComponentChildren }): VNode {
  return (
    <div class="account">
      <main class="account-form">{children}</main>
    </div>
  )
}

interface FormProps {
  readonly title: string
  readonly text: string
  readonly button: string
  readonly send: (fields: Record<string, string>) => Promise<Answer>
  /** What comes when it was taken; home, by default. */
  readonly then?: () => void
  /** What went wrong before this page. */
  readonly told?: string
  readonly children: ComponentChildren
}

function Form({ title, text, button, send, then, told = '', children }: FormProps): VNode {
  const [fault, setFault] = useState(told)
  const [working, setWorking] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    document.title = title
  }, [title])
  // Once: the title may come from the server when somebody writes already.
  useEffect(() => form.current?.querySelector('input')?.focus(), [])
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    setWorking(true)
    setFault('')
    const fields = Object.fromEntries([...new FormData(form.current!)].map(([name, value]) => [name, String(value)]))
    const answer = await send(fields).catch(() => ({ status: 0, body: {} }) as Answer)
    setWorking(false)
    if (answer.status === 204) return then === undefined ? location.assign('/') : then()
    setFault(sentenceOf(answer))
    const wrong = answer.body.field?.slice(1)
    form.current
      ?.querySelector<HTMLInputElement>(wrong === undefined ? 'input[type=password]' : `[name="${wrong}"]`)
      ?.focus()
  }
  return (
    <form ref={form} onSubmit={event => void submit(event)}>
      <Mark size={34} />
      <h1>{title}</h1>
      {text !== '' && <p class="account-text">{text}</p>}
      {children}
      <p class="account-fault" role="alert">
        {fault}
      </p>
      <button type="submit" class="button primary big" disabled={working}>
        {button}
      </button>
    </form>
  )
}

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly autocomplete: string
  readonly hint?: string
  readonly isSecret?: boolean
  /** At the end of the line of the label. */
  readonly beside?: ComponentChildren
}

function Field({ name, label, autocomplete, hint, isSecret = false, beside }: FieldProps): VNode {
  const [shown, setShown] = useState(false)
  const id = `account-${name}`
  return (
    <>
      <div class="label-line">
        <label class="label" for={id}>
          {label}
          {hint !== undefined && <span class="label-hint"> {hint}</span>}
        </label>
        {beside}
      </div>
      <div class="field big">
        <input
          id={id}
          name={name}
          {...(isSecret && !shown ? { type: 'password' as const } : { type: 'text' as const })}
          autocomplete={autocomplete}
          autocapitalize={name === 'login' || isSecret ? 'none' : 'on'}
          spellcheck={false}
          required
          maxLength={256}
          {...(autocomplete === 'new-password' ? { minLength: 12 } : {})}
        />
        {isSecret && (
          <button
            type="button"
            class="field-button"
            aria-label={accountWords.showPassword}
            aria-pressed={shown}
            onClick={() => setShown(!shown)}
          >
            <Icon name="eye" size={16} />
          </button>
        )}
      </div>
    </>
  )
}

function sentenceOf({ status, body }: Answer): string {
  if (status === 401) return accountWords.noMatch
  if (status === 403) return accountWords.linkEnded
  if (status === 412) return accountWords.nameTaken
  if (status === 429) return accountWords.tooMany
  if (status === 0 || status >= 500) return words.notDone
  return (body.detail ?? '').replace(/^\/\w+: /, '')
}

/** What stands behind `#` in the address, which is taken out of it at once. */
function useSecret(): string {
  const [secret] = useState(() => /^#([\w-]{27})$/.exec(location.hash)?.[1] ?? '')
  useEffect(() => {
    if (location.hash !== '') history.replaceState(null, '', location.pathname)
  }, [])
  return secret
}

/** Asks the server what this place is, unless that is known. */
function useMe(): void {
  useEffect(() => {
    if (me.peek() === null) void loadMe()
  }, [])
}

/** Null until the server has answered. */
function useAnswer(path: string, secret: string): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null)
  useEffect(() => {
    void post(path, { secret }).then(setAnswer, () => undefined)
  }, [path, secret])
  return answer
}

async function post(path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`/api/v1${path}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  return {
    status: response.status === 200 ? 200 : response.status,
    body: text === '' ? {} : (JSON.parse(text) as Answer['body']),
  }
}
