/**
 * Counts and latencies in Prometheus' text format. Owns: the registry. Does not own: what is measured.
 * Names and labels come from the program, never from a request: the number of series is bounded by construction.
 */
export interface Metrics {
  /** Adds one to a counter. `labels` is its label set as it appears in the output, e.g. `call="CompleteJob"`. */
  count(name: string, labels: string): void
  /** Records a duration. */
  observe(name: string, labels: string, ms: number): void
  /** A value that is read when the metrics are asked for. */
  gauge(name: string, help: string, read: () => number): void
  text(): string
}

const BUCKETS_MS = [1, 2, 5, 10, 25, 50, 100, 250, 1000, 5000] as const

interface Histogram {
  readonly buckets: number[]
  sumMs: number
  count: number
}

export function metricsRegistry(): Metrics {
  const counters = new Map<string, Map<string, number>>()
  const histograms = new Map<string, Map<string, Histogram>>()
  const gauges = new Map<string, { help: string; read: () => number }>()
  return {
    count(name, labels) {
      const series = seriesOf(counters, name)
      series.set(labels, (series.get(labels) ?? 0) + 1)
    },
    observe(name, labels, ms) {
      const series = seriesOf(histograms, name)
      const histogram = series.get(labels) ?? { buckets: BUCKETS_MS.map(() => 0), sumMs: 0, count: 0 }
      series.set(labels, histogram)
      const bucket = BUCKETS_MS.findIndex((most) => ms <= most)
      if (bucket >= 0) histogram.buckets[bucket]!++
      histogram.sumMs += ms
      histogram.count++
    },
    gauge(name, help, read) {
      gauges.set(name, { help, read })
    },
    text: () => [...counterLines(counters), ...histogramLines(histograms), ...gaugeLines(gauges), ''].join('\n'),
  }
}

function seriesOf<T>(families: Map<string, Map<string, T>>, name: string): Map<string, T> {
  const series = families.get(name) ?? new Map<string, T>()
  families.set(name, series)
  return series
}

function* counterLines(counters: Map<string, Map<string, number>>) {
  for (const [name, series] of counters) {
    yield `# TYPE ${name} counter`
    for (const [labels, value] of series) yield `${name}{${labels}} ${value}`
  }
}

function* histogramLines(histograms: Map<string, Map<string, Histogram>>) {
  for (const [name, series] of histograms) {
    yield `# TYPE ${name} histogram`
    for (const [labels, { buckets, sumMs, count }] of series) {
      let below = 0
      for (const [index, most] of BUCKETS_MS.entries()) {
        below += buckets[index]!
        yield `${name}_bucket{${labels},le="${most / 1000}"} ${below}`
      }
      yield `${name}_bucket{${labels},le="+Inf"} ${count}`
      yield `${name}_sum{${labels}} ${sumMs / 1000}`
      yield `${name}_count{${labels}} ${count}`
    }
  }
}

function* gaugeLines(gauges: Map<string, { help: string; read: () => number }>) {
  for (const [name, { help, read }] of gauges) yield `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${read()}`
}
