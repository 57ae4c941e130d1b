import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { headMemoryVariables, headNodeOptions } from '../src/cli/head-memory.ts'
import { nodeProgram, output, pacelineProgram, pinned, start } from './programs.ts'

export interface RowOptions {
  /** Processors of the head, its nats-server and the commands given to it; undefined: all. */
  readonly headProcessors?: readonly number[]
  /** One node for each: the processors that it may use; undefined: all. */
  readonly nodes: readonly {
    readonly processors?: readonly number[]
    /** Which ffmpeg it runs, where that is another than the others'. */
    readonly ffmpeg?: string
    /** Beside this process's own variables. */
    readonly environment?: Readonly<Record<string, string>>
  }[]
  /** The nodes read media through the head, as on other machines; otherwise from this one's disk, as `paceline up` has it. */
  readonly remote?: boolean
  /** Which ffmpeg the nodes run. */
  readonly ffmpeg?: string
  /** Options of Node for the head. */
  readonly headNode?: readonly string[]
}

/** A head and nodes as separate processes on this machine, without a process of their own above them. */
export interface BenchRow {
  readonly dataFolder: string
  /** `unix:/path` */
  readonly head: string
  readonly headPid: number
  readonly nodePids: readonly number[]
  /** Runs a command of Paceline against it and returns its stdout. */
  run(...args: string[]): Promise<string>
  /** What head and nodes have said so far. */
  log(): string
  stop(): Promise<void>
}

const readyTimeoutMs = 60_000

/** Starts head and nodes and waits until all have joined. Throws with what they said when one does not come. */
export async function startRow(options: RowOptions): Promise<BenchRow> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'paceline-bench-'))
  const children: ChildProcess[] = []
  let log = ''
  const paceline = (
    processors: readonly number[] | undefined,
    args: readonly string[],
  ): [string, ...string[]] => {
    const own = args[0] === 'head' ? [...headNodeOptions, ...(options.headNode ?? [])] : []
    const command: [string, ...string[]] = [nodeProgram, ...own, pacelineProgram, ...args]
    return processors ? pinned(processors, command) : command
  }
  const daemon = (
    processors: readonly number[] | undefined,
    args: readonly string[],
    own: NodeJS.ProcessEnv = {},
  ): ChildProcess => {
    // Tied: it ends when its stdin does, so also when this process is killed.
    const memory = args[0] === 'head' ? headMemoryVariables(process.env) : {}
    const env = { ...process.env, ...memory, ...own }
    const command = paceline(processors, [...args, '--tied'])
    const child = start(command, { env, stdio: ['pipe', 'pipe', 'pipe'] })
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
    children.push(child)
    return child
  }
  const run = (...args: string[]) => output(paceline(options.headProcessors, [...args, '--data', dataFolder]))
  const stop = async () => {
    for (const child of children.toReversed()) await end(child)
    await rm(dataFolder, { recursive: true, force: true })
  }
  try {
    const head = daemon(options.headProcessors, [
      'head',
      '--json',
      '--data',
      dataFolder,
      '--host',
      '127.0.0.1',
    ])
    const { head: door } = JSON.parse(await firstLine(head, () => log)) as { head: string }
    const usual = options.ffmpeg ?? 'ffmpeg'
    for (const [index, node] of options.nodes.entries()) {
      const { processors, ffmpeg = usual, environment } = node
      const issued = await run('token', '--json', '--name', `node-${index + 1}`, '--address', '127.0.0.1')
      const { token } = JSON.parse(issued) as { token: string }
      const maps = options.remote ? [] : ['--map', '/=/']
      const folder = ['--data', join(dataFolder, `node-${index + 1}`)]
      const args = ['node', '--json', '--ffmpeg', ffmpeg, ...maps, ...folder, '--join', token]
      daemon(processors, args, environment)
    }
    await untilJoined(run, options.nodes.length, () => log)
    const [headPid, ...nodePids] = children.map(({ pid }) => pid!)
    return { dataFolder, head: door, headPid: headPid!, nodePids, run, log: () => log, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function firstLine(child: ChildProcess, log: () => string): Promise<string> {
  const ended = once(child, 'close').then(() => null)
  const line = await Promise.race([once(createInterface({ input: child.stdout! }), 'line'), ended])
  if (line === null) throw new Error(`the head ended: ${log()}`)
  return String(line[0])
}

async function untilJoined(
  run: (...args: string[]) => Promise<string>,
  wanted: number,
  log: () => string,
): Promise<void> {
  const giveUpAt = performance.now() + readyTimeoutMs
  for (;;) {
    const { nodes } = JSON.parse(await run('status', '--json')) as { nodes: readonly unknown[] }
    if (nodes.length === wanted) return
    if (performance.now() > giveUpAt) throw new Error(`${nodes.length} of ${wanted} nodes joined: ${log()}`)
    await sleep(100)
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const closed = once(child, 'close')
  child.stdin!.end()
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await closed
  clearTimeout(timer)
}
