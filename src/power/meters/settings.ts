import { z } from 'zod'
import { checkSettings } from '../drivers/settings.ts'
import type { Meter } from './meter.ts'
import { type Activity, modelMeter } from './model.ts'
import { networkMeter, networkMeterSettings } from './network-meters.ts'

const watts = z.number().min(0).max(10_000)

const modelSettings = z
  .strictObject({
    meter: z.literal('model'),
    idleWatts: watts,
    busyWatts: watts,
    offWatts: watts.default(0),
  })
  .refine(({ idleWatts, busyWatts }) => idleWatts <= busyWatts, {
    path: ['busyWatts'],
    message: 'must not be less than idleWatts',
  })

export const meterSettings = z.discriminatedUnion('meter', [...networkMeterSettings.options, modelSettings])
export type MeterSettings = z.output<typeof meterSettings>

/** What to make of a sensor inside a node, besides or instead of its bare number. */
export const calibrationSettings = z.strictObject({
  overheadWatts: watts.default(0),
  supplyEfficiency: z.number().gt(0).max(1).default(1),
})

/**
 * Settings of a meter as somebody wrote them, checked and with every default.
 *
 * @param where the place in the configuration, for the message: `nodes.pi5-1.meter`
 * @throws PacelineError E_POWER_SETTINGS with each fault and its key, but no value
 */
export function checkMeterSettings(input: unknown, where: string): MeterSettings {
  return checkSettings(meterSettings, input, where)
}

/** As `checkMeterSettings`, for the calibration of a node's own sensor (`calibrated`). */
export function checkCalibration(input: unknown, where: string): z.output<typeof calibrationSettings> {
  return checkSettings(calibrationSettings, input, where)
}

/** The meter for checked settings; `activity` says how the node is doing where that has to be modelled. */
export function makeMeter(settings: MeterSettings, activity: () => Activity): Meter {
  return settings.meter === 'model' ? modelMeter(settings, activity) : networkMeter(settings)
}
