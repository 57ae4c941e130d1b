import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { mediaAllowance } from '../cluster/media-allowance.ts'
import type { MemoryTidy } from '../cluster/memory-tidy.ts'
import type { EndedReport, GrantOrder, LeaseInput, LeaseProgress } from '../cluster/messages.ts'
import type { BlockCache } from './block-cache.ts'
import type { Confinement } from './confinement.ts'
import { CountedReads } from './counted-reads.ts'
import { type EncoderExit, type EncoderProcess, progressAddress } from './encoder-process.ts'
import { type LifeSigns, watchForHang } from './hang-watch.ts'
import type { HeadClient } from './head-client.ts'
import { createInputSource, type InputSource } from './input-source.ts'
import type { LaunchPad } from './launch-pad.ts'
import { fillArguments } from './lease-arguments.ts'
import type { LeaseFiles } from './lease-files.ts'
import type { LeaseRoutes, Loopback } from './loopback.ts'
import { serveInput } from './media-proxy.ts'
import type { PathMaps } from './path-map.ts'
import type { Pauses } from './pauses.ts'
import { createPictureLook } from './picture-look.ts'
import { ProgressReader } from './progress.ts'
import type { SegmentBudget } from './segment-budget.ts'
import { SegmentIntake } from './segment-intake.ts'
import { SegmentLooks } from './segment-looks.ts'
import { watchForSlowness } from './slow-watch.ts'
import { Uploader } from './uploader.ts'

/** What all leases of an agent share. */
export interface LeaseTools {
  readonly client: HeadClient
  readonly loopback: Loopback
  readonly cache: BlockCache
  readonly budget: SegmentBudget
  readonly paths: PathMaps
  /** Woken when the head is back. */
  readonly pauses: Pauses
  readonly launchPad: LaunchPad
  readonly files: LeaseFiles
  /** See {@link encoderCommand}. */
  readonly command: readonly [string, ...string[]]
  readonly confinement: Confinement
  readonly handled: MemoryTidy['handled']
  readonly blockBytes: number
  readonly readPatienceMs: number
}

/** How a lease ended; the agent adds its own id. */
export type LeaseEnd = Omit<EndedReport, 'type' | 'node'>

const stderrCharacters = 2_000

/** A process that waits for a dead file server does not even die: nobody waits for it longer. */
const deathPatienceMs = 1_000

/**
 * Carries out a grant that has no faults. ffmpeg is started before anything else is set up: it cannot ask for
 * anything before the event loop turns. Returns the error when ffmpeg could not be started.
 */
export function startLease(order: GrantOrder, tools: LeaseTools): LeaseRun | Error {
  const files = tools.files.of(order)
  if (files instanceof Error) return files
  const addresses = tools.loopback.reserve()
  const progress = new ProgressReader()
  const readHere = new Set<LeaseInput>()
  const addressOf = (index: number): string => {
    const input = order.inputs[index]!
    const path = tools.paths.find(input)
    if (path === undefined) return addresses.input(index)
    readHere.add(input)
    return path
  }
  const encoder = tools.launchPad.start({
    command: tools.command,
    args: fillArguments(order.args, {
      output: addresses.output,
      progress: progressAddress,
      input: addressOf,
      inputOptions: tools.confinement.inputOptions,
      ...(files && { files }),
    }),
    onProgress: (text) => progress.feed(text),
  })
  if (encoder instanceof Error) return encoder
  const run = new LeaseRun(order, tools, encoder, progress, (index) => addresses.input(index))
  addresses.serve(run)
  run.ended.then(({ outcome }) => {
    addresses.close()
    if (outcome === 'failed') for (const input of readHere) tools.paths.doubt(input)
  })
  return run
}

/** One lease being carried out: an ffmpeg, the segments it sends, and their way to the head. */
export class LeaseRun implements LeaseRoutes {
  readonly attempt: string
  /** Resolves when ffmpeg is gone and every segment it made is delivered or given up. Does not reject. */
  readonly ended: Promise<LeaseEnd>
  private readonly encoder: EncoderProcess
  private readonly progressReader: ProgressReader
  private readonly intake: SegmentIntake
  private readonly uploader: Uploader
  private readonly sources: readonly InputSource[]
  private readonly reads = new CountedReads()
  private readonly hangWatch: { stop(): void }
  private readonly slowWatch: { stop(): void } | undefined
  private readonly looks: SegmentLooks
  private giveUpProcess: (exit: EncoderExit) => void = () => {}
  private next: number
  private verdict: 'enough' | 'dropped' | 'failed' | undefined
  private reason = ''

