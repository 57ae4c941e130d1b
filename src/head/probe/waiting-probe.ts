import { extname } from 'node:path'
import type { FfprobeOptions } from '../../media/ffprobe.ts'
import type { MediaInfo } from '../../media/media-info.ts'
import { probeMedia } from '../../media/probe.ts'
import { type ByteSource, openByteSource } from './byte-source.ts'
import type { ProbeAddress, ProbeDesk } from './probe-desk.ts'

/** As {@link probeMedia}, but quicker: half of what an ffprobe takes is loading its libraries. */
export interface WaitingProbe {
  /**
   * With a `source` its bytes are read instead of the file at the path, which need not be one of this machine's. The
   * source is left open.
   */
  probe(path: string, options?: FfprobeOptions & { readonly source?: ByteSource }): Promise<MediaInfo>
  /** Ends the ffprobe that waits. */
  close(): Promise<void>
}

/**
 * Containers that FFmpeg knows by what is in them, so that an address without a name gives the same. The others are
 * probed by their path.
 */
const knownByContent = new Set(['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.ts', '.m2ts'])

/** Starting the next one takes processor time, which a viewer's first picture needs more. */
const refillAfterMs = 2_000

interface Waiting {
  readonly limits: string
  readonly address: ProbeAddress
  readonly abort: AbortController
  readonly result: Promise<MediaInfo>
}

/**
 * Keeps an ffprobe that has been started before and waits for its file, which it reads through the desk. It has the
 * probe size and duration of the last job, for servers write the same ones each time. Whatever goes wrong with it is
 * asked again the plain way, so that errors are FFmpeg's own words about the path.
 */
export function createWaitingProbe(desk: ProbeDesk, ffprobe?: string): WaitingProbe {
  const program = ffprobe === undefined ? {} : { ffprobe }
  let waiting: Waiting | null = null
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const start = (options: FfprobeOptions): Waiting => {
    const { signal: _, ...limits } = options
    const address = desk.reserve()
    const abort = new AbortController()
    const result = probeMedia(address.url, { ...limits, ...program, signal: abort.signal })
    // Also nobody's: it may fail before a file comes.
    result.catch(() => undefined)
    return { limits: limitsOf(options), address, abort, result }
  }
  const end = (probe: Waiting): void => {
    probe.address.close()
    probe.abort.abort(new Error('not needed any more'))
  }
  const refill = (options: FfprobeOptions): void => {
    clearTimeout(timer)
    if (closed) return
    timer = setTimeout(() => {
      waiting ??= start(options)
    }, refillAfterMs).unref()
  }
  const take = (path: string, options: FfprobeOptions): Waiting | null => {
    if (waiting === null || !knownByContent.has(extname(path).toLowerCase())) return null
    const taken = waiting
    waiting = null
    if (taken.limits === limitsOf(options)) return taken
    end(taken)
    return null
  }
  waiting = start({})

  return {
    async probe(path, { source, ...options } = {}) {
      const plainly = () =>
        source === undefined
          ? probeMedia(path, { ...options, ...program })
          : probeAtDesk(desk, source, { ...options, ...program })
      const taken = take(path, options)
      try {
        const found = taken && (await probeThrough(taken, source ?? path, options.signal))
        return found ?? (await plainly())
      } finally {
        if (taken) end(taken)
        if (waiting === null) refill(options)
      }
    },
    async close() {
      closed = true
      clearTimeout(timer)
      const last = waiting
      waiting = null
      if (last === null) return
      end(last)
      await last.result.catch(() => undefined)
    },
  }
}

/** Null when it did not work. Rejects with the signal's reason when aborted. */
async function probeThrough(
  { address, abort, result }: Waiting,
  wanted: string | ByteSource,
  signal: AbortSignal | undefined,
): Promise<MediaInfo | null> {
  const source =
    typeof wanted === 'string' ? await openByteSource(wanted).catch((): ByteSource | null => null) : wanted
  if (source === null) return null
  const stop = () => abort.abort(signal?.reason)
  signal?.addEventListener('abort', stop, { once: true })
  try {
    if (signal?.aborted) stop()
    address.serve(source)
    return await result
  } catch {
    signal?.throwIfAborted()
    return null
  } finally {
    signal?.removeEventListener('abort', stop)
    address.close()
    if (typeof wanted === 'string') await source.close()
  }
}

/** An ffprobe of its own, for bytes that are nowhere else to be had. */
async function probeAtDesk(desk: ProbeDesk, source: ByteSource, options: FfprobeOptions): Promise<MediaInfo> {
  const address = desk.reserve()
  address.serve(source)
  try {
    return await probeMedia(address.url, options)
  } finally {
    address.close()
  }
}

function limitsOf({ analyzeDuration = '', probeSize = '' }: FfprobeOptions): string {
  return `${analyzeDuration} ${probeSize}`
}
