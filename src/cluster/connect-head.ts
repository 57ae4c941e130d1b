import {
  ClosedConnectionError,
  type Msg,
  type NatsConnection,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node'
import { followConnection, type LinkEvents, type LinkState } from './link-state.ts'
import { checkBeat, checkOrderReply, checkReport } from './message-schemas.ts'
import {
  type Beat,
  inboxes,
  type Order,
  type OrderReply,
  type Refusal,
  type Report,
  type ReportReply,
  subjects,
} from './messages.ts'
import { type NatsAccess, openConnection } from './nats-access.ts'

/** What became of an order. Without an answer it is not known whether the node acts on it, unless nobody heard. */
export type OrderOutcome =
  | { readonly answered: true; readonly reply: OrderReply }
  | {
      readonly answered: false
      /** `no-responders`: the node is not connected; `disconnected`: we are not, or our connection broke meanwhile. */
      readonly why: 'no-responders' | 'timeout' | 'disconnected' | 'invalid-reply'
      readonly message: string
    }

export interface HeadEvents extends LinkEvents {
  /** A node sent something that is not as messages.ts says; it was dropped. */
  readonly onInvalid?: (node: string, why: string) => void
}

/** The head's end of the control plane. */
export interface HeadLink extends LinkState {
  readonly serverVersion: string
  /**
   * Whether the server answers: true when all that it has passed on before has been heard, false when the connection is
   * down or breaks. It takes as long as the server takes, which may hang.
   */
  readonly pulse: () => Promise<boolean>
  /** Hears the beats of all nodes, each of them checked; resolves once the server passes them on. */
  readonly onBeats: (handler: (beat: Beat) => void) => Promise<void>
  /** Never throws for what nodes and networks do: see {@link OrderOutcome}. */
  readonly sendOrder: (node: string, order: Order | Refusal, timeoutMs: number) => Promise<OrderOutcome>
  /** The node hears `ok` once the handler is done; when it throws there is no answer, and the node reports again. */
  readonly serveReports: (handler: (report: Report) => void | Promise<void>) => Promise<void>
  /** Resolves when the connection has ended for good, with the error if there was one. */
  readonly closed: Promise<Error | undefined>
  readonly close: () => Promise<void>
}

/** Connects the head. Throws E_NATS_CONNECT when the first try fails; later it reconnects for ever. */
export async function connectHead(access: NatsAccess, events: HeadEvents = {}): Promise<HeadLink> {
  const connection = await openConnection(access, 'paceline head', inboxes.head)
  let broken = new AbortController()
  const state = followConnection(connection, {
    ...events,
    onDown() {
      broken.abort()
      broken = new AbortController()
      events.onDown?.()
    },
  })
  return {
    ...state,
    serverVersion: connection.info?.version ?? 'unknown',
    pulse: async () => state.isUp() && (await answersPing(connection)),
    onBeats: (handler) =>
      receive(connection, subjects.beats, events, (message, node) => {
        const beat = checkBeat(message.data, node)
        if (beat.ok) handler(beat.message)
        else events.onInvalid?.(node, `beat: ${beat.why}`)
      }),
    sendOrder: (node, order, timeoutMs) =>
      sendOrder(connection, { ...state, broken: broken.signal }, node, order, timeoutMs),
    serveReports: (handler) =>
      receive(connection, subjects.reports, events, (message, node) =>
        serveReport(message, node, events, handler),
      ),
    closed: connection.closed().then((error) => error ?? undefined),
    close: () => connection.close(),
  }
}

async function answersPing(connection: NatsConnection): Promise<boolean> {
  try {
    await connection.rtt()
    return true
  } catch (error) {
    if (error instanceof RequestError || error instanceof ClosedConnectionError) return false
    throw error
  }
}

function receive(
  connection: NatsConnection,
  subject: string,
  events: HeadEvents,
  handler: (message: Msg, node: string) => void | Promise<void>,
): Promise<void> {
  const handle = async (error: Error | null, message: Msg) => {
    if (error) throw error
    await handler(message, message.subject.slice(subject.length - 1))
  }
  connection.subscribe(subject, {
    callback: (error, message) => {
      handle(error, message).catch((failure: Error) => events.onError?.(failure))
    },
  })
  return connection.flush()
}

async function serveReport(
  message: Msg,
  node: string,
  events: HeadEvents,
  handler: (report: Report) => void | Promise<void>,
): Promise<void> {
  const report = checkReport(message.data, node)
  if (!report.ok) return events.onInvalid?.(node, `report: ${report.why}`)
  // The head may publish anywhere: a node must not be able to aim its answers at another node.
  if (!message.reply?.startsWith(`${inboxes.node(node)}.`))
    return events.onInvalid?.(node, 'report: strange inbox')
  await handler(report.message)
  message.respond(JSON.stringify({ ok: true } satisfies ReportReply))
}

async function sendOrder(
  connection: NatsConnection,
  state: LinkState & { readonly broken: AbortSignal },
  node: string,
  order: Order | Refusal,
  timeoutMs: number,
): Promise<OrderOutcome> {
  if (!state.isUp()) return unanswered('disconnected', 'the connection to the NATS server is down')
  try {
    const asked = connection.request(subjects.order(node), JSON.stringify(order), { timeout: timeoutMs })
    const answer = await unlessAborted(asked, state.broken)
    if (answer === null) return unanswered('disconnected', 'the connection broke before there was an answer')
    const reply = checkOrderReply(answer.data)
    return reply.ok ? { answered: true, reply: reply.message } : unanswered('invalid-reply', reply.why)
  } catch (error) {
    if (error instanceof TimeoutError) return unanswered('timeout', `no answer within ${timeoutMs} ms`)
    if (!(error instanceof RequestError)) throw error
    if (error.isNoResponders() || error.cause instanceof NoRespondersError) {
      return unanswered('no-responders', `${node} is not connected`)
    }
    return unanswered('disconnected', error.message)
  }
}

/** Null when the signal comes first: the client itself would wait for an answer that cannot come. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | null> {
  let onAbort = (): void => undefined
  const aborted = new Promise<null>((resolve) => {
    onAbort = () => resolve(null)
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    return await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

const unanswered = (
  why: Exclude<OrderOutcome, { answered: true }>['why'],
  message: string,
): OrderOutcome => ({
  answered: false,
  why,
  message,
})
