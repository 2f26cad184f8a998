// The pages for the owners of a server: how it does, its people, the links that anyone could open, what is open now, its limits, and the
// audit log. One list each; what can be done stands in its row.

import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { IconName } from '../../icon-names.ts'
import { accountWords } from '../account/account-words.ts'
import { me } from '../account/closed.ts'
import { loadMe } from '../account/me.ts'
import { Icon, Mark } from '../parts/icon.tsx'
import { Avatar } from '../parts/profile.tsx'
import { showToast } from '../parts/toast.tsx'
import { words } from '../words.ts'
import {
  type AuditItem,
  endLink,
  type LiveDocument,
  listAudit,
  listLinks,
  listLive,
  type Overview as OverviewFigures,
  type PublicLink,
  readOverview,
} from './admin-api.ts'
import { adminWords as says } from './admin-words.ts'
import { fieldWords } from './audit-fields.ts'
import { dayOf, timeOf, useLoaded } from './loaded.ts'
import { People } from './people.tsx'
import '../../css/admin.css'

const sections = {
  overview: 'house',
  people: 'users',
  links: 'link-2',
  live: 'pencil',
  limits: 'lock',
  audit: 'file-text',
} as const satisfies Record<string, IconName>
type Section = keyof typeof sections
const names = Object.keys(sections) as Section[]

export function AdminPage(): VNode {
  const section = names.find(name => location.search === `?${name}`) ?? 'overview'
  useEffect(() => {
    if (me.peek() === null) void loadMe()
  }, [])
  useEffect(() => {
    document.title = `${says.sections[section]} – ${says.administration}`
  }, [section])
  if (me.value === null) return <main />
  const isOwner = me.value.user?.isOwner === true
  return (
    <div class="admin">
      <nav class="admin-nav" aria-label={says.administration}>
        <div class="brand">
          <Mark />
          <b>{me.value.site ?? 'Sheaf'}</b>
        </div>
        <a class="admin-link" href="/">
          <Icon name="arrow-left" />
          {says.backToDocuments}
        </a>
        {isOwner &&
          names.map(name => (
            <a
              key={name}
              class="admin-link"
              href={name === 'overview' ? '/admin' : `/admin?${name}`}
              aria-current={name === section ? 'page' : undefined}
            >
              <Icon name={sections[name]} />
              {says.sections[name]}
            </a>
          ))}
      </nav>
      <main class="admin-main">
        <h1>{says.sections[section]}</h1>
        {isOwner ? <Shown section={section} /> : <p class="admin-note">{says.notForYou}</p>}
      </main>
    </div>
  )
}

function Shown({ section }: { section: Section }): VNode {
  if (section === 'people') return <People />
  if (section === 'links') return <Links />
  if (section === 'live') return <Live />
  if (section === 'limits') return <Limits />
  if (section === 'audit') return <AuditLog />
  return <Overview />
}

function Overview(): VNode {
  const [figures] = useLoaded(readOverview)
  const [links] = useLoaded(listLinks)
  const [audit] = useLoaded(() => listAudit())
  if (figures === undefined) return <Waiting />
  return (
    <>
      <Health figures={figures} />
      <dl class="admin-figures">
        <Figure
          value={figures.people.all.toLocaleString()}
          name={says.accounts}
          more={says.disabledAccounts(figures.people.disabled)}
        />
        <Figure
          value={figures.documents.all.toLocaleString()}
          name={says.documents}
          more={says.newThisWeek(figures.documents.lately)}
        />
        {figures.storage !== undefined && (
          <Figure
            value={sizeOf(figures.storage.bytes)}
            name={says.stored}
            more={says.free(sizeOf(figures.storage.freeBytes))}
          />
        )}
        <Figure
          value={figures.documents.open.toLocaleString()}
          name={says.openNow}
          more={says.connections(figures.sockets)}
        />
      </dl>
      <div class="admin-columns">
        <section>
          <div class="admin-head">
            <h2>{says.sections.links}</h2>
            <a href="/admin?links">{says.all(links?.items.length ?? 0)}</a>
          </div>
          {links !== undefined && <LinkRows links={links.items.slice(0, 5)} />}
        </section>
        <section>
          <div class="admin-head">
            <h2>{says.lately}</h2>
            <a href="/admin?audit">{says.sections.audit}</a>
          </div>
          {audit !== undefined && <AuditRows items={audit.items.slice(0, 6)} />}
        </section>
      </div>
    </>
  )
}

function Health({ figures: { health, version, startedAt } }: { figures: OverviewFigures }): VNode {
  const { damaged } = health.store
  const isWell = health.ready && damaged === 0
  return (
    <p class={`admin-health${isWell ? '' : ' bad'}`}>
      <Icon name={isWell ? 'check' : 'circle-alert'} size={18} />
      <span>
        {health.ready ? (damaged === 0 ? says.working : says.damaged(damaged)) : says.notWorking}{' '}
        {says.versionSince(version, timeOf(startedAt))}
      </span>
    </p>
  )
}

