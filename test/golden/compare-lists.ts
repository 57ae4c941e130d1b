import { requestsOf, tail } from './compare-calls.ts'
import { manifestRows } from './dash-posts.ts'
import type { RecordedRequest, Recording } from './recording.ts'

/** A row of a segment list; times are seconds as printed. */
export interface ListRow {
  readonly open: boolean
  readonly name: string
  readonly times: readonly number[]
}

/** Rows of a job that the recorder stopped that have to be the same at least. */
const fewestFinishedRows = 20
const timeTolerance = 0.001 + 1e-9
/** One AAC frame at 48 kHz. */
const audioTolerance = 1024 / 48000 + 1e-6
/** Column of a row's times in which sound ends. */
const audioColumn = 2

/** The rows of a list, or the files that a manifest names. */
export function parseList(body: string): ListRow[] {
  if (body.includes('<MPD')) return manifestRows(body)
  return body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [name, ...times] = line.replace(/^#/, '').split(',')
      return { open: line.startsWith('#'), name: name ?? '', times: times.map(Number) }
    })
}

/** Names of the segments whose finished rows a recording has, in order. */
export function finishedNames(recording: Recording): string[] {
  const rows = requestsOf(recording, 'list').flatMap((post) => parseList(post.body))
  return [...new Set(rows.filter((row) => !row.open).map((row) => row.name))]
}

/** How many of a golden's posts a new recording must have: all, or those to the 20th finished row. */
export function requiredPosts(golden: Recording, whole: boolean): number {
  const posts = requestsOf(golden, 'list')
  if (golden.signal === null || whole) return posts.length
  const finished = new Set<string>()
  for (const [index, post] of posts.entries()) {
    for (const row of parseList(post.body)) if (!row.open) finished.add(row.name)
    if (finished.size >= fewestFinishedRows) return index + 1
  }
  return posts.length
}

/**
 * Segment lists: the same posts in the same order, `#` rows in their places, names equal, times within 1 ms, the end
 * of sound within one AAC frame.
 */
export function compareLists(golden: Recording, made: Recording, whole: boolean): string[] {
  const [expected, found] = [requestsOf(golden, 'list'), requestsOf(made, 'list')]
  const required = requiredPosts(golden, whole)
  const differences: string[] = []
  if (found.length < required) differences.push(`${found.length} list posts instead of ${required}`)
  if (golden.signal === null && found.length > expected.length) {
    differences.push(`${found.length} list posts instead of ${expected.length}`)
  }
  for (const [index, post] of expected.entries()) {
    const other = found[index]
    if (other !== undefined) differences.push(...comparePost(`list post ${index + 1}`, post, other))
  }
  return differences
}

function comparePost(what: string, expected: RecordedRequest, found: RecordedRequest): string[] {
  const differences: string[] = []
  if (tail(expected) !== tail(found) || expected.method !== found.method) {
    differences.push(`${what} went to ${found.method} ${tail(found)}`)
  }
  const [wanted, got] = [parseList(expected.body), parseList(found.body)]
  const names = (rows: readonly ListRow[]) => rows.map((row) => (row.open ? '#' : '') + row.name).join(' ')
  if (names(wanted) !== names(got))
    return [...differences, `${what} has ${names(got)} instead of ${names(wanted)}`]
  for (const [index, row] of wanted.entries()) {
    const other = got[index]
    if (other !== undefined) differences.push(...compareTimes(what, row, other))
  }
  return differences
}

function compareTimes(what: string, expected: ListRow, found: ListRow): string[] {
  if (expected.times.length !== found.times.length) {
    return [`${what}, ${found.name}: ${found.times.length} times instead of ${expected.times.length}`]
  }
  return expected.times.flatMap((time, column) => {
    const tolerance = column === audioColumn && !expected.open ? audioTolerance : timeTolerance
    const other = found.times[column] ?? Number.NaN
    if (Math.abs(other - time) <= tolerance) return []
    return [`${what}, ${found.name}: time ${column + 1} is ${other} instead of ${time}`]
  })
}
