import { describe, expect, it } from 'vitest'
import { argumentFault } from './allowed.ts'
import type { Capabilities } from './capabilities.ts'
import type { Chip } from './chip.ts'
import { chips } from './chips.ts'
import { debianFacts, newestFacts } from './ffmpeg-words.ts'
import { nvidiaChip } from './nvidia.ts'
import { nothingProved, type Proof } from './proof.ts'
import { clipOf, proofClips } from './proof-clips.ts'
import { decoderProofs, hadHelp, measuredDecoding, talkativeDecoding } from './proof-decoders.ts'
import { encoderProofs } from './proof-encoders.ts'
import { filterProof, provedOperations, rarerFilters } from './proof-filters.ts'
import { filterMeasured, pathProofs } from './proof-paths.ts'
import { lookInstead } from './proof-plan.ts'
import { pacelineProofs, processorMeasured, softwareProofs } from './proof-software.ts'
import { optionValue } from './testing/option-value.ts'

const about = nothingProved({ fingerprint: 'f', ffmpeg: newestFacts })

const filtersOf = (chip: Chip, filters: readonly string[] = chip.usual.filters) =>
  provedOperations.flatMap(
    ([operation, depth]) => filterProof(chip, operation, depth, { ...about, filters }) ?? [],
  )

const proofsOf = (chip: Chip): readonly Proof[] => [
  ...decoderProofs(chip, about),
  ...filtersOf(chip),
  ...encoderProofs(chip, about),
  ...pathProofs(chip, chip.usual).flat(),
]

describe.each(chips.map((chip) => [chip.name, chip] as const))('the proofs of %s', (_name, chip) => {
  it('are commands that a node’s ffmpeg may be asked for', () => {
    const proofs = proofsOf(chip)
    expect(proofs.length).toBeGreaterThan(3)
    for (const { what, lease } of proofs) expect([what, argumentFault(lease)]).toEqual([what, undefined])
  })

  it('are of every decoder that there is a clip for', () => {
    const wanted = chip.decoders.flatMap(({ name, codecs }) =>
      Object.entries(codecs).flatMap(([codec, depths]) =>
        depths.filter((bits) => clipOf(codec, bits)).map((bits) => `${name} ${codec} ${bits}`),
      ),
    )
    const proved = decoderProofs(chip, about).map(
      ({ decoder }) => `${decoder.name} ${decoder.codec} ${decoder.bits}`,
    )
    expect(proved.toSorted()).toEqual(wanted.toSorted())
  })

  it('are of every encoder of its tables', () => {
    expect(encoderProofs(chip, about).map(({ encoder }) => encoder)).toEqual(chip.usual.encoders)
    for (const { lease, encoder } of encoderProofs(chip, about))
      expect(lease[lease.lastIndexOf('-c:v') + 1]).toBe(encoder.name)
  })

  it('are of every filter that its usual machine has', () => {
    const relied = new Set(filtersOf(chip).flatMap(({ relies }) => relies))
    const own = chip.usual.filters.filter((name) => name !== 'tonemap_paceline')
    expect(own.filter((name) => !relied.has(name))).toEqual([])
  })
})

