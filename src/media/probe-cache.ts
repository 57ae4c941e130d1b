import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { FfprobeOptions } from './ffprobe.ts'
import type { MediaInfo } from './media-info.ts'
import { probeMedia } from './probe.ts'

/** What tells one state of a file from another; `fs.stat` with bigint gives it. */
export interface FileState {
  /** Bytes. */
  readonly size: bigint
  readonly mtimeNs: bigint
}

/**
 * Same identity, same bytes: SHA-256 (hex) of path, size and modification time. Serves as the identity of a lease's
 * input.
 */
export function fileIdentity(state: FileState, path: string): string {
  // The path comes last, so that nothing in it can be taken for a number.
  return createHash('sha256').update(`${state.size}\n${state.mtimeNs}\n${path}`).digest('hex')
}

export interface ProbeRequest extends Pick<FfprobeOptions, 'analyzeDuration' | 'probeSize' | 'signal'> {
  /** The file as the caller has just seen it, so that it is not looked at twice. */
  readonly state?: FileState
}

export interface ProbeCache {
  /** As probeMedia; the signal ends only this caller's waiting unless nobody else waits for the same probe. */
  readonly probe: (path: string, request?: ProbeRequest) => Promise<MediaInfo>
}

export interface ProbeCacheOptions {
  readonly probe?: (path: string, options: FfprobeOptions) => Promise<MediaInfo>
  readonly state?: (path: string) => Promise<FileState>
  /** Files to remember; the one asked for longest ago goes first. */
  readonly limit?: number
}

interface Flight {
  readonly result: Promise<MediaInfo>
  readonly abort: AbortController
  waiters: number
}

/**
 * Remembers what is in files as long as their size and modification time stay, and probes each only once at a time.
 * Failures are not remembered. What cannot be looked at (a missing file, an address) is probed every time, so that
 * the reason is FFmpeg's.
 */
export function createProbeCache(options: ProbeCacheOptions = {}): ProbeCache {
  const probe = options.probe ?? probeMedia
  const stateOf = options.state ?? ((path: string) => stat(path, { bigint: true }))
  const limit = options.limit ?? 500
  const known = new Map<string, MediaInfo>()
  const flights = new Map<string, Flight>()

  const remember = (key: string, info: MediaInfo) => {
    known.delete(key)
    known.set(key, info)
    const oldest = known.keys().next()
    if (known.size > limit && oldest.done === false) known.delete(oldest.value)
  }

  const takeOff = (key: string, path: string, request: ProbeRequest): Flight => {
    const abort = new AbortController()
    const settle = async () => {
      try {
        const info = await probe(path, { ...request, signal: abort.signal })
        // A file that was written to meanwhile has another identity by now: that result is nobody's.
        if ((await keyOf(path, request, stateOf)) === key) remember(key, info)
        return info
      } finally {
        if (flights.get(key)?.abort === abort) flights.delete(key)
      }
    }
    const flight = { result: settle(), abort, waiters: 0 }
    flights.set(key, flight)
    return flight
  }

  return {
    probe: async (path, { state, ...request } = {}) => {
      request.signal?.throwIfAborted()
      const key = state === undefined ? await keyOf(path, request, stateOf) : keyIn(path, request, state)
      if (key === null) return probe(path, request)
      const info = known.get(key)
      if (info !== undefined) {
        remember(key, info)
        return info
      }
      const flight = flights.get(key) ?? takeOff(key, path, request)
      flight.waiters += 1
      try {
        return await untilAborted(flight.result, request.signal)
      } finally {
        flight.waiters -= 1
        if (flight.waiters === 0) {
          flight.abort.abort()
          // Whoever comes next must not board a flight that is being ended.
          if (flights.get(key) === flight) flights.delete(key)
        }
      }
    },
  }
}

/** The probe options count as well: with a smaller probe size FFmpeg may see less. Null: there is no such file. */
async function keyOf(
  path: string,
  request: ProbeRequest,
  stateOf: (path: string) => Promise<FileState>,
): Promise<string | null> {
  const state = await stateOf(path).catch(() => null)
  return state === null ? null : keyIn(path, request, state)
}

function keyIn(path: string, request: ProbeRequest, state: FileState): string {
  return `${fileIdentity(state, path)} ${request.analyzeDuration ?? ''} ${request.probeSize ?? ''}`
}

function untilAborted<T>(result: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return result
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason)
    if (signal.aborted) give()
    signal.addEventListener('abort', give, { once: true })
    const done = () => signal.removeEventListener('abort', give)
    result.then(resolve, reject).finally(done)
  })
}