function Figure({ value, name, more }: { value: string; name: string; more: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="value">{value}</dd>
      <dd>{more}</dd>
    </div>
  )
}

function Links(): VNode {
  const [links, reload] = useLoaded(listLinks)
  if (links === undefined) return <Waiting />
  const end = (link: PublicLink): void => {
    void endLink(link.id).then(
      () => {
        showToast({ text: says.linkEnded })
        reload()
      },
      () => showToast({ text: says.notYours }),
    )
  }
  return <LinkRows links={links.items} onEnd={end} />
}

function LinkRows({ links, onEnd }: { links: readonly PublicLink[]; onEnd?: (link: PublicLink) => void }): VNode {
  if (links.length === 0) return <p class="admin-note">{says.noLinks}</p>
  return (
    <ul class="admin-rows">
      {links.map(link => (
        <li key={link.id}>
          <a href={`/d/${link.id}`}>{link.title || words.untitled}</a>
          <span class={link.role === 'editor' && !link.hasPassword ? 'careful' : ''}>
            {accountWords.roles[link.role]}
            {link.hasPassword && ` · ${says.password}`}
          </span>
          <span>{link.untilAt === undefined ? says.noEnd : dayOf(link.untilAt)}</span>
          {onEnd !== undefined && (
            <button type="button" class="button" onClick={() => onEnd(link)}>
              {says.endLink}
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Live(): VNode {
  const [live] = useLoaded(listLive)
  if (live === undefined) return <Waiting />
  if (live.items.length === 0) return <p class="admin-note">{says.nobodyWrites}</p>
  return (
    <ul class="admin-rows">
      {live.items.map((document: LiveDocument) => (
        <li key={document.id}>
          {document.title === null ? (
            <span>{says.privateDocument}</span>
          ) : (
            <a href={`/d/${document.id}`}>{document.title || words.untitled}</a>
          )}
          <span class="admin-people">
            {document.people.map(({ name, color }) => (
              <span key={name} data-tip={name}>
                <Avatar name={name} color={color} size="small" />
                <span class="visually-hidden">{name}</span>
              </span>
            ))}
          </span>
          <span>{says.connections(document.sockets)}</span>
        </li>
      ))}
    </ul>
  )
}

function Limits(): VNode {
  const [figures] = useLoaded(readOverview)
  if (figures === undefined) return <Waiting />
  return (
    <table class="admin-table">
      <thead>
        <tr>
          <th>{says.limit}</th>
          <th>{says.value}</th>
        </tr>
      </thead>
      <tbody>
        {Object.entries(figures.limits).map(([name, value]) => (
          <tr key={name}>
            <td>
              <code>{name}</code>
            </td>
            <td>{/Bytes$/.test(name) ? sizeOf(value) : value.toLocaleString()}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function AuditLog(): VNode {
  const [items, setItems] = useState<readonly AuditItem[]>([])
  const [next, setNext] = useState<string | undefined>()
  const more = (before?: string): void => {
    void listAudit(before).then(
      page => {
        setItems(shown => [...shown, ...page.items])
        setNext(page.next)
      },
      () => showToast({ text: says.notReached }),
    )
  }
  useEffect(() => more(), [])
  return (
    <>
      <AuditRows items={items} whole />
      {next !== undefined && (
        <button type="button" class="button line" onClick={() => more(next)}>
          {says.earlier}
        </button>
      )}
    </>
  )
}

function AuditRows({ items, whole = false }: { items: readonly AuditItem[]; whole?: boolean }): VNode {
  if (items.length === 0) return <p class="admin-note">{says.nothingYet}</p>
  return (
    <ol class="admin-rows audit">
      {items.map(item => (
        <li key={item.id}>
          <time dateTime={item.at}>{timeOf(item.at)}</time>
          <span>
            {says.acts[item.act]?.(whoOf(item)) ?? item.act}
            {whole && <Detail parts={[item.whom, item.title, ...fieldWords(item.fields), item.address]} />}
          </span>
        </li>
      ))}
    </ol>
  )
}

function Detail({ parts }: { parts: readonly (string | undefined)[] }): VNode {
  return <span class="admin-detail">{parts.filter(part => part !== undefined && part !== '').join(' · ')}</span>
}

function whoOf({ by, principal }: AuditItem): string {
  if (by !== undefined) return by
  if (principal === 'command') return says.command
  return principal.startsWith('guest:') ? says.guest : says.somebody
}

function Waiting(): VNode {
  return <p class="admin-note" aria-busy="true" />
}

/** 2.4 GB, by powers of 1024, as disks are told in system settings. */
function sizeOf(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let [value, unit] = [bytes, 0]
  while (value >= 1024 && unit < units.length - 1) [value, unit] = [value / 1024, unit + 1]
  return `${value.toLocaleString(undefined, { maximumFractionDigits: value < 10 ? 1 : 0 })} ${units[unit]}`
}
