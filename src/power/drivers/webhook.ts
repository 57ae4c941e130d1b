import { z } from 'zod'
import { PacelineError } from '../../errors.ts'
import { HttpDevice, type HttpLogin } from '../http-device.ts'
import { secretSetting } from '../secret.ts'
import type { Device } from './driver.ts'
import { readState, stateReading } from './program-answer.ts'
import { switchSettings, trustSettings, webUrl } from './switch-settings.ts'

const call = {
  url: webUrl,
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().max(65_536).exactOptional(),
}
const method = z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
const commandCall = z.strictObject({ ...call, method: method.default('POST') })

const user = z.string().min(1)
const login = z.discriminatedUnion('scheme', [
  z.strictObject({ scheme: z.literal('none') }),
  z.strictObject({ scheme: z.literal('basic'), user, password: secretSetting }),
  z.strictObject({ scheme: z.literal('digest'), user, password: secretSetting }),
  z.strictObject({ scheme: z.literal('bearer'), token: secretSetting }),
])

export const webhookSettings = z
  .strictObject({
    driver: z.literal('webhook'),
    on: commandCall.exactOptional(),
    off: commandCall.exactOptional(),
    state: z.strictObject({ ...call, method: method.default('GET'), ...stateReading }).exactOptional(),
    login: login.default({ scheme: 'none' }),
    /** Header fields that hold secrets, by name. */
    secretHeaders: z.record(z.string(), secretSetting).default({}),
    ...trustSettings,
    ...switchSettings,
  })
  .refine(({ on, off }) => on !== undefined || off !== undefined, 'needs on or off')

type WebhookSettings = z.output<typeof webhookSettings>

type WebhookCall = Pick<
  NonNullable<WebhookSettings['on'] | WebhookSettings['state']>,
  'url' | 'headers' | 'body'
>

/** Whatever an HTTP request can switch: a status of 2xx means that it was done. */
export function webhookDevice(settings: WebhookSettings): Device {
  const { state } = settings
  const target = settings.on ?? settings.off
  const name = `webhook at ${target ? new URL(target.url).origin : 'nowhere'}`
  const http = new HttpDevice(settings.login satisfies HttpLogin, settings)
  /** The path of a webhook is often the only key that it has. */
  const shownAs = ({ method: how, url }: NonNullable<typeof target>) => `${how} to ${new URL(url).origin}`
  const ask = (wanted: NonNullable<typeof target>, signal: AbortSignal) => {
    const { url, headers, body } = wanted
    const secrets = Object.entries(settings.secretHeaders).map(
      ([key, secret]) => [key, secret.reveal()] as const,
    )
    return http.text({
      url: new URL(url),
      shownAs: shownAs(wanted),
      method: wanted.method,
      headers: { ...typeOf(body), ...headers, ...Object.fromEntries(secrets) },
      ...(body === undefined ? {} : { body }),
      signal,
    })
  }
  const calls = [settings.on, settings.off, state].filter((wanted) => wanted !== undefined)
  return {
    kind: 'webhook',
    name,
    unspoken: calls.flatMap(unspokenOf),
    describe: (power) => {
      const wanted = settings[power]
      return wanted ? shownAs(wanted) : `nothing: there is no request for ${power}`
    },
    command: async (power, signal) => {
      const wanted = settings[power]
      if (wanted === undefined) throw new PacelineError('E_POWER_CANNOT', `${name}: no request for ${power}`)
      await ask(wanted, signal)
    },
    ...(state && { observe: async (signal) => readState(await ask(state, signal), state) }),
  }
}

/** A body that is JSON says so, unless the settings say otherwise. */
const typeOf = (body: string | undefined): Record<string, string> =>
  body?.trimStart().startsWith('{') ? { 'Content-Type': 'application/json' } : {}

/** A path of so many characters may be a key; those are words of which any answer is full. */
const leastKey = 4
const isWord = /^[A-Za-z]*$/

/** The address but for the host, headers, and the body with what is in it that is no plain word. */
function unspokenOf({ url, headers, body = '' }: WebhookCall): string[] {
  const { pathname, search, searchParams } = new URL(url)
  const words = [...body.matchAll(/"((?:[^"\\]|\\.)*)"|[\w.+-]+/g)].map(([whole, quoted]) => quoted ?? whole)
  const values = [...pathname.split('/'), ...searchParams.values(), ...Object.values(headers), ...words]
  const keys = values.filter((value) => value.length >= leastKey && !isWord.test(value))
  return [`${pathname}${search}`, pathname, body, ...keys].filter((text) => text.length >= leastKey)
}
