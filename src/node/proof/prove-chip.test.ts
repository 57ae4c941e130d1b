import { beforeEach, describe, expect, it } from 'vitest'
import { newestFacts } from '../../platforms/ffmpeg-words.ts'
import { nvidiaChip } from '../../platforms/nvidia.ts'
import type { Proof } from '../../platforms/proof.ts'
import type { PlatformProof } from '../../platforms/proof-result.ts'
import { untried } from '../../platforms/proof-result.ts'
import type { Bench } from './bench.ts'
import { proveChip } from './prove-chip.ts'

let asked: string[]
let measuredAfter: number
let answer: (what: string) => string | null

beforeEach(() => {
  asked = []
  measuredAfter = -1
  answer = () => null
})

const bench: Bench = {
  async prove({ what }: Proof) {
    asked.push(what)
    return answer(what)
  },
  opens: async () => answer('its device'),
  carryOut: async () => ({ why: null, words: '' }),
  async speeds(_, __, atOnce) {
    if (measuredAfter < 0) measuredAfter = asked.length
    return Array.from({ length: atOnce }, () => 100 / atOnce)
  },
  within: () => bench,
  close: async () => undefined,
}

/** An ffmpeg that lists all there is. */
const everything = new Proxy(new Set<string>(), {
  get: (set, key) => (key === 'has' ? () => true : Reflect.get(set, key)),
})
const listing = { encoders: everything, decoders: everything, filters: everything, devices: everything }

const prove = (atOnce = 1): Promise<PlatformProof> =>
  proveChip(nvidiaChip, {
    ...{ bench, listing, about: { fingerprint: 'f', ffmpeg: newestFacts }, renderNodes: [] },
    ...{ processorFilters: ['tonemap_paceline'], processorSpeed: async () => null, atOnce },
  })

describe('proving a chip', () => {
  it('tries everything before it measures anything, and tells what it can', async () => {
    const { capabilities, rows, kept } = await prove()
    expect(kept).toBeNull()
    expect(measuredAfter).toBe(asked.length)
    expect(capabilities?.filters).toEqual(
      expect.arrayContaining(['scale_cuda', 'tonemap_paceline_cuda', 'tonemap_paceline']),
    )
    expect(capabilities?.encoders.map(({ name, bits }) => `${name} ${bits}`)).toEqual([
      ...['h264_nvenc 8', 'hevc_nvenc 8', 'hevc_nvenc 10'],
    ])
    expect(capabilities?.decoders).toContainEqual({
      ...{ name: 'nvdec', codec: 'hevc', bits: 10, framesPerSecond: 100 },
    })
    expect(capabilities?.atOnce).toBe(1)
    expect(rows.map(({ what }) => what)).toContain('HDR10 in hevc, scaled and made SDR, to h264 (full)')
  })

  it('has its rows in the same order when several are tried at once', async () => {
    const one = await prove(1)
    expect((await prove(4)).rows).toEqual(one.rows)
  })

  it('does without encoders that fail, and says why', async () => {
    answer = (what) => (what.includes('nvenc') ? 'No capable devices found' : null)
    const { capabilities, rows } = await prove()
    expect(capabilities?.encoders).toEqual([])
    expect(capabilities?.failed).toHaveLength(3)
    expect(rows.map(({ what }) => what)).toContain(
      'HDR10 in hevc, scaled and made SDR, to h264 (decode-filter)',
    )
  })

  it('takes a filter away when one use of it fails, but not when there was no time to try it', async () => {
    answer = (what) => (what.includes('bt2390') ? 'picture 1 is green' : null)
    expect((await prove()).capabilities?.filters).not.toContain('tonemap_paceline_cuda')
    answer = (what) => (what.includes('bt2390') ? untried : null)
    const { capabilities, rows } = await prove()
    expect(capabilities?.filters).toContain('tonemap_paceline_cuda')
    expect(capabilities?.failed).toEqual([])
    expect(rows.filter(({ why }) => why === untried)).toHaveLength(1)
  })

  it('tries no rarer codecs where the usual ones fail, and nothing at all where the device does not open', async () => {
    answer = (what) => (/decoding (h264|hevc) of 8/.test(what) ? 'no decoder' : null)
    await prove()
    expect(asked.filter((what) => what.startsWith('decoding'))).toHaveLength(2)
    asked = []
    answer = (what) => (/its device|nvenc/.test(what) ? 'Cannot load libcuda.so.1' : null)
    const { capabilities, rows } = await prove()
    expect(asked.filter((what) => !what.includes('nvenc'))).toEqual([])
    expect(capabilities?.decoders ?? []).toEqual([])
    expect(rows[0]).toEqual({ what: 'its device', why: 'Cannot load libcuda.so.1' })
  })

  it('does not go down the ladder when the time is up', async () => {
    answer = (what) => (what.includes('(') && what.includes(' to h264 ') ? untried : null)
    const { rows } = await prove()
    const tried = rows.filter(({ what }) => what.startsWith('h264, scaled, to h264'))
    expect(tried).toEqual([{ what: 'h264, scaled, to h264 (full)', why: untried }])
  })
})