describe('a proof', () => {
  it('of a decoder ends in small copies instead of a library’s work', () => {
    const [first] = decoderProofs(nvidiaChip, about)
    expect(first?.what).toBe('decoding h264 of 8 bits by nvdec')
    expect(first?.args).not.toContain('libx264')
    expect(optionValue(first!.args, '-vf')).toMatch(
      /hwdownload,format=pix_fmts=nv12.*scale=w=64:h=36:flags=area/,
    )
    expect(first?.args.slice(-5)).toEqual(['-f', 'rawvideo', '-progress', '{progress}', '{output}/pictures'])
  })

  it('of a decoder begins with what every film has', () => {
    const names = decoderProofs(nvidiaChip, about).map(({ decoder }) => `${decoder.codec} ${decoder.bits}`)
    expect(names.slice(0, 2)).toEqual(['h264 8', 'hevc 8'])
  })

  it('of a speed leaves the pictures where the decoder puts them', () => {
    const [first] = decoderProofs(nvidiaChip, about)
    const args = measuredDecoding(first!)
    expect(args).toContain('-hwaccel_output_format')
    expect(args.join(' ')).toMatch(/-i \{input:0\} -map 0:v:0 -f null -progress \{progress\} -$/)
    expect(optionValue(talkativeDecoding(first!), '-v')).toBe('debug')
  })

  it('knows which decoders go on without a word where there is no chip', () => {
    const silent = chips.flatMap((chip) =>
      decoderProofs(chip, about).flatMap(({ mayFallBack, decoder }) => (mayFallBack ? [decoder.name] : [])),
    )
    expect([...new Set(silent)]).toEqual(['nvtegra', 'v4l2request'])
    expect(hadHelp('[hevc @ 0x1] Format yuv420p10le chosen by get_format().\n')).toBe(false)
    expect(hadHelp('Format yuv420p chosen by get_format().\nFormat drm_prime chosen by get_format().')).toBe(
      true,
    )
    expect(hadHelp('nothing')).toBe(false)
  })

  it('of a turn looks at pictures that stand upright', () => {
    const lease = ['-i', 'x', '-vf', 'transpose', '-fps_mode', 'passthrough', '-c:v', 'y']
    expect(optionValue(lookInstead(lease, 'clock'), '-vf')).toContain('scale=w=36:h=64')
    expect(optionValue(lookInstead(lease, 'half'), '-vf')).toContain('scale=w=64:h=36')
    const old = lease.map((word) => (word === '-fps_mode' ? '-vsync' : word))
    expect(lookInstead(old)).not.toContain('y')
  })

  it('of a tone map says on which of two filters it relies', () => {
    const claimed = { ...about, filters: ['scale_cuda', 'tonemap_paceline_cuda', ...rarerFilters] }
    const [map, depth] = provedOperations.find(([{ kind }]) => kind === 'tone-map')!
    expect(filterProof(nvidiaChip, map, depth, claimed)?.relies).toEqual(['tonemap_paceline_cuda'])
    const jellyfins = { ...claimed, filters: ['scale_cuda', 'tonemap_cuda'] }
    expect(filterProof(nvidiaChip, map, depth, jellyfins)?.relies).toEqual(['tonemap_cuda'])
    expect(filterProof(nvidiaChip, map, depth, { ...about, filters: ['scale_cuda'] })).toBeNull()
  })
})

describe('ways through a chip', () => {
  it('are the rungs of four sessions, best first, with what was proved and no more', () => {
    const ways = pathProofs(nvidiaChip, nvidiaChip.usual)
    expect(ways.map((choices) => choices[0]?.rung)).toEqual(['full', 'full', 'full', 'full'])
    const orin: Capabilities = { ...nvidiaChip.usual, encoders: [], decoders: [] }
    expect(pathProofs(nvidiaChip, orin).map((choices) => choices.map(({ rung }) => rung))).toEqual([
      ...[['filter'], ['filter'], ['filter'], ['filter']],
    ])
    expect(pathProofs(nvidiaChip, about)).toEqual([[], [], [], []])
  })

  it('are compared with the processor’s by the same work', () => {
    const chip = filterMeasured(nvidiaChip, nvidiaChip.usual, 'toneMap')
    const processor = processorMeasured(debianFacts, 'toneMap', false)
    expect(chip?.clip).toEqual(processor.clip)
    expect(optionValue(chip!.measured, '-vf')).toContain('scale_cuda')
    expect(optionValue(processor.measured, '-vf')).toContain('zscale')
    expect(filterMeasured(nvidiaChip, about, 'scale')).toBeNull()
  })
})

describe('the processor’s own work', () => {
  it('is proved with both libraries in both depths, every clip and every filter', () => {
    const proofs = softwareProofs(debianFacts)
    const encoders = proofs.flatMap(({ proves }) => ('encoder' in proves ? [proves.encoder] : []))
    expect(encoders.map(({ name, bits }) => `${name} ${bits}`)).toEqual([
      ...['libx264 8', 'libx264 10', 'libx265 8', 'libx265 10'],
    ])
    const decoders = proofs.flatMap(({ proves }) => ('decoder' in proves ? [proves.decoder] : []))
    expect(decoders).toHaveLength(proofClips.length)
    const filters = proofs.flatMap(({ proves }) => ('filter' in proves ? [proves.filter] : []))
    expect([...new Set(filters)]).toEqual(['scale', 'yadif', 'bwdif', 'transpose', 'tonemap', 'subtitles'])
    for (const { what, lease } of proofs) expect([what, argumentFault(lease)]).toEqual([what, undefined])
  })

  it('is proved with our own filter by every curve', () => {
    const proofs = pacelineProofs(debianFacts)
    expect(proofs).toHaveLength(3)
    for (const { lease } of proofs) expect(optionValue(lease, '-vf')).toContain('tonemap_paceline=')
  })
})
