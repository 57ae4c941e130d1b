import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import type { MediaInfo, VideoStream } from '../media/media-info.ts'
import { frameCount } from '../media/timeline.ts'
import { inputsOf } from './inputs.ts'
import { readSegmentedJob, type SegmentedJob } from './segmented.ts'

const server = 'http://127.0.0.1:32400/video/:/transcode/session/s/j'

/** A job as the server writes it; `change` replaces arguments by position of a marker. */
function jobArguments(change: { before?: string[]; output?: string[]; input?: string[] } = {}): string[] {
  return [
    ...['-codec:0', 'h264', '-codec:1', 'aac', ...(change.input ?? [])],
    ...['-analyzeduration', '20000000', '-probesize', '20000000', '-i', '/media/film.mkv'],
    ...['-start_at_zero', '-copyts', ...(change.before ?? ['-fps_mode', 'cfr'])],
    ...[
      '-y',
      '-nostats',
      '-loglevel',
      'quiet',
      '-loglevel_plex',
      'error',
      '-progressurl',
      `${server}/progress`,
    ],
    ...[
      '-filter_complex',
      '[0:0]scale=w=1280:h=720:force_divisible_by=4[0];[0]format=pix_fmts=yuv420p|nv12[1]',
    ],
    ...['-map', '[1]', '-metadata:s:0', 'language=eng', '-codec:0', 'libx264', '-crf:0', '21'],
    ...['-maxrate:0', '3419k', '-bufsize:0', '6838k', '-r:0', '23.975999999999999', '-preset:0', 'veryfast'],
    ...['-x264opts:0', 'subme=2:no_chroma_me:me=hex', '-force_key_frames:0', 'expr:gte(t,n_forced*3)'],
    ...['-filter_complex', "[0:1] aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=48000[2]"],
    ...['-map', '[2]', '-metadata:s:1', 'language=ger', '-codec:1', 'aac', '-b:1', '119k'],
    ...[
      '-segment_format',
      'mpegts',
      '-f',
      'ssegment',
      '-individual_header_trailer',
      '0',
      '-segment_time',
      '3',
    ],
    ...['-segment_start_number', '0', '-segment_time_delta', '0.0625', '-segment_list', `${server}/manifest`],
    ...['-segment_list_type', 'csv', '-segment_list_size', '5', '-segment_list_separate_stream_times', '1'],
    ...['-segment_list_unfinished', '1', '-segment_format_options', 'output_ts_offset=10'],
    ...[
      '-max_delay',
      '5000000',
      '-avoid_negative_ts',
      'disabled',
      '-map_metadata',
      '-1',
      '-map_chapters',
      '-1',
    ],
    ...[...(change.output ?? []), 'media-%05d.ts'],
  ]
}

const video: VideoStream = {
  ...{ kind: 'video', index: 0, id: 1, codec: 'h264', profile: 'High', language: null, bitRate: null },
  ...{
    timeBase: { num: 1, den: 1000 },
    startPts: 0,
    startSeconds: 0,
    durationSeconds: 100,
    dispositions: ['default'],
  },
  ...{
    width: 1920,
    height: 1080,
    sampleAspectRatio: null,
    fieldOrder: 'progressive',
    level: 40,
    reorderFrames: 2,
  },
  averageRate: { num: 24000, den: 1001 },
  realRate: { num: 24000, den: 1001 },
  color: { range: null, space: null, transfer: null, primaries: null, chromaLocation: null },
  ...{
    pixelFormat: 'yuv420p',
    closedCaptions: false,
    attachedPicture: false,
    rotationDegrees: 0,
    bitsPerRawSample: 8,
  },
}

const film = {
  ...{ formats: ['matroska', 'webm'], startSeconds: 0, durationSeconds: 101, bitRate: null, sizeBytes: 1000 },
  streams: [
    video,
    {
      ...{ kind: 'audio', index: 1, id: 2, codec: 'aac', profile: 'LC', language: 'ger', bitRate: null },
      ...{
        timeBase: { num: 1, den: 1000 },
        startPts: 0,
        startSeconds: 0,
        durationSeconds: 101,
        dispositions: [],
      },
      ...{ channels: 6, layout: '5.1', sampleRate: 48000, bitsPerSample: null, frameSize: 1024 },
    },
  ],
} as unknown as MediaInfo

