import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PictureOperation, Plan, VideoEncoder } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { platformNamed, platforms } from './all.ts'
import { argumentFault } from './allowed.ts'
import type { Capabilities } from './capabilities.ts'
import { chips } from './chips.ts'
import { jetsonChip } from './jetson.ts'
import { nvidiaChip } from './nvidia.ts'
import type { CompiledLease, LeaseNode, LeaseRange } from './platform.ts'
import { encodedAs, hdrPlan, televisionPlan, withVideo } from './testing/chip-plans.ts'
import { optionValue } from './testing/option-value.ts'

const range: LeaseRange = { from: 2, to: 5, open: false, failures: 0 }

function best(name: string, plan: Plan, node?: LeaseNode): CompiledLease {
  const compiled = platformNamed(name)!.compileVideo(plan, range, node)
  if ('out' in compiled) throw new Error(compiled.out)
  return compiled
}

function whyOut(name: string, plan: Plan, node?: LeaseNode): string {
  const compiled = platformNamed(name)!.compileVideo(plan, range, node)
  return 'out' in compiled ? compiled.out : ''
}

const rungsOf = (name: string, plan: Plan, node?: LeaseNode) =>
  platformNamed(name)!
    .ladder(plan, range, node)
    .map(({ rung }) => rung)

const without = (capabilities: Capabilities, ...names: readonly string[]): LeaseNode => ({
  capabilities: {
    ...capabilities,
    decoders: capabilities.decoders.filter(({ name }) => !names.includes(name)),
    encoders: capabilities.encoders.filter(({ name }) => !names.includes(name)),
    filters: capabilities.filters.filter((name) => !names.includes(name)),
  },
})

const nvencs = ['h264_nvenc', 'hevc_nvenc']

describe('a ladder', () => {
  it('goes from all on the chip down to nothing on it, and no two rungs are the same', () => {
    expect(rungsOf('nvidia', hdrPlan)).toEqual([
      ...['full', 'copy-back', 'upload', 'encode', 'decode-filter', 'filter', 'decode', 'software'],
    ])
    // Where pictures come out in memory and nothing filters but the processor, several are one.
    expect(rungsOf('v4l2', hdrPlan)).toEqual(['copy-back', 'encode', 'decode', 'software'])
  })

  it.each(chips.map(({ name }) => name))('of %s ends with the processor alone, as any of its own', (name) => {
    const last = platformNamed(name)!.ladder(hdrPlan, range).at(-1)!
    expect(last.rung).toBe('software')
    const ours = platformNamed('paceline-tone-map')!.compileVideo(hdrPlan, range)
    expect(last.args).toEqual('args' in ours ? ours.args : [])
  })

  it('is gone down rung by rung as they fail', () => {
    const names = rungsOf('nvidia', hdrPlan).map((rung) => rung!)
    for (const [index, rung] of names.entries()) {
      expect(best('nvidia', hdrPlan, { left: names.slice(0, index) }).rung).toBe(rung)
    }
    expect(whyOut('nvidia', hdrPlan, { left: names })).toBe('all its ways have failed')
  })

  it('has a film that lies on its side turned by a filter where a chip decodes it, and by FFmpeg elsewhere', () => {
    const lying = withVideo({ ...hdrPlan.video, turned: 'clock' })
    const turning: Capabilities = {
      ...nvidiaChip.usual,
      filters: [...nvidiaChip.usual.filters, 'transpose_cuda'],
    }
    for (const { args, rung } of platformNamed('nvidia')!.ladder(lying, range, { capabilities: turning })) {
      const isOnCard = rung === 'full' || rung === 'decode-filter'
      const isDecoded = args.includes('cuda')
      const graph = optionValue(args, '-vf')!
      expect(args.indexOf('-noautorotate') > 0 && args.indexOf('-noautorotate') < args.indexOf('-i')).toBe(
        isDecoded,
      )
      expect(graph.includes('transpose_cuda=dir=clock,')).toBe(isOnCard)
      expect(/hwdownload,format=[^,]*,transpose=/.test(graph)).toBe(isDecoded && !isOnCard)
      expect(argumentFault(args)).toBeUndefined()
    }
    // A card whose ffmpeg cannot turn does the rest in memory.
    const graph = optionValue(best('nvidia', lying, without(nvidiaChip.usual, 'transpose_cuda')).args, '-vf')!
    expect(graph).toMatch(/hwdownload,format=[^,]*,transpose=/)
    // Pictures that come out in memory are turned there by FFmpeg.
    const { args } = best('v4l2', lying)
    expect(args).not.toContain('-noautorotate')
    expect(optionValue(args, '-vf')).not.toContain('transpose')
  })

  it('keeps the delay of decoding on every rung, so that leases of two fit together', () => {
    for (const { args } of platformNamed('nvidia')!.ladder(hdrPlan, range)) {
      const isLibrary = args.includes('libx264')
      expect(args.includes('-bf')).toBe(!isLibrary)
      expect(optionValue(args, '-bsf:v')).toBe(isLibrary ? undefined : 'setts=dts=PTS-2')
    }
  })

  it('says which rungs make streams of one look', () => {
    const looks = new Map(
      platformNamed('nvidia')!
        .ladder(hdrPlan, range)
        .map(({ rung, look }) => [rung, look]),
    )
    expect(looks.get('copy-back')).toBe(looks.get('full'))
    expect(looks.get('decode-filter')).toBe(looks.get('software'))
    expect(looks.get('software')).not.toBe(looks.get('full'))
  })
})

