import { usualRules } from '../placement/power/power-rules.ts'
import type { Fleet, FleetNode } from './fleet.ts'
import { eveningHours, type WorkloadShape } from './workload-shape.ts'

const platforms = ['software']

/**
 * The home of the reference: four boards of 5 W idle and 12 W busy that boot in 25 s at 8 W and shut down in 10 s at 5 W,
 * so that a cycle costs 250 J and idling for 50 s as much. Each makes such a stream 2.2 times as fast as it plays. The
 * head's own machine makes it 2.5 times as fast for 35 W: fast enough to begin with, and too dear to go on.
 */
export const homeFleet: Fleet = {
  name: 'home: 4 boards',
  nodes: Array.from(
    { length: 4 },
    (_, index): FleetNode => ({
      ...{ id: `board-${index + 1}`, board: 'reference', platforms, capacity: 2.2, capWatts: null },
      profile: {
        ...{ offWatts: 0, idleWatts: 5, busyWatts: 12 },
        ...{ wakeSeconds: 25, wakeWatts: 8, sleepSeconds: 10, sleepWatts: 5 },
      },
      ...{ wakeSpreadSeconds: 2, wakeFailures: 0 },
    }),
  ),
  responder: { platforms, capacity: 2.5, slots: 4, addedWatts: 35 },
  floor: [
    { name: 'head', watts: 4 },
    { name: 'switch', watts: 3 },
    { name: 'BMC', watts: 2.6 },
  ],
  rules: usualRules,
}

/** Three transcodes a day, most of them in the evening; a node is busy 6.6 % of the day, as in the reference. */
export const homeShape: WorkloadShape = {
  ...{ name: 'home: 3 transcodes a day', perDay: 3, hours: eveningHours, weekend: 1.4 },
  titles: [
    { minutes: 50, weight: 5 },
    { minutes: 120, weight: 5 },
  ],
  stay: { scaleMinutes: 365, shape: 0.9 },
  binge: { chance: 0.3, leastSeconds: 10, mostSeconds: 60 },
  ...{ pausesPerHour: 0.4, pauseMinutes: 4, seeksPerHour: 0.2 },
  streams: [{ demand: 1, platforms, weight: 1 }],
}
