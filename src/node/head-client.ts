import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { fingerprintDigits } from '../cluster/certificate.ts'
import type { KeyPair } from '../cluster/messages.ts'
import { PacelineError } from '../errors.ts'

export interface HeadRequest {
  readonly method: 'GET' | 'PUT' | 'POST'
  /** Relative to the head's base URL. */
  readonly path: string
  readonly headers: OutgoingHttpHeaders
  /** Sent as it is; the caller gives content-length. */
  readonly body?: readonly Buffer[]
  readonly signal: AbortSignal
}

/** The data plane of one head, over connections that are kept open. */
export interface HeadClient {
  /** Resolves with the response's head; rejects with what went wrong on the way, or when the signal is aborted. */
  request(request: HeadRequest): Promise<IncomingMessage>
  /** What the head showed, PEM; undefined before the first connection. */
  certificate(): string | undefined
  /** When it last answered a request, by `performance.now`; undefined when it never has. */
  answeredMs(): number | undefined
  close(): void
}

/** Whom to trust, and who we are. */
export interface HeadTrust {
  /** See fingerprintOf. */
  readonly fingerprint: string
  readonly identity?: KeyPair
}

/** A head that is silent for so long on a connection in use is as good as gone; the caller tries again. */
const silenceMs = 15_000

/** A switched-off head never answers a connection attempt; TCP itself would go on for minutes. */
const connectMs = 5_000

type SocketCallback = (error: Error | null, socket?: TLSSocket) => void

/**
 * Trusts a server that shows exactly this certificate, whatever its names and dates say: a board's clock may
 * stand in 1970. Nothing is written to a socket before the certificate has been compared.
 */
class PinnedAgent extends Agent {
  certificate: string | undefined
  private readonly trust: HeadTrust
  private readonly connecting = new Set<TLSSocket>()

  constructor(trust: HeadTrust) {
    super({ keepAlive: true, keepAliveMsecs: 10_000, maxFreeSockets: 8, scheduling: 'lifo' })
    this.trust = trust
  }

  createConnection(options: ConnectionOptions, callback: SocketCallback): undefined {
    const { fingerprint, identity } = this.trust
    const shown = identity && { cert: identity.certificate, key: identity.key }
    const socket = connect({ ...options, ...shown, rejectUnauthorized: false }).setNoDelay(true)
    this.connecting.add(socket)
    socket.setTimeout(connectMs, () => socket.destroy(new Error('the head does not accept a connection')))
    const fail = (error?: Error) => {
      this.connecting.delete(socket)
      callback(error ?? new Error('the head closed the connection before it was open'))
    }
    socket.once('error', fail)
    socket.once('close', fail)
    socket.once('secureConnect', () => {
      const peer = socket.getPeerX509Certificate()
      if (!peer || fingerprintDigits(peer) !== fingerprint) {
        const { host = '', port = '' } = options
        socket.destroy(new PacelineError('E_HEAD_CHANGED', `${host}:${port} shows another certificate`))
        return
      }
      this.certificate ??= peer.toString()
      socket.off('error', fail).off('close', fail).setTimeout(0).removeAllListeners('timeout')
      this.connecting.delete(socket)
      callback(null, socket)
    })
  }

  override destroy(): void {
    for (const socket of this.connecting) socket.destroy()
    super.destroy()
  }
}

/** `headUrl` is https://host:port. Throws when it cannot be read. */
export function createHeadClient(headUrl: string, trust: HeadTrust): HeadClient {
  const base = new URL(headUrl)
  const agent = new PinnedAgent(trust)
  let answeredMs: number | undefined
  return {
    request: ({ method, path, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const outgoing = httpsRequest(new URL(path, base), { method, headers, agent, signal }, resolve)
        outgoing.on('error', reject)
        outgoing.once('response', () => {
          answeredMs = performance.now()
        })
        outgoing.setTimeout(silenceMs, () => outgoing.destroy(new Error('the head is silent')))
        outgoing.cork()
        for (const chunk of body ?? []) outgoing.write(chunk)
        outgoing.end()
        outgoing.uncork()
      }),
    certificate: () => agent.certificate,
    answeredMs: () => answeredMs,
    close: () => agent.destroy(),
  }
}
