import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { optionKeys } from '../config-schema.ts'
import { configReference } from './config-reference.ts'
import { keyMeanings } from './key-meanings.ts'
import { configKeys, typeWords } from './schema-keys.ts'

describe('docs/configuration.md', () => {
  it('is what the schema says now; `npm run configuration` writes it', () => {
    const page = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8')
    expect(page).toBe(configReference())
  })

  it('says what every key is for, and of no key that is not there', () => {
    const keys = configKeys().map(({ path }) => path)
    const explained = [...Object.keys(optionKeys), ...Object.keys(keyMeanings)]
    expect(explained.sort()).toEqual(keys.sort())
  })

  it('names each key in a row of its own, with the variable that stands for it', () => {
    const page = configReference()
    expect(page).toMatch(/^\| `host` \| text \| `0\.0\.0\.0` \| `PACELINE_HOST` \| /m)
    expect(page).toMatch(
      /^\| `totalCapWatts` \| number over 0 or `null` \| {2}\| `PACELINE_POWER_TOTAL_CAP_WATTS` \| /m,
    )
    expect(page).toMatch(/^\| `idleWatts` \| number, 0 to 10000 \| needed \| {2}\| /m)
  })
})

describe('a value in words', () => {
  it.each([
    [{ type: 'integer', minimum: 1, maximum: 9 }, 'whole number, 1 to 9'],
    [{ type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, 'whole number, 1 or more'],
    [{ type: 'number', exclusiveMinimum: 0 }, 'number over 0'],
    [{ type: 'number' }, 'number'],
    [{ enum: ['auto', 'off'] }, '`auto`, `off`'],
    [{ type: 'array', items: { type: 'string' } }, 'list of text'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'text or `null`'],
    [
      { oneOf: [{ properties: { driver: { const: 'ssh' } } }, { properties: { driver: { const: 'poe' } } }] },
      'one of `ssh`, `poe`',
    ],
  ])('%o', (schema, words) => expect(typeWords(schema)).toBe(words))
})
