import type { Meter } from './meter.ts'

export interface PowerModel {
  readonly idleWatts: number
  readonly busyWatts: number
  /** With power at the socket and the node off; a Raspberry Pi 5 that is only halted draws 1.2 to 1.8 W. */
  readonly offWatts: number
}

/** How a node that is modelled is doing: off, or on and that busy, from 0 to 1. */
export type Activity = 'off' | number

/** Watts of a node without a sensor: a straight line from idle to busy. Always marked as modelled. */
export function modelMeter(model: PowerModel, activity: () => Activity): Meter {
  const source = 'model'
  return {
    source,
    read: async (signal) => {
      signal?.throwIfAborted()
      return { watts: modelledWatts(model, activity()), source, basis: 'modelled', boundary: 'wall' }
    },
  }
}

export function modelledWatts({ idleWatts, busyWatts, offWatts }: PowerModel, activity: Activity): number {
  if (activity === 'off') return offWatts
  return idleWatts + (busyWatts - idleWatts) * Math.min(1, Math.max(0, activity))
}
