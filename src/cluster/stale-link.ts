import type { NatsConnection } from '@nats-io/transport-node'

/** So many messages in a row without an answer from the server behind them. */
const mostUnanswered = 3

/**
 * For a connection that is dead without having broken, since the network was cut or the server hangs: the client itself
 * would take 15 s to notice, and what TCP repeats comes ever more rarely. To be called with each message that is sent
 * anyway: it asks for an answer, and connects anew when the last three had none.
 */
export function watchStale(connection: Pick<NatsConnection, 'rtt' | 'reconnect'>): () => void {
  let unanswered = 0
  const isWell = (): void => {
    unanswered = 0
  }
  return () => {
    unanswered += 1
    if (unanswered <= mostUnanswered) {
      // A connection that breaks is made anew by the client.
      connection.rtt().then(isWell, isWell)
      return
    }
    isWell()
    // Nothing to reconnect once it has been closed.
    connection.reconnect().catch(isWell)
  }
}
