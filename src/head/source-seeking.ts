import type { Logger } from 'pino'
import type { AudioStream, MediaInfo, VideoStream } from '../media/media-info.ts'
import { readSeeking, type SeekSource } from '../media/read-seeking.ts'
import { type Seeking, type SeekVerdict, unreadSource } from '../media/seeking.ts'
import type { Plan } from '../plan/plan.ts'

/** Finds out whether leases may seek in films, while their sessions already run. */
export interface SourceSeeking {
  /**
   * What is known of a film, at once. It is read from here on until `signal` is aborted, unless that has been done
   * before; `identity` says which film it is (path, size, time).
   */
  of(identity: string, source: SeekSource, stream: VideoStream | AudioStream, signal: AbortSignal): Seeking
}

/** As many films as are remembered. */
const rememberedFilms = 500

export interface SourceSeekingOptions {
  readonly log: Pick<Logger, 'info'>
  /** As {@link readSeeking}. */
  readonly read?: typeof readSeeking
}

export function createSourceSeeking({ log, read = readSeeking }: SourceSeekingOptions): SourceSeeking {
  const known = new Map<string, SeekVerdict>()
  const remember = (key: string, verdict: SeekVerdict) => {
    known.delete(key)
    known.set(key, verdict)
    for (const oldest of [...known.keys()].slice(0, -rememberedFilms)) known.delete(oldest)
  }
  return {
    of(identity, source, stream, signal) {
      const key = `${identity} ${stream.index}`
      const found = known.get(key)
      const seeking = { verdict: found ?? unreadSource }
      if (found) return seeking
      const settle = (verdict: SeekVerdict) => {
        seeking.verdict = verdict
        if (verdict.kind === 'seek') return
        const { why, detail } = verdict
        const reason = `${why}: ${detail}`
        const words = verdict.kind === 'unusable' ? 'a film cannot be made' : 'a stream is made in one piece'
        log.info({ input: source.path, stream: stream.index, reason }, words)
      }
      read(source, stream, { signal }).then(
        (verdict) => {
          remember(key, verdict)
          settle(verdict)
        },
        (error: Error) => {
          if (!signal.aborted) settle({ kind: 'one-piece', why: 'unreadable', detail: error.message })
        },
      )
      return seeking
    },
  }
}

/** The plan with what is known of the film's streams. `seeking` is asked for those that are decoded. */
export function withSeeking(
  plan: Plan,
  info: MediaInfo,
  seeking: (stream: VideoStream | AudioStream) => Seeking,
): Plan {
  const { video, audio } = plan
  const known = (index: number): { seeking?: Seeking } => {
    const stream = info.streams[index]
    return stream?.kind === 'video' || stream?.kind === 'audio' ? { seeking: seeking(stream) } : {}
  }
  const { input } = video.source
  // Copied pictures are read ahead of the session anyway.
  const picture = video.encoder.codec === 'copy' ? {} : known(video.source.stream)
  return {
    ...plan,
    inputs: plan.inputs.map((one, index) => (index === input ? { ...one, ...picture } : one)),
    audio: audio?.source.input === input ? { ...audio, ...known(audio.source.stream) } : audio,
  }
}
