import { userAgent } from './control-channel.ts'
import { exchange, type NoReply, type Reply } from './http-exchange.ts'

/** The transcoder's second HTTP client: it posts the segment list, each time on a new connection, without a token. */
export interface ListClient {
  /** Posts the whole list. Never rejects: a server that fails is a {@link NoReply} or a reply with its status. */
  post(body: string): Promise<Reply | NoReply>
}

export interface ListClientOptions {
  readonly listUrl: string
  readonly timeoutMilliseconds: number
  readonly signal: AbortSignal
}

/** Throws TypeError for a `listUrl` that is none. The headers and their order are the recorded transcoder's. */
export function openListClient(options: ListClientOptions): ListClient {
  const url = new URL(options.listUrl)
  const headers: [string, string][] = [
    ['Transfer-Encoding', 'chunked'],
    ['User-Agent', userAgent],
    ['Accept', '*/*'],
    ['Connection', 'close'],
    ['Host', url.host],
    ['Icy-MetaData', '1'],
  ]
  return {
    post: (body) =>
      exchange({
        method: 'POST',
        url,
        headers,
        body,
        agent: false,
        timeoutMilliseconds: options.timeoutMilliseconds,
        signal: options.signal,
      }),
  }
}
