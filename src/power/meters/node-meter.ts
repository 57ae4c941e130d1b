import { findHwmon } from './hwmon.ts'
import { findIna3221 } from './ina3221.ts'
import type { Meter, Reading } from './meter.ts'
import { findNvidia } from './nvidia-smi.ts'
import { findRapl } from './rapl.ts'

/**
 * The best meter that this machine has, or undefined: a sensor that sees all of it (INA3221, a board's own), else what
 * its processor and graphics cards count, added up.
 *
 * @throws PacelineError E_METER_DENIED where a sensor is there and may not be read: worth telling rather than modelling
 */
export async function findNodeMeter({
  sys = '/sys',
  nvidiaSmi = 'nvidia-smi',
} = {}): Promise<Meter | undefined> {
  const jetson = await findIna3221(sys)
  if (jetson) return jetson
  const sensors = await findHwmon(sys)
  const readings = await Promise.all(sensors.map((sensor) => sensor.read()))
  const whole = ['wall', 'board'] as const
  for (const boundary of whole) {
    const index = readings.findIndex((reading) => reading.boundary === boundary)
    if (index >= 0) return sensors[index]
  }
  const chips = [await findRapl(sys), await findNvidia(nvidiaSmi), ...sensors]
  const found = chips.filter((meter) => meter !== undefined)
  return found.length > 1 ? addedUp(found) : found[0]
}

/** Meters of one boundary as one. Modelled if any of them is; without counters, which need not all be there. */
export function addedUp(meters: readonly Meter[]): Meter {
  const source = meters.map((meter) => meter.source).join(' + ')
  return {
    source,
    read: async (signal): Promise<Reading> => {
      const readings = await Promise.all(meters.map((meter) => meter.read(signal)))
      const watts = readings.reduce((total, reading) => total + reading.watts, 0)
      const basis = readings.some((reading) => reading.basis === 'modelled') ? 'modelled' : 'measured'
      return { watts, source, basis, boundary: readings[0]!.boundary }
    },
  }
}
