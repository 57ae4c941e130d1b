import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** What proves a file, as fileEdges has it; a text says why there is none. */
export type Proof = { readonly size: number; readonly edges: string } | { readonly none: string }

/**
 * Looks into files on disks that may not answer. The agent itself never touches them: a thread that waits for a mount
 * that hangs cannot be ended, a process can.
 */
export interface PathProver {
  /** Resolves within the limit, whatever the disk does. */
  prove(path: string): Promise<Proof>
  /** Resolves when no process is left, or one does not end within a second: the kernel holds it until its disk answers. */
  close(): Promise<void>
}

export interface PathProverOptions {
  /** What a process is started through, so that it does not outlive the agent; see encoderCommand. */
  readonly bound: readonly string[]
  readonly limitMs: number
}

/** Its last argument tells people, who look at the list of processes, what a shell is for. */
export const provingShell = ['/bin/sh', '-s', 'paceline-proving'] as const

/** Forking blocks the agent for some milliseconds: not while a lease is being set up. */
const refillAfterMs = 500

const endsWithinMs = 1_000

/** One shell, of a few hundred kilobytes, has been forked before and waits; each looks into one file. */
export function createPathProver({ bound, limitMs }: PathProverOptions): PathProver {
  const running = new Set<ChildProcess>()
  let waiting: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const fork = (): ChildProcess => {
    const [program = '/bin/sh', ...args] = [...bound, ...provingShell]
    const child = spawn(program, args, {
      ...{ detached: true, cwd: '/', stdio: ['pipe', 'pipe', 'ignore'] },
      env: { PATH: process.env.PATH },
    })
    running.add(child)
    child.once('exit', () => running.delete(child))
    // One that was never there has no pid, and one that is gone is seen by its end.
    child.on('error', () => running.delete(child))
    child.stdin?.on('error', () => undefined)
    child.unref()
    return child
  }
  const refill = (): void => {
    if (!closed) waiting ??= fork()
  }
  refill()
  return {
    async prove(path) {
      const isThere = waiting !== undefined && waiting.exitCode === null && waiting.signalCode === null
      const child = isThere ? waiting! : fork()
      waiting = undefined
      clearTimeout(timer)
      timer = setTimeout(refill, refillAfterMs).unref()
      const late = new Promise<Proof>((resolve) => {
        setTimeout(() => resolve({ none: 'the disk did not answer' }), limitMs).unref()
      })
      const proof = await Promise.race([read(child, path), late])
      kill(child)
      return proof
    },
    async close() {
      closed = true
      clearTimeout(timer)
      const ends = [...running].map((child) => once(child, 'exit'))
      for (const child of running) kill(child)
      const late = new Promise((resolve) => setTimeout(resolve, endsWithinMs).unref())
      await Promise.race([Promise.all(ends), late])
    },
  }
}

/** Size, then SHA-256 of the first and the last 64 KiB, with tools that every system has (coreutils or busybox). */
async function read(child: ChildProcess, path: string): Promise<Proof> {
  const file = `'${path.replaceAll("'", "'\\''")}'`
  const edges = `{ head -c 65536 ${file}; tail -c 65536 ${file}; } | sha256sum`
  child.stdin?.end(`[ -f ${file} ] || exit 3\nstat -L -c %s ${file} && ${edges}\n`)
  let text = ''
  for await (const chunk of child.stdout?.setEncoding('utf8') ?? []) text += chunk
  const [, size, digest] = /^(\d+)\n([0-9a-f]{64})/.exec(text) ?? []
  if (size === undefined || digest === undefined) return { none: 'it is not here, or may not be read' }
  return { size: Number(size), edges: digest }
}

/** With everything that it has started. */
function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    // It ended by itself a moment ago.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
