import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { HttpDevice } from '../http-device.ts'
import { mostHeard, secretSetting } from '../secret.ts'
import type { Device } from './driver.ts'
import { expectOwn, macSetting } from './own-device.ts'
import { relayObservation } from './shelly.ts'
import { switchSettings, webUrl } from './switch-settings.ts'

/** Where a Tasmota device is and how to log in: the same for switching and for reading. */
export const tasmotaAddress = {
  url: webUrl,
  /** The relay's number, from 1. */
  channel: z.int().min(1).max(32).default(1),
  /** Which device has to answer there. */
  mac: macSetting.exactOptional(),
  user: z.string().min(1).default('admin'),
  password: secretSetting.exactOptional(),
}

export const tasmotaSettings = z.strictObject({
  driver: z.literal('tasmota'),
  ...tasmotaAddress,
  liveWatts: z.number().positive().default(0.5),
  ...switchSettings,
})

export type TasmotaAddress = z.output<z.ZodObject<typeof tasmotaAddress>>

const watts = z.union([z.number(), z.array(z.number())])
const sensors = z.object({
  StatusSNS: z.object({ ENERGY: z.object({ Power: watts, Total: watts.exactOptional() }).exactOptional() }),
})

const network = z.object({ StatusNET: z.object({ Mac: z.string() }) })

/** The HTTP interface of a Tasmota device: console commands to `/cm`. */
export class Tasmota {
  readonly name: string
  readonly #address: TasmotaAddress
  readonly #http = new HttpDevice({ scheme: 'none' })

  constructor(address: TasmotaAddress) {
    this.name = `tasmota at ${new URL(address.url).origin}, relay ${address.channel}`
    this.#address = address
  }

  /** Sets the relay, or with an empty word asks for it; true when it is closed afterwards. */
  async relay(word: 'on' | 'off' | '', signal: AbortSignal): Promise<boolean> {
    const { channel } = this.#address
    await this.#expectOwn(signal)
    const answer = await this.#command(
      `Power${channel} ${word}`.trim(),
      z.record(z.string(), z.unknown()),
      signal,
    )
    // With one relay only, the answer has no number.
    const position = answer[`POWER${channel}`] ?? (channel === 1 ? answer.POWER : undefined)
    if (position === 'ON' || position === 'OFF') return position === 'ON'
    throw new PacelineError('E_POWER_REFUSED', `${this.name}: ${JSON.stringify(answer).slice(0, mostHeard)}`)
  }

  /** What its meter says, where it has one: watts now, joules since its counter was reset. */
  async energy(signal: AbortSignal): Promise<{ watts: number; joules?: number } | undefined> {
    await this.#expectOwn(signal)
    const { ENERGY } = (await this.#command('Status 8', sensors, signal)).StatusSNS
    if (ENERGY === undefined) return undefined
    const total = ENERGY.Total === undefined ? undefined : this.#ofChannel(ENERGY.Total)
    return {
      watts: this.#ofChannel(ENERGY.Power),
      // Kilowatt-hours.
      ...(total === undefined ? {} : { joules: total * 3_600_000 }),
    }
  }

  async #expectOwn(signal: AbortSignal): Promise<void> {
    const { mac } = this.#address
    if (mac === undefined) return
    const { StatusNET } = await this.#command('Status 5', network, signal)
    expectOwn(this.name, mac, StatusNET.Mac)
  }

  /** Devices that measure each relay by itself give a list. */
  #ofChannel(value: number | readonly number[]): number {
    if (typeof value === 'number') return value
    const own = value[this.#address.channel - 1]
    if (own !== undefined) return own
    throw new PacelineError('E_POWER_ANSWER', `${this.name}: no reading for this relay`)
  }

  async #command<T>(words: string, shape: z.ZodType<T>, signal: AbortSignal): Promise<T> {
    const { url: base, user, password } = this.#address
    const url = new URL('/cm', base)
    // The only way in that its documentation has: in the query, and so never in our messages.
    const login =
      password === undefined
        ? []
        : [
            ['user', user],
            ['password', password.reveal()],
          ]
    url.search = [...login, ['cmnd', words]]
      .map(([key, value = '']) => `${key}=${encodeURIComponent(value)}`)
      .join('&')
    const answer = await this.#http.json({ url, signal })
    if (typeof answer === 'object' && answer !== null && 'WARNING' in answer)
      throw new PacelineError('E_POWER_DENIED', this.name)
    const read = shape.safeParse(answer)
    if (read.success) return read.data
    const why = z.prettifyError(read.error).replaceAll('\n', ' ')
    throw new PacelineError('E_POWER_ANSWER', `${this.name}: ${words}: ${why}`)
  }
}

/** A plug or relay with Tasmota. Its word about the relay counts as commanded; what is drawn through it as observed. */
export function tasmotaDevice(settings: z.output<typeof tasmotaSettings>): Device {
  const tasmota = new Tasmota(settings)
  return {
    kind: 'tasmota',
    name: tasmota.name,
    describe: (power) => `GET ${new URL(settings.url).origin}/cm?cmnd=Power${settings.channel}%20${power}`,
    command: async (power, signal) => {
      await tasmota.relay(power, signal)
    },
    observe: async (signal) => {
      const isClosed = await tasmota.relay('', signal)
      return relayObservation(isClosed, (await tasmota.energy(signal))?.watts, settings.liveWatts)
    },
  }
}
