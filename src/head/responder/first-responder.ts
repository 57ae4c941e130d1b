import type { Logger } from 'pino'
import type { Fleet } from '../fleet.ts'
import { type FfmpegFitness, fitnessOf } from './fit-ffmpeg.ts'
import { type HeadPlace, type ResponderIdentity, tellResponder } from './responder-identity.ts'

/**
 * `auto`: it bridges until nodes come that are expected, and makes tone maps that the server's own transcoder does badly.
 * `always`: it takes jobs though no node is expected.
 */
export type ResponderMode = 'auto' | 'always' | 'off'

/** An agent as a child process; whoever starts the head knows how. */
export interface ResponderProcess {
  readonly pid: number | undefined
  /** Resolves with its exit code when it is gone. */
  readonly ended: Promise<number | null>
  stop(): Promise<void>
}

export type StartResponder = (folder: string, ffmpeg: string) => ResponderProcess

/** `off`: there is none. `failed`: it ended by itself a moment ago, and is not tried again yet. */
export type ResponderState = 'off' | 'resting' | 'starting' | 'ready' | 'failed'

/**
 * The head's own machine as a node for the time in which no other can work: a child process that runs while it is needed
 * and for some minutes after, since an agent costs tens of megabytes.
 */
export interface FirstResponder {
  state(): ResponderState
  /** Whether it can make a job that came while no node can work. */
  takes(job: { readonly hasToneMap: boolean }): Promise<boolean>
  /** Somebody needs it now: it is started, and stays for a while. */
  call(): void
  /** It will be there in a moment. */
  isComing(): boolean
  close(): Promise<void>
}

export interface FirstResponderOptions {
  readonly mode: ResponderMode
  /** Null where it is off. */
  readonly identity: ResponderIdentity | null
  /** Resolves when nodes can reach the head: it may be called before, by one that starts while all nodes sleep. */
  readonly place: () => Promise<HeadPlace>
  readonly ffmpeg: string
  readonly start: StartResponder
  readonly fleet: Pick<Fleet, 'node'>
  /** Whether nodes are known that were there not long ago, or may come since the head has just started. */
  readonly expectsNodes: () => boolean
  /** It may be removed as any node. */
  readonly isKnown: (id: string) => boolean
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
  readonly fitness?: (ffmpeg: string) => Promise<FfmpegFitness>
  readonly keepMs?: number
}

/** A viewer who seeks or goes on to the next film within minutes finds it there. */
const usualKeepMs = 5 * 60_000
/** It comes in about a second; on a busy machine it takes longer, and a viewer who waits longer is better off otherwise. */
const comingMs = 15_000
/** One that ends by itself will do so again. */
const restMs = 30_000
const lookEveryMs = 1_000

/** Nothing runs before somebody calls. */
export function createFirstResponder(options: FirstResponderOptions): FirstResponder {
  const { mode, identity, fleet, now, log, keepMs = usualKeepMs, fitness = fitnessOf } = options
  let running: { readonly startedMs: number; readonly process: Promise<ResponderProcess> } | null = null
  let neededMs = Number.NEGATIVE_INFINITY
  let failedMs = Number.NEGATIVE_INFINITY
  let stopping: Promise<void> = Promise.resolve()
  let isClosed = false
  let asked: { readonly atMs: number; readonly found: Promise<FfmpegFitness>; isUnfit: boolean } | undefined

  const isOff = () => isClosed || mode === 'off' || !identity || !options.isKnown(identity.id)
  const present = () => (identity ? fleet.node(identity.id) : undefined)

  const look = setInterval(() => {
    if ((present()?.beat.leases.length ?? 0) > 0) neededMs = now()
    if (running && now() - neededMs > keepMs) void stop('nobody has needed it for a while')
  }, lookEveryMs)
  look.unref()

  const stop = (why: string): Promise<void> => {
    const leaving = running
    if (!leaving) return stopping
    running = null
    log.info({ why }, 'the first responder goes')
    stopping = leaving.process.then((child) => child.stop()).catch(noticed)
    return stopping
  }
  const noticed = (error: unknown): void => log.warn({ error }, 'the first responder could not be stopped')

  const begin = async (): Promise<ResponderProcess> => {
    await stopping
    await tellResponder(identity!, await options.place())
    return options.start(identity!.folder, options.ffmpeg)
  }
  const begun = (process: Promise<ResponderProcess>): void => {
    const own = { startedMs: now(), process }
    running = own
    log.info('the first responder comes: no node can work now')
    void process
      .then((child) => child.ended)
      .catch((error: unknown) => String(error))
      .then((how) => {
        if (running !== own) return
        running = null
        failedMs = now()
        log.warn({ code: 'E_FIRST_RESPONDER', exitCode: how }, 'the first responder ended by itself')
      })
  }
  /** What is fit stays so; a busy machine may have been too slow to tell, or somebody installs an ffmpeg. */
  const fitnessNow = async (): Promise<FfmpegFitness> => {
    if (!asked || (asked.isUnfit && now() - asked.atMs >= restMs)) {
      asked = { atMs: now(), found: fitness(options.ffmpeg), isUnfit: false }
    }
    const own = asked
    const found = await own.found
    own.isUnfit = !found.works
    return found
  }
  const isResting = () => now() - failedMs < restMs
  return {
    state() {
      if (isOff()) return 'off'
      if (present()) return 'ready'
      if (running) return 'starting'
      return isResting() ? 'failed' : 'resting'
    },
    async takes({ hasToneMap }) {
      if (isOff() || isResting()) return false
      const { works, mapsTones } = await fitnessNow()
      if (!works) return false
      return mode === 'always' || options.expectsNodes() || (hasToneMap && mapsTones)
    },
    call() {
      if (isOff() || isResting()) return
      neededMs = now()
      if (!running) begun(begin())
    },
    isComing: () => !isOff() && running !== null && !present() && now() - running.startedMs < comingMs,
    async close() {
      isClosed = true
      clearInterval(look)
      await stop('the head ends')
    },
  }
}
