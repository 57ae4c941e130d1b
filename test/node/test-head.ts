import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { TLSSocket } from 'node:tls'
import {
  fingerprintDigits,
  fingerprintOf,
  makeCertificate,
  makeNodeCertificate,
} from '../../src/cluster/certificate.ts'
import { dataPlane, type KeyPair } from '../../src/cluster/messages.ts'
import { natsProtocol, passToNats } from '../../src/head/gate/nats-passage.ts'

export interface StoredSegment {
  readonly number: number
  readonly bytes: Buffer
}

/** Decides about a request before the head does; true when it has dealt with it. */
export type Interception = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

/** A head's data plane with real TLS, which keeps what it gets in memory and can be told to misbehave. */
export class TestHead {
  readonly url: string
  readonly certificate: string
  /** What is served as input, by index, for every attempt. */
  readonly media: Buffer[] = []
  /** Segments by attempt, in the order in which they came. */
  readonly stored = new Map<string, StoredSegment[]>()
  /** `GET media 0 bytes=0-99` and `PUT segment 3`, as they came. */
  readonly requests: string[] = []
  /** What was wrong with requests that an honest agent would not have sent. */
  readonly complaints: string[] = []
  /** Who the agent is to be; the head answers nobody else. */
  node: KeyPair
  intercept: Interception | undefined
  private readonly server: ReturnType<typeof createServer>
  private readonly sockets: Set<Duplex>

  private constructor(
    server: ReturnType<typeof createServer>,
    certificate: string,
    node: KeyPair,
    sockets: Set<Duplex>,
  ) {
    const { port } = server.address() as AddressInfo
    this.server = server
    this.sockets = sockets
    this.url = `https://127.0.0.1:${port}`
    this.certificate = certificate
    this.node = node
    server.on('request', (request, response) => this.answer(request, response))
  }

  /** With a certificate of its own unless one is given; NATS is passed on to `natsPort`. */
  static async start({ certificate, key }: KeyPair = makeCertificate(), natsPort = 0): Promise<TestHead> {
    const tls = { cert: certificate, key, requestCert: true, rejectUnauthorized: false }
    const server = createServer({ ...tls, ALPNProtocols: ['http/1.1', natsProtocol] })
    const [toHttp] = server.listeners('secureConnection')
    server.removeAllListeners('secureConnection').on('secureConnection', (socket) => {
      if (socket.alpnProtocol === natsProtocol) void passToNats(socket, natsPort)
      else toHttp?.call(server, socket)
    })
    const sockets = new Set<Duplex>()
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new TestHead(server, certificate, makeNodeCertificate(), sockets)
  }

  numbers(attempt: string): readonly number[] {
    return (this.stored.get(attempt) ?? []).map((segment) => segment.number)
  }

  bytesOf(attempt: string): Buffer {
    return Buffer.concat((this.stored.get(attempt) ?? []).map((segment) => segment.bytes))
  }

  mediaRequests(): readonly string[] {
    return this.requests.filter((line) => line.startsWith('GET'))
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
    await closed
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, kind = '', attempt = '', index = ''] =
      /^\/data\/v1\/(media|segments)\/([^/]+)\/(\d+)$/.exec(request.url ?? '') ?? []
    this.requests.push(describe(request, kind, index))
    if (await this.intercept?.(request, response)) return
    const shown = (request.socket as TLSSocket).getPeerX509Certificate()
    if (!shown || fingerprintDigits(shown) !== fingerprintOf(this.node.certificate)) end(response, 401)
    else if (kind === 'media') this.serveMedia(request, response, Number(index))
    else await this.store(request, response, attempt, Number(index))
  }

  private serveMedia(request: IncomingMessage, response: ServerResponse, index: number): void {
    const bytes = this.media[index]
    const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
    if (bytes === undefined || first === '') {
      end(response, 404)
      return
    }
    const body = bytes.subarray(Number(first), Number(last) + 1)
    response.writeHead(206, {
      'content-length': body.length,
      'content-range': `bytes ${first}-${last}/${bytes.length}`,
    })
    response.end(body)
  }

  private async store(
    request: IncomingMessage,
    response: ServerResponse,
    attempt: string,
    number: number,
  ): Promise<void> {
    const bytes = await buffer(request).catch((error: Error) => error)
    if (bytes instanceof Error) return // The agent gave up in mid-body.
    const digest = `sha-256=${createHash('sha256').update(bytes).digest('hex')}`
    if (request.headers[dataPlane.digestHeader] !== digest) this.complaints.push(`digest of ${number}`)
    if (request.headers['content-length'] !== String(bytes.length))
      this.complaints.push(`length of ${number}`)
    const segments = this.stored.get(attempt) ?? []
    this.stored.set(attempt, segments)
    const known = segments.some((segment) => segment.number === number)
    if (!known) segments.push({ number, bytes })
    end(response, known ? 200 : 201)
  }
}

export function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end()
}

function describe(request: IncomingMessage, kind: string, index: string): string {
  const range = kind === 'media' ? ` ${request.headers.range}` : ''
  return `${request.method} ${kind === 'media' ? 'media' : 'segment'} ${index}${range}`
}
