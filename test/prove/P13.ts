// P13: other web sites get nothing. Hostile Origins, with the cookie of somebody who is in and without one, × every route that can
// change something × the socket: no upgrade, no change; and Host headers that were rebound are answered 421.

import { defaultLimits } from '@sheaf/protocol'
import { rights } from '../../server/src/http/rights.ts'
import type { SheafServer } from '../../server/src/server.ts'
import { accountsServer, settle } from '../helpers/browsers.ts'
import { plainRequest, upgradeHeaders } from '../helpers/plain-request.ts'

const hostile = (host: string) => [
  'http://evil.example',
  'https://evil.example',
  'null',
  '',
  'file://',
  'http://localhost:1',
  `http://${host}.evil.example`,
  `http://evil.example/${host}`,
  `http://user@${host}`,
  `ftp://${host}`,
  `chrome-extension://${host}`,
  `http://evil.example#${host}`,
  `http://${host.replace(/:\d+$/, '')}`,
  `http://${host.replace(/\d+$/, '1')}`,
]
/** Where a browser says itself that another site has asked, and sends no Origin. */
const crossSite = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }]
const rebound = [
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'evil.example:80',
  '0.0.0.0.nip.example',
]

export async function prove(_options: { full: boolean }) {
  const server = await accountsServer({ limits: { ...defaultLimits, socketsPerAddress: 1_000 } })
  const { owner } = await settle(server)
  const { id } = (await owner.ask('POST', '/documents', { title: 'Plan' })).body as { id: string }
  const host = new URL(server.url).host
  const origins = [...hostile(host).map(origin => ({ origin })), ...crossSite]
  const changing = Object.keys(rights).filter(route => !/^(GET|HEAD) /.test(route))
  const before = await stateOf(server)
  const through: string[] = []
  let asked = 0
  for (const cookie of [owner.cookie, '']) {
    const head = cookie === '' ? {} : { cookie }
    for (const from of origins) {
      for (const route of changing) {
        const [method = '', path = ''] = route.split(' ')
        const url = `${server.url}/api/v1${path.replace(':id', id).replace(/:\w+/g, 'nothing')}`
        const body = method === 'DELETE' ? {} : { body: '{}' }
        const headers = { ...head, ...from, 'content-type': 'application/json' }
        asked += 1
        const { status } = await plainRequest(url, { method, headers, ...body })
        if (status !== 403) through.push(`${route} from ${JSON.stringify(from)}: ${status}`)
      }
      asked += 1
      const upgrade = await plainRequest(`${server.url}/ws/${id}`, { headers: { ...upgradeHeaders, ...head, ...from } })
      if (upgrade.status !== 403) through.push(`a socket from ${JSON.stringify(from)}: ${upgrade.status}`)
    }
    for (const name of rebound) {
      for (const path of ['/', '/api/v1/documents', `/ws/${id}`]) {
        asked += 1
        const isSocket = path.startsWith('/ws/')
        const headers = { ...(isSocket && upgradeHeaders), ...head, host: name, origin: `http://${name}` }
        const { status } = await plainRequest(server.url + path, { headers })
        if (status !== 421) through.push(`${path} as ${name}: ${status}`)
      }
    }
  }
  const changed = (await stateOf(server)) !== before
  await server.close({ atOnce: true })
  return { promise: 'P13', ok: through.length === 0 && !changed, asked, changed, through: through.slice(0, 20) }
}

async function stateOf({ store }: SheafServer): Promise<string> {
  const collections = ['account', 'session', 'grant', 'invite', 'request', 'folder', 'token', 'audit'] as const
  const records = await Promise.all(collections.map(collection => store.records.list(collection)))
  return JSON.stringify([records, await store.list()])
}