describe('what a node has not proved is not used', () => {
  it('an encoder: NVDEC and CUDA go on, and the processor encodes', () => {
    const { args, rung } = best('nvidia', hdrPlan, without(nvidiaChip.usual, ...nvencs))
    expect(rung).toBe('decode-filter')
    expect(optionValue(args, '-hwaccel')).toBe('cuda')
    expect(optionValue(args, '-vf')).toContain(
      'tonemap_paceline_cuda=tonemap=mobius:peak=4000:desat=0:format=nv12,hwdownload,format=pix_fmts=nv12,format=pix_fmts=yuv420p',
    )
    expect(args).toContain('libx264')
  })

  it('a decoder: the processor decodes, and the rest stays on the chip', () => {
    const { args, rung } = best('nvidia', hdrPlan, without(nvidiaChip.usual, 'nvdec'))
    expect(rung).toBe('upload')
    expect(args).not.toContain('-hwaccel')
    expect(optionValue(args, '-vf')).toMatch(/trim=end_frame=150,format=pix_fmts=p010le,hwupload,scale_cuda=/)
  })

  it('a filter: what comes behind it is done in memory', () => {
    const node = without(nvidiaChip.usual, 'tonemap_paceline_cuda')
    expect(optionValue(best('nvidia', hdrPlan, node).args, '-vf')).toMatch(
      /scale_cuda=w=1920:h=1080,hwdownload,format=pix_fmts=p010le,setparams=.*,tonemap_paceline=.*format=pix_fmts=nv12$/,
    )
  })

  it('a filter that another FFmpeg has: jellyfin’s tone map, its peak in its own measure', () => {
    const { usual } = nvidiaChip
    const capabilities = { ...usual, filters: ['scale_cuda', 'tonemap_cuda'] }
    expect(optionValue(best('nvidia', hdrPlan, { capabilities }).args, '-vf')).toContain(
      'tonemap_cuda=format=nv12:p=bt709:t=bt709:m=bt709:r=tv:tonemap=mobius:peak=400:desat=0',
    )
  })

  it('anything at all: the platform is out, and says why', () => {
    const nothing = { ...nvidiaChip.usual, decoders: [], encoders: [], filters: [] }
    const why = whyOut('nvidia', televisionPlan, { capabilities: nothing })
    expect(why).toContain('decoding h264 of 8 bits by nvdec is not proved')
    expect(why).toContain('encoding hevc of 8 bits by hevc_nvenc is not proved')
  })

  it.each([
    [
      'a codec that a chip does not know',
      withVideo({ decoded: { codec: 'vvc', bits: 10 } }),
      'does not decode vvc of 10 bits',
    ],
    ['a source of which nothing is known', withVideo({}), 'is not known'],
    ['twelve bits', withVideo({ decoded: { codec: 'hevc', bits: 12 } }), 'does not decode hevc of 12 bits'],
  ])('%s is told, where there is no encoder either', (_what, plan, why) => {
    expect(whyOut('nvidia', plan, without(nvidiaChip.usual, ...nvencs))).toContain(why)
  })
})

