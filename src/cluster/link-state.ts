import type { NatsConnection } from '@nats-io/transport-node'

/** What becomes of a connection, told as it happens. */
export interface LinkEvents {
  readonly onDown?: () => void
  readonly onUp?: () => void
  /** The server refused something (permissions) or the protocol broke. */
  readonly onError?: (error: Error) => void
}

/** Whether the connection stands at this moment. */
export interface LinkState {
  readonly isUp: () => boolean
  /** How often it has broken so far: who is not asked in between may still learn that it did. */
  readonly breaks: () => number
}

/**
 * Follows a connection. The client would keep what is published while it is down and deliver it late; an order or
 * a beat that comes late is worse than one that does not come, so senders ask `isUp` first.
 */
export function followConnection(connection: NatsConnection, events: LinkEvents): LinkState {
  let up = true
  let breaks = 0
  const follow = async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        up = false
        breaks += 1
        events.onDown?.()
      } else if (status.type === 'reconnect') {
        up = true
        events.onUp?.()
      } else if (status.type === 'error') {
        events.onError?.(status.error)
      }
    }
    up = false
  }
  follow().catch((error: Error) => events.onError?.(error))
  return { isUp: () => up && !connection.isClosed(), breaks: () => breaks }
}
