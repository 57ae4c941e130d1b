import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { Shelly, shellyAddress } from '../drivers/shelly.ts'
import { Tasmota, tasmotaAddress } from '../drivers/tasmota.ts'
import { secretsIn, withoutSecrets } from '../secret.ts'
import { snmpAddress, snmpGet } from '../snmp.ts'
import { withinTime } from '../within-time.ts'
import type { Meter, Reading } from './meter.ts'

const timeoutSeconds = z.number().positive().max(600).default(5)
const objectIdentifier = z.string().regex(/^\d+(\.\d+)+$/, 'must be an object identifier in numbers')

export const networkMeterSettings = z.discriminatedUnion('meter', [
  z.strictObject({ meter: z.literal('shelly'), ...shellyAddress, timeoutSeconds }),
  z.strictObject({ meter: z.literal('tasmota'), ...tasmotaAddress, timeoutSeconds }),
  z.strictObject({
    meter: z.literal('snmp'),
    ...snmpAddress,
    timeoutSeconds,
    /** The group of ports of which the total is read. */
    group: z.int().min(1).default(1),
    /** A number of the maker's own instead: the standard has none for a port. */
    object: objectIdentifier.exactOptional(),
    wattsPerUnit: z.number().positive().default(1),
    boundary: z.enum(['port', 'board', 'wall']).default('port'),
  }),
])

export type NetworkMeterSettings = z.output<typeof networkMeterSettings>

/** pethMainPseConsumptionPower, RFC 3621: whole watts delivered by a group of ports. */
const consumption = '1.3.6.1.2.1.105.1.3.1.1.4'

/** A meter behind the network, read by the head. */
export function networkMeter(settings: NetworkMeterSettings): Meter {
  const { source, read } = readerFor(settings)
  const secrets = secretsIn(settings)
  return {
    source,
    read: async (signal) => {
      try {
        return await withinTime(read, settings.timeoutSeconds * 1_000, source, signal)
      } catch (error) {
        if (!(error instanceof PacelineError)) throw error
        throw new PacelineError(error.code, withoutSecrets(error.where, secrets), { hint: error.hint })
      }
    },
  }
}

interface Reader {
  readonly source: string
  read(signal: AbortSignal): Promise<Reading>
}

function readerFor(settings: NetworkMeterSettings): Reader {
  if (settings.meter === 'snmp') return snmpReader(settings)
  const plug = settings.meter === 'shelly' ? new Shelly(settings) : new Tasmota(settings)
  const source = plug.name
  return {
    source,
    read: async (signal) => {
      const { watts, joules } =
        (await (plug instanceof Shelly ? plug.status(signal) : plug.energy(signal))) ?? {}
      if (watts === undefined) throw new PacelineError('E_POWER_ANSWER', `${source}: it has no meter`)
      return {
        watts,
        source,
        basis: 'measured',
        boundary: 'wall',
        ...(joules === undefined ? {} : { joules }),
      }
    },
  }
}

function snmpReader(settings: NetworkMeterSettings & { meter: 'snmp' }): Reader {
  const object = settings.object ?? `${consumption}.${settings.group}`
  const source = `snmp ${object} at ${settings.host}`
  return {
    source,
    read: async (signal) => {
      const [value = 0] = await snmpGet(settings, [object], signal)
      return { watts: value * settings.wattsPerUnit, source, basis: 'measured', boundary: settings.boundary }
    },
  }
}
