import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'

/**
 * The Node that runs Paceline: this one, unless PACELINE_BENCH_NODE names another (a packed one is started by a
 * script that names its libraries, which process.execPath does not know).
 */
export const nodeProgram = process.env.PACELINE_BENCH_NODE ?? process.execPath

/** Benchmarks run from the repository's root, or from a pack that looks like one. */
export const pacelineProgram = resolve('bin/paceline.js')
export const shimProgram = resolve('native/shim/build/paceline-shim')

/** Beside a certificate bundle in NODE_EXTRA_CA_CERTS each start of Node takes tens of milliseconds longer. */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS: _, ...environment } = process.env
  return environment
}

/** Puts a program on certain processors of this machine. */
export function pinned(processors: readonly number[], command: readonly string[]): [string, ...string[]] {
  return ['taskset', '-c', processors.join(','), ...command]
}

export function start(
  [program, ...args]: readonly [string, ...string[]],
  options: SpawnOptions = {},
): ChildProcess {
  return spawn(program, args, { env: plainEnvironment(), ...options })
}

/** Runs a program to its end and returns what it wrote to stdout; throws with its stderr when it fails. */
export async function output(command: readonly [string, ...string[]]): Promise<string> {
  const child = start(command, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4_000)
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${stderr}`)
  return stdout
}
