import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boxAt, readBoxes } from './box.ts'
import { type IndexedSample, SampleTable } from './sample-table.ts'

const entry = Buffer.from('entry')
const sample = (change: Partial<IndexedSample> = {}): IndexedSample => ({
  ...{ size: 10, duration: 512, compositionOffset: 0, isSync: true },
  ...change,
})
const typesOf = (table: SampleTable): string[] =>
  readBoxes(boxAt(table.box(entry), 'stbl')).map(({ type }) => type)
const hex = (table: SampleTable, type: string): string =>
  boxAt(table.box(entry), 'stbl', type).toString('hex').slice(8)

describe('the index of a track', () => {
  it('says what repeats once', () => {
    const table = new SampleTable()
    table.addChunk(100, [sample(), sample(), sample({ duration: 7 })])
    table.addChunk(500, [sample(), sample(), sample()])
    table.addChunk(900, [sample({ duration: 512 })])
    expect(hex(table, 'stts')).toBe('00000003' + '0000000200000200' + '0000000100000007' + '0000000400000200')
    // From the first chunk on three samples in each, from the third on one.
    expect(hex(table, 'stsc')).toBe('00000002' + '000000010000000300000001' + '000000030000000100000001')
    expect(hex(table, 'stco')).toBe('00000003' + '00000064' + '000001f4' + '00000384')
    expect(table.ticks).toBe(6 * 512 + 7)
    expect(table.count).toBe(7)
  })

  it('leaves out what holds for all samples', () => {
    const table = new SampleTable()
    table.addChunk(0, [sample(), sample()])
    expect(typesOf(table)).toEqual(['stsd', 'stts', 'stsc', 'stsz', 'stco'])
    table.addChunk(9, [sample({ compositionOffset: 512 }), sample({ isSync: false })])
    expect(typesOf(table)).toEqual(['stsd', 'stts', 'ctts', 'stss', 'stsc', 'stsz', 'stco'])
    expect(hex(table, 'stss')).toBe('00000003' + '000000010000000200000003')
  })

  it('has places beyond four gigabytes in 64 bits', () => {
    const table = new SampleTable()
    table.addChunk(2 ** 32 - 1, [sample()])
    expect(typesOf(table)).toContain('stco')
    table.addChunk(2 ** 32, [sample()])
    expect(typesOf(table)).not.toContain('stco')
    expect(hex(table, 'co64')).toBe('00000002' + '00000000ffffffff' + '0000000100000000')
  })

  it('knows nothing of a chunk without samples', () => {
    const table = new SampleTable()
    table.addChunk(5, [])
    expect(hex(table, 'stco')).toBe('00000000')
  })

  it('holds a film of days', () => {
    const table = new SampleTable()
    const samples = [sample(), sample({ isSync: false, compositionOffset: 512 })]
    for (let at = 0; at < 140_000; at++) table.addChunk(2 ** 32 + at, samples)
    const tables = new Map(
      readBoxes(boxAt(table.box(entry), 'stbl')).map(({ type, content }) => [type, content]),
    )
    expect(tables.get('stsz')).toHaveLength(12 + 4 * 280_000)
    expect(tables.get('stss')).toHaveLength(8 + 4 * 140_000)
    expect(tables.get('co64')).toHaveLength(8 + 8 * 140_000)
  })

  it('counts as many ticks as all samples last', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 5_000 })), (durations) => {
        const table = new SampleTable()
        table.addChunk(
          0,
          durations.map((duration) => sample({ duration })),
        )
        expect(table.ticks).toBe(durations.reduce((sum, duration) => sum + duration, 0))
      }),
    )
  })
})
