import { X509Certificate } from 'node:crypto'
import type { PeerCertificate } from 'node:tls'
import {
  type Authenticator,
  type ConnectionOptions,
  connect,
  type NatsConnection,
  nkeyAuthenticator,
} from '@nats-io/transport-node'
import { PacelineError } from '../errors.ts'
import type { KeyPair } from './messages.ts'

/** How to get into a NATS server: ours, or one that `--nats` names. */
export interface NatsAccess {
  /**
   * `nats://host:port` (greeting in the clear, then TLS if the server asks for it) or `tls://` (TLS at once);
   * user and password may stand before the host.
   */
  readonly url: string
  /** nkey seed. */
  readonly seed?: string
  readonly user?: string
  readonly password?: string
  /** PEM of the one certificate to accept. Without it a server that asks for TLS is judged as websites are. */
  readonly certificate?: string
  /** In the clear, whatever the server offers: it is our own, on loopback. */
  readonly inTheClear?: true
  /** Who we are, for a server that asks. */
  readonly identity?: KeyPair
}

/**
 * Connects once, and from then on reconnects for ever, until closed or until the server says twice that it does
 * not know us (then `closed()` resolves with that error). Throws E_NATS_CONNECT.
 */
export async function openConnection(
  access: NatsAccess,
  name: string,
  inboxPrefix: string,
): Promise<NatsConnection> {
  try {
    return await connect(connectionOptions(access, name, inboxPrefix))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new PacelineError('E_NATS_CONNECT', `${new URL(access.url).host}: ${reason}`, { cause })
  }
}

function connectionOptions(access: NatsAccess, name: string, inboxPrefix: string): ConnectionOptions {
  const tls = tlsOptions(access)
  const { host, username, password } = new URL(access.url)
  const user = access.user ?? decodeURIComponent(username)
  return {
    servers: host,
    name,
    inboxPrefix,
    maxReconnectAttempts: -1,
    // Presence is judged within two seconds: a connection that broke must be back well before.
    reconnectTimeWait: 150,
    reconnectJitter: 100,
    reconnectJitterTLS: 100,
    pingInterval: 5_000,
    maxPingOut: 2,
    timeout: 5_000,
    noAsyncTraces: true,
    ignoreClusterUpdates: true,
    ...(access.inTheClear ? { tls: null } : tls && { tls }),
    ...(access.seed !== undefined && { authenticator: seedAuthenticator(access.seed) }),
    ...(user !== '' && { user, pass: access.password ?? decodeURIComponent(password) }),
  }
}

const seedAuthenticator = (seed: string): Authenticator => nkeyAuthenticator(Buffer.from(seed, 'ascii'))

/**
 * The client hands these on to node:tls. The certificate is its own trust anchor; that the peer shows exactly this
 * one takes the place of checking names, so the head may move to another address. `ALPNProtocols` lets a door
 * behind one port tell NATS from HTTPS.
 */
function tlsOptions(access: NatsAccess) {
  const { certificate, identity } = access
  const handshakeFirst = new URL(access.url).protocol === 'tls:'
  const first = handshakeFirst ? { handshakeFirst, ALPNProtocols: ['nats'] } : {}
  if (certificate === undefined) return handshakeFirst ? first : undefined
  const pinned = new X509Certificate(certificate).raw
  return {
    ...first,
    ...(identity && { cert: identity.certificate, key: identity.key }),
    ca: certificate,
    minVersion: 'TLSv1.2',
    checkServerIdentity: (_host: string, peer: PeerCertificate) =>
      pinned.equals(peer.raw)
        ? undefined
        : new Error('the server shows another certificate than the trusted one'),
  }
}
