import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { askBoth } from '../../scripts/option-tables/ask-both.js'
import { askedWords } from '../../src/platforms/testing/asked-words.ts'

/** Fetches node-av for x64 and arm64 (two packages of 175 MB, once), and asks the FFmpeg 8.1 of Jellyfin in them. */
describe('FFmpeg 8.1 of Jellyfin, asked anew', () => {
  const words = askedWords()
  const file = new URL('../../src/platforms/testing/option-tables.json', import.meta.url)
  const written = JSON.parse(readFileSync(file, 'utf8')) as unknown

  it('answers what the unit tests read, of every word that is told to an encoder, a decoder or a filter', () => {
    expect(askBoth(words)).toEqual(written)
    expect(Object.keys(words.encoders).length).toBeGreaterThanOrEqual(20)
    expect(Object.keys(words.filters).length).toBeGreaterThanOrEqual(30)
  })

  it('would not take a word that it does not have', () => {
    const told = { h264_nvenc: { rc: ['vbr', 'abacus'], nothing: ['1'] }, h264_abacus: {} }
    const { x64 } = askBoth({
      encoders: told,
      decoders: {},
      filters: { scale_cuda: { w: ['2'] } },
      devices: [],
    })
    expect(x64.encoders).toMatchObject({
      h264_nvenc: { rc: { taken: ['vbr'] }, nothing: null },
      h264_abacus: null,
    })
    expect(x64.filters).toMatchObject({ scale_cuda: { w: { taken: ['2'] } } })
  })
})
