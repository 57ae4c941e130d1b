import { userAgent } from './control-channel.ts'
import { type Exchanger, type NoReply, type Reply, untilGivenUp } from './http-exchange.ts'

/** The transcoder's second HTTP client: it posts the segment list, each time on a new connection, without a token. */
export interface ListClient {
  /** Posts the whole list. Never rejects: a server that fails is a {@link NoReply} or a reply with its status. */
  post(body: string): Promise<Reply | NoReply>
}

export interface ListClientOptions {
  readonly listUrl: string
  readonly exchange: Exchanger
  readonly timeoutMilliseconds: number
  readonly signal: AbortSignal
}

/** Throws TypeError for a `listUrl` that is none. The headers and their order are the recorded transcoder's. */
export function openListClient(options: ListClientOptions): ListClient {
  const { listUrl, timeoutMilliseconds, signal } = options
  const exchange = untilGivenUp(options.exchange, signal)
  const headers = [
    ['User-Agent', userAgent],
    ['Accept', '*/*'],
    ['Connection', 'close'],
    ['Host', new URL(listUrl).host],
    ['Icy-MetaData', '1'],
  ] as const
  const common = { method: 'POST', address: listUrl, suffix: '', headers, keepsConnection: false } as const
  return { post: (body) => exchange({ ...common, body, timeoutMilliseconds }) }
}