describe('a Jetson', () => {
  const deep = ['nvtegra', 'nvmpi-p010']

  it('whose decoder cuts ten bits to eight does not decode what is tone mapped', () => {
    const node = without(jetsonChip.usual, ...deep)
    const { args, rung } = best('jetson', hdrPlan, node)
    expect(rung).toBe('upload')
    expect(args).not.toContain('hevc_nvmpi')
    const poor = { ...without(node.capabilities!, 'h264_nvmpi', 'hevc_nvmpi').capabilities!, filters: [] }
    expect(whyOut('jetson', hdrPlan, { capabilities: poor })).toContain(
      'nvmpi makes 8 bits of hevc of 10 bits, too few for a tone map',
    )
  })

  it('does so all the same where eight bits are all that is wanted', () => {
    const plan = withVideo({ ...hdrPlan.video, operations: [{ kind: 'format', pixelFormats: ['yuv420p'] }] })
    const { args } = best('jetson', plan, without(jetsonChip.usual, ...deep))
    expect(args.slice(args.indexOf('-c:v'), args.indexOf('-c:v') + 2)).toEqual(['-c:v', 'hevc_nvmpi'])
  })

  it('of the kind Orin Nano encodes on the processor', () => {
    const { args, rung } = best('jetson', hdrPlan, without(jetsonChip.usual, 'h264_nvmpi', 'hevc_nvmpi'))
    expect(rung).toBe('decode-filter')
    expect(args).toContain('libx264')
  })

  it.each([
    ['nvtegra', [], '-hwaccel nvtegra'],
    ['gjrtimmer’s nvmpi', ['nvtegra'], '-c:v hevc_nvmpi -output_format p010le'],
  ])('decodes HDR by %s', (_what, missing, options) => {
    expect(best('jetson', hdrPlan, without(jetsonChip.usual, ...missing)).args.join(' ')).toContain(options)
  })

  it('with NVIDIA’s own FFmpeg decodes and no more', () => {
    const node = without(jetsonChip.usual, ...deep, 'nvmpi', 'h264_nvmpi', 'hevc_nvmpi')
    const { args, rung } = best('jetson', televisionPlan, {
      capabilities: { ...node.capabilities!, filters: [] },
    })
    expect(rung).toBe('decode-filter')
    expect(args).toContain('h264_nvv4l2dec')
    expect(args).toContain('libx265')
    expect(args.join(' ')).not.toContain('hwupload')
  })
})

