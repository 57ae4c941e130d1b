import { type Agent, request } from 'node:http'

/** A request as one of the transcoder's two HTTP clients sends it; header names keep their case and order. */
export interface Exchange {
  readonly method: 'PUT' | 'POST'
  readonly url: URL
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Sent in chunks; null sends no body and no header about one. */
  readonly body: string | null
  /** `false` opens a connection for this request alone. */
  readonly agent: Agent | false
  /** The whole exchange, connection included, is given up after so long. */
  readonly timeoutMilliseconds: number
  readonly signal: AbortSignal
}

export interface Reply {
  readonly status: number
  readonly body: string
}

/** No reply; `reused` tells that a connection that had carried replies before was lost: worth one more try. */
export interface NoReply {
  readonly failed: string
  readonly reused: boolean
}

/** More than any reply of a media server here; the rest is read and dropped. */
const replyLimitBytes = 64 * 1024

/** Sends a request and reads the reply to its end. Never rejects. */
export function exchange(ask: Exchange): Promise<Reply | NoReply> {
  return new Promise((resolve) => {
    if (ask.signal.aborted) {
      resolve({ failed: 'given up', reused: false })
      return
    }
    const outgoing = request(ask.url, {
      method: ask.method,
      agent: ask.agent,
      headers: Object.fromEntries(ask.headers),
      setHost: false,
      signal: ask.signal,
    })
    // Without a body Node would add a Content-Length that the recordings do not have.
    if (ask.body === null) {
      outgoing.removeHeader('content-length')
      outgoing.removeHeader('transfer-encoding')
    }
    let late = false
    const timer = setTimeout(() => {
      late = true
      outgoing.destroy(new Error(`no reply within ${ask.timeoutMilliseconds} ms`))
    }, ask.timeoutMilliseconds)
    const settle = (result: Reply | NoReply) => {
      clearTimeout(timer)
      resolve(result)
    }
    outgoing.on('error', (error) => settle({ failed: error.message, reused: outgoing.reusedSocket && !late }))
    outgoing.on('response', (incoming) => {
      const parts: Buffer[] = []
      let bytes = 0
      incoming.on('data', (part: Buffer) => {
        if (bytes < replyLimitBytes) parts.push(part)
        bytes += part.length
      })
      incoming.on('error', (error) => settle({ failed: error.message, reused: false }))
      incoming.on('end', () =>
        settle({ status: incoming.statusCode ?? 0, body: Buffer.concat(parts).toString('utf8') }),
      )
    })
    outgoing.end(ask.body ?? undefined)
  })
}

/** Whether the server answered at all, with whatever status. */
export function isReply(result: Reply | NoReply): result is Reply {
  return 'status' in result
}
