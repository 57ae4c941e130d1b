import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { emittedWords, type Told } from './testing/emitted-words.ts'
import {
  type WrittenRow,
  writtenDecoders,
  writtenDevices,
  writtenEncoders,
  writtenFilters,
} from './testing/written-tables.ts'

/** What FFmpeg 8.1 of Jellyfin answered (npm run option-tables): null where it has no such thing. */
interface Answers {
  readonly encoders: Answer
  readonly decoders: Answer
  readonly filters: Answer
  readonly devices: readonly string[]
}

type Answer = Readonly<
  Record<
    string,
    Readonly<
      Record<string, { readonly range: readonly number[]; readonly taken: readonly string[] } | null>
    > | null
  >
>

const file = new URL('testing/option-tables.json', import.meta.url)
const tables = JSON.parse(readFileSync(file, 'utf8')) as { x64: Answers; arm64: Answers }
const emitted = emittedWords()

type Kind = 'encoders' | 'decoders' | 'filters'

/** Words of one kind that neither build nor the written table has. */
function unknown(kind: Kind, told: Told, written: Readonly<Record<string, WrittenRow>>): string[] {
  return Object.entries(told).flatMap(([name, options]) => {
    const answers = [tables.x64, tables.arm64].map((table) => table[kind][name])
    const isHeld = answers.some((answer) => answer) || Object.hasOwn(written, name)
    if (!isHeld) return [name]
    return Object.entries(options).flatMap(([option, values]) =>
      values
        .filter((value) => !answers.some((answer) => answer?.[option]?.taken.includes(value)))
        .filter((value) => !written[name]?.options[option]?.test(value))
        .map((value) => `${name} ${option}=${value}`),
    )
  })
}

const rows = (told: Told): number =>
  Object.values(told).reduce((sum, options) => sum + Object.values(options).flat().length, 0)

describe('every word that a table of chips can put into a command is known to FFmpeg, and taken', () => {
  it.each<[Kind, Readonly<Record<string, WrittenRow>>, number]>([
    ['encoders', writtenEncoders, 200],
    ['decoders', writtenDecoders, 1],
    ['filters', writtenFilters, 100],
  ])('%s', (kind, written, least) => {
    expect(unknown(kind, emitted[kind], written)).toEqual([])
    expect(rows(emitted[kind])).toBeGreaterThanOrEqual(least)
  })

  it('devices and ways of acceleration', () => {
    const known = [...tables.x64.devices, ...Object.keys(writtenDevices)]
    expect(emitted.devices.filter((name) => !known.includes(name))).toEqual([])
    expect(emitted.devices).toContain('rkmpp')
  })

  it('as a test that would see one that is not', () => {
    const told = { h264_nvenc: { rc: ['vbr', 'abr'], colour: ['1'] }, h264_abacus: {} }
    expect(unknown('encoders', told, writtenEncoders)).toEqual([
      ...['h264_nvenc rc=abr', 'h264_nvenc colour=1', 'h264_abacus'],
    ])
    expect(unknown('encoders', { h264_nvmpi: { level: ['123'] } }, writtenEncoders)).toHaveLength(1)
  })
})

describe('what is written down by hand', () => {
  it('says from where, and is not what a build answers for itself', () => {
    const written = { ...writtenEncoders, ...writtenDecoders }
    for (const { source } of [...Object.values(written), ...Object.values(writtenFilters)]) {
      expect(source.length).toBeGreaterThan(20)
    }
    const held = Object.keys(written).filter((name) => tables.x64.encoders[name] ?? tables.x64.decoders[name])
    expect(held).toEqual([])
  })
})
