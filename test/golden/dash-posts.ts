import type { Recording } from './recording.ts'

/** A row of a timeline taken apart: a segment with its number, in ticks. */
export interface NumberedSegment {
  readonly number: number
  readonly start: number
  readonly duration: number
}

/** What one manifest lists of its representations, pictures first. */
export interface ListedManifest {
  readonly body: string
  readonly isLast: boolean
  readonly representations: readonly (readonly NumberedSegment[])[]
}

/** The manifests that a recording's transcoder posted, in order. */
export function manifestPosts(recording: Recording): ListedManifest[] {
  return recording.requests
    .filter(({ url, body }) => /\/manifest\?X-/.test(url) && body.includes('<MPD'))
    .map(({ body }) => parseManifest(body))
}

export function parseManifest(body: string): ListedManifest {
  const templates = Array.from(body.matchAll(/startNumber="(\d+)">([\s\S]*?)<\/SegmentTemplate>/g))
  return {
    body,
    isLast: body.includes('type="static"'),
    representations: templates.map(([, first, rows]) => segmentsOf(Number(first), rows!)),
  }
}

function segmentsOf(first: number, rows: string): NumberedSegment[] {
  const segments: NumberedSegment[] = []
  let time = 0
  for (const [, row] of rows.matchAll(/<S ([^/]*) \/>/g)) {
    const value = (name: string) => new RegExp(`(?:^| )${name}="(\\d+)"`).exec(row!)?.[1]
    time = Number(value('t') ?? time)
    const duration = Number(value('d'))
    for (let count = Number(value('r') ?? 0); count >= 0; count -= 1) {
      segments.push({ number: first + segments.length, start: time, duration })
      time += duration
    }
  }
  return segments
}

/** All segments of a representation that any of the manifests lists, in order. */
export function allSegments(posts: readonly ListedManifest[], representation: number): NumberedSegment[] {
  const byNumber = new Map<number, NumberedSegment>()
  for (const { representations } of posts) {
    for (const segment of representations[representation] ?? []) byNumber.set(segment.number, segment)
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number)
}

/** The media files that a manifest names, as finished rows without times. */
export function manifestRows(body: string): { open: false; name: string; times: number[] }[] {
  const template = / media="([^"]*)"/.exec(body)?.[1] ?? ''
  return parseManifest(body).representations.flatMap((segments, representation) =>
    segments.map(({ number }) => ({
      open: false,
      name: template
        .replace('$RepresentationID$', String(representation))
        .replace('$Number%05d$', String(number).padStart(5, '0')),
      times: [],
    })),
  )
}

/** The init segments that a manifest names. */
export function initNames(body: string): string[] {
  const template = / initialization="([^"]*)"/.exec(body)?.[1]
  if (template === undefined) return []
  return parseManifest(body).representations.map((_, representation) =>
    template.replace('$RepresentationID$', String(representation)),
  )
}
