import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writePrivateFile } from '../cluster/private-file.ts'
import { PacelineError } from '../errors.ts'
import { type ApiClient, openApiClient } from './api-client.ts'
import { type Daemon, DaemonEndedEarly, startDaemon } from './daemon.ts'
import { untilAborted } from './interrupt.ts'

export interface RowOptions {
  readonly dataFolder: string
  readonly nodes: number
  readonly host: string
  readonly ffmpeg: string
  readonly nats: string | undefined
  /** More for the head's environment. */
  readonly environment?: Readonly<Record<string, string>>
  /** For the head, and again for the nodes; 30 s unless told. */
  readonly readyTimeoutMs?: number
}

/** A head and its nodes on this machine. */
export interface Row {
  /** `unix:/path` */
  readonly head: string
  readonly api: string
  readonly client: ApiClient
  /**
   * Resolves with what ended without having been asked, so that nothing can be made any more: the head, or the last
   * node. As long as there is another node the row goes on, and the log says who is missing.
   */
  readonly fallen: Promise<string>
  stop(): Promise<void>
}

const readyTimeoutMs = 30_000

/** Starts head and nodes and waits until all are ready. Null when the signal came before; nothing is left then. */
export async function startRow(
  options: RowOptions,
  tell: { say: (text: string) => void; log: (line: string) => void },
  signal: AbortSignal,
): Promise<Row | null> {
  const { dataFolder, ffmpeg } = options
  const daemons: Daemon[] = []
  let isStopping = false
  const stop = async () => {
    isStopping = true
    await Promise.all(daemons.slice(1).map((daemon) => daemon.stop()))
    await daemons[0]?.stop()
  }
  try {
    tell.say('Starting the head...')
    // By the environment: a URL may hold a password, and the list of processes shows arguments to everybody.
    const nats = options.nats === undefined ? {} : { PACELINE_NATS: options.nats }
    const environment = { ...nats, ...options.environment }
    const headArgs = ['head', '--json', '--data', dataFolder, '--host', options.host, '--ffmpeg', ffmpeg]
    const head = startDaemon(headArgs, { environment, onLog: tell.log })
    daemons.push(head)
    const line = await readyLine(head, options.readyTimeoutMs ?? readyTimeoutMs, signal)
    if (line === null) {
      await stop()
      return null
    }
    const address = JSON.parse(line) as { head: string; api: string }
    const client = await openApiClient(dataFolder)
    for (let n = 1; n <= options.nodes; n++) {
      daemons.push(await startNode(client, options, `node-${n}`, tell.log))
    }
    tell.say(`Starting ${options.nodes} nodes...`)
    await untilJoined(client, options, daemons, signal)
    if (signal.aborted) {
      await stop()
      return null
    }
    await forgetTokens(options)
    const fallen = fallenOf(daemons, (name) => {
      if (!isStopping) tell.log(`${name} ended by itself`)
    })
    return { ...address, client, fallen, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A node with a folder of its own. Its token comes in a file, which nobody else reads and no list of processes shows. */
async function startNode(
  client: ApiClient,
  { dataFolder, ffmpeg }: RowOptions,
  name: string,
  onLog: (line: string) => void,
): Promise<Daemon> {
  const folder = join(dataFolder, 'nodes', name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { token } = await client.post<{ token: string }>('/tokens', { name, address: '127.0.0.1' })
  const tokenFile = tokenFileIn(dataFolder, name)
  await writePrivateFile(tokenFile, `${token}\n`)
  const where = ['--data', folder, '--join-file', tokenFile]
  return startDaemon(['node', '--json', '--ffmpeg', ffmpeg, '--map', '/=/', ...where], { onLog })
}

const tokenFileIn = (dataFolder: string, name: string): string =>
  join(dataFolder, 'nodes', name, 'join-token')

async function forgetTokens({ dataFolder, nodes }: RowOptions): Promise<void> {
  for (let n = 1; n <= nodes; n++) await rm(tokenFileIn(dataFolder, `node-${n}`), { force: true })
}

/** Null when the signal came first. */
async function readyLine(head: Daemon, timeoutMs: number, signal: AbortSignal): Promise<string | null> {
  const settled = new AbortController()
  const tooLate = async () => {
    await sleep(timeoutMs, undefined, { signal: settled.signal })
    throw new PacelineError('E_HEAD_START', `it was not ready within ${timeoutMs / 1000} s`)
  }
  const late = tooLate()
  // When it is called off nobody waits for it any more.
  late.catch(() => {})
  try {
    return await Promise.race([head.firstLine, late, untilAborted(signal).then(() => null)])
  } catch (error) {
    if (!(error instanceof DaemonEndedEarly)) throw error
    throw new PacelineError('E_HEAD_START', error.message.split('\n').at(-1) ?? '', { cause: error })
  } finally {
    settled.abort()
  }
}

async function untilJoined(
  client: ApiClient,
  { nodes: wanted, readyTimeoutMs: timeoutMs = readyTimeoutMs }: RowOptions,
  daemons: readonly Daemon[],
  signal: AbortSignal,
): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  while (!signal.aborted) {
    const { nodes } = await client.get<{ nodes: readonly { firstResponder?: true }[] }>('/status')
    const joined = nodes.filter(({ firstResponder }) => !firstResponder).length
    if (joined >= wanted) return
    const ended = daemons.some(({ child }) => child.exitCode !== null)
    if (ended || performance.now() > giveUpAt) {
      throw new PacelineError('E_NO_NODES', `${joined} of ${wanted} nodes joined`, {
        hint: 'What they said stands above; paceline doctor checks this machine.',
      })
    }
    await sleep(50)
  }
}

function fallenOf([head, ...nodes]: readonly Daemon[], onNodeEnded: (name: string) => void): Promise<string> {
  const ends = nodes.map(({ ended }, index) => ended.then(() => onNodeEnded(`node-${index + 1}`)))
  const noneIsLeft = Promise.all(ends).then(() => 'the last node')
  const headEnds = head!.ended.then(() => 'the head')
  return nodes.length === 0 ? headEnds : Promise.race([headEnds, noneIsLeft])
}
