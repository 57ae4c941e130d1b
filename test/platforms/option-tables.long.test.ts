import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { askBoth } from '../../scripts/option-tables/ask-both.js'
import { askedWords } from '../../src/platforms/testing/asked-words.ts'
import { type AnswersOfBoth, unknownWords } from '../../src/platforms/testing/option-answers.ts'

/** Fetches node-av for x64 and arm64 (two packages of 175 MB, once), and asks the FFmpeg 8.1 of Jellyfin in them. */
describe('FFmpeg 8.1 of Jellyfin, asked anew', () => {
  const words = askedWords()
  const file = new URL('../../src/platforms/testing/option-tables.json', import.meta.url)
  const written = JSON.parse(readFileSync(file, 'utf8')) as AnswersOfBoth

  it('takes every word that is told to an encoder, a decoder or a filter, and lacks what the unit tests read', () => {
    const live = askBoth(words) as AnswersOfBoth
    for (const kind of ['encoders', 'decoders', 'filters'] as const) {
      expect(unknownWords(live, kind, words[kind]), kind).toEqual([])
      const lacking = (answers: AnswersOfBoth) =>
        Object.keys(words[kind]).filter((name) => !answers.x64[kind][name] && !answers.arm64[kind][name])
      expect(lacking(live), kind).toEqual(lacking(written))
    }
    expect(live.x64.devices).toEqual(written.x64.devices)
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
