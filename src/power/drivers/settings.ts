import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { secretsIn } from '../secret.ts'
import { type AskAgent, agentDevice, agentSettings } from './agent.ts'
import type { Device, PowerDriver } from './driver.ts'
import { execDevice, execSettings } from './exec.ts'
import { MqttSwitch, mqttSettings } from './mqtt.ts'
import { PairDriver } from './pair.ts'
import { poeDevice, poeSettings } from './poe.ts'
import { PowerSwitch } from './power-switch.ts'
import { shellyDevice, shellySettings } from './shelly.ts'
import { sshDevice, sshSettings } from './ssh.ts'
import { tasmotaDevice, tasmotaSettings } from './tasmota.ts'
import { TuringPi, turingPiSettings } from './turing-pi.ts'
import { wakeOnLanDevice, wakeOnLanSettings } from './wake-on-lan.ts'
import { webhookDevice, webhookSettings } from './webhook.ts'

const single = z.discriminatedUnion('driver', [
  agentSettings,
  execSettings,
  mqttSettings,
  poeSettings,
  shellySettings,
  sshSettings,
  tasmotaSettings,
  turingPiSettings,
  wakeOnLanSettings,
  webhookSettings,
])
type SingleSettings = z.output<typeof single>

const onlyOff: readonly SingleSettings['driver'][] = ['agent', 'ssh']
const pairSettings = z.strictObject({
  driver: z.literal('pair'),
  on: single.refine(({ driver }) => !onlyOff.includes(driver), 'this driver switches nothing on'),
  /** One after the other: the gentle ones first, the one that is sure last. */
  off: z
    .array(single.refine(({ driver }) => driver !== 'wake-on-lan', 'this driver switches nothing off'))
    .min(1)
    .max(4),
  /** Between a gentle step that was done and the next one. */
  settleSeconds: z.number().min(0).max(600).default(15),
  /** For all of them, whatever each says. */
  dryRun: z.boolean().default(false),
})

export const driverSettings = z.discriminatedUnion('driver', [...single.options, pairSettings])
export type DriverSettings = z.output<typeof driverSettings>

/**
 * Settings of a power driver as somebody wrote them, checked and with every default.
 *
 * @param where the place in the configuration, for the message: `nodes.pi5-1.power`
 * @throws PacelineError E_POWER_SETTINGS with each fault and its key, but no value
 */
export function checkDriverSettings(input: unknown, where: string): DriverSettings {
  return checkSettings(driverSettings, input, where)
}

/** As `checkDriverSettings`, by any schema. */
export function checkSettings<T>(schema: z.ZodType<T>, input: unknown, where: string): T {
  const checked = schema.safeParse(input)
  if (checked.success) return checked.data
  const faults = checked.error.issues.map(({ path, message }) => `${[where, ...path].join('.')}: ${message}`)
  throw new PacelineError('E_POWER_SETTINGS', faults.join('; '))
}

/** What drivers need from the process that they live in. */
export interface DriverSurroundings {
  /** Asks the agent of the node that this driver is for. */
  readonly askAgent?: AskAgent
}

/** The driver for checked settings. Nothing is sent until it is used. */
export function makeDriver(settings: DriverSettings, surroundings: DriverSurroundings = {}): PowerDriver {
  const make = (one: SingleSettings) => new PowerSwitch(deviceFor(one, surroundings), one, secretsIn(one))
  if (settings.driver !== 'pair') return make(settings)
  const { dryRun, settleSeconds } = settings
  const part = (one: SingleSettings) => make({ ...one, dryRun: dryRun || one.dryRun })
  const [first, ...others] = settings.off.map(part)
  return new PairDriver(part(settings.on), [first!, ...others], settleSeconds * 1_000)
}

function deviceFor(settings: SingleSettings, { askAgent }: DriverSurroundings): Device {
  switch (settings.driver) {
    case 'agent':
      return agentDevice(settings, askAgent)
    case 'exec':
      return execDevice(settings)
    case 'mqtt':
      return new MqttSwitch(settings)
    case 'poe':
      return poeDevice(settings)
    case 'shelly':
      return shellyDevice(settings)
    case 'ssh':
      return sshDevice(settings)
    case 'tasmota':
      return tasmotaDevice(settings)
    case 'turing-pi':
      return new TuringPi(settings)
    case 'wake-on-lan':
      return wakeOnLanDevice(settings)
    case 'webhook':
      return webhookDevice(settings)
  }
}
