import { connect } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** What a client tells by ALPN (RFC 7301) when it wants NATS and not HTTP inside TLS. */
export const natsProtocol = 'nats'

/** A client that says nothing for so long is not waited for. */
const settlingMs = 500

/**
 * Joins a connection to the nats-server on loopback; when one end goes, so does the other. Resolves when the server has
 * taken the client, or has not: its first words are its greeting, and all that come later are said to somebody it knows.
 * `onPassed` hears which port of ours the server sees.
 */
export function passToNats(
  outside: TLSSocket,
  port: number,
  onPassed: (port: number) => void = () => undefined,
): Promise<void> {
  // It went while it waited for the turnstile: nobody would ever close the other end.
  if (outside.destroyed) return Promise.resolve()
  const inside = connect({ host: '127.0.0.1', port, noDelay: true })
  outside.setNoDelay(true)
  // An end that breaks closes, too, and that is what counts.
  outside.on('error', () => undefined)
  inside.on('error', () => undefined)
  outside.once('close', () => inside.destroy())
  outside.pipe(inside)
  inside.pipe(outside)
  inside.once('connect', () => onPassed(inside.localPort ?? 0))
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, settlingMs)
    const settle = (): void => {
      clearTimeout(timer)
      resolve()
    }
    inside.once('data', () => inside.once('data', settle))
    inside.once('close', () => {
      outside.destroy()
      settle()
    })
  })
}

/**
 * Sends a client away in its own words, as a nats-server would that does not know its key: it then gives up instead of
 * coming back for ever.
 */
export function refuseNats(outside: TLSSocket): void {
  outside.on('error', () => undefined)
  outside.end(`INFO ${JSON.stringify(greeting)}\r\n-ERR 'Authorization Violation'\r\n`)
}

const greeting = {
  ...{ server_id: 'paceline', server_name: 'paceline', version: '2.9.0', proto: 1, headers: true },
  ...{ max_payload: 2 ** 20, tls_available: true, auth_required: true, nonce: 'paceline' },
}
