// The status line of the header, the banner under it, and the voice that tells both to those who do not look.

import { signal } from '@preact/signals'
import type { VNode } from 'preact'
import { useEffect } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { words } from '../words.ts'
import type { DocumentSession } from './session.ts'

/** The banner that was put away; it comes back with other words, or with "details". */
const putAway = signal<string | null>(null)

export function StatusLineView({ session }: { session: DocumentSession }): VNode {
  const line = session.line.value
  if (line === null) return <span class="status" data-status="" />
  return (
    <span class={`status ${line.tone}`} data-status={line.text} data-short={line.short}>
      <Icon name={line.icon} size={14} />
      <span class="status-long">
        {line.text}
        {line.details && (
          <>
            {' — '}
            <button type="button" class="link" onClick={() => showBanner()}>
              {words.details}
            </button>
          </>
        )}
      </span>
    </span>
  )
}

export function BannerView({
  session,
  onDownload,
  onOpenAnew,
}: {
  session: DocumentSession
  onDownload: () => void
  onOpenAnew: () => void
}): VNode | null {
  const banner = session.banner.value
  // The number of edits grows with every key; a banner that was put away stays away for all that.
  const text = banner === null ? '' : (banner.bold + banner.text).replace(/[\d,]+/g, '')
  useEffect(() => {
    if (text === '') putAway.value = null
  }, [text])
  if (banner === null || putAway.value === text) return null
  return (
    <div class="banners">
      <div class={`banner ${banner.tone}`} role={banner.tone === 'bad' ? 'alert' : 'status'}>
        <Icon name={banner.icon} size={18} />
        <p>
          {banner.bold !== '' && <b>{banner.bold} </b>}
          {banner.text}
        </p>
        <span class="banner-actions">
          {banner.actions.includes('download') && (
            <button type="button" class="button" onClick={onDownload}>
              {words.downloadCopy}
            </button>
          )}
          {banner.actions.includes('retry') && (
            <button type="button" class="button line" onClick={() => session.document.retry()}>
              {words.tryAgain}
            </button>
          )}
          {banner.actions.includes('anew') && (
            <button type="button" class="button line" onClick={onOpenAnew}>
              {words.openAnew}
            </button>
          )}
          {banner.tone === 'bad' && (
            <button type="button" class="button square" aria-label={words.close} onClick={() => putBannerAway(text)}>
              <Icon name="x" size={16} />
            </button>
          )}
        </span>
      </div>
    </div>
  )
}

/** Polite: it waits for the reader to pause. */
export function Voice({ session }: { session: DocumentSession }): VNode {
  return (
    <div class="visually-hidden" role="status" aria-live="polite">
      {session.spoken.value}
    </div>
  )
}

function showBanner(): void {
  putAway.value = null
}

function putBannerAway(text: string): void {
  putAway.value = text
}
