// What the server counts. Names are those of docs/running.md; never a document or a user as label.

export type MetricLabels = Readonly<Record<string, string>>

export interface Metrics {
  /** Adds to a counter. */
  count(name: string, amount?: number, labels?: MetricLabels): void
  /** Sets a gauge. */
  gauge(name: string, value: number, labels?: MetricLabels): void
  /** Adds one observation (seconds, bytes, entries) to a histogram. */
  observe(name: string, value: number, labels?: MetricLabels): void
}

const nothing = () => undefined

export const noMetrics: Metrics = { count: nothing, gauge: nothing, observe: nothing }
