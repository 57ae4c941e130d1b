import { requestsOf } from './compare-calls.ts'
import { finishedNames, parseList, requiredPosts } from './compare-lists.ts'
import { initNames } from './dash-posts.ts'
import type { RecordedFile, Recording } from './recording.ts'

/** First timestamps are printed with six decimals; a tick of 90 kHz may round either way. */
const startTolerance = 0.00002

/** Files: same names; same video packets and first timestamp in each; audio packets within one in each and in all. */
export function compareFiles(golden: Recording, made: Recording, whole: boolean): string[] {
  const names = requiredNames(golden, made, whole)
  const differences: string[] = []
  if (golden.signal === null) {
    const known = new Set(golden.files.map((file) => file.name))
    for (const file of made.files) if (!known.has(file.name)) differences.push(`${file.name} is extra`)
  }
  const totals = { golden: 0, made: 0 }
  for (const name of names) {
    const [expected, found] = [fileOf(golden, name), fileOf(made, name)]
    if (found === undefined) differences.push(`${name} is missing`)
    if (expected === undefined || found === undefined) continue
    totals.golden += packets(expected, 'audio')
    totals.made += packets(found, 'audio')
    differences.push(...compareFile(expected, found))
  }
  if (Math.abs(totals.golden - totals.made) > 1) {
    differences.push(`${totals.made} audio packets in all instead of ${totals.golden}`)
  }
  return differences
}

/** What was announced is there when it is announced, is not empty, and has the same bytes at the end. */
export function checkAnnounced(made: Recording): string[] {
  const differences: string[] = []
  const digests = new Map<string, string>()
  for (const post of requestsOf(made, 'list')) {
    const listing = new Map(post.files)
    for (const [name, digest] of Object.entries(post.digests ?? {})) digests.set(name, digest)
    // The real transcoder has them there as well, and fills them when it likes.
    const inits = initNames(post.body).map((name) => ({ open: true, name }))
    for (const { open, name } of [...inits, ...parseList(post.body)]) {
      const bytes = listing.get(name)
      if (bytes === undefined) differences.push(`${name} was listed at ${post.t} ms and not there`)
      else if (bytes === 0 && !open) differences.push(`${name} was announced at ${post.t} ms and empty`)
      else if (!open && fileOf(made, name) !== undefined && fileOf(made, name)?.bytes !== bytes) {
        differences.push(
          `${name} had ${bytes} bytes at ${post.t} ms and ${fileOf(made, name)?.bytes} at the end`,
        )
      }
    }
  }
  for (const name of finishedNames(made)) {
    const [before, file] = [digests.get(name), fileOf(made, name)]
    if (file === undefined) differences.push(`${name} was announced and is gone at the end`)
    else if (before !== undefined && file.digest !== before)
      differences.push(`${name} changed after it was announced`)
  }
  return [...new Set(differences)]
}

/** All files of a job that ran to its end; of one that was stopped, those that both had announced. */
function requiredNames(golden: Recording, made: Recording, whole: boolean): readonly string[] {
  if (golden.signal === null) return golden.files.map((file) => file.name)
  const posts = requestsOf(golden, 'list').slice(0, requiredPosts(golden, whole))
  const required = finishedNames({ ...golden, requests: posts })
  const announced = new Set(finishedNames(made))
  return [...new Set([...required, ...finishedNames(golden).filter((name) => announced.has(name))])]
}

function compareFile(expected: RecordedFile, found: RecordedFile): string[] {
  if (isText(expected) && expected.bytes !== found.bytes) {
    return [`${found.name} has ${found.bytes} bytes of text instead of ${expected.bytes}`]
  }
  if (expected.streams === undefined) return []
  if (found.streams === undefined) return [`${found.name} is not a media file`]
  const differences: string[] = []
  const [kinds, otherKinds] = [kindsOf(expected), kindsOf(found)]
  if (kinds !== otherKinds) differences.push(`${found.name} has ${otherKinds} instead of ${kinds}`)
  const [wanted, got] = [packets(expected, 'video'), packets(found, 'video')]
  if (wanted !== got) differences.push(`${found.name} has ${got} video packets instead of ${wanted}`)
  const [from, to] = [start(expected), start(found)]
  if (from !== null && (to === null || Math.abs(from - to) > startTolerance)) {
    differences.push(`${found.name} begins at ${to} instead of ${from}`)
  }
  const [sound, otherSound] = [packets(expected, 'audio'), packets(found, 'audio')]
  if (Math.abs(sound - otherSound) > 1) {
    differences.push(`${found.name} has ${otherSound} audio packets instead of ${sound}`)
  }
  return differences
}

/** Subtitles are text that is the same whoever makes it; the parts of a list of them have no header of their own. */
function isText({ name, streams }: RecordedFile): boolean {
  return streams
    ? streams.every(({ codec_type }) => codec_type === 'subtitle')
    : name.startsWith('sub-chunk-')
}

/** The streams of a file: their codecs, and how large pictures are. */
function kindsOf({ streams = [] }: RecordedFile): string {
  return streams
    .map(({ codec_name, width, height }) => (width ? `${codec_name} ${width}x${height}` : `${codec_name}`))
    .join(', ')
}

function fileOf(recording: Recording, name: string): RecordedFile | undefined {
  return recording.files.find((file) => file.name === name)
}

function packets(file: RecordedFile, type: 'video' | 'audio'): number {
  const streams = (file.streams ?? []).filter((stream) => stream.codec_type === type)
  return streams.reduce((total, stream) => total + Number(stream.nb_read_packets ?? 0), 0)
}

/** Timestamp of the first picture, seconds; null where there is none. */
function start(file: RecordedFile): number | null {
  const stream = (file.streams ?? []).find((candidate) => candidate.codec_type === 'video')
  return stream?.start_time === undefined ? null : Number(stream.start_time)
}
