import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { HttpDevice, type HttpLogin } from '../http-device.ts'
import { secretSetting } from '../secret.ts'
import type { Device, Observation, Power } from './driver.ts'
import { expectOwn, macSetting } from './own-device.ts'
import { switchSettings, trustSettings, webUrl } from './switch-settings.ts'

/** Where a Shelly is and how to log in: the same for switching and for reading. */
export const shellyAddress = {
  url: webUrl,
  /** 1 for the devices of before 2021 (`/relay/0`), 2 for all later ones (`/rpc`): Plus, Pro, Gen3, Gen4. */
  generation: z.union([z.literal(1), z.literal(2)]).default(2),
  channel: z.int().min(0).max(15).default(0),
  /** Which device has to answer there. */
  mac: macSetting.exactOptional(),
  /** Generation 2 knows only `admin`. */
  user: z.string().min(1).default('admin'),
  password: secretSetting.exactOptional(),
  ...trustSettings,
}

export const shellySettings = z.strictObject({
  driver: z.literal('shelly'),
  ...shellyAddress,
  /** From this power on somebody draws it. A relay that is closed while less is drawn is not taken for a node that is on. */
  liveWatts: z.number().positive().default(0.5),
  ...switchSettings,
})

export type ShellyAddress = z.output<z.ZodObject<typeof shellyAddress>>

/** What a Shelly says of one channel. */
export interface ShellyStatus {
  readonly isClosed: boolean
  /** Absent on models without a meter. */
  readonly watts?: number
  /** Counted by the device since it was last reset. */
  readonly joules?: number
}

const itself = z.object({ mac: z.string() })
const firstTaken: z.ZodType<unknown> = z.object({ ison: z.boolean() })
const laterTaken: z.ZodType<unknown> = z.object({ was_on: z.boolean() })
const firstGeneration = z.object({
  relays: z.array(z.object({ ison: z.boolean() })),
  meters: z.array(z.object({ power: z.number(), total: z.number().exactOptional() })).exactOptional(),
})
const laterGeneration = z.object({
  id: z.number().exactOptional(),
  output: z.boolean(),
  apower: z.number().exactOptional(),
  aenergy: z.object({ total: z.number() }).exactOptional(),
})

/** The HTTP interface of a Shelly, of either generation. */
export class Shelly {
  readonly name: string
  readonly #address: ShellyAddress
  readonly #http: HttpDevice

  constructor(address: ShellyAddress) {
    this.name = `shelly at ${new URL(address.url).origin}, channel ${address.channel}`
    this.#address = address
    this.#http = new HttpDevice(loginFor(address), address)
  }

  /** @throws PacelineError, as `HttpDevice` */
  async turn(power: Power, signal: AbortSignal): Promise<void> {
    await this.#expectOwn(signal)
    const answer = await this.#http.json({ url: this.urlTo(power), signal })
    this.#read(this.#address.generation === 1 ? firstTaken : laterTaken, answer)
  }

  urlTo(power: Power): URL {
    const { generation, channel, url } = this.#address
    return generation === 1
      ? new URL(`/relay/${channel}?turn=${power}`, url)
      : new URL(`/rpc/Switch.Set?id=${channel}&on=${power === 'on'}`, url)
  }

  /** @throws PacelineError, as `HttpDevice`; E_POWER_REFUSED where there is no such channel */
  async status(signal: AbortSignal): Promise<ShellyStatus> {
    const { generation, channel, url } = this.#address
    await this.#expectOwn(signal)
    if (generation === 2) {
      const answer = await this.#http.json({
        url: new URL(`/rpc/Switch.GetStatus?id=${channel}`, url),
        signal,
      })
      const { id = channel, output, apower, aenergy } = this.#read(laterGeneration, answer)
      if (id !== channel)
        throw new PacelineError('E_POWER_ANSWER', `${this.name}: it speaks of channel ${id}`)
      return {
        isClosed: output,
        ...(apower === undefined ? {} : { watts: apower }),
        // Watt-hours.
        ...(aenergy === undefined ? {} : { joules: aenergy.total * 3_600 }),
      }
    }
    const answer = this.#read(
      firstGeneration,
      await this.#http.json({ url: new URL('/status', url), signal }),
    )
    const relay = answer.relays[channel]
    if (relay === undefined) throw new PacelineError('E_POWER_REFUSED', `${this.name}: no such channel`)
    const meter = answer.meters?.[channel]
    return {
      isClosed: relay.ison,
      ...(meter === undefined ? {} : { watts: meter.power }),
      // Watt-minutes.
      ...(meter?.total === undefined ? {} : { joules: meter.total * 60 }),
    }
  }

  /** Both generations say at `/shelly` who they are, to everybody. */
  async #expectOwn(signal: AbortSignal): Promise<void> {
    const { mac, url } = this.#address
    if (mac === undefined) return
    const answer = this.#read(itself, await this.#http.json({ url: new URL('/shelly', url), signal }))
    expectOwn(this.name, mac, answer.mac)
  }

  #read<T>(shape: z.ZodType<T>, answer: unknown): T {
    const read = shape.safeParse(answer)
    if (read.success) return read.data
    const why = `not what generation ${this.#address.generation} says: ${z.prettifyError(read.error)}`
    throw new PacelineError('E_POWER_ANSWER', `${this.name}: ${why.replaceAll('\n', ' ')}`)
  }
}

function loginFor({ generation, user, password }: ShellyAddress): HttpLogin {
  if (password === undefined) return { scheme: 'none' }
  return { scheme: generation === 1 ? 'basic' : 'digest', user, password }
}

/** A Shelly relay or plug. Its word about the relay counts as commanded; what is drawn through it as observed. */
export function shellyDevice(settings: z.output<typeof shellySettings>): Device {
  const shelly = new Shelly(settings)
  return {
    kind: 'shelly',
    name: shelly.name,
    describe: (power) => `GET ${shelly.urlTo(power)}`,
    command: (power, signal) => shelly.turn(power, signal),
    observe: async (signal) => {
      const { isClosed, watts } = await shelly.status(signal)
      return relayObservation(isClosed, watts, settings.liveWatts)
    },
  }
}

/** What a relay with or without a meter tells of the node behind it. */
export function relayObservation(
  isClosed: boolean,
  watts: number | undefined,
  liveWatts: number,
): Observation {
  const commanded: Power = isClosed ? 'on' : 'off'
  const relay = `relay ${isClosed ? 'closed' : 'open'}`
  if (watts === undefined) return { commanded, evidence: `${relay}, no meter` }
  return {
    commanded,
    observed: watts >= liveWatts ? 'on' : 'off',
    evidence: `${relay}, ${watts.toFixed(1)} W`,
  }
}
