import { z } from 'zod'
import { checkSettings } from './drivers/settings.ts'

/** A computer that would do all the work by itself, for comparison. */
export interface ServerModel {
  readonly idleWatts: number
  readonly busyWatts: number
  /** Cores of the reference machine that it is worth when all it has is busy; see placement/demand.ts. */
  readonly cores: number
  /** Nobody has said what the server draws: it is taken for another one. */
  readonly isAssumed: boolean
}

/** What is written of energy besides what `power` says of nodes and of what never sleeps. */
export interface EnergySettings {
  readonly price: { readonly perKwh: number; readonly currency: string } | null
  readonly server: ServerModel
  readonly miniWatts: number
}

const watts = z.number().min(0).max(10_000)

/**
 * A small server of today, a GMKtec G3 Plus (N150): 9.3 W idle, 25 W busy, 29.5 frames a second of 1080p by x264's
 * `medium` (geerlingguy/sbc-reviews, web/data/results.yml, 968b675e). By placement/demand.ts a second of 24 such frames
 * takes 2.09 reference cores, so that it is worth 2.57. A larger server draws more: this one flatters nobody.
 */
const usualServer = { idleWatts: 9.3, busyWatts: 25, cores: 2.57 }

/** A LattePanda Mu (N100) at rest, of the same source: the least of the boards with that processor. */
const usualMiniWatts = 5.5

export const energySettings = z
  .strictObject({
    pricePerKwh: z.number().min(0).max(1_000).exactOptional(),
    /** ISO 4217. */
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/, 'must be three capital letters, such as EUR')
      .default('EUR'),
    /** The media server's own machine. */
    server: z
      .strictObject({ idleWatts: watts, busyWatts: watts, cores: z.number().positive().max(10_000) })
      .refine(({ idleWatts, busyWatts }) => idleWatts <= busyWatts, {
        path: ['busyWatts'],
        message: 'must not be less than idleWatts',
      })
      .exactOptional(),
    /** An N100 box that only idles. */
    n100Watts: watts.default(usualMiniWatts),
  })
  .transform(
    ({ pricePerKwh, currency, server, n100Watts }): EnergySettings => ({
      price: pricePerKwh === undefined ? null : { perKwh: pricePerKwh, currency },
      server: server ? { ...server, isAssumed: false } : { ...usualServer, isAssumed: true },
      miniWatts: n100Watts,
    }),
  )

/**
 * The section `energy` of the configuration, checked and with every default; nothing of it is needed.
 *
 * @throws PacelineError E_POWER_SETTINGS with each fault and its key, but no value
 */
export function checkEnergySettings(input: unknown, where = 'energy'): EnergySettings {
  return checkSettings(energySettings, input ?? {}, where)
}
