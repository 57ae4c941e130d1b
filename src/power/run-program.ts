import { spawn } from 'node:child_process'
import { PacelineError } from '../errors.ts'

const mostOutputBytes = 64 * 1_024
/** From SIGTERM to SIGKILL. */
const graceMs = 1_000

export interface ProgramEnd {
  /** Null when a signal ended it. */
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs a program to its end, without a shell. When the signal is aborted the program's whole process group is ended,
 * so that nothing it started goes on switching power. Output beyond 64 KiB is dropped.
 *
 * @throws PacelineError E_POWER_CANNOT when it cannot be started; the signal's reason when that is aborted
 */
export async function runProgram(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  signal.throwIfAborted()
  const [program = '', ...args] = command
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let grace: NodeJS.Timeout | undefined
  const stop = () => {
    killGroup(child.pid, 'SIGTERM')
    grace = setTimeout(() => killGroup(child.pid, 'SIGKILL'), graceMs)
  }
  signal.addEventListener('abort', stop, { once: true })
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', (error) =>
        reject(new PacelineError('E_POWER_CANNOT', `${program}: ${error.message}`)),
      )
      child.once('close', resolve)
    })
    signal.throwIfAborted()
    return { exitCode, stdout: stdout(), stderr: stderr() }
  } finally {
    signal.removeEventListener('abort', stop)
    clearTimeout(grace)
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const pieces: Buffer[] = []
  let bytes = 0
  stream.on('data', (piece: Buffer) => {
    if (bytes < mostOutputBytes) pieces.push(piece.subarray(0, mostOutputBytes - bytes))
    bytes += piece.length
  })
  return () => Buffer.concat(pieces).toString('utf8')
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch (error) {
    // ESRCH: it has ended meanwhile, which is all that is wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
