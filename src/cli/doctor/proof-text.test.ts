import { describe, expect, it } from 'vitest'
import { type MachineProof, type PlatformProof, untried } from '../../platforms/proof-result.ts'
import { proofText } from './proof-text.ts'

const works: PlatformProof = {
  ...{ platform: 'nvidia', kept: null },
  capabilities: {
    ...{ fingerprint: 'f', ffmpeg: { version: '7.1', lacks: [] } },
    ...{ decoders: [], filters: [], encoders: [], atOnce: 3 },
  },
  rows: [
    { what: 'decoding hevc of 10 bits by nvdec', why: null, framesPerSecond: 412.4 },
    {
      what: 'encoding 8 bits by h264_nvenc',
      why: '[h264_nvenc] No capable devices found\nConversion failed!',
    },
  ],
}

const proof = (...platforms: PlatformProof[]): MachineProof => ({
  ...{ fingerprint: 'f', platforms },
  machine: {
    ffmpeg: { path: '/usr/bin/ffmpeg', size: 1, modifiedMs: 1, version: '7.1' },
    ...{ drivers: [], kernel: '6.1', devices: [] },
  },
})

describe('the table of what was proved', () => {
  it('has what works with its speed, and what does not in ffmpeg’s own words', () => {
    expect(proofText(proof(works)).split('\n')).toEqual([
      'What its hardware can do, proved by doing it with /usr/bin/ffmpeg:',
      '',
      'nvidia: works, up to 3 leases at once',
      '    ok      decoding hevc of 10 bits by nvdec: 412 pictures a second',
      '    FAILED  encoding 8 bits by h264_nvenc',
      '            [h264_nvenc] No capable devices found',
      '            Conversion failed!',
      '',
    ])
  })

  it('does not take for broken what there was no time for', () => {
    const text = proofText(
      proof({ ...works, rows: [{ what: 'scale of 8 bits by scale_cuda', why: untried }] }),
    )
    expect(text).toContain('\n    ?       scale of 8 bits by scale_cuda: there was no time left to try it\n')
    expect(text).not.toContain('FAILED')
  })

  it('says what does not work at all, and what is not offered and why', () => {
    const text = proofText(
      proof(
        { ...works, capabilities: null, rows: [] },
        { ...works, platform: 'vulkan', kept: 'it is slow', rows: [] },
      ),
    )
    expect(text).toContain('\nnvidia: does not work\n')
    expect(text).toContain('\nvulkan: is not offered: it is slow, up to')
    expect(proofText(proof({ ...works, capabilities: { ...works.capabilities!, atOnce: 1 } }))).toContain(
      'nvidia: works, one lease at a time\n',
    )
  })

  it('says how to get one where there is none', () => {
    expect(proofText(null)).toMatch(/has not been proved with this ffmpeg: .* paceline doctor --prove/)
  })
})
