import { PacelineError } from '../errors.ts'
import type { Log } from './log.ts'
import { backoffMs, waited } from './retry.ts'

/** nats-server turns away a node that is just saying who it is while the users are read anew: once proves nothing. */
const removedTries = 3

const removedPauseMs = 3_000

/**
 * Calls `connect` until it succeeds; undefined when the signal came first. Throws E_NODE_REMOVED when the head said so
 * three times running, three seconds apart, and at once what is no PacelineError. `wait` is {@link waited}.
 */
export async function connectPatiently<T>(
  connect: () => Promise<T>,
  log: Pick<Log, 'warn'>,
  signal: AbortSignal,
  wait: typeof waited = waited,
): Promise<T | undefined> {
  let told = ''
  let removed = 0
  for (let retry = 0; !signal.aborted; retry += 1) {
    try {
      return await connect()
    } catch (error) {
      if (!(error instanceof PacelineError)) throw error
      removed = error.code === 'E_NODE_REMOVED' ? removed + 1 : 0
      if (removed === removedTries) throw error
      const what = removed > 0 ? 'the head does not let this node in' : 'the head is not there yet'
      if (error.message !== told) log.warn(what, { error, hint: error.hint })
      told = error.message
      await wait(removed > 0 ? removedPauseMs : backoffMs(retry, 250, 5_000), signal)
    }
  }
  return undefined
}
