import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import { audioEncoder, type StreamPlace, videoEncoder } from './encoders.ts'
import { NotPlannable } from './refusal.ts'

/** The picture (position 0) or the sound (position 1) of an output with these options. */
function place(position: 0 | 1, ...options: string[]): StreamPlace {
  const [output] = parseCommand(['-i', 'a.mkv', ...options, 'out.ts']).outputs
  return { output: output!, streams: [{ media: 'v' }, { media: 'a' }], position }
}

describe('an encoder of pictures', () => {
  it('is what the server wrote for its stream, and nothing of another’s', () => {
    const options = ['-codec:0', 'libx264', '-crf:0', '21', '-maxrate:0', '3419k', '-bufsize:0', '6838k']
    const more = ['-preset:0', 'veryfast', '-codec:1', 'aac', '-b:1', '119k']
    expect(videoEncoder(place(0, ...options, ...more))).toEqual({
      ...{ codec: 'h264', crf: '21', maxrate: '3419k', bufsize: '6838k', preset: 'veryfast', tuning: [] },
    })
  })

  it('is found by any way of naming the stream', () => {
    for (const spelling of ['-c:v', '-codec:v:0', '-vcodec', '-c']) {
      expect(videoEncoder(place(0, spelling, 'libx265')).codec).toBe('hevc')
    }
  })

  it('may be told of a bit rate, a profile, a level and a tuning', () => {
    const options = ['-b:v', '2M', '-profile:v', 'high', '-level', '4.1', '-tune', 'film']
    expect(videoEncoder(place(0, '-c:v', 'libx264', ...options))).toEqual({
      ...{ codec: 'h264', bitrate: '2M', profile: 'high', level: '4.1', tune: 'film', tuning: [] },
    })
  })

  it.each([
    ['a file of the library’s', ['-x264opts:0', 'subme=2:stats=/etc/passwd'], 'the encoder’s option'],
    ['a file under another name', ['-x264opts:0', 'dump_yuv=x.yuv'], 'the encoder’s option'],
    ['a path as a value', ['-x264opts:0', 'subme=/tmp/x'], 'the encoder’s option'],
    ['a preset that is more than a word', ['-preset:0', 'veryfast -f tee'], '-preset'],
    ['a profile that begins like an option', ['-profile:0', '-i'], '-profile'],
    ['a rate with another option in it', ['-b:0', '2M\n-i'], '-b'],
  ])('stays with the server for %s', (_name, options, why) => {
    const read = () => videoEncoder(place(0, '-c:0', 'libx264', ...options))
    expect(read).toThrow(NotPlannable)
    expect(read).toThrow(why.replace('’', "'"))
  })

  it.each(['csv=/tmp/x', 'recon=x', 'analysis-save=x', 'qpfile=x', 'scaling-list=x', 'dolby-vision-rpu=x'])(
    'stays with the server for x265’s %s',
    (option) => {
      expect(() => videoEncoder(place(0, '-c:0', 'libx265', '-x265-params:0', option))).toThrow(NotPlannable)
    },
  )

  it('keeps the library’s own options in order, with and without values', () => {
    const options = ['-c:0', 'libx264', '-x264opts:0', 'subme=2:no_chroma_me:zones=0,9,q=30']
    expect(videoEncoder(place(0, ...options)).tuning).toEqual([
      ['subme', '2'],
      ['no_chroma_me', null],
      ['zones', '0,9,q=30'],
    ])
  })

  it('takes the options of its own library only', () => {
    const options = ['-c:0', 'libx265', '-x264opts', 'subme=2', '-x265-params', 'aq-mode=3']
    expect(videoEncoder(place(0, ...options)).tuning).toEqual([['aq-mode', '3']])
  })

  it.each([
    ['of another codec', ['-c:v', 'av1_nvenc'], 'the encoder av1_nvenc'],
    ['told a quantizer', ['-c:v', 'libx264', '-qp', '20'], '-qp of a library'],
    ['told a length that is no number', ['-c:v', 'libx264', '-g', 'long'], '-g long'],
    ['told a quality that is no number', ['-c:v', 'h264_qsv', '-global_quality', 'best'], '-qp best'],
    ['no encoder', ['-c:v', 'copy'], 'the encoder copy'],
    ['not named', [], 'the encoder null'],
  ])('stays with the server when it is %s', (_name, options, why) => {
    expect(() => videoEncoder(place(0, ...options))).toThrow(NotPlannable)
    expect(() => videoEncoder(place(0, ...options))).toThrow(why)
  })
})

