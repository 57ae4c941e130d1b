import type { Exchanger } from '../dialects/plex/http-exchange.ts'
import { PacelineError } from '../errors.ts'
import type { DoorJob } from './door/door-job.ts'

/** The way to a job's media server: through its shim, which is where the server expects its transcoder. */
export function serverExchange({ args, hands }: DoorJob): Exchanger {
  return async ({ address, ...request }) => {
    const argument = args.indexOf(address)
    if (argument < 0) return { failed: `no argument is ${address}`, reused: false }
    try {
      return await hands.http.exchange({ ...request, argument })
    } catch (error) {
      if (error instanceof PacelineError) return { failed: error.message, reused: false }
      throw error
    }
  }
}
