import type { IncomingMessage } from 'node:http'
import { decodeJoinToken } from '../cluster/join-token.ts'
import {
  contractVersion,
  type JoinReply,
  type JoinRequest,
  type JoinToken,
  joinPath,
  type NodeCredentials,
} from '../cluster/messages.ts'
import {
  type KeptNode,
  keepNode,
  makeNodeKeys,
  type NodeKeys,
  readKeptNode,
} from '../cluster/node-credentials.ts'
import { type ErrorCode, errorTable, PacelineError } from '../errors.ts'
import { createHeadClient } from './head-client.ts'
import type { Log } from './log.ts'
import { backoffMs, waited } from './retry.ts'

export interface JoinOptions {
  /** Where the node keeps its credentials. */
  readonly folder: string
  /** A join token as the head printed it; not needed by a node that has joined. */
  readonly token: string | undefined
  readonly name: string
  readonly version: string
  readonly log: Log
  readonly signal: AbortSignal
}

/**
 * The node's credentials: those that it has, or those that it gets for its token. The token by which it once joined is
 * left alone, so that it may stand in the command that starts the node for ever; another one makes it join anew, and a
 * node that is refused then stays what it was. A head that does not answer is waited for; undefined when the signal came
 * first. Throws, where it has joined nothing before, E_NOT_JOINED, E_TOKEN_…, E_HEAD_CHANGED, E_NODE_KEY,
 * E_NODE_TOO_OLD, E_NODE_TOO_NEW.
 */
export async function joinedCredentials(options: JoinOptions): Promise<NodeCredentials | undefined> {
  const { folder, log } = options
  const kept = await readKeptNode(folder)
  const token = options.token === undefined ? undefined : decodeJoinToken(options.token)
  if (kept?.joined && (token === undefined || kept.token === token.id)) return credentialsOf(kept)
  if (token === undefined) throw new PacelineError('E_NOT_JOINED', folder)
  // The keys first, so that a node that dies on the way can say that it was itself who used the token.
  const before = [kept, kept?.pending].find((one) => one?.token === token.id)
  const begun = { token: token.id, keys: before?.keys ?? makeNodeKeys() }
  await keepNode(folder, kept?.joined ? { ...kept, pending: begun } : { ...begun, joined: null })
  const joined = await joinPatiently(begun.keys, token, options).catch((error: unknown) => {
    if (!kept?.joined || !(error instanceof PacelineError)) throw error
    const { head, name } = kept.joined
    log.warn('the new token is refused: the node stays what it was', { error, hint: error.hint, head, name })
    return 'refused' as const
  })
  if (joined === undefined) return undefined
  if (joined === 'refused') return credentialsOf(kept!)
  await keepNode(folder, { ...begun, joined })
  log.info('joined the head', { head: joined.head, name: joined.name, id: joined.id })
  return credentialsOf({ ...begun, joined })
}

function credentialsOf({ keys, joined }: KeptNode): NodeCredentials {
  return { ...joined!, seed: keys.seed, identity: keys.identity }
}

async function joinPatiently(keys: NodeKeys, token: JoinToken, options: JoinOptions) {
  const { log, signal } = options
  for (let retry = 0; !signal.aborted; retry += 1) {
    try {
      return await join(keys, token, options)
    } catch (error) {
      if (!(error instanceof PacelineError) || error.code !== 'E_HEAD_UNREACHABLE') throw error
      if (retry === 0) log.warn('the head is not there yet', { error, hint: error.hint })
      await waited(backoffMs(retry, 250, 5_000), signal)
    }
  }
  return undefined
}

async function join(
  keys: NodeKeys,
  { head, fingerprint, id, secret }: JoinToken,
  { name, version, signal }: JoinOptions,
): Promise<NonNullable<KeptNode['joined']>> {
  const wanted: JoinRequest = {
    ...{ token: id, secret, publicKey: keys.publicKey, name, version },
    contract: contractVersion,
  }
  const body = Buffer.from(JSON.stringify(wanted))
  const client = createHeadClient(head, { fingerprint, identity: keys.identity })
  try {
    const response = await client.request({
      ...{ method: 'POST', path: joinPath, body: [body], signal },
      headers: { 'content-type': 'application/json', 'content-length': body.length },
    })
    const { id: nodeId, name: given, nats } = await readReply(response, head)
    return {
      id: nodeId,
      name: given,
      head,
      certificate: client.certificate()!,
      ...(nats !== undefined && { nats }),
    }
  } catch (error) {
    if (error instanceof PacelineError) throw error
    throw new PacelineError('E_HEAD_UNREACHABLE', `${head} (${(error as Error).message})`, { cause: error })
  } finally {
    client.close()
  }
}

async function readReply(response: IncomingMessage, head: string): Promise<JoinReply> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  const reply = parse(text)
  if (response.statusCode === 200 && typeof reply.id === 'string' && typeof reply.name === 'string') {
    return reply as unknown as JoinReply
  }
  const isKnown = typeof reply.code === 'string' && Object.hasOwn(errorTable, reply.code)
  if (isKnown && response.statusCode !== 500) throw new PacelineError(reply.code as ErrorCode, head)
  throw new Error(`it answers ${response.statusCode}`)
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    // Whoever answers in something else than JSON has answered nothing.
    return {}
  }
}
