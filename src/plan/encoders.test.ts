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

  it('may be SVT-AV1, with presets and settings of its own', () => {
    const options = ['-preset', '10', '-crf', '28', '-svtav1-params:0', 'rc=1:tune=0:film-grain=0']
    expect(videoEncoder(place(0, '-c:0', 'libsvtav1', ...options))).toEqual({
      ...{ codec: 'av1', crf: '28', preset: '10' },
      tuning: [
        ['rc', '1'],
        ['tune', '0'],
        ['film-grain', '0'],
      ],
    })
    expect(() => videoEncoder(place(0, '-c:0', 'libsvtav1', '-svtav1-params:0', 'stats=/x'))).toThrow(
      NotPlannable,
    )
  })

  it('takes the options of its own library only', () => {
    const options = ['-c:0', 'libx265', '-x264opts', 'subme=2', '-x265-params', 'aq-mode=3']
    expect(videoEncoder(place(0, ...options)).tuning).toEqual([['aq-mode', '3']])
  })

  it.each([
    ['of another codec', ['-c:v', 'vp9_qsv'], 'the encoder vp9_qsv'],
    ['of an unknown maker', ['-c:v', 'h264_toString'], 'the encoder h264_toString'],
    ['told a quantizer', ['-c:v', 'libx264', '-qp', '20'], '-qp of a library'],
    ['told a length that is no number', ['-c:v', 'libx264', '-g', 'long'], '-g long'],
    [
      'told a quality that is no number',
      ['-c:v', 'h264_qsv', '-global_quality', 'best'],
      '-global_quality best',
    ],
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

  it.each([
    ['hevc_vaapi', '-qp:0'],
    ['hevc_vaapi', '-global_quality:0'],
    ['hevc_nvenc', '-cq:0'],
    ['hevc_qsv', '-global_quality:0'],
    ['hevc_rkmpp', '-qp_init:0'],
    ['hevc_amf', '-qp_p:0'],
  ])('%s has %s for a constant quality', (name, option) => {
    const rates = ['-b:0', '0', '-maxrate:0', '20121k', '-bufsize:0', '40242k']
    expect(on('-codec:0', name, option, '15', ...rates)).toEqual({
      ...{ codec: 'hevc', crf: '15', maxrate: '20121k', bufsize: '40242k', tuning: [] },
    })
  })

  it('takes no rate for a quality: 0 stands for none', () => {
    expect(on('-codec:0', 'h264_nvenc', '-cq', '0', '-b:0', '3M')).toEqual({
      ...{ codec: 'h264', bitrate: '3M', tuning: [] },
    })
  })

  it.each([
    ['h264_nvenc', '-preset', 'p1', 'veryfast'],
    ['h264_nvenc', '-preset', 'p7', 'veryslow'],
    ['h264_nvenc', '-preset', 'default', 'medium'],
    ['h264_qsv', '-preset', 'veryfast', 'veryfast'],
    ['h264_qsv', '-preset', '7', 'veryfast'],
    ['h264_vaapi', '-compression_level', '1', 'veryslow'],
    ['h264_amf', '-quality', 'speed', 'veryfast'],
    ['hevc_videotoolbox', '-prio_speed', '1', 'veryfast'],
    ['h264_rkmpp', '-preset', 'veryfast', undefined],
  ])('%s with %s %s takes as much care as %s', (name, option, value, preset) => {
    expect(on('-c:v', name, option, value).preset).toBe(preset)
  })

  it.each([
    ['h264_vaapi', '578', 'baseline'],
    ['h264_vaapi', '100', 'high'],
    ['h264_nvenc', '1', 'main'],
    ['hevc_nvenc', '1', 'main10'],
    ['hevc_vaapi', '1', 'main'],
    ['h264_amf', 'constrained_high', 'high'],
    ['h264_qsv', 'unknown', undefined],
  ])('%s knows the profile %s as %s', (name, written, profile) => {
    expect(on('-c:v', name, '-profile:v', written).profile).toBe(profile)
  })

  it('stays with the server for a profile that no library has', () => {
    expect(() => on('-c:v', 'h264_nvenc', '-profile:v', 'high444p')).toThrow(NotPlannable)
  })

  it.each([
    ['h264_qsv', '51', '5.1'],
    ['libx264', '41', '4.1'],
    ['libx264', '4.0', '4.0'],
    ['h264_nvenc', '4', '4.0'],
    ['h264_nvenc', 'auto', undefined],
    ['hevc_vaapi', '153', '5.1'],
    ['hevc_rkmpp', '120', '4.0'],
    ['hevc_qsv', '50', '5.0'],
  ])('%s has the level %s as %s', (name, written, level) => {
    expect(on('-c:v', name, '-level', written).level).toBe(level)
  })

  it('is told more by Jellyfin so that Intel takes a variable rate, and means what it tells others', () => {
    const plain = on('-c:v', 'h264_qsv', '-b:v', '1000', '-maxrate', '1000', '-bufsize', '2000')
    const more = on('-c:v', 'h264_qsv', '-b:v', '1000', '-maxrate', '1001', '-bufsize', '4000')
    expect(more).toEqual(plain)
    const own = on('-c:v', 'h264_nvenc', '-b:v', '1000', '-maxrate', '1001', '-bufsize', '4000')
    expect(own).toMatchObject({ maxrate: '1001', bufsize: '4000' })
  })

  it('has a cap where its rate is to be constant', () => {
    expect(on('-c:v', 'h264_amf', '-rc', 'cbr', '-b:v', '2M', '-qmin', '0').maxrate).toBe('2M')
    expect(on('-c:v', 'h264_amf', '-rc', 'vbr_peak', '-b:v', '2M').maxrate).toBeUndefined()
  })

  it('stays with the server for a quality that its own family does not know, or of AV1', () => {
    expect(() => on('-c:v', 'h264_vaapi', '-cq', '20')).toThrow('-cq')
    expect(() => on('-c:v', 'av1_nvenc', '-cq', '20')).toThrow('AV1')
  })

  it('keeps the lengths of groups of pictures, under the names of libraries', () => {
    expect(on('-codec:0', 'h264_nvenc', '-g', '72', '-bf', '0', '-sc_threshold', '-1').tuning).toEqual([
      ['keyint', '72'],
      ['bframes', '0'],
    ])
  })

  it.each([
    ['forced key frames alone', 'h264_vaapi', []],
    ['groups as long as a segment', 'h264_nvenc', ['-g', '72', '-keyint_min', '72']],
    ['no key frames at scene cuts', 'libx264', ['-sc_threshold', '0']],
  ])('leaves key frames to the segments of HLS with %s', (_what, name, options) => {
    expect(videoEncoder(place(0, '-c:v', name, ...options), 'segments').tuning).toEqual([['scenecut', '0']])
  })
})

