// What the server counts. Names are those of docs/running.md; never a document or a user as label.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export type MetricLabels = Readonly<Record<string, string>>

/** Labels that a metric does not have are left out. */
export interface Metrics {
  /** Adds to a counter. */
  count(name: MetricName, amount?: number, labels?: MetricLabels): void
  /** Sets a gauge. */
  gauge(name: MetricName, value: number, labels?: MetricLabels): void
  /** Adds one observation (seconds, bytes, entries) to a histogram. */
  observe(name: MetricName, value: number, labels?: MetricLabels): void
}

const nothing = () => undefined

export const noMetrics: Metrics = { count: nothing, gauge: nothing, observe: nothing }

interface Definition {
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels?: readonly string[]
  readonly buckets?: readonly number[]
}

const seconds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const entries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000]

/** Every metric of the server; docs/running.md shows this table. */
export const metricDefinitions = {
  sheaf_build_info: { type: 'gauge', help: 'Always 1; the labels tell the build.', labels: ['version', 'runtime'] },
  sheaf_ws_connections: { type: 'gauge', help: 'Sockets that are open.' },
  sheaf_ws_opened_total: { type: 'counter', help: 'Sockets that were accepted.' },
  sheaf_ws_closed_total: { type: 'counter', help: 'Sockets that ended, by close code.', labels: ['code'] },
  sheaf_ws_upgrade_rejected_total: { type: 'counter', help: 'Upgrades refused before a socket.', labels: ['reason'] },
  sheaf_ws_messages_total: { type: 'counter', help: 'Frames, by direction.', labels: ['direction'] },
  sheaf_ws_bytes_total: { type: 'counter', help: 'Payload bytes of frames, by direction.', labels: ['direction'] },
  sheaf_ws_send_buffer_bytes: { type: 'gauge', help: 'Bytes that wait in the sockets.' },
  sheaf_ws_resync_coalesced_total: { type: 'counter', help: 'Slow sockets that got one merged difference instead.' },
  sheaf_ws_slow_consumer_total: { type: 'counter', help: 'Sockets closed because they read too slowly.' },
  sheaf_documents_open: { type: 'gauge', help: 'Documents with a live replica in this process.' },
  sheaf_document_load_seconds: {
    type: 'histogram',
    help: 'Time to open a document.',
    labels: ['kind'],
    buckets: seconds,
  },
  sheaf_updates_applied_total: { type: 'counter', help: 'Updates that became durable.', labels: ['source'] },
  sheaf_update_rejected_total: { type: 'counter', help: 'Updates that were refused.', labels: ['reason'] },
  sheaf_edit_broadcast_seconds: { type: 'histogram', help: 'From a received update to its relay.', buckets: seconds },
  sheaf_store_commit_seconds: { type: 'histogram', help: 'One synced batch.', buckets: seconds },
  sheaf_store_commit_rows: { type: 'histogram', help: 'Rows in one synced batch.', buckets: entries },
  sheaf_store_rows_total: { type: 'counter', help: 'Rows that are on disk.' },
  sheaf_store_pending_rows: { type: 'gauge', help: 'Accepted updates that are not on disk yet.' },
  sheaf_store_failing: { type: 'gauge', help: '1 while the disk does not take writes.' },
  sheaf_store_damage_total: { type: 'counter', help: 'Places where bytes are not what was written.', labels: ['what'] },
  sheaf_compactions_total: { type: 'counter', help: 'Compactions, by result.', labels: ['result'] },
  sheaf_compaction_seconds: { type: 'histogram', help: 'Time of one compaction.', buckets: seconds },
  sheaf_http_rate_limited_total: {
    type: 'counter',
    help: 'Requests to the API that came too fast, by the rate that they exceeded.',
    labels: ['policy'],
  },
  sheaf_http_requests_total: {
    type: 'counter',
    help: 'HTTP requests, by route template, method and status.',
    labels: ['route', 'method', 'status'],
  },
  sheaf_http_request_seconds: {
    type: 'histogram',
    help: 'Time of one HTTP request.',
    labels: ['route', 'method'],
    buckets: seconds,
  },
  sheaf_eventloop_lag_seconds: { type: 'gauge', help: 'Longest delay of the event loop since the last scrape.' },
} as const satisfies Record<string, Definition>

export type MetricName = keyof typeof metricDefinitions

export interface MetricsRegistry extends Metrics {
  /** Prometheus text format 0.0.4. */
  render(): Promise<string>
  readonly contentType: string
  /** Calls `f` before each rendering, to set gauges that are read and not followed. */
  beforeRender(f: () => void): void
}

/**
 * @param options.runtime name and version of what runs the server, for `sheaf_build_info`.
 * @param options.probes also the figures of the process and of Node; once per process, for its probes stay.
 */
export function createMetrics(options: { version: string; runtime?: string; probes?: boolean }): MetricsRegistry {
  const registry = new Registry()
  const collectors: (() => void)[] = []
  const counters = new Map<MetricName, Counter>()
  const gauges = new Map<MetricName, Gauge>()
  const histograms = new Map<MetricName, Histogram>()
  for (const [name, definition] of Object.entries(metricDefinitions) as [MetricName, Definition][]) {
    const base = { name, help: definition.help, labelNames: [...(definition.labels ?? [])], registers: [registry] }
    if (definition.type === 'counter') counters.set(name, new Counter(base))
    else if (definition.type === 'gauge') gauges.set(name, new Gauge(base))
    else histograms.set(name, new Histogram({ ...base, buckets: [...(definition.buckets ?? seconds)] }))
  }
  gauges.get('sheaf_build_info')?.set({ version: options.version, runtime: options.runtime ?? '' }, 1)
  if (options.probes) {
    collectDefaultMetrics({ register: registry })
    const lag = monitorEventLoopDelay({ resolution: 20 })
    lag.enable()
    collectors.push(() => {
      gauges.get('sheaf_eventloop_lag_seconds')?.set(Math.max(0, lag.max / 1e9))
      lag.reset()
    })
  }
  return {
    count: (name, amount = 1, labels) => counters.get(name)?.inc(declared(name, labels), amount),
    gauge: (name, value, labels) => gauges.get(name)?.set(declared(name, labels), value),
    observe: (name, value, labels) => histograms.get(name)?.observe(declared(name, labels), value),
    contentType: registry.contentType,
    beforeRender: f => void collectors.push(f),
    render() {
      for (const collect of collectors) collect()
      return registry.metrics()
    },
  }
}

/** A label too many makes prom-client throw, and counting must never be what breaks a room. */
function declared(name: MetricName, labels: MetricLabels = {}): MetricLabels {
  const definition: Definition = metricDefinitions[name]
  if (definition.labels === undefined) return {}
  return Object.fromEntries(definition.labels.map(label => [label, labels[label] ?? '']))
}