function read(args: readonly string[], info: MediaInfo = film): SegmentedJob {
  const job = readSegmentedJob(parseCommand(args), info)
  if ('local' in job) throw new Error(job.local)
  return job
}

function reason(args: readonly string[], info: MediaInfo = film): string {
  const job = readSegmentedJob(parseCommand(args), info)
  return 'local' in job ? job.local : 'not local'
}

describe('reading a job of segments', () => {
  it('finds picture operations, encoder and rate as the server wrote them', () => {
    const { video: part } = read(jobArguments()).plan(null)
    expect(part.operations).toEqual([
      { kind: 'scale', width: '1280', height: '720' },
      { kind: 'format', pixelFormats: ['yuv420p'] },
    ])
    expect(part.encoder).toEqual({
      ...{ codec: 'h264', crf: '21', maxrate: '3419k', bufsize: '6838k', preset: 'veryfast' },
      tuning: [
        ['subme', '2'],
        ['no_chroma_me', null],
        ['me', 'hex'],
      ],
    })
    expect(part.rate).toEqual({ num: 2997, den: 125 })
    expect(part.language).toBe('eng')
  })

  it('mixes sound to the layout that its encoder is told', () => {
    const args = jobArguments().toSpliced(-1, 0, '-channel_layout:1', '5.1')
    const { audio } = read(args).plan(null)
    expect(audio?.operations.at(-1)).toEqual({ kind: 'resample', layout: '5.1' })
  })

  it.each<[string, Partial<VideoStream>, object]>([
    [
      'HDR10 that says how bright it gets',
      { color: { ...video.color, transfer: 'smpte2084' }, peakNits: 1200 },
      { transfer: 'pq', peakNits: 1200 },
    ],
    ['HDR10 that does not', { color: { ...video.color, transfer: 'smpte2084' } }, { transfer: 'pq' }],
    [
      'HLG, whatever is said of a display',
      { color: { ...video.color, transfer: 'arib-std-b67' }, peakNits: 1200 },
      { transfer: 'hlg' },
    ],
  ])('gives every lease of a title the same tone map: of %s', (_what, change, map) => {
    const args = jobArguments().map((arg) => arg.replace('format=pix_fmts', 'tonemap=mobius,format=pix_fmts'))
    const info = { ...film, streams: [{ ...video, ...change }, ...film.streams.slice(1)] }
    const { operations } = read(args, info).plan(null).video
    expect(operations.filter(({ kind }) => kind === 'tone-map')).toEqual([
      { kind: 'tone-map', curve: 'mobius', ...map },
    ])
  })

  it('finds sound with its resampling, bit rate and language', () => {
    const { audio } = read(jobArguments()).plan(null)
    expect(audio).toMatchObject({
      source: { input: 0, stream: 1 },
      operations: [
        { kind: 'resample', async: '1', layout: 'stereo', rate: '48000', rematrixMaximum: '0.000000dB' },
      ],
      encoder: { codec: 'aac', bitrate: '119k', rate: 48000 },
      sourceFrames: { samples: 1024, rate: 48000 },
      language: 'ger',
    })
  })

  it('lays the timeline from slot 0 with an explicit constant rate, and ends it where the picture ends', () => {
    const { timeline, video: part } = read(jobArguments()).plan(null)
    expect(timeline).toEqual({
      ...{ rate: { num: 2997, den: 125 }, firstSlot: 0, firstSegment: 0, segmentSeconds: 3 },
      expectedEndSlot: 2398,
    })
    expect(part.fillFromZero).toBe(true)
    expect(frameCount(timeline, 0)).toBe(72)
  })

  it('anchors a job after a seek at its first frame, counted from the start of the file', () => {
    const late = {
      ...film,
      startSeconds: 1.4,
      streams: [{ ...video, startPts: 1400, startSeconds: 1.4 }, film.streams[1]!],
    }
    const args = jobArguments({ input: ['-ss', '30'], before: [] })
    const job = read(args, late)
    expect(job.anchoredAtZero).toBe(false)
    expect(job.seekSeconds).toBe(30)
    const { timeline, audio } = job.plan({ pts: 31_430, timeBase: { num: 1, den: 1000 } })
    expect(timeline.firstSlot).toBe(Math.round(30.03 * 23.976))
    expect(audio?.firstSampleSeconds).toBe(30)
  })

  it('reads a time of day as the seek', () => {
    expect(read(jobArguments({ input: ['-ss', '00:01:05.500'], before: [] })).seekSeconds).toBe(65.5)
  })
})

