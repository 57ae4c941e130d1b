import type { GrantOrder, LeaseWatch } from '../../cluster/messages.ts'
import { boundarySlot, slotSeconds } from '../../media/timeline.ts'
import type { Plan } from '../../plan/plan.ts'
import { realTime, type Way } from '../../platforms/ways.ts'
import type { GrantAction } from '../../session/actions.ts'
import type { FleetNode } from '../fleet.ts'

/** One segment in so many is looked at, the first one of a lease always: a look costs a few hundredths of a second. */
const lookEvery = 4
/** More would only make the order long. */
const mostLooks = 150
/** A proof is short, films differ, and others may use the chip: only a much smaller share of its speed is a fault. */
const leastShare = 1 / 4

/** What a node is to look at by itself while it makes pictures in a way that uses a chip; nothing in any other. */
export function watchOf(
  plan: Plan,
  action: Pick<GrantAction, 'part' | 'from' | 'to'>,
  { rung, framesPerSecond = null }: Partial<Pick<Way, 'rung' | 'framesPerSecond'>>,
  node: Pick<FleetNode, 'beat'>,
): Pick<GrantOrder, 'watch'> {
  if (rung === undefined || action.part !== 'video') return {}
  const { source } = plan.video
  const watch: LeaseWatch = {
    ...{ input: source.input, stream: source.stream, looks: looksOf(plan, action) },
    ...(framesPerSecond !== null && {
      // One that is slower than its proof and makes the stream all the same harms nobody.
      leastFramesPerSecond: Math.min(
        realTime(plan),
        (framesPerSecond * leastShare) / (node.beat.leases.length + 1),
      ),
    }),
  }
  return { watch }
}

function looksOf(
  { timeline, video: { shiftSeconds = 0 } }: Plan,
  { from, to }: Pick<GrantAction, 'from' | 'to'>,
): LeaseWatch['looks'] {
  const count = Math.min(mostLooks, Math.ceil((to - from) / lookEvery))
  return Array.from({ length: count }, (_, index) => {
    const segment = from + index * lookEvery
    return { segment, seconds: slotSeconds(timeline, boundarySlot(timeline, segment)) - shiftSeconds }
  })
}
