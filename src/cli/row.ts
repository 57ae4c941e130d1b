import { setTimeout as sleep } from 'node:timers/promises'
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
    const environment = options.nats === undefined ? {} : { PACELINE_NATS: options.nats }
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
      const { token } = await client.post<{ token: string }>('/tokens', {
        name: `node-${n}`,
        address: '127.0.0.1',
      })
      const nodeArgs = ['node', '--json', '--ffmpeg', ffmpeg, '--map', '/=/']
      daemons.push(startDaemon(nodeArgs, { environment: { PACELINE_TOKEN: token }, onLog: tell.log }))
    }
    tell.say(`Starting ${options.nodes} nodes...`)
    await untilJoined(client, options, daemons, signal)
    if (signal.aborted) {
      await stop()
      return null
    }
    const fallen = fallenOf(daemons, (name) => {
      if (!isStopping) tell.log(`${name} ended by itself`)
    })
    return { ...address, client, fallen, stop }
  } catch (error) {
    await stop()
    throw error
  }
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
    const { nodes } = await client.get<{ nodes: readonly { name: string }[] }>('/status')
    if (nodes.length >= wanted) return
    const ended = daemons.some(({ child }) => child.exitCode !== null)
    if (ended || performance.now() > giveUpAt) {
      throw new PacelineError('E_NO_NODES', `${nodes.length} of ${wanted} nodes joined`, {
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
