import { edgesOf } from '../cluster/file-edges.ts'
import { PacelineError } from '../errors.ts'
import type { FfprobeOptions } from '../media/ffprobe.ts'
import type { AudioStream, MediaInfo, VideoStream } from '../media/media-info.ts'
import { createProbeCache, fileIdentity, type ProbeRequest } from '../media/probe-cache.ts'
import type { Seeking } from '../media/seeking.ts'
import type { InputView } from './files/input-view.ts'
import { createPieceCache } from './files/piece-cache.ts'
import type { FilmLight, PeakChoice } from './film-light.ts'
import type { ByteSource } from './probe/byte-source.ts'
import type { ProbeDesk } from './probe/probe-desk.ts'
import type { WaitingProbe } from './probe/waiting-probe.ts'
import type { SessionInput } from './session/lease-carrier.ts'
import type { SourceSeeking } from './source-seeking.ts'

/** A file that a session reads: what is in it, and how leases open it. */
export interface OpenedInput {
  readonly info: MediaInfo
  readonly input: SessionInput
  /** Where ffprobe can read it, until it is closed. */
  readonly address: () => string
  /** Whether leases may seek in it, as far as is known; it is read from now on, until it is closed. */
  readonly seeking: (stream: VideoStream | AudioStream) => Seeking
  /** The peak to take for a film that does not say it. */
  readonly light: (stream: VideoStream) => PeakChoice
  close(): Promise<void>
}

/** The media files that sessions read. */
export interface InputLibrary {
  /**
   * Looks into a file, unless it has been already. The view is closed with what is returned, or when that fails.
   * Throws PacelineError: E_PROBE_MISSING, E_PROBE_DENIED, E_PROBE_INVALID, E_PROBE_TOOL.
   */
  open(path: string, view: InputView, request?: ProbeRequest): Promise<OpenedInput>
}

/** A view while it is probed, and whether the probe is over its own bytes and nobody else's. */
interface JobView extends InputView {
  /** As the user knows it. */
  readonly filePath: string
  readonly source: ByteSource
  hasProbed: boolean
}

/** As many as the probe cache remembers. */
const rememberedFiles = 500

const cachedBytes = 32 * 1024 * 1024

/**
 * A library that remembers its last files by identity (path, size and modification time), so that one that changed is
 * read anew, and one that did not costs nothing.
 */
export function createInputLibrary(
  desk: ProbeDesk,
  waiting: Pick<WaitingProbe, 'probe'>,
  seeks: SourceSeeking,
  lights: FilmLight,
): InputLibrary {
  const views = new Map<string, JobView>()
  const cache = createProbeCache({
    probe(key, options) {
      const view = views.get(key)!
      view.hasProbed = true
      // The head's own is probed by its path: FFmpeg's own words about it are then the right ones.
      if (view.path !== null) return waiting.probe(view.path, options)
      return probeOver(waiting, view.filePath, view.source, options)
    },
    async state(key) {
      const view = views.get(key)
      // Nothing is remembered then; what was found is good for whoever waits for it.
      if (!view) throw new Error('another job has taken the path over, and left')
      return view.state
    },
  })
  const pieces = createPieceCache(cachedBytes)
  const known = new Map<string, string>()

  const edgesFor = async (identity: string, source: ByteSource): Promise<string> => {
    const edges = known.get(identity) ?? (await edgesOf(source.size, source.read))
    known.delete(identity)
    known.set(identity, edges)
    for (const oldest of [...known.keys()].slice(0, -rememberedFiles)) known.delete(oldest)
    return edges
  }
  return {
    async open(path, view, request = {}) {
      const key = keyOf(view, path)
      const identity = fileIdentity(view.state, key)
      const bytes = view.path === null ? pieces.over(view.bytes, identity) : view.bytes
      const source = { size: Number(view.state.size), read: bytes.read, close: () => Promise.resolve() }
      const mine: JobView = { ...view, filePath: path, source, hasProbed: false }
      const addresses: { close(): void }[] = []
      const look = async (): Promise<MediaInfo> => {
        views.set(key, mine)
        try {
          return await cache.probe(key, { ...request, state: view.state })
        } catch (error) {
          // What another job's shim could not read, this one's may.
          if (view.path === null && !mine.hasProbed && !request.signal?.aborted) return look()
          throw error
        }
      }
      const closing = new AbortController()
      const close = async () => {
        closing.abort()
        if (views.get(key) === mine) views.delete(key)
        for (const address of addresses.splice(0)) address.close()
        await view.close()
      }
      const address = () => {
        if (view.path !== null) return view.path
        const reserved = desk.reserve()
        reserved.serve(source)
        addresses.push(reserved)
        return reserved.url
      }
      try {
        const reading = edgesFor(identity, source)
        reading.catch(() => undefined)
        const info = await look()
        const input = { path, size: source.size, identity, edges: await reading, bytes }
        const seeking = (stream: VideoStream | AudioStream) =>
          seeks.of(identity, { path: address(), info, read: source.read }, stream, closing.signal)
        const light = (stream: VideoStream) =>
          lights.of(identity, { path: address(), info }, stream, closing.signal)
        return { info, input, address, seeking, light, close }
      } catch (error) {
        await close()
        throw named(error, path)
      }
    },
  }
}

/**
 * A source that could not be read says nothing of what is in the file, whatever ffprobe makes of the rest: its own
 * error is thrown then.
 */
async function probeOver(
  waiting: Pick<WaitingProbe, 'probe'>,
  path: string,
  source: ByteSource,
  options: FfprobeOptions,
): Promise<MediaInfo> {
  const failures: unknown[] = []
  const read = async (position: number, length: number) => {
    try {
      return await source.read(position, length)
    } catch (error) {
      failures.push(error)
      throw error
    }
  }
  try {
    const info = await waiting.probe(path, { ...options, source: { ...source, read } })
    if (failures.length === 0) return info
  } catch (error) {
    if (failures.length === 0) throw error
  }
  throw failures[0]
}

/** What one user has told of a file is remembered for that user alone. */
const keyOf = ({ teller }: InputView, path: string): string =>
  teller === null ? path : `user ${teller}: ${path}`

/** ffprobe may have been given another address; the user knows the path. */
function named(error: unknown, path: string): unknown {
  if (!(error instanceof PacelineError) || error.code === 'E_PROBE_TOOL' || error.where.startsWith(path))
    return error
  return new PacelineError(error.code, path, { cause: error.cause })
}
