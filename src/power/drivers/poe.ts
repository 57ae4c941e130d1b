import { z } from 'zod'
import { type SnmpAddress, snmpAddress, snmpGet, snmpSet } from '../snmp.ts'
import type { Device, Observation } from './driver.ts'
import { switchSettings } from './switch-settings.ts'

export const poeSettings = z
  .strictObject({
    driver: z.literal('poe'),
    ...snmpAddress,
    /** The group of ports: the unit of a stack, else 1. */
    group: z.int().min(1).max(2_147_483_647).default(1),
    /** The port within its group, as the switch counts. */
    switchPort: z.int().min(1).max(2_147_483_647),
    /** Ports that must never be switched: the uplink, the head's own. */
    protectedPorts: z.array(z.int().min(1)).default([]),
    ...switchSettings,
  })
  .refine(({ switchPort, protectedPorts }) => !protectedPorts.includes(switchPort), {
    path: ['switchPort'],
    message: 'is one of protectedPorts',
  })

/** POWER-ETHERNET-MIB, RFC 3621: pethPsePortEntry, indexed by group and port. */
const portEntry = '1.3.6.1.2.1.105.1.1.1'
const adminEnable = 3
const detectionStatus = 6

/** TruthValue, RFC 2579. */
const truth = { on: 1, off: 2 } as const

const detections = ['disabled', 'searching', 'delivering power', 'fault', 'test', 'other fault']
const deliveringPower = 3

/**
 * A port of a PoE switch. Its administrative state counts as commanded, what its detection reports as observed. Off is
 * a hard cut.
 */
export function poeDevice(settings: z.output<typeof poeSettings>): Device {
  const address: SnmpAddress = settings
  const column = (number: number) => `${portEntry}.${number}.${settings.group}.${settings.switchPort}`
  return {
    kind: 'poe',
    name: `poe at ${settings.host}, port ${settings.group}.${settings.switchPort}`,
    describe: (power) =>
      `SNMP ${settings.snmp.version} set ${column(adminEnable)} = ${truth[power]} at ${settings.host}:${settings.port}`,
    command: (power, signal) => snmpSet(address, column(adminEnable), truth[power], signal),
    observe: async (signal): Promise<Observation> => {
      const [admin, detection = 0] = await snmpGet(
        address,
        [column(adminEnable), column(detectionStatus)],
        signal,
      )
      const words = detections[detection - 1] ?? `detection status ${detection}`
      return {
        commanded: admin === truth.on ? 'on' : 'off',
        observed: detection === deliveringPower ? 'on' : 'off',
        evidence: `port ${admin === truth.on ? 'enabled' : 'disabled'}, ${words}`,
      }
    },
  }
}
