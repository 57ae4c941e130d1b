import type { MqttClient } from 'mqtt'
import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { pause } from '../pause.ts'
import { mostHeard, secretSetting } from '../secret.ts'
import type { Device, Observation, Power } from './driver.ts'
import { relayObservation } from './shelly.ts'
import { switchSettings } from './switch-settings.ts'

const topic = z
  .string()
  .min(1)
  .max(1_024)
  .regex(/^[^#+\0]+$/, 'must be one topic, without + and #')
const payload = z.string().max(4_096)

export const mqttSettings = z.strictObject({
  driver: z.literal('mqtt'),
  broker: z
    .url({ protocol: /^mqtts?$/ })
    .refine((url) => !new URL(url).username && !new URL(url).password, 'must not hold a user or a password'),
  user: z.string().min(1).exactOptional(),
  password: secretSetting.exactOptional(),
  commandTopic: topic,
  onPayload: payload.default('ON'),
  offPayload: payload.default('OFF'),
  /** Where the switch reports its position. */
  stateTopic: topic.exactOptional(),
  /** What it says there; by default what it is sent. */
  stateOn: payload.exactOptional(),
  stateOff: payload.exactOptional(),
  /** An empty message here makes the switch report; for Tasmota its command topic. */
  askTopic: topic.exactOptional(),
  /** Where its meter reports, and the way to the watts in that JSON: `ENERGY.Power`. */
  wattsTopic: topic.exactOptional(),
  wattsKey: z.string().min(1).default('ENERGY.Power'),
  liveWatts: z.number().positive().default(0.5),
  ...switchSettings,
})

type MqttSettings = z.output<typeof mqttSettings>

/** Return codes of a broker that does not want us: MQTT 3.1.1, section 3.2.2.3; MQTT 5, section 3.2.2.2. */
const denials = [4, 5, 134, 135]

/**
 * A switch behind an MQTT broker. What it reports counts as commanded, watts as observed. The connection stays, so that
 * reports that nobody retains are heard; it is made anew when it was lost.
 */
export class MqttSwitch implements Device {
  readonly kind = 'mqtt'
  readonly name: string
  readonly #settings: MqttSettings
  #client: MqttClient | undefined
  readonly #heard = new Map<string, string>()

  constructor(settings: MqttSettings) {
    this.#settings = settings
    this.name = `mqtt at ${new URL(settings.broker).host}, ${settings.commandTopic}`
  }

  describe(power: Power): string {
    const payload = this.#payload(power)
    const shown = plainWords.test(payload) ? payload : `the message for ${power}`
    return `publish ${shown} to ${this.#settings.commandTopic} at ${new URL(this.#settings.broker).host}`
  }

  async command(power: Power, signal: AbortSignal): Promise<void> {
    const client = await this.#connected(signal)
    // Only what it says from now on is about this command.
    this.#heard.clear()
    await client.publishAsync(this.#settings.commandTopic, this.#payload(power), { qos: 1 })
  }

  /** What the switch said last; at first, and after a command, waits for it to say something. */
  async observe(signal: AbortSignal): Promise<Observation> {
    const client = await this.#connected(signal)
    const { stateTopic, askTopic, wattsTopic, liveWatts } = this.#settings
    if (askTopic) await client.publishAsync(askTopic, '', { qos: 1 })
    if (stateTopic === undefined) return { evidence: 'it reports nothing' }
    const said = await this.#word(stateTopic, signal)
    if (said === undefined) return { evidence: `nothing heard on ${stateTopic}` }
    const { stateOn = this.#payload('on'), stateOff = this.#payload('off') } = this.#settings
    if (said !== stateOn && said !== stateOff)
      return { evidence: `${stateTopic} says ${said.slice(0, mostHeard)}` }
    const report = wattsTopic === undefined ? undefined : this.#heard.get(wattsTopic)
    const seen = relayObservation(said === stateOn, this.#wattsIn(report), liveWatts)
    if (wattsTopic === undefined || report !== undefined) return seen
    return {
      ...seen,
      isAwaited: true,
      evidence: `relay ${said === stateOn ? 'closed' : 'open'}, no watts heard yet`,
    }
  }

  async close(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    await client?.endAsync(true)
  }

  /** The last word on a topic, or the first that comes soon. */
  async #word(name: string, signal: AbortSignal): Promise<string | undefined> {
    for (const untilMs = performance.now() + silenceMs; performance.now() < untilMs; ) {
      if (this.#heard.has(name)) break
      await pause(pollMs, signal)
    }
    return this.#heard.get(name)
  }

  #payload(power: Power): string {
    return power === 'on' ? this.#settings.onPayload : this.#settings.offPayload
  }

  #wattsIn(report: string | undefined): number | undefined {
    if (report === undefined) return undefined
    let value: unknown
    try {
      value = JSON.parse(report)
    } catch {
      throw new PacelineError('E_POWER_ANSWER', `${this.name}: ${this.#settings.wattsTopic} is not JSON`)
    }
    for (const key of this.#settings.wattsKey.split('.'))
      value =
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined
    return typeof value === 'number' ? value : undefined
  }

  async #connected(signal: AbortSignal): Promise<MqttClient> {
    if (this.#client?.connected) return this.#client
    await this.close()
    this.#heard.clear()
    const client = await this.#connect(signal)
    this.#client = client
    const { stateTopic, wattsTopic } = this.#settings
    client.on('message', (heardTopic, message) => {
      this.#heard.set(heardTopic, message.toString('utf8'))
    })
    const topics = [stateTopic, wattsTopic].filter((name) => name !== undefined)
    if (topics.length > 0) await client.subscribeAsync(topics, { qos: 1 })
    return client
  }

  async #connect(signal: AbortSignal): Promise<MqttClient> {
    // 44 packages: only a fleet that has such a switch loads them.
    const { connect } = await import('mqtt')
    const { broker, user, password, timeoutSeconds } = this.#settings
    const client = connect(broker, {
      ...(user === undefined ? {} : { username: user }),
      ...(password === undefined ? {} : { password: password.reveal() }),
      // A second controller with the same name would throw this one out: the broker knows us by a name of chance.
      clientId: `paceline-${crypto.randomUUID().slice(0, 8)}`,
      // Trying again is the business of PowerSwitch.
      reconnectPeriod: 0,
      connectTimeout: timeoutSeconds * 1_000,
    })
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
        client.once('connect', () => resolve())
        client.once('error', reject)
        client.once('close', () => reject(new Error('the broker closed the connection')))
      })
    } catch (error) {
      await client.endAsync(true)
      signal.throwIfAborted()
      const { code, message } = error as { code?: string | number; message: string }
      const isDenied = denials.includes(Number(code))
      throw new PacelineError(
        isDenied ? 'E_POWER_DENIED' : 'E_POWER_UNREACHABLE',
        `${this.name}: ${message || code}`,
      )
    }
    // Without a listener a later error would end the process; `connected` says all that is needed.
    client.on('error', () => undefined)
    return client
  }
}

/** Any other message may have a code in it that a switch wants. */
const plainWords = /^(on|off|true|false|0|1|open|closed?)$/i

/** How long a switch may take to report after it was asked. */
const silenceMs = 1_000
const pollMs = 20
