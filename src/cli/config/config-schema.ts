import { z } from 'zod'
import { outwardSettings } from '../../outward/settings.ts'
import { energySettings } from '../../power/energy-settings.ts'
import { powerSettings } from '../../power/power-settings.ts'

const port = z.int().min(0).max(65_535)
const folders = z.array(z.string().min(1))

/** The configuration as a file has it: every key may be left out. Options of the command line and variables come first. */
export const configSchema = z.strictObject({
  host: z.string().min(1).optional(),
  port: port.optional(),
  natsPort: port.optional(),
  nats: z.string().min(1).optional(),
  ffmpeg: z.string().min(1).optional(),
  mediaRoots: folders.optional(),
  transcodeRoots: folders.optional(),
  doorGroup: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  observe: z.boolean().optional(),
  firstResponder: z.enum(['auto', 'always', 'off']).optional(),
  overload: z.enum(['local', 'refuse', 'share']).optional(),
  power: powerSettings.optional(),
  energy: energySettings.optional(),
  events: outwardSettings.optional(),
})

export type Config = z.output<typeof configSchema>

/** Keys whose value is that of an option of `head` and `up`, and what commander calls it. */
export const optionKeys = {
  host: 'host',
  port: 'port',
  natsPort: 'natsPort',
  nats: 'nats',
  ffmpeg: 'ffmpeg',
  mediaRoots: 'mediaRoot',
  transcodeRoots: 'transcodeRoot',
  doorGroup: 'doorGroup',
  user: 'user',
  observe: 'observe',
  firstResponder: 'firstResponder',
  overload: 'overload',
} as const satisfies Partial<Record<keyof Config, string>>

/** Keys of the section `power`, each of which is a variable PACELINE_POWER_… too. */
export const powerKeys = [
  ...([
    'nodes',
    'floor',
    'totalCapWatts',
    'firstResponderWatts',
    'plexLog',
    'keepWarm',
    'quiet',
    'maintenance',
  ] as const),
  ...(['minOnSeconds', 'minOffSeconds', 'startSet', 'margin', 'dryRun'] as const),
]

/** `totalCapWatts` is PACELINE_POWER_TOTAL_CAP_WATTS. */
export function powerVariable(key: string): string {
  return `PACELINE_POWER_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