describe('an encoder of pictures on a chip', () => {
  const on = (...options: string[]) => videoEncoder(place(0, ...options))

  it('is its codec with the rates that the server asks for', () => {
    const rates = ['-b:0', '3282k', '-maxrate:0', '3282k', '-bufsize:0', '6564k', '-forced-idr:0', '1']
    expect(on('-codec:0', 'h264_nvenc', ...rates)).toEqual({
      ...{ codec: 'h264', bitrate: '3282k', maxrate: '3282k', bufsize: '6564k', tuning: [] },
    })
  })

  it.each(['-qp:0', '-global_quality:0', '-cq:0'])('has %s for a constant quality', (name) => {
    const rates = ['-b:0', '0', '-maxrate:0', '20121k', '-bufsize:0', '40242k']
    expect(on('-codec:0', 'hevc_vaapi', name, '15', ...rates)).toEqual({
      ...{ codec: 'hevc', crf: '15', maxrate: '20121k', bufsize: '40242k', tuning: [] },
    })
  })

  it('leaves out presets, tunings, profiles and levels that only the chip has', () => {
    const own = ['-preset', 'p4', '-tune', 'hq', '-profile:v', '77', '-level', 'auto', '-rc', 'vbr']
    expect(on('-codec:0', 'h264_nvenc', ...own)).toEqual({ codec: 'h264', tuning: [] })
    expect(on('-codec:0', 'h264_qsv', '-profile:v', 'high', '-level', '4.1')).toEqual({
      ...{ codec: 'h264', profile: 'high', level: '4.1', tuning: [] },
    })
  })

  it('keeps the lengths of groups of pictures, under the names of libraries', () => {
    expect(on('-codec:0', 'h264_nvenc', '-g', '72', '-bf', '0', '-sc_threshold', '-1').tuning).toEqual([
      ['keyint', '72'],
      ['bframes', '0'],
    ])
  })
})

describe('an encoder of sound', () => {
  const sound = (options: string[], ...rates: string[]) => {
    const operations = rates.map((rate) => ({ kind: 'resample', rate }) as const)
    return audioEncoder(place(1, '-c:0', 'libx264', ...options), operations, 44_100)
  }

  it.each([
    ['aac', 'aac'],
    ['ac3', 'ac3'],
    ['eac3', 'eac3'],
    ['libmp3lame', 'mp3'],
    ['libopus', 'opus'],
    ['aac_lc', 'aac'],
    ['eac3_eae', 'eac3'],
  ])('%s is known', (name, codec) => {
    expect(sound(['-c:1', name, '-b:1', '119k'])).toEqual({ codec, rate: 44_100, bitrate: '119k' })
  })

  it('gets the rate that the last resampler gives, else the source’s', () => {
    expect(sound(['-c:1', 'aac']).rate).toBe(44_100)
    expect(sound(['-c:1', 'aac'], '32000', '48000').rate).toBe(48_000)
  })

  it('is not touched by what is said of the picture', () => {
    expect(sound(['-c:1', 'aac', '-profile:0', 'high', '-b:0', '2M'])).toEqual({ codec: 'aac', rate: 44_100 })
    expect(sound(['-c:1', 'aac', '-profile:1', 'aac_low']).codec).toBe('aac')
  })

  it.each([
    ['an unknown one', ['-c:1', 'libfdk_aac'], [], 'the encoder libfdk_aac'],
    ['a copy', ['-c:1', 'copy'], [], 'the encoder copy'],
    ['another kind of AAC', ['-c:1', 'aac', '-profile:1', 'aac_he_v2'], [], 'sound of the profile aac_he_v2'],
    ['a rate that is no number', ['-c:1', 'aac'], ['fast'], 'a sampling rate that is no number'],
    ['a rate of nothing', ['-c:1', 'aac'], ['0'], 'a sampling rate that is no number'],
  ])('stays with the server for %s', (_name, options, rates, why) => {
    expect(() => sound(options, ...rates)).toThrow(NotPlannable)
    expect(() => sound(options, ...rates)).toThrow(why)
  })
})
