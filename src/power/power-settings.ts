import { z } from 'zod'
import type { PowerProfile } from '../placement/power/power-profile.ts'
import type { PowerRules } from '../placement/power/power-rules.ts'
import { rulesFrom, rulesShape } from '../placement/power/rules-schema.ts'
import { checkSettings, type DriverSettings, driverSettings } from './drivers/settings.ts'
import { switchedThings } from './drivers/switched-thing.ts'
import { calibrationSettings, type MeterSettings, meterSettings } from './meters/settings.ts'

/** What is written of one node. */
export interface NodePowerSettings {
  /** Null: nobody switches it, so that it is on whenever it is there. */
  readonly driver: DriverSettings | null
  readonly profile: PowerProfile
  /** It may not draw more; null for no limit. */
  readonly capWatts: number | null
  /** A meter in the network that reads this node. */
  readonly meter: MeterSettings | null
  /** What to make of the sensor inside the node. */
  readonly calibration: { readonly overheadWatts: number; readonly supplyEfficiency: number } | null
}

/** One part of what never sleeps. */
export interface FloorPart {
  readonly name: string
  readonly watts: number
}

/** Everything that is written of power. */
export interface PowerSettings {
  /** Every driver only says what it would do, and no node counts as switched. */
  readonly dryRun: boolean
  /** With the floor in them. */
  readonly rules: PowerRules
  readonly floor: readonly FloorPart[]
  /** Watts by which the head's own machine draws more while the first responder works. */
  readonly firstResponderWatts: number
  /** Plex's log, by which whoever looks at its pages is seen; null: by nobody. */
  readonly plexLog: string | null
  /** By the names under which nodes have joined. */
  readonly nodes: ReadonlyMap<string, NodePowerSettings>
}

const watts = z.number().min(0).max(10_000)
const seconds = z.number().min(0).max(3_600)

/** Boards boot in 10 to 30 s, and a shutdown takes less. */
const usualSeconds = { wake: 30, sleep: 10 }

const nodeSettings = z
  .strictObject({
    driver: driverSettings.optional(),
    idleWatts: watts,
    busyWatts: watts,
    offWatts: watts.default(0),
    wakeSeconds: seconds.default(usualSeconds.wake),
    wakeWatts: watts.optional(),
    sleepSeconds: seconds.default(usualSeconds.sleep),
    sleepWatts: watts.optional(),
    capWatts: watts.optional(),
    meter: meterSettings.optional(),
    calibration: calibrationSettings.optional(),
  })
  .refine(({ idleWatts, busyWatts }) => idleWatts <= busyWatts, {
    path: ['busyWatts'],
    message: 'must not be less than idleWatts',
  })
  .transform((written): NodePowerSettings => {
    const { driver, meter, calibration, capWatts, wakeWatts, sleepWatts, ...profile } = written
    return {
      ...{ driver: driver ?? null, meter: meter ?? null, calibration: calibration ?? null },
      capWatts: capWatts ?? null,
      profile: {
        ...profile,
        wakeWatts: wakeWatts ?? profile.busyWatts,
        sleepWatts: sleepWatts ?? profile.idleWatts,
      },
    }
  })

/** The section `power` of the configuration. */
export const powerSettings = z
  .strictObject({
    dryRun: z.boolean().default(false),
    floor: z.array(z.strictObject({ name: z.string().min(1), watts })).default([]),
    firstResponderWatts: watts.default(15),
    plexLog: z.string().startsWith('/', 'a file is written from the root on').optional(),
    nodes: z.record(z.string().min(1), nodeSettings).default({}),
    ...rulesShape,
  })
  .superRefine(({ nodes }, context) => {
    const owners = new Map<string, string>()
    for (const [name, { driver }] of Object.entries(nodes)) {
      for (const thing of driver ? switchedThings(driver) : []) {
        const owner = owners.get(thing)
        const message = `switches the same as that of ${owner}: ${thing}`
        if (owner !== undefined)
          context.addIssue({ code: 'custom', path: ['nodes', name, 'driver'], message })
        else owners.set(thing, name)
      }
    }
  })
  .transform(({ dryRun, floor, firstResponderWatts, plexLog, nodes, ...rules }): PowerSettings => {
    const floorWatts = floor.reduce((total, part) => total + part.watts, 0)
    return {
      ...{ dryRun, floor, firstResponderWatts, plexLog: plexLog ?? null },
      rules: { ...rulesFrom(rules), floorWatts },
      nodes: new Map(Object.entries(nodes)),
    }
  })

/**
 * The section `power` as somebody wrote it, checked and with every default; nothing of it is needed.
 *
 * @throws PacelineError E_POWER_SETTINGS with each fault and its key, but no value
 */
export function checkPowerSettings(input: unknown, where = 'power'): PowerSettings {
  return checkSettings(powerSettings, input ?? {}, where)
}
