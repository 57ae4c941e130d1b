import { describe, expect, it } from 'vitest'
import { amfChip } from './amf.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { openclBt2390, openclToneMap } from './opencl.ts'
import { filterProof } from './proof-filters.ts'
import type { ToneMap } from './tone-source.ts'

const toneMap = (curve: ToneMap['curve'], peakNits: number): ToneMap => ({
  ...{ kind: 'tone-map', curve, transfer: 'pq', peakNits },
})

const jellyfins = { ffmpeg: newestFacts, filters: ['tonemap_opencl', openclBt2390] }

describe('a tone map by OpenCL', () => {
  it.each(['hable', 'bt2390'] as const)('is jellyfin-ffmpeg’s, with the curve %s', (curve) => {
    expect(openclToneMap(toneMap(curve, 1_000), jellyfins)).toBe(
      `tonemap_opencl=format=nv12:p=bt709:t=bt709:m=bt709:r=tv:tonemap=${curve}:peak=100:desat=0`,
    )
  })

  it('is never FFmpeg’s own, which looks back at pictures that another node has made', () => {
    expect(openclToneMap(toneMap('hable', 1_000), { ...jellyfins, filters: ['tonemap_opencl'] })).toBeNull()
  })

  it('has no other curves', () => {
    expect(openclToneMap(toneMap('none', 1_000), jellyfins)).toBeNull()
  })

  it('is proved without a word about BT.2390, which is proved by itself', () => {
    const filters = ['scale_opencl', 'tonemap_opencl', openclBt2390]
    const claimed = { fingerprint: 'f', ffmpeg: newestFacts, decoders: [], filters, encoders: [] }
    expect(filterProof(amfChip, toneMap('hable', 1_000), 10, claimed)?.relies).toContain('tonemap_opencl')
    expect(filterProof(amfChip, toneMap('bt2390', 1_000), 10, claimed)?.relies).toContain(openclBt2390)
  })
})