describe('what the client was promised', () => {
  it.each([
    ['nvidia', 'baseline', '-profile:v baseline -level 30'],
    ['intel-vaapi', 'baseline', '-profile:v constrained_baseline -level 30'],
    ['intel-qsv', 'main', '-profile:v main -level 30'],
    ['rockchip', 'high', '-profile:v high -level 30'],
    ['v4l2', 'main', '-profile:v 77 -level 30'],
  ])('%s keeps to the profile %s', (name, profile, words) => {
    const plan = encodedAs({ codec: 'h264', crf: '21', profile, level: '3.0', tuning: [] })
    expect(best(name, plan).args.join(' ')).toContain(words)
  })

  it('counts levels of HEVC as each encoder does', () => {
    const plan = encodedAs({ codec: 'hevc', crf: '24', level: '4.1', profile: 'main', tuning: [] })
    expect(optionValue(best('nvidia', plan).args, '-level')).toBe('123')
    expect(optionValue(best('intel-qsv', plan).args, '-level')).toBe('41')
  })

  it('a profile that a chip lacks is left to the processor', () => {
    const plan = encodedAs({ codec: 'h264', crf: '21', profile: 'high422', tuning: [] })
    expect(best('nvidia', plan).rung).toBe('decode-filter')
  })

  it('has no B-frames where none may be', () => {
    for (const { name } of chips) {
      for (const { args } of platformNamed(name)!.ladder(hdrPlan, range)) {
        if (!args.includes('libx264')) expect(optionValue(args, '-bf')).toBe('0')
      }
    }
  })

  it('ten bits go to an encoder that takes them, and else to the processor’s', () => {
    const operations: PictureOperation[] = [{ kind: 'format', pixelFormats: ['p010'] }]
    const encoder: VideoEncoder = { codec: 'hevc', crf: '24', profile: 'main10', tuning: [] }
    const plan = withVideo({ ...hdrPlan.video, operations, encoder })
    expect(best('nvidia', plan).rung).toBe('full')
    const { args, rung } = best('rockchip', plan)
    expect(rung).toBe('decode-filter')
    expect(optionValue(args, '-vf')).toMatch(
      /scale_rkrga=format=p010,hwdownload,format=pix_fmts=p010le,format=pix_fmts=yuv420p10le$/,
    )
  })
})

describe('what no chip does', () => {
  const text: PictureOperation = {
    ...{ kind: 'burn-text', source: { input: 0, stream: 2 }, style: [], fonts: [], alone: false },
  }

  it('is done in memory behind what the chip has done, and the picture goes back once', () => {
    const [scale, toneMap, format] = hdrPlan.video.operations
    const plan = withVideo({ ...hdrPlan.video, operations: [scale!, toneMap!, text, format!] })
    const { args } = best('intel-vaapi', plan)
    expect(optionValue(args, '-vf')).toMatch(
      /^fps=.*scale_vaapi=.*tonemap_vaapi=[^,]*,hwdownload,format=pix_fmts=nv12,subtitles=f=\{text\},format=pix_fmts=yuv420p\|nv12,format=pix_fmts=nv12,hwupload$/,
    )
    expect(argumentFault(args)).toBeUndefined()
  })

  it('bitmaps are laid over in memory as well', () => {
    const bitmaps: PictureOperation = { kind: 'burn-bitmaps', source: { input: 0, stream: 3 }, pacedBy: 1 }
    const [scale, toneMap, format] = hdrPlan.video.operations
    const plan = withVideo({ ...hdrPlan.video, operations: [scale!, toneMap!, bitmaps, format!] })
    const { args } = best('nvidia', plan)
    const graph = optionValue(args, '-filter_complex')!
    expect(graph).toMatch(/format=nv12,hwdownload,format=pix_fmts=nv12,settb=1\/1000000\[film\]/)
    expect(graph).toMatch(/format=pix_fmts=yuv420p\|nv12,format=pix_fmts=nv12\[out\]$/)
    expect(argumentFault(args)).toBeUndefined()
  })

  it('a curve that nobody has puts the platform out', () => {
    const operations: PictureOperation[] = [{ kind: 'tone-map', curve: 'bt2390', transfer: 'pq' }]
    const plan = withVideo({ ...hdrPlan.video, operations })
    const bare = { ...nvidiaChip.usual, filters: ['scale_cuda'] }
    expect(whyOut('nvidia', plan, { capabilities: bare })).toContain('BT.2390')
    expect(platformNamed('nvidia')!.ladder(plan, range, { capabilities: bare })).toEqual([])
  })

  it('copied pictures are the same on every platform', () => {
    const copied = {
      codec: 'copy',
      source: 'h264',
      setsApart: false,
      seekSeconds: 0,
      seekAfterSeconds: 0,
      averageRate: null,
    } as const
    const cuts = { starts: [0, 50, 100], decoded: [0, 50, 100], frames: [50, 50], endSlot: null }
    const plan: Plan = {
      ...withVideo({ encoder: copied, operations: [] }),
      timeline: { ...samplePlan.timeline, cuts },
    }
    for (const platform of platforms) {
      const compiled = platform.compileVideo(plan, { ...range, from: 0, to: 1 })
      expect('args' in compiled && compiled.args).toContain('copy')
      if (chips.some(({ name }) => name === platform.name)) expect(platform.suits(plan)).toBe(false)
    }
  })
})

