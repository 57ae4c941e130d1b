import type { VideoEncoder } from '../plan/plan.ts'
import type { EncoderWish } from './chip.ts'
import { family, type Options } from './encoder-family.ts'
import { bits, presetStep, quantizer } from './encoder-words.ts'
import { estimatedRate, rateControl, ratesOf } from './rate-control.ts'

/**
 * Families of encoders: how each is told of quality, rate, profile, level, speed and groups. None of them is asked for
 * B-frames: their delay is then nothing everywhere, and reorder-delay.ts gives it the one that the session has.
 */

const usualProfiles = {
  h264: { baseline: 'baseline', main: 'main', high: 'high' },
  hevc: { main: 'main', main10: 'main10' },
} as const

/** Without B-frames and interlacing a constrained baseline is a baseline that every player takes. */
const constrainedProfiles = {
  ...usualProfiles,
  h264: { ...usualProfiles.h264, baseline: 'constrained_baseline' },
} as const

const estimate = ({ encoder, pixelsPerSecond }: EncoderWish): number | null =>
  pixelsPerSecond === null ? null : estimatedRate(encoder, pixelsPerSecond)

/** Mean, cap and buffer, for encoders that know no quality. */
function plainRates(wish: EncoderWish): Options | { out: string } {
  const rates = ratesOf(rateControl(wish.encoder), estimate(wish))
  if (rates === null) return { out: 'it has to be told a rate, and neither a rate nor the size is known' }
  return [
    ['-b:v', bits(rates.mean)],
    ['-maxrate', bits(rates.most)],
    ['-bufsize', bits(rates.bufferBits)],
  ]
}

/** `-b:v`, `-maxrate` and `-bufsize` of a plan that names a rate or a cap; a cap is what chips without quality aim at. */
function cappedRates(encoder: VideoEncoder): Options {
  const control = rateControl(encoder)
  if (control.kind === 'quality') return []
  const mean = control.kind === 'capped' ? control.maxrate : control.bitrate
  const most = control.kind === 'constant' ? control.bitrate : control.maxrate
  return [
    ['-b:v', bits(mean)],
    ['-maxrate', bits(most)],
    ['-bufsize', bits(control.bufferBits)],
  ]
}

/** From the fastest to the slowest by step of preset. */
const steps = (names: readonly string[], wish: EncoderWish): string =>
  names[Math.min(names.length - 1, presetStep(wish.encoder))]!

