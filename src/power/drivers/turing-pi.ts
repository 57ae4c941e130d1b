import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { firstLine, HttpDevice } from '../http-device.ts'
import { Secret, secretSetting } from '../secret.ts'
import type { Device, Observation, Power } from './driver.ts'
import { switchSettings, trustSettings, webUrl } from './switch-settings.ts'

export const turingPiSettings = z
  .strictObject({
    driver: z.literal('turing-pi'),
    url: webUrl,
    /** As printed on the board: 1 to 4. */
    node: z.int().min(1).max(4),
    /** Firmware before 2.0 has plain http and `none`. */
    login: z.enum(['token', 'basic', 'none']).default('token'),
    user: z.string().min(1).default('root'),
    password: secretSetting.exactOptional(),
    ...trustSettings,
    ...switchSettings,
  })
  .refine(({ login, password }) => login === 'none' || password !== undefined, {
    path: ['password'],
    message: 'is needed unless login is none',
  })

type TuringPiSettings = z.output<typeof turingPiSettings>

const switches = z.record(z.string(), z.union([z.string(), z.number()]))
const powerAnswer = z.object({
  response: z.array(z.object({ result: z.union([z.array(switches).min(1), switches]) })).min(1),
})
const setAnswer = z.object({ response: z.array(z.object({ result: z.unknown() })).min(1) })
const session = z.object({ id: z.string().min(1) })

/**
 * A node of a Turing Pi 2 through its BMC. The BMC tells what it was last told, from its own records, not what is so:
 * that counts as commanded, and only a `probe` can say what is observed. Off is a hard cut.
 */
export class TuringPi implements Device {
  readonly kind = 'turing-pi'
  readonly name: string
  readonly #settings: TuringPiSettings
  #token: HttpDevice | undefined

  constructor(settings: TuringPiSettings) {
    this.#settings = settings
    this.name = `turing-pi at ${new URL(settings.url).origin}, node ${settings.node}`
  }

  describe(power: Power): string {
    return `GET ${this.#url(power)}`
  }

  async command(power: Power, signal: AbortSignal): Promise<void> {
    const answer = this.#read(setAnswer, await this.#ask(this.#url(power), signal))
    const { result } = answer.response[0]!
    const said = typeof result === 'string' ? result : JSON.stringify(result)
    if (said !== 'ok') throw new PacelineError('E_POWER_REFUSED', `${this.name}: ${firstLine(said ?? '')}`)
  }

  async observe(signal: AbortSignal): Promise<Observation> {
    const answer = this.#read(powerAnswer, await this.#ask(this.#url(), signal))
    const { result } = answer.response[0]!
    const record = Array.isArray(result) ? result[0]! : result
    const word = `${record[`node${this.#settings.node}`]}`
    if (word !== '0' && word !== '1')
      throw new PacelineError('E_POWER_ANSWER', `${this.name}: node${this.#settings.node} is ${word}`)
    const commanded = word === '1' ? 'on' : 'off'
    return { commanded, evidence: `the BMC has it down as ${commanded}` }
  }

  #url(power?: Power): URL {
    const set = `opt=set&type=power&node${this.#settings.node}=${power === 'on' ? 1 : 0}`
    return new URL(`/api/bmc?${power === undefined ? 'opt=get&type=power' : set}`, this.#settings.url)
  }

  async #ask(url: URL, signal: AbortSignal): Promise<unknown> {
    const { login, user, password } = this.#settings
    if (login === 'none' || password === undefined)
      return new HttpDevice({ scheme: 'none' }, this.#settings).json({ url, signal })
    if (login === 'basic')
      return new HttpDevice({ scheme: 'basic', user, password }, this.#settings).json({ url, signal })
    const kept = this.#token
    try {
      this.#token ??= await this.#logIn(user, password, signal)
      return await this.#token.json({ url, signal })
    } catch (error) {
      if (!(error instanceof PacelineError) || error.code !== 'E_POWER_DENIED') throw error
      this.#token = undefined
      // A token that was good before has run out after three idle hours, or with a restart of the BMC.
      if (kept === undefined) throw error
      this.#token = await this.#logIn(user, password, signal)
      return await this.#token.json({ url, signal })
    }
  }

  async #logIn(username: string, password: Secret, signal: AbortSignal): Promise<HttpDevice> {
    const request = {
      url: new URL('/api/bmc/authenticate', this.#settings.url),
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username, password: password.reveal() }),
      signal,
    }
    const answer = await new HttpDevice({ scheme: 'none' }, this.#settings).json(request, true)
    const token = new Secret(this.#read(session, answer).id)
    return new HttpDevice({ scheme: 'bearer', token }, this.#settings)
  }

  #read<T>(shape: z.ZodType<T>, answer: unknown): T {
    const read = shape.safeParse(answer)
    if (read.success) return read.data
    const why = z.prettifyError(read.error).replaceAll('\n', ' ')
    throw new PacelineError('E_POWER_ANSWER', `${this.name}: ${why}`)
  }
}
