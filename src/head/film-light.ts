import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { VideoStream } from '../media/media-info.ts'
import { type LightSource, readLight } from '../media/read-light.ts'
import type { PictureOperation, Plan } from '../plan/plan.ts'
import type { KnownPeaks } from './known-peaks.ts'

/** Chooses the peak of films whose containers do not say it, and finds it out while their first session runs. */
export interface FilmLight {
  /**
   * What to take, at once. `identity` says which film it is (path, size, time); it is looked at until `signal` is aborted,
   * and is then no longer shown.
   */
  of(identity: string, source: LightSource, stream: VideoStream, signal: AbortSignal): PeakChoice
}

/** Peaks in nits that a session may take; null is that of a film of which nothing is known. */
export interface PeakChoice {
  /** A new session takes the first; one that a head has begun before may have taken any. */
  readonly nits: readonly [number | null, ...(number | null)[]]
  /** A session runs with this one now. */
  take(nits: number | null): void
}

export interface FilmLightOptions {
  readonly known: KnownPeaks
  /** Milliseconds. */
  readonly now: () => number
  readonly log: Pick<Logger, 'info' | 'warn'>
  /** The program. */
  readonly ffmpeg: string
  /** As {@link readLight}. */
  readonly read?: typeof readLight
  /** A film is not looked at sooner: its first pictures need the processor more, and most seeks have been made. */
  readonly afterMs?: number
}

/** Whoever seeks, or comes back after a pause, sees the film as before. */
const sameLookMs = 15 * 60_000

/** As many as are remembered as shown. */
const rememberedFilms = 500

interface Shown {
  readonly nits: number | null
  sessions: number
  lastMs: number
}

export function createFilmLight(options: FilmLightOptions): FilmLight {
  const { known, now, log, ffmpeg, read = readLight, afterMs = 10_000 } = options
  const shown = new Map<string, Shown>()
  const underWay = new Set<string>()
  let last: Promise<unknown> = Promise.resolve()

  const show = (identity: string, nits: number | null, signal: AbortSignal) => {
    const before = shown.get(identity)
    const film = before?.nits === nits ? before : { nits, sessions: 0, lastMs: now() }
    film.sessions += 1
    shown.delete(identity)
    shown.set(identity, film)
    for (const oldest of [...shown.keys()].slice(0, -rememberedFilms)) shown.delete(oldest)
    signal.addEventListener('abort', () => {
      film.sessions -= 1
      film.lastMs = now()
    })
  }
  const look = async (
    identity: string,
    source: LightSource,
    stream: VideoStream,
    signal: AbortSignal,
  ): Promise<void> => {
    await sleep(afterMs, undefined, { signal, ref: false })
    // One film at a time: it is in nobody's way then, and in no hurry.
    const found = last.then(() => (signal.aborted ? null : read(source, stream, { ffmpeg, signal })))
    last = found.catch(() => undefined)
    const light = await found
    if (light === null) return
    await known.learn(identity, light.peakNits)
    log.info({ input: source.path, ...light }, 'how bright a film gets is known for its next sessions')
  }
  return {
    of(identity, source, stream, signal) {
      const film = shown.get(identity)
      const isShown = film !== undefined && (film.sessions > 0 || now() - film.lastMs < sameLookMs)
      const measured = known.of(identity)
      return {
        nits: isShown ? [film.nits, measured, null] : [measured, null],
        take(nits) {
          show(identity, nits, signal)
          if (measured !== null || underWay.has(identity) || signal.aborted) return
          underWay.add(identity)
          look(identity, source, stream, signal)
            .catch((error: unknown) => {
              if (!signal.aborted)
                log.warn({ error, input: source.path }, 'how bright a film gets is not known')
            })
            .finally(() => underWay.delete(identity))
        },
      }
    },
  }
}

/** Whether a plan has to know the peak of its film: one in PQ that does not say it. */
export function wantsPeak({ video }: Plan): boolean {
  return video.operations.some(isOpen)
}

/** The plan with that peak where it has none. */
export function withPeak(plan: Plan, nits: number | null): Plan {
  if (nits === null) return plan
  const operations = plan.video.operations.map((operation) =>
    isOpen(operation) ? { ...operation, peakNits: nits } : operation,
  )
  return { ...plan, video: { ...plan.video, operations } }
}

function isOpen(operation: PictureOperation): boolean {
  return operation.kind === 'tone-map' && operation.transfer === 'pq' && operation.peakNits === undefined
}
