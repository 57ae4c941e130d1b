import { readFileSync } from 'node:fs'
import { connectNode, type NodeLink } from '../cluster/connect-node.ts'
import { decodeJoinToken } from '../cluster/join-token.ts'
import type { JoinToken } from '../cluster/messages.ts'
import { PacelineError } from '../errors.ts'
import { startAgent } from './agent.ts'
import type { ControlConnection } from './control.ts'
import { encoderCommand } from './encoder-command.ts'
import { createLog, type Log } from './log.ts'
import type { PathRule } from './path-map.ts'
import { provePlatforms } from './platform-proof.ts'
import { backoffMs, waited } from './retry.ts'

export interface NodeOptions {
  /** A join token as the head printed it. */
  readonly token: string
  /** Instead of the name that the token carries. */
  readonly name?: string
  /** A path, or a name to be found in PATH. */
  readonly ffmpeg?: string
  /** Folders of the head's that are here too. */
  readonly maps?: readonly PathRule[]
  /** Log lines on stderr as JSON instead of text. */
  readonly json?: boolean
  /** Ends the node. */
  readonly signal: AbortSignal
}

/**
 * Runs a node until the signal is aborted. A head that is not there yet is waited for. Throws E_TOKEN_INVALID,
 * E_FFMPEG_MISSING, E_FFMPEG_UNFIT, and E_NODE_REMOVED when the head sends the node away.
 */
export async function runNode(options: NodeOptions): Promise<void> {
  const { signal, ffmpeg = 'ffmpeg' } = options
  const log = createLog({ json: options.json ?? false, write: (line) => process.stderr.write(line) })
  const token = decodeJoinToken(options.token)
  // A node that can do nothing shall not appear in the head's list.
  await encoderCommand(ffmpeg)
  const platforms = await provePlatforms(ffmpeg)
  if (platforms.length === 0) throw new PacelineError('E_FFMPEG_UNFIT', ffmpeg)
  const connection = await connectPatiently(token, log, signal)
  if (connection === undefined) return
  const { link, control } = connection
  const { id, head: headUrl, certificate } = token
  const name = options.name ?? token.name
  const agent = await startAgent({
    control,
    headUrl,
    certificate,
    id,
    name,
    version: ownVersion(),
    ffmpeg,
    platforms,
    log,
    maps: options.maps ?? [],
  }).catch(async (error: unknown) => {
    // An open connection would keep the process alive.
    await link.close()
    throw error
  })
  log.info('node is ready', { name, id, platforms, head: headUrl })
  const stopped = Symbol('stopped')
  const reason = await Promise.race([link.closed, aborted(signal).then(() => stopped)])
  await agent.close()
  if (reason !== stopped) throw new PacelineError('E_NODE_REMOVED', headUrl, { cause: reason })
}

async function connectPatiently(token: JoinToken, log: Log, signal: AbortSignal) {
  for (let retry = 0; !signal.aborted; retry += 1) {
    try {
      return await connect(token, log)
    } catch (error) {
      if (!(error instanceof PacelineError)) throw error
      log.warn('the head is not there yet', { error, hint: error.hint })
      await waited(backoffMs(retry, 250, 5_000), signal)
    }
  }
  return undefined
}

async function connect(token: JoinToken, log: Log): Promise<{ link: NodeLink; control: ControlConnection }> {
  const listeners = { down: [] as (() => void)[], up: [] as (() => void)[] }
  const link = await connectNode(token, {
    onDown: () => {
      log.warn('the connection to the head is lost')
      for (const listener of listeners.down) listener()
    },
    onUp: () => {
      log.info('the connection to the head is back')
      for (const listener of listeners.up) listener()
    },
    onError: (error) => log.error('the connection to the head', { error }),
  })
  const control: ControlConnection = {
    ...link,
    onDisconnect: (listener) => listeners.down.push(listener),
    onReconnect: (listener) => listeners.up.push(listener),
  }
  return { link, control }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** package.json lies two folders up from src/node as well as from dist/node. */
function ownVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}
