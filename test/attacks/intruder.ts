import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { connect as connectTcp, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node'
import { decodeJoinToken, encodeJoinToken } from '../../src/cluster/join-token.ts'
import {
  contractVersion,
  inboxes,
  type JoinReply,
  joinPath,
  type KeyPair,
  type NodeCredentials,
} from '../../src/cluster/messages.ts'
import { makeNodeKeys, type NodeKeys } from '../../src/cluster/node-credentials.ts'
import type { RunningPaceline } from '../fixture/paceline.ts'

export interface Reply {
  readonly status: number
  /** Of a refusal. */
  readonly code: string | undefined
  readonly text: string
}

/** Somebody who speaks with a head as he pleases. */
export class Intruder {
  readonly port: number
  private readonly paceline: Pick<RunningPaceline, 'dataFolder' | 'run'>

  private constructor(paceline: Intruder['paceline'], port: number) {
    this.paceline = paceline
    this.port = port
  }

  static async at(paceline: Pick<RunningPaceline, 'dataFolder' | 'run'>): Promise<Intruder> {
    const { data } = JSON.parse(await readFile(join(paceline.dataFolder, 'ports.json'), 'utf8')) as {
      data: number
    }
    return new Intruder(paceline, data)
  }

  /** As `paceline token` makes it, without the start of a command. */
  async token(options: { readonly name?: string; readonly validSeconds?: number } = {}): Promise<string> {
    const { token } = JSON.parse(await this.order('POST', '/tokens', { address: '127.0.0.1', ...options }))
    return token
  }

  /** What `paceline nodes remove` does. */
  async removes(node: string): Promise<void> {
    await this.order('DELETE', `/nodes/${node}`)
  }

  /** As the head's own user may: the text of the answer. Throws where it is none of success. */
  private async order(method: string, path: string, body?: object): Promise<string> {
    const key = (await readFile(join(this.paceline.dataFolder, 'api-token'), 'utf8')).trim()
    const reply = await this.send(method, `/api/v1${path}`, {
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (reply.status !== 200) throw new Error(reply.text)
    return reply.text
  }

  /** Asks with a certificate, or without one. */
  async send(
    method: string,
    path: string,
    options: { identity?: KeyPair; headers?: OutgoingHttpHeaders; body?: string | Buffer } = {},
  ): Promise<Reply> {
    const { identity, headers = {}, body } = options
    const request = httpsRequest(`https://127.0.0.1:${this.port}${path}`, {
      ...{ method, headers, rejectUnauthorized: false, agent: false },
      ...(identity && { cert: identity.certificate, key: identity.key }),
    })
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve)
      request.once('error', reject)
    })
    request.end(body)
    const response = await answer
    const words = await text(response)
    return { status: response.statusCode ?? 0, code: codeIn(words), text: words }
  }

  /** What a node says with its token. */
  join(token: string, keys: NodeKeys, change: object = {}): Promise<Reply> {
    const { id, secret } = decodeJoinToken(token)
    const own = { token: id, secret, publicKey: keys.publicKey, name: 'intruder', version: '0.1.0' }
    const body = JSON.stringify({ ...own, contract: contractVersion, ...change })
    const headers = { 'content-type': 'application/json' }
    return this.send('POST', joinPath, { identity: keys.identity, headers, body })
  }

  /** Joins as a node does, and gets what a node has. */
  async joined(name: string): Promise<NodeCredentials> {
    const keys = makeNodeKeys()
    const reply = await this.join(await this.token(), keys, { name })
    if (reply.status !== 200) throw new Error(reply.text)
    const { id } = JSON.parse(reply.text) as JoinReply
    const certificate = await readFile(join(this.paceline.dataFolder, 'certificate.pem'), 'utf8')
    const head = `https://127.0.0.1:${this.port}`
    return { id, name, head, certificate, seed: keys.seed, identity: keys.identity }
  }

  /** NATS as this node, without the manners of an agent. */
  async nats({ id, seed, identity }: NodeCredentials): Promise<NatsConnection> {
    const first = { handshakeFirst: true, ALPNProtocols: ['nats'], rejectUnauthorized: false }
    return connect({
      ...{ servers: `127.0.0.1:${this.port}`, inboxPrefix: inboxes.node(id), reconnect: false },
      authenticator: nkeyAuthenticator(Buffer.from(seed)),
      tls: { ...first, cert: identity.certificate, key: identity.key } as never,
    })
  }

  /** NATS as the head itself on its own machine, to hear everything that is said. */
  async headNats(): Promise<NatsConnection> {
    const read = async (name: string) =>
      JSON.parse(await readFile(join(this.paceline.dataFolder, name), 'utf8')) as Record<string, never>
    const { nats } = await read('ports.json')
    const { headSeed } = await read('credentials.json')
    const authenticator = nkeyAuthenticator(Buffer.from(headSeed!))
    return connect({ servers: `127.0.0.1:${nats}`, authenticator, tls: null, inboxPrefix: '_INBOX_spy' })
  }

  tls(identity?: KeyPair): TLSSocket {
    const shown = identity && { cert: identity.certificate, key: identity.key }
    return connectTls({ ...shown, host: '127.0.0.1', port: this.port, rejectUnauthorized: false })
  }

  tcp(): Socket {
    return connectTcp({ host: '127.0.0.1', port: this.port })
  }
}

/** The same token with other fields. */
export function forged(token: string, change: Partial<ReturnType<typeof decodeJoinToken>>): string {
  return encodeJoinToken({ ...decodeJoinToken(token), ...change })
}

/** Everything a connection gets until it ends. */
export async function heardUntilEnd(socket: Socket): Promise<string> {
  const heard: Buffer[] = []
  socket.on('data', (bytes: Buffer) => heard.push(bytes))
  socket.on('error', () => undefined)
  if (!socket.closed) await once(socket, 'close')
  return Buffer.concat(heard).toString('latin1')
}

function codeIn(words: string): string | undefined {
  try {
    return (JSON.parse(words) as { code?: string }).code
  } catch {
    // Not every answer is one of the head's own.
    return undefined
  }
}