  constructor(
    order: GrantOrder,
    tools: LeaseTools,
    encoder: EncoderProcess,
    progressReader: ProgressReader,
    addressOf: (input: number) => string,
  ) {
    this.attempt = order.attempt
    this.encoder = encoder
    this.progressReader = progressReader
    this.next = order.from
    this.uploader = new Uploader({
      ...tools,
      attempt: order.attempt,
      onDelivered: (number) => {
        this.next = number + 1
      },
      onGone: (message) => this.drop(message),
      onRefused: (message) => this.stop('failed', message),
    })
    const { watch } = order
    this.looks = new SegmentLooks({
      ...{ budget: tools.budget, looks: watch?.looks ?? [] },
      look:
        watch &&
        createPictureLook({ ...tools, ...tools.confinement, ...watch, film: addressOf(watch.input) }),
      onGood: (segment) => this.uploader.push(segment),
      onFault: (message) => this.stop('failed', message),
    })
    this.intake = new SegmentIntake({
      ...order,
      budget: tools.budget,
      onWhole: (segment) => this.looks.push(segment),
      onEnough: () => this.stop('enough', ''),
      onFault: (message) => this.stop('failed', message),
    })
    const take = mediaAllowance(order.inputs)
    this.sources = order.inputs.map((input) => this.reads.of(createInputSource({ ...tools, input, take })))
    this.hangWatch = watchForHang(
      () => this.lifeSigns(),
      (seconds) => this.hangs(seconds),
    )
    const least = watch?.leastFramesPerSecond
    if (least !== undefined)
      this.slowWatch = watchForSlowness(
        least,
        () => ({ frames: this.progressReader.progress.frames, waits: this.waits }),
        (speed) => this.isSlow(speed, least),
      )
    this.ended = this.finish()
  }

  /** For credit, for room, or for media. */
  private get waits(): boolean {
    return this.intake.holds || this.reads.outstanding > 0
  }

  takeSegment(number: number, request: IncomingMessage, response: ServerResponse, proceed: () => void): void {
    this.intake.offer({ number, request, response, proceed })
  }

  async serveInput(index: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const source = this.sources[index]
    if (source === undefined) {
      response.writeHead(404, { connection: 'close' }).end()
      return
    }
    await serveInput(request, response, source, (failure) => {
      if (failure.reason === 'gone') this.drop(failure.message)
      else this.stop('failed', `input ${index} could not be read: ${failure.message}`)
    })
  }

  /** See ExtendOrder. */
  extend(until: number): void {
    this.intake.extend(until)
  }

  /** See CutOrder. */
  cut(at: number): void {
    this.looks.dropFrom(at)
    this.uploader.dropFrom(at)
    this.intake.cut(at)
  }

  /** Kills ffmpeg and gives up what is not delivered yet. */
  drop(reason: string): void {
    this.stop('dropped', reason)
    this.uploader.stop()
  }

  progress(): LeaseProgress {
    return { attempt: this.attempt, next: this.next, ...this.progressReader.progress }
  }

  /** The first reason to stop is the one that counts; having enough is none, for its segments may yet be refused. */
  private stop(verdict: 'enough' | 'dropped' | 'failed', reason: string): void {
    if (this.verdict === undefined || this.verdict === 'enough') {
      this.verdict = verdict
      this.reason = reason
    }
    this.encoder.kill()
    this.intake.close()
  }

  private lifeSigns(): LifeSigns {
    const { intake, reads, encoder, progressReader, waits } = this
    return {
      traffic: progressReader.steps + intake.receivedBytes + reads.begun,
      waits,
      cpuSeconds: encoder.cpuSeconds(),
      group: encoder.usage,
    }
  }

  private isSlow(speed: number, least: number): void {
    const words = `ffmpeg makes ${speed.toFixed(1)} pictures a second, where ${least.toFixed(1)} are the least that were proved`
    this.stop('failed', `E_ENCODER_SLOW: ${words}`)
  }

  private hangs(seconds: number): void {
    this.stop('failed', `E_ENCODER_HUNG: ffmpeg hangs, there was no sign of life from it for ${seconds} s`)
    void sleep(deathPatienceMs, undefined, { ref: false }).then(() =>
      this.giveUpProcess({ code: null, signal: null }),
    )
  }

  private async finish(): Promise<LeaseEnd> {
    const givenUp = new Promise<EncoderExit>((resolve) => {
      this.giveUpProcess = resolve
    })
    const { code } = await Promise.race([this.encoder.exited, givenUp])
    this.hangWatch.stop()
    this.slowWatch?.stop()
    await this.intake.settled()
    await this.looks.settled()
    await this.uploader.drained()
    const cpuSeconds = this.encoder.cpuSeconds()
    return {
      attempt: this.attempt,
      outcome: this.outcome(code),
      next: this.next,
      exitCode: code,
      stderr: this.lastWords(),
      ...(cpuSeconds !== undefined && { cpuSeconds }),
    }
  }

  private outcome(exitCode: number | null): LeaseEnd['outcome'] {
    if (this.verdict === 'failed') return 'failed'
    if (this.verdict === 'dropped') return 'stopped'
    // With a cut that came just as ffmpeg ended by itself, both are true; the head learns more from `clean`.
    const whole = exitCode === 0 && (this.verdict === 'enough' || !this.intake.torn)
    if (whole) return 'clean'
    return this.verdict === 'enough' ? 'stopped' : 'failed'
  }

  private lastWords(): string {
    const words =
      this.reason === '' ? this.encoder.stderr() : `${this.encoder.stderr()}\npaceline: ${this.reason}`
    return words.slice(-stderrCharacters)
  }
}