const nvencPresets = ['p1', 'p1', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7']

/** NVIDIA's: a target quality, with a cap where there is one, or a rate (FFmpeg nvenc.c). */
export const nvencOptions = family({
  profiles: usualProfiles,
  rate: ({ encoder }) => {
    const control = rateControl(encoder)
    if (control.kind === 'quality' || control.kind === 'capped') {
      const capped = control.kind === 'capped'
      return [
        ['-rc', 'vbr'],
        ['-cq', quantizer(control.factor)],
        ['-b:v', 0],
        ['-maxrate', capped ? bits(control.maxrate) : null],
        ['-bufsize', capped ? bits(control.bufferBits) : null],
      ]
    }
    return [['-rc', control.kind === 'constant' ? 'cbr' : 'vbr'], ...cappedRates(encoder)]
  },
  more: (wish) => [
    ['-preset', steps(nvencPresets, wish)],
    ['-forced-idr', 1],
  ],
})

/** The modes that every driver of VAAPI has: a constant quantizer, or rates (FFmpeg vaapi_encode.c). */
export const vaapiOptions = family({
  profiles: constrainedProfiles,
  rate: ({ encoder }) => {
    const control = rateControl(encoder)
    if (control.kind === 'quality') {
      return [
        ['-rc_mode', 'CQP'],
        ['-qp', quantizer(control.factor)],
      ]
    }
    return [['-rc_mode', control.kind === 'constant' ? 'CBR' : 'VBR'], ...cappedRates(encoder)]
  },
  more: () => [],
})

/**
 * Quality alone is ICQ, with a cap QVBR, equal mean and cap CBR: the encoder chooses by what it is told (qsvenc.c,
 * select_rc_mode). So a mean that is to be no CBR is a bit less than the cap.
 */
export const qsvOptions = family({
  profiles: usualProfiles,
  levelInTenths: true,
  rate: ({ encoder }) => {
    const control = rateControl(encoder)
    if (control.kind === 'quality') return [['-global_quality', quantizer(control.factor)]]
    if (control.kind !== 'capped') return cappedRates(encoder)
    return [
      ['-global_quality', quantizer(control.factor)],
      ['-b:v', bits(control.maxrate - 1)],
      ['-maxrate', bits(control.maxrate)],
      ['-bufsize', bits(control.bufferBits)],
    ]
  },
  more: (wish) => [
    [
      '-preset',
      steps(
        ['veryfast', 'veryfast', 'veryfast', 'faster', 'fast', 'medium', 'slow', 'slower', 'veryslow'],
        wish,
      ),
    ],
    ['-forced_idr', 1],
  ],
})

/** AMD's on Windows; key frames that are forced get parameter sets of their own (amfenc.c). */
export const amfOptions = family({
  profiles: constrainedProfiles,
  rate: ({ encoder }) => {
    const control = rateControl(encoder)
    if (control.kind === 'quality') {
      const value = quantizer(control.factor)
      return [
        ['-rc', 'cqp'],
        ['-qp_i', value],
        ['-qp_p', value],
      ]
    }
    return [['-rc', control.kind === 'constant' ? 'cbr' : 'vbr_peak'], ...cappedRates(encoder)]
  },
  more: (wish) => [
    ['-quality', steps(['speed', 'speed', 'speed', 'balanced', 'balanced', 'balanced', 'quality'], wish)],
    ['-forced_idr', 1],
    ['-header_insertion_mode', wish.encoder.codec === 'hevc' ? 'idr' : null],
  ],
})

/** Rockchip's (ffmpeg-rockchip, rkmppenc.c). */
export const rkmppOptions = family({
  profiles: { h264: usualProfiles.h264, hevc: { main: 'main' } },
  rate: ({ encoder }) => {
    const control = rateControl(encoder)
    if (control.kind === 'quality') {
      return [
        ['-rc_mode', 'CQP'],
        ['-qp_init', quantizer(control.factor)],
      ]
    }
    return [['-rc_mode', control.kind === 'constant' ? 'CBR' : 'VBR'], ...cappedRates(encoder)]
  },
  more: () => [],
})

/**
 * Apple's. Its scale of quality goes from 1 to 100, the best; with a cap it has been seen to hang, so that a cap is what it
 * aims at (Jellyfin leaves the cap out for that).
 */
export const videotoolboxOptions = family({
  profiles: usualProfiles,
  rate: ({ encoder }) => {
    const control = rateControl(encoder)
    if (control.kind === 'quality') return [['-q:v', qualityOfHundred(control.factor)]]
    return cappedRates(encoder).filter(([name]) => name === '-b:v')
  },
  levelsOf: ['h264'],
  more: () => [['-prio_speed', 1]],
})

/** 23 is 59 and 18 is 68. An estimate that nobody has tried: nothing says how Apple's scale is meant. */
const qualityOfHundred = (factor: number): number =>
  Math.min(100, Math.max(1, Math.round(100 - 1.8 * factor)))

/** The kernel's encoders, the Raspberry Pi 4's before all: a rate and nothing else (v4l2_m2m_enc.c). */
export const v4l2Options = family({
  profiles: { h264: { baseline: '66', main: '77', high: '100' } },
  rate: (wish) => {
    const rates = plainRates(wish)
    return 'out' in rates ? rates : rates.filter(([name]) => name === '-b:v')
  },
  more: () => [
    ['-num_output_buffers', 32],
    ['-num_capture_buffers', 16],
  ],
})

/** Jetson's by nvmpi, in the words that all its dialects have; its levels are H.264's alone (jetson-ffmpeg, nvmpi_enc.c). */
export const nvmpiOptions = family({
  profiles: { h264: usualProfiles.h264, hevc: { main: 'main' } },
  levelsOf: ['h264'],
  rate: (wish) => {
    const rates = plainRates(wish)
    if ('out' in rates) return rates
    return [['-rc', rateControl(wish.encoder).kind === 'constant' ? 'cbr' : 'vbr'], ...rates]
  },
  more: (wish) => [
    ['-preset', steps(['ultrafast', 'ultrafast', 'ultrafast', 'fast', 'fast', 'medium', 'slow'], wish)],
  ],
})

/** Vulkan's own (vulkan_encode.c, FFmpeg from 7.1 on). */
export const vulkanOptions = family({
  profiles: constrainedProfiles,
  rate: ({ encoder }) => {
    const control = rateControl(encoder)
    if (control.kind === 'quality') {
      return [
        ['-rc_mode', 'cqp'],
        ['-qp', quantizer(control.factor)],
      ]
    }
    return [['-rc_mode', control.kind === 'constant' ? 'cbr' : 'vbr'], ...cappedRates(encoder)]
  },
  more: () => [],
})
