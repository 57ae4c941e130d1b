import type { Meter, Reading } from './meter.ts'

/** What a sensor does not see. */
export interface Calibration {
  /** Carrier, disk, fan: what is drawn beside what is measured. */
  readonly overheadWatts: number
  /** Of the power supply, from 0 to 1. */
  readonly supplyEfficiency: number
}

/**
 * What the wall gives, from what a sensor inside sees. One part of it is assumed, so that it is marked as modelled, and
 * the sensor's own counter, which is about something else, is left out.
 */
export function calibrated(meter: Meter, calibration: Calibration): Meter {
  const source = `${meter.source}, calibrated`
  return {
    source,
    read: async (signal): Promise<Reading> => {
      const inside = await meter.read(signal)
      const watts = calibratedWatts(inside.watts, calibration)
      return { watts, source, basis: 'modelled', boundary: 'wall' }
    },
  }
}

/** Watts at the wall, of watts inside. */
export function calibratedWatts(inside: number, { overheadWatts, supplyEfficiency }: Calibration): number {
  return (inside + overheadWatts) / supplyEfficiency
}
