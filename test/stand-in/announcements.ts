import { type ListRow, parseList } from '../golden/compare-lists.ts'
import { manifestRows, parseManifest } from '../golden/dash-posts.ts'
import type { RecordedRequest } from '../golden/recording.ts'

/** A file that a list named as finished for the first time. */
export interface Announcement {
  /** Milliseconds since the job began. */
  readonly t: number
  readonly name: string
  /** Seconds of the film. */
  readonly startSeconds: number
  readonly endSeconds: number
  readonly bytes: number
}

/** Rows of a list with their times: a manifest has them in ticks of each of its streams. */
export function rowsOf(body: string): readonly ListRow[] {
  if (!body.includes('<MPD')) return parseList(body)
  const timescales = [...body.matchAll(/<SegmentTemplate [^>]*?timescale="(\d+)"/g)].map(([, text]) =>
    Number(text),
  )
  const times = parseManifest(body).representations.flatMap((segments, stream) =>
    segments.map(({ start, duration }) =>
      [start, start + duration].map((ticks) => ticks / (timescales[stream] ?? 1)),
    ),
  )
  return manifestRows(body).map(({ open, name }, index) => ({ open, name, times: times[index] ?? [] }))
}

/** What the lists of a job announced, in order. */
export function announcementsIn(requests: readonly RecordedRequest[]): Announcement[] {
  const seen = new Set<string>()
  return requests.flatMap(({ t, body, files }) => {
    if (files === undefined) return []
    const sizes = new Map(files)
    const rows = rowsOf(body).filter(({ open, name }) => !open && !seen.has(name))
    return rows.map(({ name, times: [startSeconds = 0, endSeconds = 0] }) => {
      seen.add(name)
      return { t, name, startSeconds, endSeconds, bytes: sizes.get(name) ?? 0 }
    })
  })
}

/**
 * What of the announced times a server would stumble over: the first segment elsewhere than where the session was to
 * begin, or one that begins before the one that was announced before it (of the same stream).
 */
export function timeProblems(announced: readonly Announcement[], fromSeconds: number): string[] {
  const [first] = announced
  const problems: string[] = []
  if (first && Math.abs(first.startSeconds - fromSeconds) > 1) {
    problems.push(`${first.name} begins at ${first.startSeconds} s instead of ${fromSeconds} s`)
  }
  const last = new Map<string, Announcement>()
  for (const each of announced) {
    const stream = each.name.replace(/\d+(?=\D*$)/, '')
    const before = last.get(stream)
    if (before && each.startSeconds < before.startSeconds)
      problems.push(`${each.name} begins before ${before.name}`)
    last.set(stream, each)
  }
  return problems
}
