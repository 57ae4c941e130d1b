import { spawn } from 'node:child_process'
import { type ErrorCode, PacelineError } from '../errors.ts'
import { inputBounds } from './input-bounds.ts'

/** Options of every call of ffprobe. */
export interface FfprobeOptions {
  /** The program; `ffprobe` of the PATH by default. */
  readonly ffprobe?: string
  /** FFmpeg's -analyzeduration and -probesize, as the media server wrote them. */
  readonly analyzeDuration?: string
  readonly probeSize?: string
  /** Kills ffprobe; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** Cause of the PacelineError of a failed probe: FFmpeg's own words, which a publisher repeats to the media server. */
export class ProbeFailure extends Error {
  /** FFmpeg's name of the error, e.g. `No such file or directory`. */
  readonly reason: string
  /** What FFmpeg logged before it gave up, e.g. `[mov,mp4,m4a,3gp,3g2,mj2 @ 0x55...] moov atom not found`. */
  readonly log: readonly string[]

  constructor(reason: string, log: readonly string[]) {
    super(reason)
    this.name = 'ProbeFailure'
    this.reason = reason
    this.log = log
  }
}

/** Characters of stderr kept from its beginning and its end: a damaged file may repeat itself for ever in between. */
const keptStderr = 65_536
const keptStderrEnd = 8_192

/**
 * Runs ffprobe on one input and hands over its output line by line; `onLine` ends the run early by returning
 * 'enough'. Returns what was logged. Throws a PacelineError E_PROBE_* whose cause is a {@link ProbeFailure}, or
 * E_PROBE_TOOL when ffprobe cannot be run.
 */
export async function runFfprobe(
  path: string,
  args: readonly string[],
  options: FfprobeOptions,
  onLine: (line: string) => 'more' | 'enough',
): Promise<readonly string[]> {
  options.signal?.throwIfAborted()
  const program = options.ffprobe ?? 'ffprobe'
  const { code, signal, enough, stderr } = await run(
    program,
    argumentsFor(path, args, options),
    options.signal,
    onLine,
  )
  options.signal?.throwIfAborted()
  if (enough || code === 0) return lines(stderr)
  if (code === null)
    throw new PacelineError('E_PROBE_TOOL', program, { cause: new Error(`killed by ${signal}`) })
  throw probeError(path, program, stderr)
}

/** FFmpeg's own words for the errors of the system that are not about what is in the file. */
const reasons: ReadonlyMap<string, ErrorCode> = new Map([
  ['No such file or directory', 'E_PROBE_MISSING'],
  ['Not a directory', 'E_PROBE_MISSING'],
  ['Permission denied', 'E_PROBE_DENIED'],
  ['Operation not permitted', 'E_PROBE_DENIED'],
  ['Input/output error', 'E_PROBE_DENIED'],
  ['I/O error', 'E_PROBE_DENIED'],
  ['Stale file handle', 'E_PROBE_DENIED'],
])

/** ffprobe's last words about an input are `path: reason`; without them it was the call that it did not like. */
function probeError(path: string, program: string, stderr: string): PacelineError {
  const marker = `${path}: `
  const at = stderr.lastIndexOf(marker)
  // What is outside the bounds says nothing of the file: another program may open it.
  if (at < 0 || stderr.includes('not on whitelist')) {
    const log = lines(stderr)
    return new PacelineError('E_PROBE_TOOL', program, {
      cause: new ProbeFailure(log.at(-1) ?? 'no reason given', log),
    })
  }
  const reason = stderr.slice(at + marker.length).trim()
  const cause = new ProbeFailure(reason, lines(stderr.slice(0, at)))
  return new PacelineError(reasons.get(reason) ?? 'E_PROBE_INVALID', path, { cause })
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '')
}

function argumentsFor(path: string, args: readonly string[], options: FfprobeOptions): string[] {
  return [
    '-v',
    'error',
    ...(options.analyzeDuration === undefined ? [] : ['-analyzeduration', options.analyzeDuration]),
    ...(options.probeSize === undefined ? [] : ['-probesize', options.probeSize]),
    ...args,
    ...inputBounds(path),
    '-i',
    path,
  ]
}

interface Outcome {
  readonly code: number | null
  readonly signal: string | null
  readonly enough: boolean
  readonly stderr: string
}

function run(
  program: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
  onLine: (line: string) => 'more' | 'enough',
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    // Without a terminal's colours; everything else of the environment may matter to the tool (library paths).
    const environment = { ...process.env, AV_LOG_FORCE_NOCOLOR: '1' }
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: environment })
    let rest = ''
    let stderr = ''
    let enough = false
    const stop = () => child.kill('SIGKILL')
    const take = (line: string) => {
      if (enough || onLine(line) === 'more') return
      enough = true
      stop()
    }
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const whole = (rest + chunk).split('\n')
      rest = whole.pop() ?? ''
      for (const line of whole) take(line)
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk
      if (stderr.length > keptStderr + 2 * keptStderrEnd) {
        stderr = `${stderr.slice(0, keptStderr)}\n${stderr.slice(-keptStderrEnd)}`
      }
    })
    signal?.addEventListener('abort', stop, { once: true })
    child.on('error', (cause) => reject(new PacelineError('E_PROBE_TOOL', program, { cause })))
    child.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', stop)
      if (rest !== '') take(rest)
      resolve({ code, signal: killedBy, enough, stderr })
    })
  })
}
