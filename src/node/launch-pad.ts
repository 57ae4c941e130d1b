import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  type EncoderOptions,
  type EncoderProcess,
  encoderEnvironment,
  startEncoder,
  watchEncoder,
} from './encoder-process.ts'

/**
 * Starts encoders in about a millisecond. Forking an agent of 60 MB takes five to ten (its page tables are copied),
 * so shells that are a few hundred kilobytes large have been forked before and wait to become ffmpeg.
 */
export interface LaunchPad {
  /** As {@link startEncoder}; when no shell waits, it is that. */
  start(options: EncoderOptions): EncoderProcess | Error
  /** Resolves when no shell waits any more. Encoders go on. */
  close(): Promise<void>
}

/** Its last argument tells people, who look at the list of processes, what a shell waits for. */
export const waitingShell = ['/bin/sh', '-s', 'paceline-waiting'] as const

/** One for the picture and one for the sound of a session. */
const waitingShells = 2

/** Forking blocks the agent: not while a lease is being set up. */
const refillAfterMs = 300

export function createLaunchPad(command: EncoderOptions['command']): LaunchPad {
  const waiting: ChildProcess[] = []
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const refill = (): void => {
    while (waiting.length < waitingShells) {
      const shell = forkShell(command)
      if (shell === null) return
      shell.once('exit', () => remove(waiting, shell))
      waiting.push(shell)
    }
  }
  refill()
  return {
    start(options) {
      const shell = waiting.shift()
      clearTimeout(timer)
      if (!closed) timer = setTimeout(refill, refillAfterMs).unref()
      return shell === undefined ? startEncoder(options) : launch(shell, options)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      const ends = waiting.splice(0).map((shell) => {
        const end = once(shell, 'exit')
        shell.kill('SIGKILL')
        return end
      })
      await Promise.all(ends)
    },
  }
}

/** Null when the system lets nobody fork; then the next encoder is started without. */
function forkShell(command: EncoderOptions['command']): ChildProcess | null {
  // The last word of the command is ffmpeg; what stands before it binds its life to the agent's.
  const [program = '/bin/sh', ...words] = [...command.slice(0, -1), ...waitingShell]
  const child = spawn(program, words, {
    detached: true,
    cwd: '/',
    env: encoderEnvironment(process.env),
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  })
  // A shell that was never there has no pid, one that is gone is seen by its exit: the errors say nothing more.
  child.on('error', () => undefined)
  child.stdin?.on('error', () => undefined)
  return child.pid === undefined ? null : child
}

/** The shell reads what to become from its stdin: no file that a killed agent would leave behind. */
function launch(shell: ChildProcess, options: EncoderOptions): EncoderProcess {
  const words = [options.command.at(-1)!, ...options.args].map(quoted).join(' ')
  shell.stdin!.end(`exec ${words} </dev/null\n`)
  return watchEncoder(shell, shell.pid!, options)
}

/** One word of a POSIX shell, whatever is in it. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}

function remove(waiting: ChildProcess[], shell: ChildProcess): void {
  const at = waiting.indexOf(shell)
  if (at >= 0) waiting.splice(at, 1)
}
