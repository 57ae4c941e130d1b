import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { emittedWords, type Told } from './testing/emitted-words.ts'
import { type AnswersOfBoth, type Kind, unknownWords } from './testing/option-answers.ts'
import { writtenDecoders, writtenDevices, writtenEncoders, writtenFilters } from './testing/written-tables.ts'

const emitted = emittedWords()
const file = new URL('testing/option-tables.json', import.meta.url)
const tables = JSON.parse(readFileSync(file, 'utf8')) as AnswersOfBoth

const rows = (told: Told): number =>
  Object.values(told).reduce((sum, options) => sum + Object.values(options).flat().length, 0)

describe('every word that a table of chips can put into a command is known to FFmpeg, and taken', () => {
  it.each<[Kind, number]>([
    ['encoders', 200],
    ['decoders', 1],
    ['filters', 100],
  ])('%s', (kind, least) => {
    expect(unknownWords(tables, kind, emitted[kind])).toEqual([])
    expect(rows(emitted[kind])).toBeGreaterThanOrEqual(least)
  })

  it('devices and ways of acceleration', () => {
    const known = [...tables.x64.devices, ...Object.keys(writtenDevices)]
    expect(emitted.devices.filter((name) => !known.includes(name))).toEqual([])
    expect(emitted.devices).toContain('rkmpp')
  })

  it('as a test that would see one that is not', () => {
    const told = { h264_nvenc: { rc: ['vbr', 'abr'], colour: ['1'] }, h264_abacus: {} }
    expect(unknownWords(tables, 'encoders', told)).toEqual([
      ...['h264_nvenc rc=abr', 'h264_nvenc colour=1', 'h264_abacus'],
    ])
    expect(unknownWords(tables, 'encoders', { h264_nvmpi: { level: ['123'] } })).toHaveLength(1)
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
