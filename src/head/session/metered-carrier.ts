import type { WorkMeter } from '../../placement/work-meter.ts'
import type { LeaseCarrier } from './lease-carrier.ts'

/** The same carrier, with a meter that hears of every lease on pictures and of its credit. */
export function meteredCarrier(
  carrier: LeaseCarrier,
  meter: WorkMeter,
  { demand, now }: { readonly demand: number; readonly now: () => number },
): LeaseCarrier {
  return {
    ...carrier,
    async grant(holder, action, extras) {
      const { attempt, node, from, part } = action
      const until = Math.min(action.to, action.until)
      if (part === 'video') meter.granted(attempt, { node, demand, from, until }, now())
      let hasBegun = false
      try {
        const problem = await carrier.grant(holder, action, extras)
        hasBegun = problem === null
        return problem
      } finally {
        if (!hasBegun) meter.ended(attempt)
      }
    },
    order(action) {
      if (action.type === 'extend') meter.extended(action.attempt, action.until, now())
      if (action.type === 'cancel') meter.ended(action.attempt)
      carrier.order(action)
    },
    close(attempt, report) {
      meter.ended(attempt)
      carrier.close(attempt, report)
    },
    release(attempt) {
      meter.ended(attempt)
      carrier.release(attempt)
    },
    nodeLost(node) {
      for (const lease of carrier.all()) if (lease.node === node) meter.ended(lease.attempt)
      carrier.nodeLost(node)
    },
    closeAll() {
      for (const { attempt } of carrier.all()) meter.ended(attempt)
      carrier.closeAll()
    },
  }
}
