import { describe, expect, it } from 'vitest'
import type { Capabilities } from './capabilities.ts'
import { newestFacts } from './ffmpeg-words.ts'
import { nothingProved } from './proof.ts'
import type { PlatformProof } from './proof-result.ts'
import { slownessOf, withoutTwins } from './proof-worth.ts'

const about = nothingProved({ fingerprint: 'f', ffmpeg: newestFacts })

const proof = (platform: string, capabilities: Partial<Capabilities> | null): PlatformProof => ({
  ...{ platform, rows: [], kept: null },
  capabilities: capabilities && { ...about, ...capabilities },
})

const keptOf = (proofs: readonly PlatformProof[]) => withoutTwins(proofs).map(({ kept }) => kept)

const vaapi = { name: 'vaapi', codec: 'h264', bits: 8 }
const encoder = { name: 'h264_vaapi', bits: 8 }

describe('tables that fit one machine', () => {
  it('are offered once where one can do all that the other can', () => {
    const intel = proof('intel-vaapi', { decoders: [vaapi], encoders: [encoder], filters: ['scale_vaapi'] })
    const amd = proof('amd-vaapi', {
      ...{ decoders: [{ ...vaapi, framesPerSecond: 90 }], encoders: [encoder] },
      filters: ['scale_vaapi', 'libplacebo'],
    })
    expect(keptOf([intel, amd])).toEqual(['amd-vaapi can do all of it', null])
  })

  it('are offered both where each has something of its own', () => {
    const qsv = proof('intel-qsv', { decoders: [vaapi], encoders: [{ name: 'h264_qsv', bits: 8 }] })
    expect(keptOf([qsv, proof('intel-vaapi', { decoders: [vaapi], encoders: [encoder] })])).toEqual([
      null,
      null,
    ])
  })

  it('are offered by the better one where both can do the same, and by the other where that is kept', () => {
    const [one, other] = [
      proof('nvidia', { filters: ['scale_cuda'] }),
      proof('jetson', { filters: ['scale_cuda'] }),
    ]
    expect(keptOf([one, other])).toEqual([null, 'nvidia can do all of it'])
    expect(keptOf([{ ...one, kept: 'slow' }, other])).toEqual(['slow', null])
  })

  it('do not stand in the way where nothing of them works', () => {
    expect(keptOf([proof('nvidia', null), proof('jetson', { filters: ['scale_cuda'] })])).toEqual([
      null,
      null,
    ])
  })
})

describe('a chip that only filters', () => {
  it('is worth it when it makes HDR SDR faster than the processor', () => {
    expect(slownessOf('toneMap', { chip: 90, processor: 30 })).toBeNull()
    expect(slownessOf('toneMap', { chip: 30, processor: 30 })).toMatch(
      /HDR SDR of 30 pictures a second, the processor 30/,
    )
  })

  it('may scale somewhat slower, but not as a program on the same processor does', () => {
    expect(slownessOf('scale', { chip: 60, processor: 100 })).toBeNull()
    expect(slownessOf('scale', { chip: 2, processor: 79 })).toMatch(
      /scales 2 pictures a second, the processor 79/,
    )
  })

  it('is believed where the processor could not be measured', () => {
    expect(slownessOf('scale', { chip: 2, processor: null })).toBeNull()
  })
})
