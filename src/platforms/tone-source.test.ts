import { describe, expect, it } from 'vitest'
import { amdVaapiChip } from './amd-vaapi.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { intelVaapiChip } from './intel-vaapi.ts'
import { jellyfinPeak, peakOf, saysItsPeak, type ToneMap } from './tone-source.ts'
import { vulkanChip } from './vulkan.ts'

const toneMap = (change: Partial<ToneMap> = {}): ToneMap => ({
  ...{ kind: 'tone-map', curve: 'hable', transfer: 'pq' },
  ...change,
})

const facts = (version: string) => ({ ...newestFacts, version })

describe('what tone maps have to know of a film', () => {
  it.each([
    [undefined, 1000],
    [603.7, 604],
    [1, 10],
    [65_535, 10_000],
  ])('is a peak: of %s nits it is %s', (peakNits, nits) => {
    expect(peakOf(toneMap(peakNits === undefined ? {} : { peakNits }))).toBe(nits)
  })

  it.each([
    ['7.0.2-Jellyfin', 1000, '49.261'],
    ['7.0.2-Jellyfin', 2030, '100'],
    ['n6.0.1', 406, '20'],
    ['8.1-Jellyfin', 1000, '100'],
    ['8.1-Jellyfin', 4000, '400'],
    ['n8.0', 603, '60.3'],
  ])('is told jellyfin-ffmpeg %s in its own measure: %s nits are %s', (version, peakNits, text) => {
    expect(jellyfinPeak(toneMap({ peakNits }), facts(version))).toBe(text)
  })
})

describe('a tone map that goes by what the pictures say of themselves', () => {
  const bare = toneMap({ peakNits: 1000 })
  const told = toneMap({ peakNits: 800, gradedNits: 1000 })

  it.each([
    ['vulkan', vulkanChip],
    ['amd-vaapi', amdVaapiChip],
    ['intel-vaapi', intelVaapiChip],
  ])('is none of %s where they say nothing', (_name, { filters, usual }) => {
    expect(filters!.filter(told, 10, usual)).not.toBeNull()
    expect(filters!.filter(bare, 10, usual)).toBeNull()
  })

  it('needs nothing of HLG, whose display is the same for all', () => {
    expect(saysItsPeak(toneMap({ transfer: 'hlg' }))).toBe(true)
    expect(vulkanChip.filters!.filter(toneMap({ transfer: 'hlg' }), 10, vulkanChip.usual)).not.toBeNull()
  })
})
