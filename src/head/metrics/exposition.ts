/** A number under the labels of its metric. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  /** What is not known has no sample. */
  readonly value: number
}

export interface Metric {
  /** By the conventions of Prometheus: `paceline_`, what it is, its unit, `_total` for what only grows. */
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter'
  readonly samples: readonly Sample[]
}

/** For `content-type`. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics in Prometheus's text format 0.0.4. What has no sample is left out. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, type, samples }) => {
      const lines = samples.map(({ labels, value }) => `${name}${labelText(labels)} ${numberText(value)}`)
      return [`# HELP ${name} ${escaped(help)}`, `# TYPE ${name} ${type}`, ...lines].join('\n')
    })
    .join('\n')
    .concat('\n')
}

function labelText(labels: Sample['labels']): string {
  const pairs = Object.entries(labels ?? {})
  if (pairs.length === 0) return ''
  return `{${pairs.map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`).join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return String(value)
}