describe('reading a job of DASH', () => {
  /** The same job with the muxer's options replaced. */
  function dashArguments(change: readonly string[] = [], keys = 'expr:gte(t,n_forced*3)'): string[] {
    const args = jobArguments()
    const muxer = args.indexOf('-segment_format')
    return [
      ...args.slice(0, muxer).map((word) => (word.startsWith('expr:') ? keys : word)),
      ...['-f', 'dash', '-seg_duration', '3', '-dash_segment_type', 'mp4'],
      ...['-init_seg_name', 'init-stream$RepresentationID$.m4s'],
      ...['-media_seg_name', 'chunk-stream$RepresentationID$-$Number%05d$.m4s'],
      ...['-window_size', '5', '-delete_removed', 'false', '-skip_to_segment', '1', '-time_delta', '0.0625'],
      ...['-manifest_name', `${server}/manifest`, '-avoid_negative_ts', 'disabled'],
      ...['-map_metadata', '-1', '-map_chapters', '-1', ...change, 'dash'],
    ]
  }
  const read = (args: readonly string[]) => readSegmentedJob(parseCommand(args), film)

  it('finds the same pictures and sound, with segments counted from 1', () => {
    const job = read(dashArguments()) as SegmentedJob
    const transport = read(jobArguments()) as SegmentedJob
    const { packaging, timeline, ...rest } = job.plan(null)
    const { packaging: _, timeline: other, ...same } = transport.plan(null)
    expect(rest).toEqual(same)
    expect(packaging).toEqual({ kind: 'dash' })
    expect(timeline).toEqual({ ...other, firstSegment: 1 })
  })
  it('counts from the number of a seek on', () => {
    const job = read(dashArguments(['-skip_to_segment', '522'])) as SegmentedJob
    expect(job.plan(null).timeline.firstSegment).toBe(522)
  })
  it('takes key frames as they were written before 2022', () => {
    expect(read(dashArguments([], 'expr:gte(t,0+n_forced*3)'))).not.toHaveProperty('local')
  })
  it.each([
    ['key frames from elsewhere on', dashArguments([], 'expr:gte(t,9+n_forced*3)'), 'key frames elsewhere'],
    ['fragments of WebM', dashArguments(['-dash_segment_type', 'webm']), 'DASH segments of webm'],
  ])('leaves %s to the server', (_, args, why) => {
    expect(read(args)).toMatchObject({ local: expect.stringContaining(why) })
  })
})

