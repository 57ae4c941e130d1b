import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { writePrivateFile } from '../cluster/private-file.ts'
import { errorTable, PacelineError } from '../errors.ts'
import { type ApiClient, openApiClient } from './api-client.ts'
import { type Daemon, DaemonEndedEarly, startDaemon } from './daemon.ts'
import { headMemoryVariables, headNodeOptions } from './head-memory.ts'
import { untilAborted } from './interrupt.ts'
import { type KeptDaemon, keepDaemon } from './kept-daemon.ts'

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
   * Resolves with what ended for good without having been asked, so that nothing can be made any more: the head, or the
   * last node. What dies is started again, and the log says so; see {@link KeptDaemon}.
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
  let running: readonly Pick<Daemon, 'stop'>[] = daemons
  const stop = async () => {
    const [head, ...nodes] = running
    await Promise.all(nodes.map((node) => node.stop()))
    await head?.stop()
  }
  try {
    tell.say('Starting the head...')
    // By the environment: a URL may hold a password, and the list of processes shows arguments to everybody.
    const nats = options.nats === undefined ? {} : { PACELINE_NATS: options.nats }
    const environment = { ...headMemoryVariables(process.env), ...nats, ...options.environment }
    const headArgs = ['head', '--json', '--data', dataFolder, '--host', options.host, '--ffmpeg', ffmpeg]
    const startHead = () =>
      startDaemon(headArgs, { environment, nodeOptions: headNodeOptions, onLog: tell.log })
    const head = startHead()
    daemons.push(head)
    const line = await readyLine(head, options.readyTimeoutMs ?? readyTimeoutMs, signal)
    if (line === null) {
      await stop()
      return null
    }
    const address = JSON.parse(line) as { head: string; api: string }
    const client = await openApiClient(dataFolder)
    for (let n = 1; n <= options.nodes; n++) {
      daemons.push(startNode(options, n, tell.log, await tokenFor(client, options, n)))
    }
    tell.say(`Starting ${options.nodes} nodes...`)
    await untilJoined(client, options, daemons, signal)
    if (signal.aborted) {
      await stop()
      return null
    }
    await forgetTokens(options)
    const kept = daemons.map((daemon, n) =>
      keepDaemon(daemon, {
        name: n === 0 ? 'the head' : nameOf(n),
        again: n === 0 ? startHead : () => startNode(options, n, tell.log),
        isForGood: (words) => words.some((line) => line.includes(errorTable.E_NODE_REMOVED.what)),
        log: tell.log,
      }),
    )
    running = kept
    const fallen = fallenOf(kept)
    return { ...address, client, fallen, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const nameOf = (n: number): string => `node-${n}`

const folderOf = (dataFolder: string, n: number): string => join(dataFolder, 'nodes', nameOf(n))

const tokenFileIn = (dataFolder: string, n: number): string => join(folderOf(dataFolder, n), 'join-token')

/** Leaves a token in a file, which nobody else reads and no list of processes shows. */
async function tokenFor(client: ApiClient, { dataFolder }: RowOptions, n: number): Promise<string> {
  await mkdir(folderOf(dataFolder, n), { recursive: true, mode: 0o700 })
  const { token } = await client.post<{ token: string }>('/tokens', {
    ...{ name: nameOf(n), address: '127.0.0.1' },
  })
  const tokenFile = tokenFileIn(dataFolder, n)
  await writePrivateFile(tokenFile, `${token}\n`)
  return tokenFile
}

/** A node with a folder of its own; one that has joined needs no token. */
function startNode(
  { dataFolder, ffmpeg }: RowOptions,
  n: number,
  onLog: (line: string) => void,
  tokenFile?: string,
): Daemon {
  const joining = tokenFile === undefined ? [] : ['--join-file', tokenFile]
  const where = ['--data', folderOf(dataFolder, n), ...joining]
  return startDaemon(['node', '--json', '--ffmpeg', ffmpeg, '--map', '/=/', ...where], { onLog })
}

async function forgetTokens({ dataFolder, nodes }: RowOptions): Promise<void> {
  for (let n = 1; n <= nodes; n++) await rm(tokenFileIn(dataFolder, n), { force: true })
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
    throw new PacelineError('E_HEAD_START', complaintOf(error.message), { cause: error })
  } finally {
    settled.abort()
  }
}

/** What it said of why it ended: its last complaint, without the hint below it. */
function complaintOf(words: string): string {
  const lines = words.split('\n')
  const complaint = lines.findLast((line) => line.startsWith(complaintMark))
  return complaint?.slice(complaintMark.length) ?? lines.at(-1) ?? ''
}

/** As {@link complain} begins. */
const complaintMark = 'paceline: '

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

function fallenOf([head, ...nodes]: readonly KeptDaemon[]): Promise<string> {
  const headEnds = head!.ended.then(() => 'the head')
  const noneIsLeft = Promise.all(nodes.map(({ ended }) => ended)).then(() => 'the last node')
  return nodes.length === 0 ? headEnds : Promise.race([headEnds, noneIsLeft])
}
