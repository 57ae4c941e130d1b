/** A request as one of the transcoder's two HTTP clients sends it; header names keep their case and order. */
export interface Exchange {
  readonly method: 'PUT' | 'POST'
  /** The address, as an argument of the job names it. */
  readonly address: string
  /** Follows it: more of the path, a query, or nothing. */
  readonly suffix: string
  /** `token` is where the server's token goes, which is not known here. */
  readonly headers: readonly (readonly [name: string, value: string] | 'token')[]
  /** Sent in chunks; null sends no body and no header about one. */
  readonly body: string | null
  /** On the connection that is kept, or on one for this request alone. */
  readonly keepsConnection: boolean
  /** The whole exchange, connection included, is given up after so long. */
  readonly timeoutMilliseconds: number
}

/** The way to the media server. Never rejects. */
export type Exchanger = (ask: Exchange) => Promise<Reply | NoReply>

export interface Reply {
  readonly status: number
  readonly body: string
}

/** No reply; `reused` tells that a connection that had carried replies before was lost: worth one more try. */
export interface NoReply {
  readonly failed: string
  readonly reused: boolean
}

const givenUp: NoReply = { failed: 'given up', reused: false }

/** Sends nothing once the signal is aborted, and waits no longer then. */
export function untilGivenUp(exchange: Exchanger, signal: AbortSignal): Exchanger {
  return (ask) => {
    if (signal.aborted) return Promise.resolve(givenUp)
    return new Promise((resolve) => {
      const giveUp = () => resolve(givenUp)
      signal.addEventListener('abort', giveUp, { once: true })
      void exchange(ask).then((result) => {
        signal.removeEventListener('abort', giveUp)
        resolve(result)
      })
    })
  }
}

/** Whether the server answered at all, with whatever status. */
export function isReply(result: Reply | NoReply): result is Reply {
  return 'status' in result
}