describe('an encoder of sound', () => {
  const usualSource = { sampleRate: 44_100, channels: 2, codec: 'aac', frameSize: 1024 }
  const sound = (options: string[], ...rates: string[]) => {
    const operations = rates.map((rate) => ({ kind: 'resample', rate }) as const)
    return audioEncoder(place(1, '-c:0', 'libx264', ...options), operations, usualSource, 0.5)
  }

  it.each([
    [{}, { codec: 'aac', samples: 1024, firstSeconds: 0.5 }],
    [
      { codec: 'eac3', frameSize: null },
      { codec: 'eac3', samples: 1536, firstSeconds: 0.5 },
    ],
    [{ codec: 'dts', frameSize: 512 }, undefined],
    [{ codec: 'aac', frameSize: null }, undefined],
    [{ sampleRate: 0 }, undefined],
  ])('that copies says how long its packets are, where nodes can copy them: %j', (change, packets) => {
    const copying = place(1, '-c:0', 'libx264', '-c:1', 'copy', '-copypriorss:1', '0')
    expect(audioEncoder(copying, [], { ...usualSource, ...change }, 0.5).packets).toEqual(packets)
  })

  it.each([
    ['aac', 'aac'],
    ['ac3', 'ac3'],
    ['eac3', 'eac3'],
    ['libmp3lame', 'mp3'],
    ['libopus', 'opus'],
    ['aac_lc', 'aac'],
    ['eac3_eae', 'eac3'],
    ['libfdk_aac', 'aac'],
    ['aac_at', 'aac'],
  ])('%s is known', (name, codec) => {
    expect(sound(['-c:1', name, '-b:1', '119k'])).toEqual({ codec, rate: 44_100, bitrate: '119k' })
  })

  it('gets the rate that the last resampler gives, else the source’s', () => {
    expect(sound(['-c:1', 'aac']).rate).toBe(44_100)
    expect(sound(['-c:1', 'aac'], '32000', '48000').rate).toBe(48_000)
  })

  it.each([
    [['-c:1', 'libfdk_aac', '-vbr:1', '5'], '224000'],
    [['-c:1', 'libfdk_aac', '-vbr:1', '1', '-ac:1', '6'], '192000'],
    [['-c:1', 'libmp3lame', '-q:1', '2'], '190000'],
    [['-c:1', 'libfdk_aac', '-vbr:1', '0'], undefined],
  ])('of a variable rate %j comes to about %s', (options, bitrate) => {
    expect(sound(options).bitrate).toBe(bitrate)
  })

  it('may be none: the packets stay as they are', () => {
    expect(sound(['-c:1', 'copy'])).toEqual({ codec: 'copy', rate: 44_100 })
  })

  it('is not touched by what is said of the picture', () => {
    expect(sound(['-c:1', 'aac', '-profile:0', 'high', '-b:0', '2M'])).toEqual({ codec: 'aac', rate: 44_100 })
    expect(sound(['-c:1', 'aac', '-profile:1', 'aac_low']).codec).toBe('aac')
  })

  it.each([
    ['an unknown one', ['-c:1', 'libvorbis'], [], 'the encoder libvorbis'],
    ['a mode that is not known', ['-c:1', 'libfdk_aac', '-vbr:1', '9'], [], 'the mode 9 of libfdk_aac'],
    ['a mode of another encoder', ['-c:1', 'aac', '-q:1', '2'], [], 'the mode 2 of aac'],
    ['another kind of AAC', ['-c:1', 'aac', '-profile:1', 'aac_he_v2'], [], 'sound of the profile aac_he_v2'],
    ['a rate that is no number', ['-c:1', 'aac'], ['fast'], 'a sampling rate that is no number'],
    ['a rate of nothing', ['-c:1', 'aac'], ['0'], 'a sampling rate that is no number'],
  ])('stays with the server for %s', (_name, options, rates, why) => {
    expect(() => sound(options, ...rates)).toThrow(NotPlannable)
    expect(() => sound(options, ...rates)).toThrow(why)
  })
})
