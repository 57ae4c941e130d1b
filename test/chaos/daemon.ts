import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A head or a node of the build under test, as a process of its own. */
export interface Daemon {
  readonly pid: number
  /** Its log so far, a line each. */
  readonly lines: readonly string[]
  hasEnded(): boolean
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>
  /** Resolves with the first line of stdout or stderr that matches; rejects when it ends before. */
  says(pattern: RegExp): Promise<string>
  /** Ctrl-C, and the end. */
  stop(): Promise<void>
}

export interface DaemonOptions {
  /** What stands before the command line: a way into a namespace. */
  readonly before: readonly string[]
  /** The file that Node.js runs. */
  readonly program: string
  readonly args: readonly string[]
  /** Folder for temporary files: see processesOf. */
  readonly temporary: string
}

/** One that does not end when asked to is killed then, and the kill is an error of `stop`. */
const stopTimeoutMs = 15_000

export function startDaemon({ before, program, args, temporary }: DaemonOptions): Daemon {
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env
  const [first = '', ...words] = [...before, process.execPath, program, ...args]
  const child = spawn(first, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, TMPDIR: temporary },
    // Faults go to processes that are named, never to a group that we are in.
    detached: true,
  })
  const lines: string[] = []
  const listeners = new Set<(line: string) => void>()
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line)
      for (const listener of listeners) listener(line)
    })
  }
  let over = false
  const ended = once(child, 'close').then(([code, signal]) => {
    over = true
    return (signal ?? code) as number | NodeJS.Signals
  })
  return {
    pid: child.pid!,
    lines,
    ended,
    hasEnded: () => over || child.exitCode !== null || child.signalCode !== null,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const listener = (line: string): void => {
          if (!pattern.test(line)) return
          listeners.delete(listener)
          resolve(line)
        }
        listeners.add(listener)
        for (const line of lines) listener(line)
        void ended.then((end) => reject(new Error(`it ended (${end}): ${lines.slice(-5).join('\n')}`)))
      }),
    async stop() {
      if (!over) child.kill('SIGINT')
      let wasKilled = false
      const timer = setTimeout(() => {
        wasKilled = true
        child.kill('SIGKILL')
      }, stopTimeoutMs)
      await ended
      clearTimeout(timer)
      if (wasKilled) throw new Error(`it did not end when asked to: ${lines.slice(-5).join('\n')}`)
    },
  }
}
