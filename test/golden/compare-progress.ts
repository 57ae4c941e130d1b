import { requestsOf } from './compare-calls.ts'
import type { Recording } from './recording.ts'

/** Longest silence that still counts as one report a second. */
const longestGapMilliseconds = 1000

interface Report {
  readonly t: number
  readonly progress: number
  readonly query: URLSearchParams
  /** The report before this one was answered with canThrottle. */
  readonly throttled: boolean
}

/**
 * Progress: a report at least every second to the end of the job, never going back, with size and remaining; while
 * throttled no speed and less than one point of progress. Values themselves depend on the machine.
 */
export function compareProgress(golden: Recording, made: Recording): string[] {
  const reports = reportsOf(made)
  if (reports.length === 0)
    return requestsOf(golden, 'progress').length === 0 ? [] : ['no progress report at all']
  return [...gaps(made, reports), ...steps(reports), ...reports.flatMap(fields), ...throttledSpans(reports)]
}

function reportsOf(recording: Recording): Report[] {
  let throttled = false
  return requestsOf(recording, 'progress').map((request) => {
    const query = new URL(request.url, 'http://server').searchParams
    const report = { t: request.t, progress: Number(query.get('progress')), query, throttled }
    throttled = request.reply === 'canThrottle'
    return report
  })
}

function gaps(made: Recording, reports: readonly Report[]): string[] {
  const end = made.requests.at(-1)?.t ?? 0
  const times = [...reports.map((report) => report.t), end]
  return times.flatMap((t, index) => {
    const gap = t - (times[index - 1] ?? t)
    return gap > longestGapMilliseconds ? [`no progress report for ${gap} ms before ${t} ms`] : []
  })
}

function steps(reports: readonly Report[]): string[] {
  return reports.flatMap((report, index) => {
    const before = reports[index - 1]
    if (before === undefined || report.progress >= before.progress) return []
    return [`progress goes back from ${before.progress} to ${report.progress} at ${report.t} ms`]
  })
}

function fields(report: Report): string[] {
  const wanted = report.throttled ? ['size', 'remaining'] : ['size', 'remaining', 'speed']
  const differences = wanted
    .filter((name) => !report.query.has(name))
    .map((name) => `a progress report without ${name} at ${report.t} ms`)
  if (report.throttled && report.query.has('speed')) {
    differences.push(`a progress report with speed while throttled at ${report.t} ms`)
  }
  if (!Number.isFinite(report.progress))
    differences.push(`a progress report without a number at ${report.t} ms`)
  return differences
}

/** From the report whose reply says canThrottle to the one whose reply no longer does. */
function throttledSpans(reports: readonly Report[]): string[] {
  const differences: string[] = []
  let from: number | null = null
  let said = false
  reports.forEach((report, index) => {
    if (!report.throttled) {
      from = null
      said = false
      return
    }
    from ??= reports[index - 1]?.progress ?? report.progress
    if (!said && report.progress - from >= 1) {
      said = true
      differences.push(`${(report.progress - from).toFixed(1)} points of progress while throttled`)
    }
  })
  return differences
}
