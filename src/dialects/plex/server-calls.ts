import type { ControlChannel } from './control-channel.ts'
import { isReply, type NoReply, type Reply } from './http-exchange.ts'
import { logLevels } from './job.ts'
import type { ListClient } from './list-client.ts'
import { percentEncode } from './percent-encode.ts'

/** The calls of one job to its media server. None rejects: the transcoder goes on whatever the server says. */
export interface ServerCalls {
  /** A report without a body; `suffix` follows the progress address. */
  put(suffix: string): Promise<Reply | NoReply>
  /** A line for the server's log; level 0 is an error, 3 a remark. */
  log(level: 0 | 3, message: string): Promise<void>
  /** Posts the job's own list, or another one. */
  postList(body: string, to?: ListClient | null): Promise<void>
}

export interface ServerCallsOptions {
  readonly control: ControlChannel
  /** Null for a job that has no list. */
  readonly listClient: ListClient | null
  /** FFmpeg's number of `-loglevel_plex`. */
  readonly logLevel: number
  /** Hears of every call that got no reply or an unfriendly one. */
  readonly onProblem: (problem: string) => void
  readonly signal: AbortSignal
}

/** Opens no connection by itself; problems after the signal is aborted are not told, since whoever cut the connections knows. */
export function openServerCalls(options: ServerCallsOptions): ServerCalls {
  function checked(call: string, reply: Reply | NoReply): Reply | NoReply {
    if (options.signal.aborted) return reply
    if (!isReply(reply)) options.onProblem(`${call}: ${reply.failed}`)
    else if (reply.status < 200 || reply.status > 299) options.onProblem(`${call}: status ${reply.status}`)
    return reply
  }
  return {
    put: async (suffix) => checked(suffix, await options.control.send('PUT', suffix)),
    log: async (level, message) => {
      // Plex's transcoder says its own remarks at any level but quiet.
      if (options.logLevel === logLevels.quiet) return
      const suffix = `/log?level=${level}&message=${percentEncode(message)}`
      checked(suffix, await options.control.send('POST', suffix))
    },
    postList: async (body, to = options.listClient) => {
      if (!to) throw new RangeError('a job without a list')
      checked('segment list', await to.post(body))
    },
  }
}
