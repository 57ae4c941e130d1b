import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { PacelineError } from '../errors.ts'
import { brightestNits, measuredPeak } from './brightness.ts'
import { type FfprobeOptions, runFfprobe } from './ffprobe.ts'
import { saidPeak } from './ffprobe-output.ts'
import { inputBounds } from './input-bounds.ts'
import type { MediaInfo, VideoStream } from './media-info.ts'

/** A film whose light may be looked at. */
export interface LightSource {
  /** A path or an address that FFmpeg takes. */
  readonly path: string
  readonly info: Pick<MediaInfo, 'durationSeconds'>
}

export interface LightReading extends FfprobeOptions {
  /** The program; `ffmpeg` of the PATH by default. */
  readonly ffmpeg?: string
  /** Places of a film that are looked at, one key frame each; 24 unless told. */
  readonly places?: number
  /** How often as long as it worked it rests, so that whoever watches has the processor; 4 unless told. */
  readonly restPerWork?: number
}

/** What a film's peak is by, and the peak in nits; null where neither its stream says it nor anything could be seen. */
export type FilmLight = { readonly by: 'stream' | 'pictures'; readonly peakNits: number } | null

/** Pixels of a row that are looked at: what is brighter in one of the film's alone does not count. */
const columns = 480

/** One that hangs is given up. */
const placeLimitMs = 20_000

/**
 * How bright a film in PQ gets whose container does not say it: what the first picture's own messages say (MaxCLL, the
 * display it was graded on), else what is brightest in 24 key frames spread over the film. Works on one thread at the
 * lowest priority, a fifth of the time. Throws as probeMedia does, and E_FFMPEG_MISSING; rejects with the signal's reason
 * when aborted.
 */
export async function readLight(
  source: LightSource,
  stream: Pick<VideoStream, 'index'>,
  options: LightReading = {},
): Promise<FilmLight> {
  const { places = 24, restPerWork = 4 } = options
  const said = await saidByStream(source.path, stream, options)
  if (said !== null) return { by: 'stream', peakNits: said }
  const found: number[] = []
  for (let place = 0; place < places; place += 1) {
    const startedMs = performance.now()
    const atSeconds = ((place + 0.5) / places) * (source.info.durationSeconds ?? 0)
    const frame = await frameAt(source.path, stream, atSeconds, options)
    if (frame !== null) found.push(brightestNits(frame))
    if (source.info.durationSeconds === null) break
    const restMs = restPerWork * (performance.now() - startedMs)
    await sleep(restMs, undefined, { ...(options.signal && { signal: options.signal }) })
  }
  const peakNits = measuredPeak(found)
  return peakNits === null ? null : { by: 'pictures', peakNits }
}

async function saidByStream(
  path: string,
  { index }: Pick<VideoStream, 'index'>,
  options: LightReading,
): Promise<number | null> {
  const lines: string[] = []
  const one = ['-read_intervals', '%+#1', '-select_streams', String(index), '-show_frames']
  await runFfprobe(path, [...one, '-of', 'json'], options, (line) => {
    lines.push(line)
    return 'more'
  })
  return saidPeak(JSON.parse(lines.join('\n')))
}

/** Three planes of 10 bits; null for a place where there is no picture that can be decoded. */
async function frameAt(
  path: string,
  { index }: Pick<VideoStream, 'index'>,
  atSeconds: number,
  { ffmpeg = 'ffmpeg', signal }: LightReading,
): Promise<Uint16Array | null> {
  const look = `scale=${columns}:-2:flags=area:in_color_matrix=bt2020,format=gbrp10le`
  const args = [
    ...['-v', 'error', '-nostdin', '-threads', '1', '-skip_frame', 'nokey', ...inputBounds(path)],
    ...[
      '-ss',
      atSeconds.toFixed(3),
      '-i',
      path,
      '-map',
      `0:${index}`,
      '-frames:v',
      '1',
      '-filter_threads',
      '1',
    ],
    ...['-vf', look, '-f', 'rawvideo', 'pipe:1'],
  ]
  signal?.throwIfAborted()
  const limit = AbortSignal.timeout(placeLimitMs)
  const bytes = await output(ffmpeg, args, signal ? AbortSignal.any([signal, limit]) : limit)
  signal?.throwIfAborted()
  if (bytes.length < 6) return null
  const copy = Buffer.from(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  return new Uint16Array(copy.buffer, 0, Math.floor(bytes.length / 2))
}

/** Whoever watches comes first. */
function yieldToAll(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch (error) {
    // It has come to its end already.
    if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error
  }
}

/** What a program prints, at the lowest priority; nothing when it fails or is aborted. */
function output(program: string, args: readonly string[], signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    yieldToAll(child.pid)
    const pieces: Buffer[] = []
    const stop = () => child.kill('SIGKILL')
    signal.addEventListener('abort', stop, { once: true })
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece))
    child.on('error', (cause) => reject(new PacelineError('E_FFMPEG_MISSING', program, { cause })))
    child.on('close', () => {
      signal.removeEventListener('abort', stop)
      resolve(Buffer.concat(pieces))
    })
  })
}
