import { Agent, request } from 'node:http'
import type { Exchange, Exchanger, NoReply, Reply } from '../http-exchange.ts'

/** Goes to the server from this process, which is told the token: what the shim does where the media server is. */
export function nodeExchange(token: string | null = null): Exchanger & { close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const exchange = (ask: Exchange) => send(ask, ask.keepsConnection ? agent : false, token)
  return Object.assign(exchange, { close: () => agent.destroy() })
}

function send(ask: Exchange, agent: Agent | false, token: string | null): Promise<Reply | NoReply> {
  return new Promise((resolve) => {
    const own = token === null ? [] : [['X-Plex-Token', token] as const]
    const chunked = ask.body === null ? [] : [['Transfer-Encoding', 'chunked'] as const]
    const headers = [...chunked, ...ask.headers.flatMap((header) => (header === 'token' ? own : [header]))]
    const outgoing = request(new URL(ask.address + ask.suffix), {
      ...{ method: ask.method, agent, setHost: false, headers: Object.fromEntries(headers) },
    })
    // Without a body Node would add a Content-Length that the recordings do not have.
    if (ask.body === null) {
      outgoing.removeHeader('content-length')
      outgoing.removeHeader('transfer-encoding')
    }
    const late = AbortSignal.timeout(ask.timeoutMilliseconds)
    late.addEventListener('abort', () => outgoing.destroy(new Error('no reply in time')))
    const fail = (error: Error, reused: boolean) => resolve({ failed: error.message, reused })
    outgoing.on('error', (error) => fail(error, outgoing.reusedSocket && !late.aborted))
    outgoing.on('response', (incoming) => {
      let body = ''
      incoming.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      incoming.on('error', (error) => fail(error, false))
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body }))
    })
    outgoing.end(ask.body ?? undefined)
  })
}
