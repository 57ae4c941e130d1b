import { readFileSync } from 'node:fs'
import { inspect } from 'node:util'
import { z } from 'zod'

const mask = '[secret]'

/** A password, key or token. Whatever prints it prints a mask; only `reveal` gives it away. */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return mask
  }

  toJSON(): string {
    return mask
  }

  [inspect.custom](): string {
    return mask
  }
}

const oneLine = z.string().min(1).max(4_096)
const source = z.union([
  oneLine,
  z.strictObject({ file: oneLine }),
  z.strictObject({ env: oneLine.regex(/^[A-Za-z_][A-Za-z0-9_]*$/) }),
])

/** Nothing that a device would take; a file of another kind was named. */
const strange = /\p{Cc}/u

/**
 * A secret in the settings: the text itself, `{ file }` (its first line) or `{ env }` (an environment variable).
 * Read once, with the settings.
 */
export const secretSetting = source.transform((value, context): Secret => {
  const text = typeof value === 'string' ? value : read(value)
  if (text !== undefined && strange.test(text)) {
    context.addIssue({ code: 'custom', message: 'a secret has no control characters' })
    return z.NEVER
  }
  if (text !== undefined && text !== '') return new Secret(text)
  const what = typeof value === 'string' || 'env' in value ? 'environment variable' : 'file'
  context.addIssue({ code: 'custom', message: `the ${what} that should hold the secret is missing or empty` })
  return z.NEVER
})

function read(value: { file: string } | { env: string }): string | undefined {
  if ('env' in value) return process.env[value.env]
  try {
    return readFileSync(value.file, 'utf8').split(/\r?\n/, 1)[0]
  } catch {
    // Told by the caller, as a fault of the settings: which errno it was helps nobody further.
    return undefined
  }
}

/** The secrets anywhere in checked settings. */
export function secretsIn(settings: unknown): Secret[] {
  if (settings instanceof Secret) return [settings]
  if (typeof settings !== 'object' || settings === null) return []
  return Object.values(settings).flatMap(secretsIn)
}

/** What is cut off before it is masked may end in half a secret: so much is kept until then. */
export const mostHeard = 8_000
/** And so much is told. */
const mostTold = 400

/**
 * The beginning of a text from a device or an error, with every secret in it masked, also where it was escaped: for a URL or
 * a form, in JSON (and in JSON again), in HTML, or as base64.
 */
export function withoutSecrets(text: string, secrets: readonly Secret[]): string {
  const forms = secrets.flatMap((secret) => {
    const plain = secret.reveal()
    const base64 = Buffer.from(plain).toString('base64')
    // Whoever prints a text may leave blanks out.
    const core = plain.trim().replaceAll(/\\+/g, '\\').replaceAll(/ +/g, ' ')
    return [
      ...(core === '' ? [] : [{ length: plain.length, form: [...core].map(anyForm).join('') }]),
      { length: base64.length, form: literal(base64) },
    ]
  })
  // The longest first: a short one may be a piece of it.
  return forms
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, { form }) => rest.replace(new RegExp(form, 'gu'), mask), text)
    .slice(0, mostTold)
}

const literal = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const entities: Readonly<Record<string, string>> = {
  '"': 'quot',
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  "'": 'apos',
}

const backslashes = String.raw`(?:\\{1,64}|(?:%5[cC]){1,16}|\\{1,7}u005[cC]|&#92;|&#[xX]5[cC];)`
const blanks = String.raw`(?: {1,64}|\+{1,64}|(?:%20){1,64}|(?:\\{1,7}u0020){1,64}|&#32;|&#[xX]20;)`

/** A pattern for one character, or any number of backslashes or blanks, in all the ways in which it may have been written. */
function anyForm(character: string): string {
  if (character === '\\') return backslashes
  if (character === ' ') return blanks
  const code = character.codePointAt(0)!
  const eitherCase = (hex: string) => hex.replaceAll(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  const bytes = [...Buffer.from(character)].map(
    (byte) => `%${eitherCase(byte.toString(16).padStart(2, '0'))}`,
  )
  const units = Array.from({ length: character.length }, (_, at) => {
    const hex = character.charCodeAt(at).toString(16)
    return `\\\\{1,7}u${eitherCase(hex.padStart(4, '0'))}`
  })
  const entity = entities[character]
  const forms = [
    // JSON within JSON within JSON.
    `\\\\{0,7}${literal(character)}`,
    bytes.join(''),
    units.join(''),
    `&#0*${code};`,
    `&#[xX]0*${eitherCase(code.toString(16))};`,
    ...(entity === undefined ? [] : [`&${entity};`]),
  ]
  return `(?:${forms.join('|')})`
}
