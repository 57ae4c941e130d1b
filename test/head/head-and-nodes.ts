import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type CommandResult, projectFolder, runPaceline } from '../fixture/paceline.ts'

const program = join(projectFolder, 'bin', 'paceline.js')

/** A head alone, and nodes that a test starts and kills as it likes. */
export interface LoneHead {
  readonly dataFolder: string
  /** For PACELINE_HEAD. */
  readonly door: string
  readonly shim: string
  readonly pid: number
  log(): string
  run(...args: string[]): Promise<CommandResult>
  /** Starts a node that joins with a token of its own; again under the same name it is the same node. */
  node(name: string, ...prefix: string[]): Promise<LoneNode>
  /** Ends the head in order, and starts it again with the same data folder. */
  startAgain(): Promise<void>
  stop(): Promise<void>
}

export interface LoneNode {
  readonly child: ChildProcess
  kill(): Promise<void>
}

export async function startLoneHead(...args: string[]): Promise<LoneHead> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'paceline-lone-'))
  const place = ['--host', '127.0.0.1', '--data', dataFolder]
  let head = start([process.execPath, program, 'head', '--json', ...place, ...args])
  const untilReady = async (): Promise<string> => {
    const first = await Promise.race([
      once(createInterface({ input: head.child.stdout! }), 'line'),
      head.closed.then(() => null),
    ])
    if (first === null) throw new Error(`the head ended: ${head.log()}`)
    return (JSON.parse(String(first[0])) as { head: string }).head
  }
  const door = await untilReady()
  const nodes: LoneNode[] = []
  const run = (...command: string[]) => runPaceline('--data', dataFolder, ...command)
  return {
    ...{ dataFolder, door, pid: head.child.pid!, log: () => head.log(), run },
    async startAgain() {
      head.child.kill('SIGINT')
      await head.closed
      head = start([process.execPath, program, 'head', '--json', ...place, ...args])
      await untilReady()
    },
    shim: join(projectFolder, 'native', 'shim', 'build', 'paceline-shim'),
    async node(name, ...prefix) {
      const { stdout } = await run('token', '--json', '--name', name, '--address', '127.0.0.1')
      const { token } = JSON.parse(stdout) as { token: string }
      const folder = join(dataFolder, 'nodes', name)
      const where = ['--data', folder, '--join', token, '--name', name]
      const { child, closed } = start([...prefix, process.execPath, program, 'node', '--json', ...where])
      const kill = async () => {
        child.kill('SIGKILL')
        await closed
      }
      const node = { child, kill }
      nodes.push(node)
      return node
    },
    async stop() {
      await Promise.all(nodes.map((node) => node.kill()))
      head.child.kill('SIGINT')
      await head.closed
      await rm(dataFolder, { recursive: true, force: true })
    },
  }
}

function start([command, ...args]: readonly string[]) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  let log = ''
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  return { child, closed: once(child, 'close'), log: () => log }
}
