import { describe, expect, it } from 'vitest'
import { amfChip } from './amf.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { openclBt2390, openclToneMap } from './opencl.ts'
import type { ToneMap } from './paceline-tone-map.ts'
import { filterProof } from './proof-filters.ts'

const toneMap = (curve: ToneMap['curve'], peakNits: number): ToneMap => ({
  ...{ kind: 'tone-map', curve, transfer: 'pq', peakNits },
})

const peak = (text: string | null): string | undefined => /peak=([^:]+)/.exec(text ?? '')?.[1]

describe('a tone map by OpenCL', () => {
  it('counts its peak in 100 nits, but jellyfin-ffmpeg’s in a tenth of 203', () => {
    expect(peak(openclToneMap(toneMap('hable', 1_000), ['tonemap_opencl']))).toBe('10')
    expect(peak(openclToneMap(toneMap('hable', 2_030), ['tonemap_opencl', openclBt2390]))).toBe('100')
    expect(peak(openclToneMap(toneMap('hable', 1_000), ['tonemap_opencl', openclBt2390]))).toBe('49.261')
  })

  it('has BT.2390 where it is jellyfin-ffmpeg’s alone', () => {
    expect(openclToneMap(toneMap('bt2390', 1_000), ['tonemap_opencl'])).toBeNull()
    expect(openclToneMap(toneMap('bt2390', 1_000), ['tonemap_opencl', openclBt2390])).toContain(
      'tonemap=bt2390:',
    )
  })

  it('is proved without a word about BT.2390, which is proved by itself', () => {
    const filters = ['scale_opencl', 'tonemap_opencl', openclBt2390]
    const claimed = { fingerprint: 'f', ffmpeg: newestFacts, decoders: [], filters, encoders: [] }
    expect(filterProof(amfChip, toneMap('hable', 1_000), 10, claimed)?.relies).toEqual(['tonemap_opencl'])
    expect(filterProof(amfChip, toneMap('bt2390', 1_000), 10, claimed)?.relies).toContain(openclBt2390)
  })
})
