import { film, filmSegments, type TimedFault } from './schedule.ts'
import type { Proof } from './stage.ts'

/** A picture of what was announced. */
export interface JudgedFrame {
  /** Read from the picture. */
  readonly number: number
  /** Since the beginning of the film, as the player reckons. */
  readonly seconds: number
}

/** All that is known of one job when everything is over. */
export interface JudgedJob {
  readonly firstSegment: number
  readonly wasKilled: boolean
  readonly exit: number | null
  readonly handedBackAt: readonly number[]
  readonly announced: readonly {
    readonly name: string
    readonly startSeconds: number
    readonly endSeconds: number
  }[]
  /** Numbers of the finished rows of each list that was posted. */
  readonly lists: readonly (readonly number[])[]
  readonly problems: readonly string[]
  readonly files: readonly string[]
  /** Of the announced segments, in order; a reason where they could not be read. */
  readonly frames: readonly JudgedFrame[] | { readonly unreadable: string }
  /** Between the beginnings of neighbouring packets of sound, in seconds, where it is not the length of a frame. */
  readonly soundSteps: readonly number[]
}

export interface Evidence {
  readonly jobs: readonly JudgedJob[]
  readonly isStuck: boolean
  readonly strikes: readonly { readonly timed: TimedFault; readonly proof: Proof }[]
  /** What is left of the session in processes, folders and the head's list, in sentences. */
  readonly left: readonly string[]
  readonly tookMs: number
}

/** No session of 60 s at 5x and more may take longer, whatever happens to it. */
export const longestMs = 90_000

const frameSeconds = 1 / film.framesPerSecond
const framesInSegment = film.segmentSeconds * film.framesPerSecond
/** A tick of a transport stream is 11 us. */
const toleranceSeconds = 0.000_1
const listToleranceSeconds = 0.001

/** What is wrong, a sentence each: nothing when every promise was kept and every fault has happened. */
export function judge(evidence: Evidence): string[] {
  const { jobs, strikes, left, isStuck, tookMs } = evidence
  const handsBack = mayHandBack(strikes.map(({ timed }) => timed))
  return [
    ...(isStuck ? ['the session did not go on'] : []),
    ...(tookMs > longestMs ? [`it took ${Math.round(tookMs / 1000)} s`] : []),
    ...(jobs.length === 0 ? ['there was no job'] : []),
    ...jobs.flatMap((job, index) =>
      judgeJob(job, { isLast: index === jobs.length - 1, handsBack }).map(
        (words) => `job ${index + 1}: ${words}`,
      ),
    ),
    ...strikes.flatMap(({ timed, proof }) => judgeStrike(timed, proof)),
    ...left,
  ]
}

/**
 * Whether the server's own transcoder may be needed: without a head, and when every node was away. Otherwise it would
 * be a viewer's luck that there is one.
 */
function mayHandBack(faults: readonly TimedFault[]): boolean {
  const kinds = faults.map(({ fault }) => fault.kind)
  const lost = faults.filter(({ fault }) =>
    ['kill-node', 'freeze-node', 'cut-network', 'late-offer', 'drain-node'].includes(fault.kind),
  )
  return kinds.some((kind) => /head/.test(kind)) || lost.length >= 3
}

function judgeStrike({ fault, afterAnnounced }: TimedFault, { happened, how, wrong = [] }: Proof): string[] {
  const what = `${fault.kind} after ${afterAnnounced}`
  return [
    ...(happened ? [] : [`${what} did not happen: ${how}`]),
    ...wrong.map((words) => `${what}: ${words}`),
  ]
}

