import type { Server } from 'node:https'
import type { Socket } from 'node:net'
import type { TLSSocket, TlsOptions } from 'node:tls'
import { fingerprintDigits } from '../../cluster/certificate.ts'
import type { KeyPair } from '../../cluster/messages.ts'
import type { RefusalLog } from '../refusal-log.ts'
import { createCrowd } from './crowd.ts'
import { natsProtocol, passToNats, refuseNats } from './nats-passage.ts'
import type { NatsViolations } from './nats-violations.ts'
import { createTurnstile } from './turnstile.ts'

/** A node as the gate knows it. */
export interface KnownNode {
  readonly id: string
  readonly name: string
}

/**
 * What stands in the head's one port: it asks everybody for a certificate, knows nodes by theirs, and passes NATS on to
 * the server behind it. A certificate is asked at each request whether it still is a node's.
 */
export interface Gate {
  /** For the HTTPS server that listens. */
  readonly tls: TlsOptions
  /** Puts the gate into the server's way. */
  guard(server: Server): void
  /** The node that this connection comes from. */
  nodeOf(socket: Socket): KnownNode | undefined
  /** Name of the node that it once was. */
  formerNodeOf(socket: Socket): string | undefined
  /** The certificate that the connection showed, known or not; see fingerprintOf. */
  fingerprintOf(socket: Socket): string | undefined
  /** Whoever it is has a key to the API. */
  vouch(socket: Socket): void
  /** Changes who may enter the NATS server, while nobody is in the middle of entering it. */
  whileNobodyEnters(change: () => Promise<void>): Promise<void>
  /** Ends all connections of a node at once. */
  dropNode(id: string): void
  /** Ends all there are; a server that closes waits for that. */
  close(): void
}

export interface GateOptions {
  readonly certificate: KeyPair
  /** The own nats-server on loopback; null when nodes use somebody else's. */
  readonly natsPort: number | null
  readonly nodeWith: (fingerprint: string) => KnownNode | undefined
  /** Name of a node that was removed, as long as that is remembered. */
  readonly formerNodeWith?: (fingerprint: string) => string | undefined
  readonly refusals: RefusalLog
  /** Learns whose connection is whose. */
  readonly violations?: NatsViolations
  /** Connections that may be there without having said whose they are. */
  readonly strangers?: number
  /** And for how long. */
  readonly strangerPatienceMs?: number
}

/** A sleepy board needs seconds for a handshake. */
const handshakeTimeoutMs = 10_000

export function createGate(options: GateOptions): Gate {
  const { refusals, natsPort, nodeWith, formerNodeWith = () => undefined } = options
  const shown = new WeakMap<Socket, string>()
  const open = new Map<string, Set<Socket>>()
  const all = new Set<Socket>()
  const turnstile = createTurnstile()
  const crowd = createCrowd({
    room: options.strangers ?? 200,
    patienceMs: options.strangerPatienceMs ?? 30_000,
    onTurnedAway: (address, why) => refusals.note('E_TOO_MANY_CONNECTIONS', address, why),
  })

  /** Whether the connection is for HTTP, or has been dealt with. */
  const admit = (socket: TLSSocket): 'http' | 'done' => {
    const certificate = socket.getPeerX509Certificate()
    const fingerprint = certificate && fingerprintDigits(certificate)
    if (fingerprint !== undefined) shown.set(socket, fingerprint)
    const node = fingerprint === undefined ? undefined : nodeWith(fingerprint)
    if (node !== undefined) {
      crowd.vouch(socket)
      remember(open, node.id, socket)
    }
    if (socket.alpnProtocol !== natsProtocol) return 'http'
    if (node !== undefined && natsPort !== null) {
      turnstile.enter(() =>
        passToNats(socket, natsPort, (port) => options.violations?.passedOn(port, node.name)),
      )
    } else {
      const former = fingerprint === undefined ? undefined : formerNodeWith(fingerprint)
      if (former !== undefined) refusals.note('E_NODE_REMOVED', former, 'NATS')
      else refusals.note('E_NODE_UNKNOWN', socket.remoteAddress ?? 'unknown', 'NATS', 'NATS')
      refuseNats(socket)
    }
    return 'done'
  }
  return {
    tls: {
      ...{ cert: options.certificate.certificate, key: options.certificate.key },
      ...{ ALPNProtocols: ['http/1.1', natsProtocol], minVersion: 'TLSv1.2' },
      // Everybody may show a certificate of his own making: who it is, and whether he may, is asked above and below.
      ...{ requestCert: true, rejectUnauthorized: false, handshakeTimeout: handshakeTimeoutMs },
    },
    guard(server) {
      server.on('connection', (socket: Socket) => {
        all.add(socket)
        socket.once('close', () => all.delete(socket))
        crowd.enter(socket)
      })
      server.on('tlsClientError', (error, socket) => {
        // Whoever has gone already has no address any more, and wants nothing.
        if (socket.remoteAddress === undefined) return
        refusals.note('E_TLS', socket.remoteAddress, (error as NodeJS.ErrnoException).code)
      })
      const [toHttp] = server.listeners('secureConnection')
      server.removeAllListeners('secureConnection')
      server.on('secureConnection', (socket) => {
        if (admit(socket) === 'http') toHttp?.call(server, socket)
      })
    },
    nodeOf: (socket) => {
      const fingerprint = shown.get(socket)
      return fingerprint === undefined ? undefined : nodeWith(fingerprint)
    },
    formerNodeOf: (socket) => {
      const fingerprint = shown.get(socket)
      return fingerprint === undefined ? undefined : formerNodeWith(fingerprint)
    },
    fingerprintOf: (socket) => shown.get(socket),
    vouch: (socket) => crowd.vouch(socket),
    whileNobodyEnters: turnstile.hold,
    dropNode(id) {
      for (const socket of open.get(id) ?? []) socket.destroy()
    },
    close() {
      for (const socket of all) socket.destroy()
    },
  }
}

function remember(open: Map<string, Set<Socket>>, id: string, socket: Socket): void {
  const sockets = open.get(id) ?? new Set<Socket>()
  open.set(id, sockets.add(socket))
  socket.once('close', () => {
    sockets.delete(socket)
    if (sockets.size === 0 && open.get(id) === sockets) open.delete(id)
  })
}
