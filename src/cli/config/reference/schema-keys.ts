import { z } from 'zod'
import { configSchema } from '../config-schema.ts'

/** A JSON schema, as far as zod writes it for settings. */
export interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: JsonSchema | boolean
  readonly items?: JsonSchema
  readonly oneOf?: readonly JsonSchema[]
  readonly anyOf?: readonly JsonSchema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
}

/** One key of the configuration. */
export interface SchemaKey {
  /** With dots; `*` stands for a name of one's own. */
  readonly path: string
  readonly schema: JsonSchema
  readonly isRequired: boolean
}

/** All keys that a file may have, as the schema has them; what a driver or a meter takes is not looked into. */
export function configKeys(): SchemaKey[] {
  const schema = z.toJSONSchema(configSchema, { io: 'input', unrepresentable: 'any' })
  return keysBelow('', schema as JsonSchema)
}

function keysBelow(above: string, schema: JsonSchema): SchemaKey[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
    const path = above === '' ? name : `${above}.${name}`
    const key = { path, schema: value, isRequired: schema.required?.includes(name) ?? false }
    const named = typeof value.additionalProperties === 'object' ? value.additionalProperties : undefined
    const isPart = path.endsWith('.calibration')
    return [key, ...(isPart ? [] : keysBelow(path, value)), ...(named ? keysBelow(`${path}.*`, named) : [])]
  })
}

/** What a value looks like, in a few words. */
export function typeWords(schema: JsonSchema): string {
  const { type, items, minimum, maximum, exclusiveMinimum } = schema
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ')
  if (schema.const !== undefined) return `\`${schema.const}\``
  const variants = schema.oneOf ?? schema.anyOf
  if (variants) return variantWords(variants)
  if (type === 'array') return `list of ${typeWords(items ?? {})}`
  if (type === 'object') return 'section'
  if (type === 'string') return 'text'
  if (type === 'boolean') return '`true` or `false`'
  const number = type === 'integer' ? 'whole number' : 'number'
  const least = minimum ?? exclusiveMinimum
  // zod writes the largest whole number where there is no limit.
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum
  if (least !== undefined && most !== undefined) return `${number}, ${least} to ${most}`
  if (exclusiveMinimum !== undefined) return `${number} over ${exclusiveMinimum}`
  return least === undefined ? number : `${number}, ${least} or more`
}

/** Of sections that are told apart by the constant of one key, those constants. */
function variantWords(variants: readonly JsonSchema[]): string {
  const names = variants.flatMap(({ properties = {} }) =>
    Object.values(properties).flatMap(({ const: name }) => (name === undefined ? [] : [`\`${name}\``])),
  )
  if (names.length > 0) return `one of ${names.join(', ')}`
  return variants.map((variant) => (variant.type === 'null' ? '`null`' : typeWords(variant))).join(' or ')
}
