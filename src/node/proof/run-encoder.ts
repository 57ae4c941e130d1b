import { constants, setPriority } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EncoderExit, type EncoderProcess, startEncoder } from '../encoder-process.ts'

/** How a process of a proof ended. */
export interface ProofRun {
  /** Null where it came to its end well; else why not. */
  readonly why: string | null
  /** All that it said, as far as it is kept. */
  readonly words: string
  /** It was killed because something more urgent began: nothing is known. */
  readonly gaveWay?: true
}

export interface ProofRunOptions {
  /** See encoderCommand. */
  readonly command: readonly [string, ...string[]]
  readonly args: readonly string[]
  /** It is killed after so long. */
  readonly limitMs: number
  readonly signal: AbortSignal
  /** Something more urgent has begun on this machine; looked at ten times a second. */
  readonly givesWay?: () => boolean
  /** What it writes to its progress, and when by `performance.now()`. */
  readonly onProgress?: (text: string, atMs: number) => void
}

/** A process that has not used the processor for so long does not work: drivers that wait are killed early. */
const stillMs = 3_000
const lookMs = 100

/** Words of ffmpeg that are told, from the end: lines that say why, and not only that. */
const toldLines = 6

/** Of them as many are looked at: what it says of its choices comes early. */
const keptCharacters = 200_000

/** Runs ffmpeg for a proof as for a lease: in a group of its own that dies with the agent, with few variables. */
export async function runForProof(options: ProofRunOptions): Promise<ProofRun> {
  const { command, args, onProgress, signal } = options
  if (signal.aborted) return { why: 'it was given up', words: '' }
  const encoder = startEncoder({
    ...{ command, args, keptCharacters },
    onProgress: (text) => onProgress?.(text, performance.now()),
  })
  if (encoder instanceof Error) return { why: encoder.message, words: '' }
  stepBack(encoder)
  const watch = watchProcess(encoder, options)
  const exit = await encoder.exited
  watch.stop()
  const words = encoder.stderr()
  const why = watch.verdict() ?? reasonOf(exit, words)
  return { why, words, ...(why === gaveWay && { gaveWay: true as const }) }
}

const gaveWay = 'it gave way to something more urgent'

/** Whatever else runs on this machine is more urgent. */
function stepBack({ pid }: EncoderProcess): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch (error) {
    // It may be over by now.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error
  }
}

function watchProcess(
  encoder: EncoderProcess,
  { limitMs, signal, givesWay }: ProofRunOptions,
): { verdict(): string | null; stop(): void } {
  const startedMs = performance.now()
  let verdict: string | null = null
  let seconds: number | undefined
  let movedMs = startedMs
  const end = (why: string): void => {
    verdict ??= why
    encoder.kill()
  }
  const look = (): void => {
    const nowMs = performance.now()
    const usage = encoder.usage()
    if (!usage || usage.cpuSeconds !== seconds || usage.runnable || usage.onDisk) movedMs = nowMs
    seconds = usage?.cpuSeconds
    if (signal.aborted) end('it was given up')
    else if (givesWay?.()) end(gaveWay)
    else if (nowMs - movedMs >= stillMs) end(`it hung: nothing happened for ${stillMs / 1000} s`)
    else if (nowMs - startedMs >= limitMs) end(`it took more than ${limitMs / 1000} s`)
  }
  const timer = setInterval(look, lookMs)
  return { verdict: () => verdict, stop: () => clearInterval(timer) }
}

function reasonOf({ code, signal }: EncoderExit, words: string): string | null {
  if (code === 0) return null
  return lastWords(words) || `ffmpeg ended with ${signal ?? `exit code ${code}`} and said nothing`
}

/** The last lines, without the addresses of FFmpeg's objects, which are others each time. */
export function lastWords(words: string): string {
  const lines = words
    .split('\n')
    .map((line) => line.replace(/ @ 0x[0-9a-f]+\]/g, ']').trim())
    .filter((line) => line !== '')
  return lines.slice(-toldLines).join('\n')
}

/** Reads how many pictures were made, and when, for a speed. */
export interface SpeedWatch {
  readonly onProgress: (text: string, atMs: number) => void
  /** Pictures per second; null where too little was seen. */
  speed(): number | null
  /** Resolves so long after the first pictures came. */
  enough(windowMs: number, signal: AbortSignal): Promise<void>
}

/** Starting takes its time, so what is counted begins with the first report that has pictures. */
export function watchSpeed(): SpeedWatch {
  let first: { frames: number; atMs: number } | undefined
  let last: { frames: number; atMs: number } | undefined
  return {
    onProgress(text, atMs) {
      const frames = Number(/frame=\s*(\d+)(?![\s\S]*frame=)/.exec(text)?.[1] ?? 0)
      if (frames <= 0) return
      first ??= { frames, atMs }
      last = { frames, atMs }
    },
    speed() {
      if (!first || !last || last.atMs - first.atMs < leastWindowMs) return null
      return ((last.frames - first.frames) * 1000) / (last.atMs - first.atMs)
    },
    async enough(windowMs, signal) {
      while (!signal.aborted && (!first || performance.now() - first.atMs < windowMs)) await sleep(20)
    },
  }
}

const leastWindowMs = 250
