import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inputBounds } from '../../media/input-bounds.ts'
import { argumentFault } from '../../platforms/allowed.ts'
import type { FfmpegFacts } from '../../platforms/capabilities.ts'
import { spoken } from '../../platforms/ffmpeg-words.ts'
import { quietStart } from '../../platforms/lease-arguments.ts'
import type { Proof } from '../../platforms/proof.ts'
import type { ProofClip } from '../../platforms/proof-clips.ts'
import { judgePictures } from '../../platforms/proof-judge.ts'
import { framesPerSegment, proofSegments, rawPictures, smallCopies } from '../../platforms/proof-plan.ts'
import { untried } from '../../platforms/proof-result.ts'
import { progressAddress } from '../encoder-process.ts'
import { fillArguments } from '../lease-arguments.ts'
import { blockFont } from './block-font.ts'
import { clipFolderAbove } from './clip-folder.ts'
import { type ProofRun, runForProof, watchSpeed } from './run-encoder.ts'
import { whitePatch } from './white-patch.ts'

/** Where proofs are carried out: a folder, an ffmpeg, and so much time. */
export interface Bench {
  /** Null where what came out is right; else why not, or `untried`. Does not reject but for a disk that is full. */
  prove(proof: Proof): Promise<string | null>
  /** Whether these options open their devices; null where they do. */
  opens(devices: readonly string[]): Promise<string | null>
  /** Carries out a command over one clip and tells what ffmpeg said; see runForProof. */
  carryOut(args: readonly string[], clip: ProofClip): Promise<ProofRun>
  /**
   * Pictures per second of each of so many that run at once, as far as they were seen to run; null where one of them
   * fails, and where there is no time left.
   */
  speeds(args: readonly string[], clip: ProofClip, atOnce: number): Promise<readonly number[] | null>
  /** The same bench for so long at the most: who comes after shall have time too. */
  within(limitMs: number): Bench
  close(): Promise<void>
}

export interface BenchOptions {
  /** See encoderCommand. */
  readonly command: readonly [string, ...string[]]
  /** How the binary calls things. */
  readonly facts: FfmpegFacts
  readonly signal: AbortSignal
  /** No more is begun after so long, waiting left out. */
  readonly totalMs: number
  readonly manners?: BenchManners
}

/** Proofs wait for what is more urgent on this machine, and are killed and done again when it begins meanwhile. */
export interface BenchManners {
  /** Something more urgent is done, and it is to be waited for. */
  isBusy(): boolean
  /** The same, whether it is still to be waited for or not: nothing is measured beside it. */
  isDisturbed(): boolean
  /** Resolves when it is not busy. */
  whenIdle(): Promise<void>
}

/** One path is never given longer: even x265 on a small board makes twelve pictures in it. */
const proofLimitMs = 12_000
/** What has begun when the time is up may go on for so long, and what looks at its pictures for the least. */
const overtimeMs = 5_000
const leastLimitMs = 1_000
/** Whatever is still to come, speeds are measured no longer than this; what works counts more. */
const speedShare = 0.8
const speedWindowMs = 700
/** 1812 pictures, and one or two megabytes. */
const timesLonger = 150
/** With what comes before the first picture. */
const speedLimitMs = 6_000

export async function openBench(options: BenchOptions): Promise<Bench> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-proof-'))
  await writeFile(join(folder, 'text.ass'), whitePatch)
  await mkdir(join(folder, 'fonts'))
  await writeFile(join(folder, 'fonts', 'block.ttf'), blockFont())
  return benchUntil(
    {
      ...{ ...options, folder },
      clips: clipFolderAbove(import.meta.dirname),
      past: { places: 0, waitedMs: 0, waiting: undefined, long: new Map() },
    },
    performance.now(),
    options.totalMs,
  )
}

interface Place extends BenchOptions {
  readonly folder: string
  readonly clips: string
  /** Folders that were made in it, and how long more urgent work was waited for. */
  readonly past: {
    places: number
    waitedMs: number
    waiting: Promise<void> | undefined
    readonly long: Map<string, Promise<string>>
  }
}

