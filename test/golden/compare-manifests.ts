import { allSegments, type ListedManifest, manifestPosts } from './dash-posts.ts'
import type { Recording } from './recording.ts'

/** Segments of a stopped job that have to be the same at least. */
const fewestSegments = 20

/** Whether a job was told by manifests rather than by segment lists. */
export function hasManifests(recording: Recording): boolean {
  return manifestPosts(recording).length > 0
}

/** A recording with its lists of segments alone: text beside the film has one even where that is told by manifests. */
export function withoutManifests(recording: Recording): Recording {
  return { ...recording, requests: recording.requests.filter(({ body }) => !body.includes('<MPD')) }
}

/**
 * Manifests of DASH: codecs, templates, start numbers, time scales and every S of the timeline equal, the last one
 * static with the same duration. Bit rates and dates are free, and so is one post more or less.
 */
export function compareManifests(golden: Recording, made: Recording): string[] {
  const [expected, found] = [manifestPosts(golden), manifestPosts(made)]
  const isWhole = golden.signal === null
  if (found.length === 0) return ['no manifest']
  const differences = [0, 1].flatMap((representation) =>
    compareSegments(expected, found, representation, isWhole),
  )
  if (isWhole && Math.abs(expected.length - found.length) > 1) {
    differences.push(`${found.length} manifests instead of ${expected.length}`)
  }
  for (const post of found) {
    const same = expected.find(
      (other) => post.isLast === other.isLast && lastNumber(other) === lastNumber(post),
    )
    if (same && withoutFreedom(post.body) !== withoutFreedom(same.body)) {
      differences.push(`the manifest to segment ${lastNumber(post)} is ${post.body} instead of ${same.body}`)
    }
    if (!same && isWhole) differences.push(`no manifest like that to segment ${lastNumber(post)}`)
  }
  const end = found.at(-1)!
  if (isWhole && !end.isLast) differences.push('the last manifest is not static')
  return differences
}

const lastNumber = ({ representations }: ListedManifest): number => representations[0]?.at(-1)?.number ?? 0

function withoutFreedom(body: string): string {
  return body.replace(/ bandwidth="\d+"/g, '').replace(/(availabilityStartTime|publishTime)="[^"]*"/g, '$1')
}

function compareSegments(
  expected: readonly ListedManifest[],
  found: readonly ListedManifest[],
  representation: number,
  isWhole: boolean,
): string[] {
  const wanted = allSegments(expected, representation)
  const got = allSegments(found, representation)
  const count = isWhole ? wanted.length : Math.min(wanted.length, fewestSegments)
  if (got.length < count || (isWhole && got.length > count)) {
    return [`representation ${representation} has ${got.length} segments instead of ${count}`]
  }
  return wanted.slice(0, count).flatMap((segment, index) => {
    const other = got[index]!
    const isSame =
      other.number === segment.number && other.start === segment.start && other.duration === segment.duration
    return isSame
      ? []
      : [`representation ${representation}: ${JSON.stringify(other)} instead of ${JSON.stringify(segment)}`]
  })
}