describe('reading a file', () => {
  /** The same job without absolute times, into a file of its own. */
  function fileArguments(change: (args: string[]) => string[] = (args) => args): string[] {
    const args = jobArguments({ before: [] })
    const muxer = args.indexOf('-segment_format')
    const job = args.slice(0, muxer).filter((word) => word !== '-copyts' && word !== '-start_at_zero')
    const keys = job.indexOf('-force_key_frames:0')
    return change([
      ...job.toSpliced(keys, 2),
      ...['-f', 'mp4', '-map_metadata', '-1', '-movflags', '+faststart', '/versions/a film.mp4.18'],
    ])
  }
  const variable = { ...film, streams: [{ ...video, averageRate: { num: 20, den: 1 } }, film.streams[1]!] }
  const withoutRate = (args: string[]) => args.toSpliced(args.indexOf('-r:0'), 2)
  const beside = (args: string[]) => [
    ...args,
    ...['-map', '0:2', '-metadata:s:0', 'language=deu', '-codec:0', 'copy', '-strict_ts:0', '0'],
    ...['-f', 'srt', '/versions/a film.mp4.18.90.sidecar'],
  ]
  const words = {
    ...film.streams[1]!,
    kind: 'subtitle',
    index: 2,
    codec: 'subrip',
  } as MediaInfo['streams'][number]

  it('makes it of segments as long as nodes like them, from the film’s beginning', () => {
    const job = read(fileArguments())
    expect(job.anchoredAtZero).toBe(true)
    expect(job.plan(null)).toMatchObject({
      packaging: { kind: 'file', path: '/versions/a film.mp4.18', format: 'mp4', indexFirst: true },
      video: { fillFromZero: true },
      timeline: { firstSlot: 0, firstSegment: 0, segmentSeconds: 1 },
    })
  })

  it('has the film’s own rate where none is asked for, from the beginning on', () => {
    const { video: part } = read(fileArguments(withoutRate)).plan(null)
    expect(part).toMatchObject({ fillFromZero: true, rate: { num: 24_000, den: 1_001 } })
  })

  it('has a constant rate in MP4 whatever the film has: that of all its times', () => {
    const { video: part } = read(fileArguments(withoutRate), variable).plan(null)
    expect(part).toMatchObject({ fillFromZero: true, rate: video.realRate })
  })

  it('keeps the frames of the film in Matroska, at the rate that they have', () => {
    const matroska = (args: string[]) => args.with(args.indexOf('mp4'), 'matroska')
    for (const args of [fileArguments(matroska), fileArguments((all) => withoutRate(matroska(all)))]) {
      expect(read(args).plan(null).video).toMatchObject({
        fillFromZero: false,
        rate: { num: 24_000, den: 1_001 },
      })
    }
    const faster = (args: string[]) => args.with(args.indexOf('-r:0') + 1, '50')
    expect(reason(fileArguments((all) => faster(matroska(all))))).toMatch(/^frame-rate: .*another rate/)
    expect(reason(fileArguments(matroska), variable)).toMatch(/^frame-rate: .*variable/)
  })

  it('has subtitles beside it', () => {
    const info = { ...film, streams: [...film.streams, words] }
    expect(read(fileArguments(beside), info).plan(null).subtitles).toEqual([
      {
        ...{ source: { input: 0, stream: 2 }, codec: 'copy', alone: false, language: 'deu' },
        to: { kind: 'file', path: '/versions/a film.mp4.18.90.sidecar', format: 'srt' },
      },
    ])
  })

  it('is left to the server where the file would begin elsewhere, or nobody knows a rate', () => {
    const untold = { ...film, streams: [{ ...video, averageRate: null, realRate: null }, film.streams[1]!] }
    expect(reason(fileArguments(withoutRate), untold)).toMatch(/^frame-rate: .*tells none/)
    expect(reason(fileArguments((args) => ['-ss', '30', ...args]))).toMatch(/^times: /)
  })
})

describe('what stays local', () => {
  const replace = (name: string, value: string) =>
    jobArguments().map((arg, index, all) => (all[index - 1] === name ? value : arg))
  const withFilter = (filter: string) =>
    jobArguments().map((arg) => arg.replace('[0];[0]', `,${filter}[0];[0]`))

  it.each([
    ['an encoder that is not known', replace('-codec:0', 'libvpx'), /unknown-encoder/],
    ['a filter that is not known', withFilter('nlmeans'), /unknown-filter/],
    [
      'key frames elsewhere than the segments',
      replace('-force_key_frames:0', 'expr:gte(t,n_forced*5)'),
      /key frames/,
    ],
    ['timestamps moved in another way', replace('-segment_format_options', 'mpegts_flags=x'), /timestamps/],
    ['an option that is not understood', jobArguments({ output: ['-shortest'] }), /-shortest/],
    ['an option nobody knows', jobArguments({ output: ['-frobnicate', '1'] }), /frobnicate/],
    ['times that do not stay', jobArguments().filter((arg) => arg !== '-copyts'), /timestamps/],
    ['a rate that is no number', replace('-r:0', 'fast'), /-r fast/],
  ])('%s', (_what, args, why) => {
    expect(reason(args)).toMatch(why)
  })

  it('a stream that the file does not have', () => {
    expect(reason(jobArguments(), { ...film, streams: [video] })).toMatch(/\[0:1\]/)
  })

  it('an input that is no file of this machine', () => {
    const args = jobArguments().map((arg) => (arg === '/media/film.mkv' ? 'http://example.org/a.ts' : arg))
    expect(inputsOf(parseCommand(args))).toEqual({
      code: 'live',
      local: expect.stringContaining('no absolute path'),
    })
  })
})
