import {
  type Exchange,
  type Exchanger,
  isReply,
  type NoReply,
  type Reply,
  untilGivenUp,
} from './http-exchange.ts'

/** The transcoder's first HTTP client: small requests without a body on one connection that is kept. */
export interface ControlChannel {
  /**
   * Sends one request and reads its reply; the caller sends the next one only after that. `suffix` follows the
   * progress address: `/stream?...`, `?progress=...`. Never rejects: a server that fails is a {@link NoReply} or a
   * reply with its status.
   */
  send(method: 'PUT' | 'POST', suffix: string): Promise<Reply | NoReply>
}

export interface ControlChannelOptions {
  readonly progressUrl: string
  /** Without a token neither it nor the pipeline header is sent. */
  readonly hasToken: boolean
  readonly exchange: Exchanger
  readonly timeoutMilliseconds: number
  readonly signal: AbortSignal
}

/** What Plex's FFmpeg 6.1 calls itself. */
export const userAgent = 'Lavf/60.16.100'

/** Opens the channel; the connection itself is made by the first request. */
export function openControlChannel(options: ControlChannelOptions): ControlChannel {
  const { progressUrl, hasToken, timeoutMilliseconds, signal } = options
  const exchange = untilGivenUp(options.exchange, signal)
  const headers: Exchange['headers'] = [
    ['User-Agent', userAgent],
    ['Accept', '*/*'],
    ['Range', 'bytes=0-'],
    ['Connection', 'keep-alive'],
    ['Host', new URL(progressUrl).host],
    ['Icy-MetaData', '1'],
    ...(hasToken ? (['token', ['X-Plex-Http-Pipeline', 'infinite']] as const) : []),
  ]
  return {
    async send(method, suffix) {
      const common = { address: progressUrl, headers, body: null, keepsConnection: true, timeoutMilliseconds }
      const first = await exchange({ ...common, method, suffix })
      if (isReply(first) || !first.reused || signal.aborted) return first
      // The server closed the connection between two requests: once more on a new one, as the real client does.
      return exchange({ ...common, method, suffix })
    },
  }
}

/** Whether the reply to a progress report asks the transcoder to slow down; null when there was no usable reply. */
export function asksToThrottle(reply: Reply | NoReply): boolean | null {
  if (!isReply(reply) || reply.status < 200 || reply.status > 299) return null
  return reply.body.includes('canThrottle')
}