function judgeJob(job: JudgedJob, { isLast, handsBack }: { isLast: boolean; handsBack: boolean }): string[] {
  const isWhole = isLast && !job.wasKilled
  return [
    ...(isLast && job.wasKilled ? ['it was killed at last'] : []),
    ...(isWhole && job.exit !== 0 ? [`it ended with ${job.exit}`] : []),
    ...(job.handedBackAt.length > 0 && !handsBack
      ? [`it was handed back at segment ${job.handedBackAt.join(', ')} with nodes left`]
      : []),
    ...job.problems,
    ...judgeLists(job, isWhole),
    ...judgeFrames(job),
    ...(job.handedBackAt.length === 0 ? job.soundSteps : []).map(
      (seconds) => `a step of ${seconds.toFixed(4)} s in the sound`,
    ),
    ...judgeFiles(job),
  ]
}

/** Each segment once, in order, at its time, from the first on; and in a job that was not killed to the end. */
function judgeLists({ firstSegment, announced, lists }: JudgedJob, isWhole: boolean): string[] {
  const problems: string[] = []
  const numbers = announced.map(({ name }) => Number(/\d+/.exec(name)?.[0]))
  const wanted = isWhole ? filmSegments - firstSegment : numbers.length
  const expected = Array.from({ length: wanted }, (_, index) => firstSegment + index)
  if (numbers.join() !== expected.join()) {
    problems.push(`announced were ${ranges(numbers)} instead of ${ranges(expected)}`)
  }
  for (const { name, startSeconds, endSeconds } of announced) {
    const due = Number(/\d+/.exec(name)?.[0]) * film.segmentSeconds
    const off = Math.max(Math.abs(startSeconds - due), Math.abs(endSeconds - due - film.segmentSeconds))
    if (off > listToleranceSeconds)
      problems.push(`${name} was announced from ${startSeconds} to ${endSeconds} s`)
  }
  const backward = lists.filter((rows) =>
    rows.some((number, index) => index > 0 && number !== rows[index - 1]! + 1),
  )
  for (const rows of backward) problems.push(`a list had ${rows.join(' ')}`)
  return problems
}

/** Every picture of every announced segment: its number, and its time. */
function judgeFrames({ firstSegment, announced, frames }: JudgedJob): string[] {
  if ('unreadable' in frames) return [`its pictures cannot be read: ${frames.unreadable}`]
  const first = firstSegment * framesInSegment
  const expected = announced.length * framesInSegment
  const problems: string[] = []
  if (frames.length !== expected) problems.push(`there are ${frames.length} pictures instead of ${expected}`)
  const wrong = frames.flatMap(({ number }, index) =>
    number === first + index ? [] : [`${number} in the place of ${first + index}`],
  )
  if (wrong.length > 0)
    problems.push(`${wrong.length} pictures are wrong, first ${wrong.slice(0, 3).join(', ')}`)
  const late = frames.flatMap(({ seconds }, index) => {
    const off = seconds - (first + index) * frameSeconds
    return Math.abs(off) > toleranceSeconds ? [`picture ${first + index} is ${off.toFixed(4)} s late`] : []
  })
  if (late.length > 0)
    problems.push(`${late.length} pictures have a wrong time, first ${late.slice(0, 3).join(', ')}`)
  return problems
}

/**
 * Announced segments, and after a kill the one that had been opened, also where it was still written beside its place: a
 * shim that is killed can remove nothing any more, nor could the server's own transcoder.
 */
function judgeFiles({ files, announced, wasKilled }: JudgedJob): string[] {
  const names = new Set(announced.map(({ name }) => name))
  const isInHand = (name: string) => wasKilled && /^(media-\d{5}\.ts|\.media-\d{5}\.ts\.tmp)$/.test(name)
  const strange = files.filter((name) => !names.has(name) && !isInHand(name))
  return strange.map((name) => `the file ${name} is left in the job's folder`)
}

/** `0-3 5 7-9` */
export function ranges(numbers: readonly number[]): string {
  const spans: [number, number][] = []
  for (const number of numbers) {
    const last = spans.at(-1)
    if (last && number === last[1] + 1) last[1] = number
    else spans.push([number, number])
  }
  return spans.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(' ') || 'none'
}
