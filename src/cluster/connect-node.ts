import {
  AuthorizationError,
  type Msg,
  type NatsConnection,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node'
import { PacelineError } from '../errors.ts'
import { followConnection, type LinkEvents, type LinkState } from './link-state.ts'
import {
  type Beat,
  inboxes,
  type NodeCredentials,
  type Order,
  type OrderReply,
  type Refusal,
  type Report,
  subjects,
} from './messages.ts'
import { openConnection } from './nats-access.ts'
import { watchStale } from './stale-link.ts'

export interface NodeEvents extends LinkEvents {
  /** The head will not work with this node as it is. */
  readonly onRefused?: (refusal: Refusal) => void
}

/** A node's end of the control plane. This module stays free of zod, JetStream and buckets: agents are small. */
export interface NodeLink extends LinkState {
  /** Not sent when the connection is down: presence is about now. One that is dead is made anew, see watchStale. */
  readonly publishBeat: (beat: Beat) => void
  /**
   * Answers the head's orders. What the handler throws is answered as `failed` and told to `onError`.
   * Orders are handled as they come, without waiting for the one before. Resolves once the server passes them on:
   * a node beats only after that, or its first order may find nobody listening.
   */
  readonly serveOrders: (handler: (order: Order) => OrderReply | Promise<OrderReply>) => Promise<void>
  /** True once the head has taken the report; false when it should be sent again. */
  readonly sendReport: (report: Report, timeoutMs: number) => Promise<boolean>
  /** Resolves when the connection has ended for good: undefined after close, an error when we were removed. */
  readonly closed: Promise<Error | undefined>
  readonly close: () => Promise<void>
}

/**
 * Connects a node through its head's port, or to somebody else's NATS server. Throws E_NODE_REMOVED when the head does
 * not know it, E_NATS_CONNECT when the first try fails otherwise; later it reconnects for ever.
 */
export async function connectNode(credentials: NodeCredentials, events: NodeEvents = {}): Promise<NodeLink> {
  const { id, name, nats, seed, certificate, identity } = credentials
  const access =
    nats === undefined
      ? { url: `tls://${new URL(credentials.head).host}`, seed, certificate, identity }
      : { url: nats, seed }
  const connection = await openConnection(access, name, inboxes.node(id)).catch((error: PacelineError) => {
    const isUnknown = nats === undefined && error.cause instanceof AuthorizationError
    throw isUnknown ? new PacelineError('E_NODE_REMOVED', credentials.head, { cause: error }) : error
  })
  const state = followConnection(connection, events)
  const hasBeaten = watchStale(connection)
  return {
    ...state,
    publishBeat: (beat) => {
      if (!state.isUp()) return
      connection.publish(subjects.beat(id), JSON.stringify(beat))
      hasBeaten()
    },
    serveOrders: (handler) => {
      connection.subscribe(subjects.order(id), {
        callback: (error, message) => {
          if (error) events.onError?.(error)
          else answer(message, handler, events).catch((failure: Error) => events.onError?.(failure))
        },
      })
      return connection.flush()
    },
    sendReport: (report, timeoutMs) => sendReport(connection, state, report, subjects.report(id), timeoutMs),
    closed: connection.closed().then((error) => error ?? undefined),
    close: () => connection.close(),
  }
}

async function answer(
  message: Msg,
  handler: (order: Order) => OrderReply | Promise<OrderReply>,
  events: NodeEvents,
): Promise<void> {
  const respond = (reply: OrderReply) => message.respond(JSON.stringify(reply))
  const order = parseOrder(message.data)
  if (order?.type === 'refuse') {
    respond({ ok: true })
    events.onRefused?.(order)
    return
  }
  if (order === undefined) {
    respond({ ok: false, code: 'bad-order', message: 'not an order of this contract' })
    return
  }
  try {
    respond(await handler(order))
  } catch (error) {
    respond({ ok: false, code: 'failed', message: String(error).slice(0, 2_000) })
    throw error
  }
}

const orderTypes: ReadonlySet<string> = new Set<(Order | Refusal)['type']>([
  'grant',
  'cut',
  'extend',
  'cancel',
  'prove',
  'tell',
  'power',
  'log',
  'refuse',
])

/** Only the head can publish here, so its type is all that is checked: a newer head may know more of them. */
function parseOrder(bytes: Uint8Array): Order | Refusal | undefined {
  try {
    const value = JSON.parse(Buffer.from(bytes).toString('utf8')) as Order | Refusal | null
    return value !== null && orderTypes.has(value.type) ? value : undefined
  } catch {
    // Answered as a bad order by the caller.
    return undefined
  }
}

async function sendReport(
  connection: NatsConnection,
  state: LinkState,
  report: Report,
  subject: string,
  timeoutMs: number,
): Promise<boolean> {
  if (!state.isUp()) return false
  try {
    await connection.request(subject, JSON.stringify(report), { timeout: timeoutMs })
    return true
  } catch (error) {
    if (error instanceof TimeoutError || error instanceof RequestError) return false
    throw error
  }
}
