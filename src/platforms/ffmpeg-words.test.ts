import { describe, expect, it } from 'vitest'
import type { CopiedPicture } from '../plan/plan.ts'
import { samplePlan } from '../plan/testing/sample-plan.ts'
import { platformNamed, platforms } from './all.ts'
import { argumentFault } from './allowed.ts'
import { copiedLease } from './copied-lease.ts'
import { debianFacts, factsOf, filterTicks, newestFacts, spoken, spokenWords } from './ffmpeg-words.ts'
import { nvidiaChip } from './nvidia.ts'
import { software } from './software.ts'
import { hdrPlan } from './testing/chip-plans.ts'
import { optionValue } from './testing/option-value.ts'
import { vulkanChip } from './vulkan.ts'

const lease = { from: 2, to: 5, open: false, failures: 0 }

const help = `usage: ffmpeg
-vsync <>           set video sync method
-fps_mode[:<stream_spec>]  set framerate mode
  -x264opts          <string>     E..V....... x264 options
  -x264-params       <string>     E..V....... options
   tonemapping_mode  <int>        ..FV....... Tone-mapping mode`

describe('what a binary says of itself', () => {
  it.each([
    [
      'ffmpeg version 4.4.2-0ubuntu0.22.04.1 Copyright',
      '4.4.2-0ubuntu0.22.04.1',
      ['encoder-ticks', 'segment-times-from-first'],
    ],
    [
      'ffmpeg version 5.1.9-0+deb12u1 Copyright (c)',
      '5.1.9-0+deb12u1',
      ['encoder-ticks', 'segment-times-from-first'],
    ],
    ['ffmpeg version 7.0.2-static https://x', '7.0.2-static', []],
    ['ffmpeg version n8.1-Jellyfin Copyright', '8.1-Jellyfin', []],
    ['ffmpeg version N-117000-g1234 Copyright', 'N-117000-g1234', []],
  ])('%s', (line, version, lacks) => {
    expect(factsOf(line, help)).toEqual({ version, lacks })
  })

  it('is asked for words, not for its age', () => {
    const old = help.replace(/-fps_mode.*/, '').replace(/-x264opts.*/, '')
    expect(factsOf('ffmpeg version 8.1', old).lacks).toEqual(['-fps_mode', '-x264opts'])
    expect(spokenWords).toEqual([
      ...['-fps_mode', '-x264opts', 'encoder-ticks', 'segment-times-from-first'],
      'libplacebo.tonemapping_mode',
    ])
    expect(factsOf('ffmpeg version 8.1', help.replace('tonemapping_mode', '')).lacks).toEqual([
      'libplacebo.tonemapping_mode',
    ])
  })
})

describe('a command in older words', () => {
  const facts = { version: '4.4', lacks: ['-fps_mode', 'encoder-ticks'] }

  it('has the option that the binary knows, with the same value', () => {
    expect(spoken(['-fps_mode', 'passthrough', '-c:v', 'libx264'], facts)).toEqual([
      ...['-vsync', 'passthrough', '-c:v', 'libx264'],
    ])
    expect(spoken(['-fps_mode', 'passthrough'], newestFacts)).toEqual(['-fps_mode', 'passthrough'])
  })

  it('is what every platform gives a node that speaks so, and is allowed', () => {
    const range = { from: 2, to: 5, open: false, failures: 0 }
    let seen = 0
    for (const platform of platforms) {
      const capabilities = { ...nvidiaChip.usual, ffmpeg: facts }
      for (const { args } of platform.ladder(hdrPlan, range, { capabilities })) {
        expect(args).not.toContain('-fps_mode')
        expect(optionValue(args, '-vsync')).toBe('passthrough')
        expect(argumentFault(args)).toBeUndefined()
        seen += 1
      }
    }
    expect(seen).toBeGreaterThan(platforms.length)
  })
})

describe('a tone map by libplacebo', () => {
  it.each([
    ['is told what its curve works on where it can be', debianFacts, true],
    ['is not where that went', newestFacts, false],
  ])('%s', (_what, ffmpeg, told) => {
    const capabilities = { ...vulkanChip.usual, ffmpeg }
    const compiled = platformNamed('vulkan')!.compileVideo(hdrPlan, lease, { capabilities })
    const filters = 'args' in compiled ? optionValue(compiled.args, '-vf')! : ''
    expect(filters).toContain('libplacebo=tonemapping=mobius')
    expect(filters.includes(':tonemapping_mode=max:')).toBe(told)
  })
})

describe('ticks of bitstream filters', () => {
  it('are the muxer’s before 6.0 and the encoder’s since', () => {
    expect(filterTicks({ version: '5.1', lacks: ['encoder-ticks'] }, 48_000)).toBe(90_000)
    expect(filterTicks(newestFacts, 48_000)).toBe(48_000)
  })

  it('tell where a lease of sound ends', () => {
    const range = { from: 0, to: 2, open: false, failures: 0 }
    const end = (ffmpeg: typeof newestFacts) => {
      const compiled = software.compileAudio(samplePlan, range, {
        capabilities: { ...nvidiaChip.usual, ffmpeg },
      })
      const filter = 'args' in compiled ? optionValue(compiled.args, '-bsf:a')! : ''
      return Number(/gte\(pts\\,(\d+)\)/.exec(filter)?.[1])
    }
    const old = end({ version: '5.1', lacks: ['encoder-ticks'] })
    expect(old / 90_000).toBeCloseTo(end(newestFacts) / 48_000, 3)
    expect(old).toBeGreaterThan(90_000 * 3.9)
  })
})

describe('times at which files are cut', () => {
  const cuts = (ffmpeg: typeof newestFacts) => {
    const range = { from: 2, to: 4, open: false, failures: 0 }
    const compiled = software.compileAudio(samplePlan, range, {
      capabilities: { ...nvidiaChip.usual, ffmpeg },
    })
    return Number('args' in compiled ? optionValue(compiled.args, '-segment_times') : Number.NaN)
  }

  it('count from the lease’s first packet where this FFmpeg does', () => {
    expect(cuts(debianFacts)).toBeCloseTo(6, 1)
    expect(cuts(newestFacts)).toBeCloseTo(2, 1)
  })

  it('count from there for copied pictures as well', () => {
    const encoder: CopiedPicture = {
      ...({ codec: 'copy', source: 'h264', setsApart: false } as const),
      ...{ seekSeconds: 0, seekAfterSeconds: 0, averageRate: null },
    }
    const starts = [0, 48, 101, 150]
    const timeline = {
      ...samplePlan.timeline,
      cuts: { starts, decoded: starts, frames: [48, 53, 49], endSlot: null },
    }
    const plan = { ...samplePlan, timeline, video: { ...samplePlan.video, encoder, operations: [] } }
    const range = { from: 1, to: 3, open: false, failures: 0 }
    const at = (facts: typeof newestFacts) => {
      const args = copiedLease(plan, range, encoder, facts)
      return {
        begin: Number(args[args.lastIndexOf('-ss') + 1]),
        cut: Number(optionValue(args, '-segment_times')),
      }
    }
    expect(at(newestFacts).cut).toBeCloseTo((101 - 48) / 25 - 0.002, 5)
    expect(at(debianFacts).cut).toBeCloseTo(101 / 25 - at(debianFacts).begin - 0.002, 5)
  })
})
