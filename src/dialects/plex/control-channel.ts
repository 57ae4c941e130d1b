import { Agent } from 'node:http'
import { type Exchange, exchange, isReply, type NoReply, type Reply } from './http-exchange.ts'

/** The transcoder's first HTTP client: small requests without a body on one connection that is kept. */
export interface ControlChannel {
  /**
   * Sends one request and reads its reply; the caller sends the next one only after that. `suffix` follows the
   * progress address: `/stream?...`, `?progress=...`. Never rejects: a server that fails is a {@link NoReply} or a
   * reply with its status.
   */
  send(method: 'PUT' | 'POST', suffix: string): Promise<Reply | NoReply>
  /** Closes the connection. */
  close(): void
}

export interface ControlChannelOptions {
  readonly progressUrl: string
  /** The job's X_PLEX_TOKEN; null or empty sends neither the token nor the pipeline header. */
  readonly token: string | null
  readonly timeoutMilliseconds: number
  readonly signal: AbortSignal
}

/** What Plex's FFmpeg 6.1 calls itself. */
export const userAgent = 'Lavf/60.16.100'

/** Opens the channel; the connection itself is made by the first request. */
export function openControlChannel(options: ControlChannelOptions): ControlChannel {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const headers: [string, string][] = [
    ['User-Agent', userAgent],
    ['Accept', '*/*'],
    ['Range', 'bytes=0-'],
    ['Connection', 'keep-alive'],
    ['Host', new URL(options.progressUrl).host],
    ['Icy-MetaData', '1'],
  ]
  if (options.token) headers.push(['X-Plex-Token', options.token], ['X-Plex-Http-Pipeline', 'infinite'])

  return {
    async send(method, suffix) {
      const ask: Exchange = {
        method,
        url: new URL(options.progressUrl + suffix),
        headers,
        body: null,
        agent,
        timeoutMilliseconds: options.timeoutMilliseconds,
        signal: options.signal,
      }
      const first = await exchange(ask)
      if (isReply(first) || !first.reused || options.signal.aborted) return first
      // The server closed the connection between two requests: once more on a new one, as the real client does.
      return exchange(ask)
    },
    close: () => agent.destroy(),
  }
}

/** Whether the reply to a progress report asks the transcoder to slow down; null when there was no usable reply. */
export function asksToThrottle(reply: Reply | NoReply): boolean | null {
  if (!isReply(reply) || reply.status < 200 || reply.status > 299) return null
  return reply.body.includes('canThrottle')
}
