import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A daemon of Paceline as a child of this process; it ends by itself when this process is gone. */
export interface Daemon {
  readonly child: ChildProcess
  /** Its first line on stdout; rejects when it ends before with what it wrote to stderr. */
  readonly firstLine: Promise<string>
  /** Resolves with the exit code when it is gone. */
  readonly ended: Promise<number | null>
  /** The last lines that it wrote to stderr, newest last. */
  lastWords(): readonly string[]
  /** Asks it to end, and insists after ten seconds. */
  stop(): Promise<void>
}

const stopTimeoutMs = 10_000

export interface DaemonOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[]
  readonly onLog: (line: string) => void
}

/** Starts `paceline <args> --tied`. `onLog` gets its lines on stderr. */
export function startDaemon(args: readonly string[], options: DaemonOptions): Daemon {
  const main = process.argv[1]!
  const child = spawn(process.execPath, [...(options.nodeOptions ?? []), main, ...args, '--tied'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.environment },
    // Ctrl-C in a terminal goes to the whole group: a daemon is stopped in order, by us.
    detached: true,
  })
  const words: string[] = []
  createInterface({ input: child.stderr! }).on('line', (line) => {
    words.push(line)
    if (words.length > 20) words.shift()
    options.onLog(line)
  })
  const ended = once(child, 'close').then(([code]) => code as number | null)
  const lines = createInterface({ input: child.stdout! })
  const firstLine = Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    ended.then(() => Promise.reject(new DaemonEndedEarly(words))),
  ])
  // Whoever wants the line awaits it; a daemon that ends later must not be an unhandled rejection.
  firstLine.catch(() => {})
  return { child, firstLine, ended, lastWords: () => words, stop: () => stop(child, ended) }
}

/** What a daemon said before it ended without becoming ready. */
export class DaemonEndedEarly extends Error {
  constructor(words: readonly string[]) {
    super(words.join('\n') || 'a daemon ended without a word')
    this.name = 'DaemonEndedEarly'
  }
}

async function stop(child: ChildProcess, ended: Promise<number | null>): Promise<void> {
  child.stdin!.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
  await ended
  clearTimeout(timer)
}