describe('whatever a plan asks and a node has proved', () => {
  const some = <Value>(...values: readonly Value[]) => fc.constantFrom(...values)
  const operation = fc.oneof(
    some<PictureOperation>(
      ...hdrPlan.video.operations,
      ...televisionPlan.video.operations,
      { kind: 'tone-map', curve: 'bt2390', transfer: 'hlg', desaturation: 0.5 },
      { kind: 'crop', width: 'iw', height: 'ih-2' },
      { kind: 'pad', width: 'iw', height: 'ih+2' },
      { kind: 'aspect', of: 'sar', ratio: '1/1' },
      { kind: 'format', pixelFormats: ['yuv420p10le'] },
      { kind: 'format', pixelFormats: ['yuv444p'] },
    ),
    some('clock', 'cclock', 'half', 'hflip', 'vflip').map(
      (how): PictureOperation => ({ kind: 'turn', how: how as 'clock' }),
    ),
  )
  const encoder: fc.Arbitrary<VideoEncoder> = fc.record(
    {
      codec: some('h264', 'hevc'),
      tuning: some([], [['keyint', '72']] as const),
      crf: some('18', '23.5'),
      bitrate: some('1200k', '2M'),
      maxrate: some('2M', '3419k'),
      bufsize: some('4M'),
      preset: some('ultrafast', 'veryfast', 'medium', 'placebo'),
      profile: some('baseline', 'main', 'high', 'main10'),
      level: some('3.0', '4.1', '51'),
    },
    { requiredKeys: ['codec', 'tuning'] },
  )
  const decoded = some(
    { codec: 'h264', bits: 8 },
    { codec: 'hevc', bits: 10 },
    { codec: 'av1', bits: 10 },
    { codec: 'prores', bits: 10 },
  )

  it('comes out as arguments that are allowed, with its key frames in place, or with a reason', () => {
    fc.assert(
      fc.property(
        fc.record({ operations: fc.array(operation, { maxLength: 4 }), encoder, decoded }),
        some(...chips),
        fc.infiniteStream(fc.boolean()),
        some(range, { ...range, from: 0, open: true }, { ...range, failures: 2 }),
        (change, chip, keep, lease) => {
          const kept = <Item>(items: readonly Item[]) => items.filter(() => keep.next().value)
          const { usual } = chip
          const capabilities = {
            ...usual,
            ...{
              decoders: kept(usual.decoders),
              encoders: kept(usual.encoders),
              filters: kept(usual.filters),
            },
          }
          const plan = withVideo({ size: { width: 1280, height: 720 }, ...change })
          const platform = platformNamed(chip.name)!
          const compiled = platform.compileVideo(plan, lease, { capabilities })
          const ladder = platform.ladder(plan, lease, { capabilities })
          if ('out' in compiled) expect(compiled.out).not.toBe('')
          else expect(ladder[0]?.args).toEqual(compiled.args)
          for (const { args, reach = lease.to } of ladder) {
            expect(argumentFault(args)).toBeUndefined()
            const counts = !args.includes('-force_key_frames')
            if (counts) expect(optionValue(args, '-g')).toBe('50')
            else expect(optionValue(args, '-force_key_frames')!.split(',')).toHaveLength(reach - lease.from)
          }
        },
      ),
      { numRuns: 400 },
    )
  })
})
