import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { cpuSecondsOf, type GroupUsage, groupUsage } from './process-usage.ts'

export interface EncoderExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A running ffmpeg with everything it may have started. */
export interface EncoderProcess {
  readonly pid: number
  /** SIGKILL to the whole process group. */
  kill(): void
  /** User and system CPU seconds as last seen; `undefined` where the system does not tell. */
  cpuSeconds(): number | undefined
  /** What it does with all it may have started; `undefined` when it is gone, or the system does not tell. */
  usage(): GroupUsage | undefined
  /** The last characters it wrote to stderr. */
  stderr(): string
  /** Resolves when it is gone and its pipes are read to their end. */
  readonly exited: Promise<EncoderExit>
}

export interface EncoderOptions {
  /** The program and what comes before ffmpeg's own arguments; see {@link encoderCommand}. */
  readonly command: readonly [string, ...string[]]
  readonly args: readonly string[]
  /** What ffmpeg writes to `{progress}` ({@link progressAddress}), as it comes. */
  onProgress(text: string): void
  /** Characters of its words that are kept, from the end; the usual number unless said. */
  readonly keptCharacters?: number
}

/** What `{progress}` in the arguments stands for: a pipe of its own, so that stdout stays free for media. */
export const progressAddress = 'pipe:3'

const stderrCharacters = 2_000

/**
 * Variables that ffmpeg, its drivers and its font search may need. No others: a proxy setting would take
 * ffmpeg's loopback requests out of the machine.
 */
const keptVariables =
  /^(PATH|HOME|LANG|TMPDIR|LD_LIBRARY_PATH|XDG_RUNTIME_DIR|XDG_CACHE_HOME|FONTCONFIG_.*|CUDA_.*|NVIDIA_.*|LIBVA_.*)$/

/**
 * Starts ffmpeg in a process group of its own, with stdin closed and few variables. Returns the error when the
 * program could not be started.
 */
export function startEncoder(options: EncoderOptions): EncoderProcess | Error {
  const [program, ...first] = options.command
  const child = spawn(program, [...first, ...options.args], {
    detached: true,
    cwd: '/',
    env: encoderEnvironment(process.env),
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  })
  // The error event says what `pid` says already, and must have a listener.
  let failure = new Error(`${program} could not be started`)
  child.once('error', (error) => {
    failure = error
  })
  const { pid } = child
  if (pid === undefined) return failure
  return watchEncoder(child, pid, options)
}

/** The variables of `from` that an encoder gets. */
export function encoderEnvironment(from: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(from).filter(([name]) => keptVariables.test(name)))
}

/** Follows a process that is ffmpeg, or is about to become it: its words, its progress, its end. */
export function watchEncoder(child: ChildProcess, pid: number, options: EncoderOptions): EncoderProcess {
  const { keptCharacters = stderrCharacters } = options
  let stderr = ''
  readText(child.stderr, (text) => {
    stderr = (stderr + text).slice(-keptCharacters)
  })
  let cpuSeconds: number | undefined
  let reaped = false
  const measure = () => {
    if (!reaped) cpuSeconds = cpuSecondsOf(pid) ?? cpuSeconds
  }
  readText(child.stdio[3] as Readable, (text) => {
    // The last report comes just before the process ends, and after it there is nobody left to measure.
    measure()
    options.onProgress(text)
  })
  child.once('exit', () => {
    reaped = true
  })
  return {
    pid,
    kill: () => {
      measure()
      // Once reaped, the number may be another process's.
      if (!reaped) killGroup(pid)
    },
    cpuSeconds: () => {
      measure()
      return cpuSeconds
    },
    usage: () => (reaped ? undefined : groupUsage(pid)),
    stderr: () => stderr,
    exited: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
  }
}

function readText(stream: Readable | null, onText: (text: string) => void): void {
  stream?.setEncoding('utf8').on('data', onText)
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself a moment ago, and its exit event is still to come.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
