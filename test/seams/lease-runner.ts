import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ass } from '../../src/container/text/ass.ts'
import { printText } from '../../src/container/text/text-file.ts'
import { createStaging, type Staging } from '../../src/head/data/staging.ts'
import type { FinishedSegment } from '../../src/head/session/output.ts'
import { judgeSegment } from '../../src/head/session/segment-facts.ts'
import { createSegmentMaker } from '../../src/head/session/segment-maker.ts'
import { createTextReader, type TextReader } from '../../src/head/session/text-reader.ts'
import { boundarySlot, expectedEndSegment, slotSeconds } from '../../src/media/timeline.ts'
import { confined } from '../../src/node/confinement.ts'
import { fillArguments } from '../../src/node/lease-arguments.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { LeaseRange } from '../../src/platforms/platform.ts'
import { software } from '../../src/platforms/software.ts'
import {
  burntTextOf,
  type TextSource,
  type TextSpan,
  textLease,
  textLookBackSeconds,
} from '../../src/platforms/text-lease.ts'

export type PartName = 'video' | 'audio'

/** Segments at which one lease ends and the next begins, ascending; none: one uncut lease. */
export interface Cuts {
  readonly video: readonly number[]
  readonly audio: readonly number[]
  /**
   * How a lease ends at a cut: `granted` no further and ending by itself, or `killed` there while it runs on, as one
   * whose end was lowered.
   */
  readonly end?: 'granted' | 'killed'
}

export const uncut: Cuts = { video: [], audio: [] }

/** What a session made: its segments as the media server would get them, in files of a folder. */
export interface MadeSession {
  readonly files: readonly string[]
  readonly segments: readonly FinishedSegment[]
}

/** What a single lease delivered. */
export interface MadeLease {
  readonly files: ReadonlyMap<number, Buffer>
  readonly exitCode: number | null
  readonly words: string
}

/** Spoils the arguments of a lease, for tests that want to see a fault found. */
export type ChangeArguments = (args: readonly string[], range: LeaseRange) => readonly string[]

/** As many more segments as the session grants to a lease that reaches the expected end. */
const overrunSegments = 30

/**
 * Carries out leases as agents and the head do, with the real arguments, checks and assembler, but without the
 * processes between: so every partition of a timeline can be tried. Two ffmpegs at a time.
 */
export class LeaseRunner {
  readonly #folder: string
  readonly #change: ChangeArguments
  readonly #readers = new Map<Plan, TextReader>()
  #serial = 0

  private constructor(folder: string, change: ChangeArguments) {
    this.#folder = folder
    this.#change = change
  }

  static async open(change: ChangeArguments = (args) => args): Promise<LeaseRunner> {
    return new LeaseRunner(await mkdtemp(join(tmpdir(), 'paceline-seams-')), change)
  }

  async close(): Promise<void> {
    // Another lease's ffmpeg may still write when one has failed.
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }

