import { type ChildProcess, spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

/** nats-server as our child: its process, its end, and the last it wrote. */
export interface NatsChild {
  readonly pid: number
  /** Resolves once the process is gone. */
  readonly ended: Promise<{ readonly exitCode: number | null; readonly signal: NodeJS.Signals | null }>
  readonly hasEnded: () => boolean
  /** The last lines it wrote, newest last. */
  readonly lastWords: () => readonly string[]
  readonly signal: (name: NodeJS.Signals) => void
}

const keptLines = 40

/**
 * Starts `program` so that it cannot outlive this process: util-linux's setpriv asks the kernel to kill it when
 * the thread that started it ends (PR_SET_PDEATHSIG; so start it from the main thread). Where there is no setpriv
 * the program is started as it is. Rejects when it cannot be executed.
 */
export async function startNatsChild(
  program: string,
  args: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<NatsChild> {
  const setpriv = await findProgram('setpriv')
  // Looked up here, because setpriv would start and only then complain of a missing program.
  const found = await findProgram(program)
  const command = setpriv && found ? [setpriv, '--pdeathsig', 'KILL', found] : [program]
  const child = spawn(command[0]!, [...command.slice(1), ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  await new Promise((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  return watch(child, onLine)
}

function watch(child: ChildProcess, onLine: (line: string) => void): NatsChild {
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    let unfinished = ''
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const pieces = (unfinished + text).split('\n')
      unfinished = (pieces.pop() ?? '').slice(-2_000)
      const whole = pieces.filter((line) => line.trim() !== '')
      lines.push(...whole)
      lines.splice(0, lines.length - keptLines)
      for (const line of whole) onLine(line)
    })
  }
  let over = false
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (exitCode, signal) => {
      over = true
      resolve({ exitCode, signal })
    })
  })
  return {
    pid: child.pid!,
    ended,
    hasEnded: () => over,
    lastWords: () => lines,
    signal: (name) => child.kill(name),
  }
}

async function findProgram(name: string): Promise<string | undefined> {
  const candidates = name.includes('/')
    ? [name]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, name))
  for (const path of candidates) {
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path
  }
  return undefined
}
