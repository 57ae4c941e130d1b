import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Installation } from './install.ts'

/** The least that makes a shim ask the head. */
export const askingArgs = ['-progressurl', 'http://127.0.0.1:1/progress'] as const

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: Buffer
  /** Milliseconds from the start of the shim to its end. */
  readonly elapsedMs: number
}

export interface Launched {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

export interface LaunchOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdio?: StdioOptions
  readonly stdin?: Uint8Array
  /** The input is not at its end until the test ends it. */
  readonly keepInput?: true
  /** Another user's number: needs root. */
  readonly uid?: number
  readonly gid?: number
}

/** Starts the installed shim; without `stdin` its input is at its end from the beginning. */
export function launch(place: Installation, options: LaunchOptions = {}): Launched {
  return watch(
    spawn(place.shim, [...(options.args ?? askingArgs)], {
      cwd: options.cwd ?? place.folder,
      env: { ...headEnv(place), ...options.env },
      stdio: options.stdio ?? 'pipe',
      detached: true,
      ...(options.uid !== undefined && { uid: options.uid }),
      ...(options.gid !== undefined && { gid: options.gid }),
    }),
    options.keepInput ? 'kept' : options.stdin,
  )
}

/**
 * Starts the installed shim with arguments and environment that are bytes, which Node cannot pass itself: a
 * shell reads them from a script. `wrap` gives the command line around the shim, e.g. to make pipes.
 */
export async function launchBytes(
  place: Installation,
  args: readonly (Buffer | string)[],
  env: readonly (Buffer | string)[] = [],
  wrap: (command: Buffer) => Buffer = (command) => Buffer.concat([Buffer.from('exec '), command]),
): Promise<Launched> {
  const entries = [...Object.entries(headEnv(place)).map(([name, value]) => `${name}=${value}`), ...env]
  const words = ['env', '-i', ...entries, place.shim, ...args].map(quote)
  const command = Buffer.concat(words.flatMap((word) => [word, Buffer.from(' ')]))
  const script = join(place.folder, 'launch.sh')
  await writeFile(script, Buffer.concat([wrap(command), Buffer.from('\n')]))
  return watch(spawn('/bin/sh', [script], { cwd: place.folder, stdio: 'pipe', detached: true }))
}

export const headEnv = (place: Installation): Record<string, string> => ({
  PACELINE_HEAD: `unix:${place.socket}`,
  TMPDIR: place.folder,
})

function quote(word: Buffer | string): Buffer {
  const bytes = Buffer.from(word).toString('latin1').replaceAll("'", "'\\''")
  return Buffer.from(`'${bytes}'`, 'latin1')
}

function watch(child: ChildProcess, stdin?: Uint8Array | 'kept'): Launched {
  const started = performance.now()
  onTestFinished(() => endGroup(child))
  // A shim that ends early leaves its input unread: that is for the test to judge, not an error of the test.
  child.stdin?.on('error', () => undefined)
  if (stdin !== 'kept') child.stdin?.end(stdin)
  const stdout = collect(child.stdout)
  const stderr = collect(child.stderr)
  const ended = new Promise<Ended>((resolve, reject) => {
    let elapsedMs = 0
    child.once('error', reject)
    child.once('exit', () => {
      elapsedMs = performance.now() - started
    })
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr), elapsedMs }),
    )
  })
  return { child, ended: ended.then(withoutFindings) }
}

/** Also what a failed test left running: each launch has a process group of its own. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function collect(stream: NodeJS.ReadableStream | null): Buffer[] {
  const chunks: Buffer[] = []
  stream?.on('data', (chunk: Buffer) => chunks.push(chunk))
  return chunks
}

/** A sanitizer writes what it found to stderr; that fails any test. */
function withoutFindings(ended: Ended): Ended {
  const text = ended.stderr.toString('latin1')
  if (/Sanitizer|runtime error:/.test(text)) throw new Error(text)
  return ended
}