  /** Makes the whole session of a plan with its leases cut as told. */
  async make(plan: Plan, cuts: Cuts): Promise<MadeSession> {
    const staging = await createStaging(await this.#newFolder())
    const parts: readonly PartName[] = plan.audio ? ['video', 'audio'] : ['video']
    const leases = parts.flatMap((part) =>
      rangesOf(plan, cuts[part]).map(({ range, last }) => ({ part, range, last })),
    )
    const shorts: number[] = []
    const ends = { video: plan.timeline.firstSegment, audio: plan.timeline.firstSegment }
    await eachOfTwo(leases, async ({ part, range, last }) => {
      const made =
        cuts.end === 'killed' && !last
          ? await this.lease(plan, part, { ...openEnd(plan), from: range.from, failures: 0 }, range.to)
          : await this.lease(plan, part, range)
      for (const [segment, bytes] of made.files) {
        const mayPause = part === 'audio' && plan.audio?.encoder.codec === 'copy'
        if (isShort(plan, part, segment, bytes) && !mayPause) shorts.push(segment)
        await staging.put(part, segment, bytes)
        ends[part] = Math.max(ends[part], segment + 1)
      }
    })
    const early = shorts.find((segment) => segment < ends.video - 1)
    if (early !== undefined) throw new Error(`segment ${early} of video is short`)
    return this.#assemble(plan, staging, ends.video)
  }

  /** Runs one lease to its end, or kills it as soon as it begins with segment `killAt`. Throws when it fails. */
  async lease(plan: Plan, part: PartName, range: LeaseRange, killAt?: number): Promise<MadeLease> {
    const compiled =
      part === 'video' ? software.compileVideo(plan, range) : software.compileAudio(plan, range)
    if ('out' in compiled) throw new Error(compiled.out)
    const folder = await this.#newFolder()
    const text = part === 'video' ? await this.#text(plan, range) : ''
    const given = compiled.args.map((arg) =>
      arg.replaceAll('{text}', text).replaceAll('{fonts}', this.#folder),
    )
    const args = fillArguments(this.#change(given, range), {
      output: folder,
      progress: '/dev/null',
      input: (index) => plan.inputs[index]!.path,
      inputOptions: confined.inputOptions,
    })
    const { exitCode, words } = await runFfmpeg(
      args,
      killAt === undefined ? null : join(folder, String(killAt)),
    )
    if (killAt === undefined && exitCode !== 0)
      throw new Error(`ffmpeg ${args.join(' ')} ended with ${exitCode}: ${words}`)
    const files = new Map<number, Buffer>()
    const numbers = (await readdir(folder)).map(Number).sort((a, b) => a - b)
    for (const number of numbers.filter(
      (number) => number < Math.min(range.to, killAt ?? Number.POSITIVE_INFINITY),
    )) {
      const bytes = await readFile(join(folder, String(number)))
      // As the agent sees it: ffmpeg opens its first file before it knows that the input ends before.
      if (bytes.length > 0) files.set(number, bytes)
    }
    await rm(folder, { recursive: true })
    return { files, exitCode, words }
  }

  /** The text that a lease burns in, read in stretches as the head has it read; nothing where there is none. */
  async #text(plan: Plan, range: LeaseRange): Promise<string> {
    const burnt = burntTextOf(plan)
    if (!burnt) return ''
    const { timeline } = plan
    const reader =
      this.#readers.get(plan) ??
      createTextReader({
        startSeconds: slotSeconds(timeline, timeline.firstSlot),
        ...{ rules: ass, lookBackSeconds: textLookBackSeconds, whole: burnt.alone, nodes: () => ['here'] },
        read: (_node, span) =>
          this.#readText(plan, { ...burnt, format: 'ass', codec: 'ass', byTime: false }, span),
      })
    this.#readers.set(plan, reader)
    const text = await reader.until(slotSeconds(timeline, boundarySlot(timeline, range.to)), 'here')
    this.#serial += 1
    const path = join(this.#folder, `${this.#serial}.ass`)
    await writeFile(path, printText(ass, text))
    return path
  }

  async #readText(plan: Plan, source: TextSource, span: TextSpan): Promise<Buffer> {
    const folder = await this.#newFolder()
    const filled = fillArguments(textLease(plan, source, span), {
      ...{ output: folder, progress: '/dev/null', inputOptions: confined.inputOptions },
      input: (index) => plan.inputs[index]!.path,
    })
    const { exitCode, words } = await runFfmpeg(filled, null)
    if (exitCode !== 0) throw new Error(`ffmpeg ${filled.join(' ')} ended with ${exitCode}: ${words}`)
    return readFile(join(folder, '0'))
  }

  async #assemble(plan: Plan, staging: Staging, end: number): Promise<MadeSession> {
    const folder = await this.#newFolder()
    const maker = createSegmentMaker(plan, staging)
    const segments: FinishedSegment[] = []
    const files: string[] = []
    for (let number = plan.timeline.firstSegment; number < end; number += 1) {
      const segment = await maker.make(number, number === end - 1)
      const file = join(folder, `${number}.ts`)
      await writeFile(file, segment.bytes)
      segments.push(segment)
      files.push(file)
    }
    await staging.close()
    return { files, segments }
  }

  async #newFolder(): Promise<string> {
    const folder = join(this.#folder, String(this.#serial++))
    await mkdir(folder)
    return folder
  }
}

/** A cut at every segment of the timeline. */
export function everySegment(plan: Plan): number[] {
  const { firstSegment } = plan.timeline
  const count = expectedEndSegment(plan.timeline) - firstSegment
  return Array.from({ length: count - 1 }, (_, index) => firstSegment + 1 + index)
}

function openEnd(plan: Plan): { to: number; open: true } {
  return { to: expectedEndSegment(plan.timeline) + overrunSegments, open: true }
}

function rangesOf(plan: Plan, cuts: readonly number[]): { range: LeaseRange; last: boolean }[] {
  const starts = [plan.timeline.firstSegment, ...cuts]
  return starts.map((from, index) => {
    const to = starts[index + 1]
    const end = to === undefined ? openEnd(plan) : { to, open: false }
    return { range: { from, ...end, failures: 0 }, last: to === undefined }
  })
}

function isShort(plan: Plan, part: PartName, segment: number, bytes: Buffer): boolean {
  const judged = judgeSegment(plan, part, segment, bytes)
  if (!judged.ok) throw new Error(`segment ${segment} of ${part}: ${judged.why}`)
  return judged.short
}

async function eachOfTwo<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
  }
  await Promise.all([worker(), worker()])
}

async function runFfmpeg(
  args: readonly string[],
  killWhenThere: string | null,
): Promise<{ exitCode: number | null; words: string }> {
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let words = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text
  })
  const closed = once(child, 'close') as Promise<[number | null]>
  if (killWhenThere !== null) await killWhen(killWhenThere, child)
  const [exitCode] = await closed
  return { exitCode, words }
}

async function killWhen(path: string, child: ReturnType<typeof spawn>): Promise<void> {
  const folder = join(path, '..')
  const name = path.slice(folder.length + 1)
  while (child.exitCode === null && child.signalCode === null) {
    if ((await readdir(folder)).includes(name)) {
      child.kill('SIGKILL')
      return
    }
    await sleep(5)
  }
}
