import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { connectNode, type NodeLink } from '../cluster/connect-node.ts'
import { createLogRing } from '../cluster/log-ring.ts'
import type { NodeCredentials } from '../cluster/messages.ts'
import { PacelineError } from '../errors.ts'
import type { PowerModel } from '../power/meters/model.ts'
import { startAgent } from './agent.ts'
import type { ProvedCapabilities } from './capability-desk.ts'
import { confined } from './confinement.ts'
import { connectPatiently } from './connect-patiently.ts'
import type { ControlConnection } from './control.ts'
import { encoderCommand } from './encoder-command.ts'
import { watchHealth } from './health/watch-health.ts'
import { joinedCredentials } from './join.ts'
import { createLog, type Log } from './log.ts'
import type { PathRule } from './path-map.ts'
import { provePlatforms } from './platform-proof.ts'
import { createProofBook } from './proof/proof-book.ts'
import { noProofs, openProofStore, usualProofFolder } from './proof/proof-store.ts'
import { findWatts } from './watts/find-watts.ts'

export interface NodeOptions {
  /** A join token as the head printed it; not needed by a node that has joined. */
  readonly token?: string
  /** Where the node keeps its credentials. */
  readonly folder: string
  /** What it would like to be called; the machine's name unless told. */
  readonly name?: string
  /** A path, or a name to be found in PATH. */
  readonly ffmpeg?: string
  /** Folders of the head's that are here too. */
  readonly maps?: readonly PathRule[]
  /** What it has proved of its chips; it proves by itself unless this is given. */
  readonly capabilities?: ProvedCapabilities
  /** Powers this machine off or suspends it when the head asks; see PowerDeskOptions. */
  readonly powerProgram?: string
  /** What this machine draws, where it has no sensor. */
  readonly powerModel?: PowerModel | undefined
  /** Log lines on stderr as JSON instead of text. */
  readonly json?: boolean
  /** Ends the node at once. */
  readonly signal: AbortSignal
  /** Ends it when what it has in hand is made, within five seconds. */
  readonly leave?: AbortSignal
}

/** For the head's dashboard and `paceline logs`; what is older is in the journal. */
const keptLines = 300

/** With what comes after it, a node that is told to go is gone within five seconds. */
const leavePatienceMs = 4_500

/**
 * Runs a node until the signal is aborted. A head that is not there yet is waited for. Throws what
 * {@link joinedCredentials} throws, E_FFMPEG_MISSING, E_FFMPEG_UNFIT, and E_NODE_REMOVED when the head sends the node
 * away.
 */
export async function runNode(options: NodeOptions): Promise<void> {
  const { signal, ffmpeg = 'ffmpeg' } = options
  // A node that does not work yet has nothing to hand over.
  const goneEarly = options.leave ? AbortSignal.any([signal, options.leave]) : signal
  const recentLog = createLogRing(keptLines)
  const log = createLog({
    json: options.json ?? false,
    write: (line) => process.stderr.write(line),
    keep: recentLog.add,
  })
  // A node that can do nothing shall not appear in the head's list.
  const command = await encoderCommand(ffmpeg)
  const platforms = await provePlatforms(ffmpeg)
  if (platforms.length === 0) throw new PacelineError('E_FFMPEG_UNFIT', ffmpeg)
  const version = ownVersion()
  const credentials = await joinedCredentials({
    ...{ folder: options.folder, token: options.token, version, log, signal: goneEarly },
    name: options.name ?? hostname(),
  })
  if (credentials === undefined) return
  const connection = await connectPatiently(() => connect(credentials, log), log, goneEarly)
  if (connection === undefined) return
  const { link, control } = connection
  const { id, head: headUrl, certificate, identity, name } = credentials
  let isBusy = () => false
  const folder = usualProofFolder()
  const book =
    options.capabilities || folder === noProofs
      ? undefined
      : createProofBook({ command, log, store: openProofStore(folder), isBusy: () => isBusy() })
  const capabilities = options.capabilities ?? book
  const agent = await startAgent({
    control,
    headUrl,
    certificate,
    identity,
    id,
    name,
    version,
    ffmpeg,
    platforms,
    prove: () => provePlatforms(ffmpeg),
    ...(capabilities && { capabilities }),
    recentLog,
    health: watchHealth(),
    confinement: confined,
    powerProgram: options.powerProgram,
    cacheFolder: join(options.folder, 'blocks'),
    filesFolder: join(options.folder, 'files'),
    meter: await findWatts({ model: options.powerModel, log }),
    log,
    maps: options.maps ?? [],
  }).catch(async (error: unknown) => {
    // An open connection would keep the process alive.
    await link.close()
    throw error
  })
  isBusy = agent.isBusy
  book?.start()
  log.info('node is ready', { name, id, platforms, head: headUrl })
  const stopped = Symbol('stopped')
  const reason = await Promise.race([
    link.closed,
    aborted(signal).then(() => stopped),
    aborted(options.leave).then(async () => {
      log.info('leaving: the work in hand is finished or handed over')
      await agent.leave(leavePatienceMs, signal)
      return stopped
    }),
  ])
  await Promise.all([agent.close(), book?.close()])
  if (reason !== stopped) throw new PacelineError('E_NODE_REMOVED', headUrl, { cause: reason })
}

async function connect(
  credentials: NodeCredentials,
  log: Log,
): Promise<{ link: NodeLink; control: ControlConnection }> {
  const listeners = { down: [] as (() => void)[], up: [] as (() => void)[] }
  const link = await connectNode(credentials, {
    onDown: () => {
      log.warn('the connection to the head is lost')
      for (const listener of listeners.down) listener()
    },
    onUp: () => {
      log.info('the connection to the head is back')
      for (const listener of listeners.up) listener()
    },
    onError: (error) => log.error('the connection to the head', { error }),
    onRefused: ({ code, message }) => log.error('the head has no work for this node', { code, message }),
  })
  const control: ControlConnection = {
    ...link,
    onDisconnect: (listener) => listeners.down.push(listener),
    onReconnect: (listener) => listeners.up.push(listener),
  }
  return { link, control }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return new Promise(() => {})
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** package.json lies two folders up from src/node as well as from dist/node. */
function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
