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

/** Text from a device or an error, with every secret in it masked, also where it was escaped for a URL, in a form, in JSON or as base64. */
export function withoutSecrets(text: string, secrets: readonly Secret[]): string {
  const forms = secrets.flatMap((secret) => {
    const plain = secret.reveal()
    const asForm = new URLSearchParams({ '': plain }).toString().slice(1)
    const asJson = JSON.stringify(plain).slice(1, -1)
    return [plain, encodeURIComponent(plain), asForm, asJson, Buffer.from(plain).toString('base64')]
  })
  // The longest first: a short one may be a piece of it.
  return forms
    .toSorted((a, b) => b.length - a.length)
    .reduce((rest, form) => rest.replaceAll(form, mask), text)
}