function benchUntil(at: Place, startedMs: number, totalMs: number): Bench {
  const { command, facts, signal, folder, past } = at
  const waitedBeforeMs = past.waitedMs
  const leftMs = (share = 1): number =>
    totalMs * share - (performance.now() - startedMs - (past.waitedMs - waitedBeforeMs))
  const givesWay = () => at.manners?.isBusy() ?? false
  const run = async (argsNow: () => Promise<readonly string[]>): Promise<ProofRun> => {
    for (;;) {
      await wait(at)
      const args = spoken(await argsNow(), facts)
      const limitMs = Math.max(leastLimitMs, Math.min(proofLimitMs, leftMs() + overtimeMs))
      const ran = await runForProof({ command, args, limitMs, signal, givesWay })
      if (!ran.gaveWay) return ran
    }
  }
  return {
    async prove(proof) {
      await wait(at)
      if (leftMs() <= 0) return untried
      const fault = argumentFault(proof.lease)
      if (fault !== undefined) return fault
      let output = ''
      const inNewPlace = async () => {
        if (output) await rm(output, { recursive: true, force: true })
        output = await newPlace(at)
        return filled(at, proof.args, proof.clip, output)
      }
      try {
        const { why } = await run(inNewPlace)
        if (why) return why
        return await (proof.writes === 'pictures'
          ? judgeFile(join(output, 'pictures'), proof)
          : judgeSegments(output, proof, run))
      } finally {
        await rm(output, { recursive: true, force: true })
      }
    },
    async speeds(args, clip, atOnce) {
      for (;;) {
        await wait(at)
        if (leftMs(speedShare) <= 0) return null
        const seen = await measureSpeeds(at, args, clip, atOnce)
        if (seen !== 'disturbed') return seen
        if (!givesWay()) return null
      }
    },
    async opens(devices) {
      if (leftMs() <= 0) return untried
      const picture = ['-f', 'lavfi', '-i', 'color=size=64x64:rate=25:duration=0.04']
      return (await run(async () => [...quietStart, ...devices, ...picture, '-f', 'null', '-'])).why
    },
    carryOut: (args, clip) => run(async () => filled(at, args, clip, folder)),
    within: (limitMs) => benchUntil(at, performance.now(), Math.min(limitMs, leftMs())),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/** Those who wait at the same time wait once. */
async function wait({ manners, past }: Place): Promise<void> {
  if (!manners) return
  const fromMs = performance.now()
  past.waiting ??= manners.whenIdle().then(() => {
    past.waitedMs += performance.now() - fromMs
    past.waiting = undefined
  })
  await past.waiting
}

async function newPlace({ folder, past }: Place): Promise<string> {
  past.places += 1
  const path = join(folder, String(past.places))
  await mkdir(path)
  return path
}

/**
 * A clip so often that a speed can be measured by it: copied, not played in a loop, since a decoder that begins anew gives
 * a chip's frames of another kind, and filters cannot go on with them (NVDEC and h264, FFmpeg 5.1).
 */
function lengthened(at: Place, { file }: ProofClip): Promise<string> {
  const made = at.past.long.get(file) ?? lengthen(at, file)
  at.past.long.set(file, made)
  return made
}

async function lengthen({ command, clips, folder, signal }: Place, file: string): Promise<string> {
  const long = join(folder, `long-${file}`)
  const args = ['-v', 'error', '-nostdin', '-y', '-stream_loop', String(timesLonger), '-i', join(clips, file)]
  await runForProof({ command, args: [...args, '-c', 'copy', long], limitMs: proofLimitMs, signal })
  return long
}

/** A lease's arguments with a clip in the place of its film. */
function filled(
  { folder, clips }: Place,
  args: readonly string[],
  clip: ProofClip,
  output: string,
  film = join(clips, clip.file),
): readonly string[] {
  return fillArguments(args, {
    ...{
      output,
      progress: progressAddress,
      files: { text: join(folder, 'text.ass'), fonts: join(folder, 'fonts') },
    },
    input: () => film,
    inputOptions: inputBounds,
  })
}

async function measureSpeeds(
  at: Place,
  args: readonly string[],
  clip: ProofClip,
  atOnce: number,
): Promise<readonly number[] | null | 'disturbed'> {
  const isDisturbed = () => at.manners?.isDisturbed() ?? false
  if (isDisturbed()) return 'disturbed'
  const film = await lengthened(at, clip)
  const outputs = await Promise.all(Array.from({ length: atOnce }, () => newPlace(at)))
  const enough = new AbortController()
  const watches = outputs.map(watchSpeed)
  const runs = outputs.map((output, index) =>
    runForProof({
      command: at.command,
      args: spoken(told(filled(at, args, clip, output, film)), at.facts),
      limitMs: speedLimitMs,
      signal: AbortSignal.any([at.signal, enough.signal]),
      onProgress: watches[index]!.onProgress,
      givesWay: isDisturbed,
    }),
  )
  const ended = Promise.all(runs)
  const seenEnough = watches.map((watch) => watch.enough(speedWindowMs, enough.signal))
  await Promise.race([Promise.all(seenEnough), ended])
  enough.abort()
  const isOver = (await ended).some(({ gaveWay }) => gaveWay)
  await Promise.all(outputs.map((output) => rm(output, { recursive: true, force: true })))
  if (isOver) return 'disturbed'
  const seen = watches.map((watch) => watch.speed())
  return seen.every((speed) => speed !== null) ? seen : null
}

async function judgeFile(file: string, { expected }: Proof): Promise<string | null> {
  return judgePictures(await readFile(file).catch(() => Buffer.alloc(0)), expected)
}

/** Segments are whole when each has its pictures, as those of a lease. */
async function judgeSegments(
  output: string,
  { expected }: Proof,
  run: (argsNow: () => Promise<readonly string[]>) => Promise<ProofRun>,
): Promise<string | null> {
  const made = (await readdir(output)).length
  if (made !== proofSegments) return `${made} segments came out, not ${proofSegments}`
  const segments = Array.from({ length: proofSegments }, (_, index) => join(output, String(index)))
  const { why } = await run(async () => [
    ...['-hide_banner', '-nostdin', '-v', 'error', '-y', ...segments.flatMap((path) => ['-i', path])],
    ...segments.flatMap((path, index) => [
      ...['-map', `${index}:v:0`, '-vf', smallCopies(), '-fps_mode', 'passthrough'],
      ...[...rawPictures, `${path}.pictures`],
    ]),
  ])
  if (why) return `what it made cannot be read: ${why}`
  const pictures = await Promise.all(segments.map((path) => readFile(`${path}.pictures`)))
  const whole = pictures.reduce((sum, { byteLength }) => sum + byteLength, 0)
  const uneven = pictures.findIndex(({ byteLength }) => byteLength * proofSegments !== whole)
  const fault = judgePictures(Buffer.concat(pictures), expected)
  if (fault || uneven < 0) return fault
  return `the key frame of the second segment is not where it was asked for: ${framesPerSegment} pictures are in neither`
}

/** With reports that come more often than a lease's. */
function told(args: readonly string[]): readonly string[] {
  return args.map((word, index) => (args[index - 1] === '-stats_period' ? '0.1' : word))
}
