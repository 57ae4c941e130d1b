import { describe, expect, it } from 'vitest'
import { parseCommand } from '../../command/parse-command.ts'
import { plexFileJob, plexJob } from './intake.ts'

const session = 'http://127.0.0.1:32400/video/:/transcode/session/s-1/7c0ffee0'
const base = [
  ...['-codec:0', 'h264', '-ss', '300', '-i', '/films/a.mkv', '-start_at_zero', '-copyts', '-y', '-nostats'],
  ...['-loglevel', 'quiet', '-loglevel_plex', 'error', '-progressurl', `${session}/progress`],
  ...['-filter_complex', '[0:0]scale=w=1280:h=720[0]', '-map', '[0]', '-codec:0', 'libx264', '-crf:0', '21'],
  ...['-segment_format', 'mpegts', '-f', 'ssegment', '-individual_header_trailer', '0', '-segment_time', '3'],
  ...['-segment_start_number', '100', '-segment_time_delta', '0.0625'],
  ...['-segment_list', `${session}/manifest?X-Plex-Http-Pipeline=infinite`, '-segment_list_type', 'csv'],
  ...['-segment_list_size', '5', '-segment_list_separate_stream_times', '1', '-segment_list_unfinished', '1'],
  ...['-segment_format_options', 'output_ts_offset=10', '-max_delay', '5000000', 'media-%05d.ts'],
]

function job(args: readonly string[], hasToken = false) {
  return plexJob(parseCommand(args), hasToken)
}

/** The base line with one option's value changed, or the option left out. */
function having(name: string, value: string | null): string[] {
  const at = base.indexOf(`-${name}`)
  return base.toSpliced(at, 2, ...(value === null ? [] : [`-${name}`, value]))
}

describe('the intake', () => {
  it('reads everything the publisher needs', () => {
    expect(job(base, true)).toEqual({
      progressUrl: `${session}/progress`,
      listUrl: `${session}/manifest?X-Plex-Http-Pipeline=infinite`,
      list: {
        template: { before: 'media-', width: 5, after: '.ts' },
        size: 5,
        separateStreamTimes: true,
        unfinished: true,
      },
      firstSegment: 100,
      segmentSeconds: 3,
      logLevel: 16,
      hasToken: true,
    })
  })

  it('reads the layout of old servers too, with the globals behind the output', () => {
    const globals = ['-y', '-nostats', '-loglevel_plex', 'error', '-progressurl', `${session}/progress`]
    const rest = base.filter((arg) => !globals.includes(arg) || arg === 'error')
    const old = [...rest.filter((arg) => arg !== 'error'), ...globals]
    expect(job(old)).toEqual(job(base))
  })

  it('has no token where the shim has none', () => {
    expect(job(base)).toMatchObject({ hasToken: false })
  })

  it('takes FFmpeg’s defaults for what is not said', () => {
    expect(job(having('segment_start_number', null))).toMatchObject({ firstSegment: 0 })
    expect(job(having('segment_list_size', null))).toMatchObject({ list: { size: 0 } })
    expect(job(having('segment_list_unfinished', null))).toMatchObject({ list: { unfinished: false } })
    expect(job(having('loglevel_plex', null))).toMatchObject({ logLevel: -8 })
    expect(job(having('loglevel_plex', '24'))).toMatchObject({ logLevel: 24 })
  })

  it('lets the last of two equal options count', () => {
    expect(job(base.toSpliced(-1, 0, '-segment_start_number', '7'))).toMatchObject({ firstSegment: 7 })
  })

  it.each(['http://127.0.0.1:5/p', 'http://127.3.2.1/p', 'http://localhost:32400/p', 'http://[::1]:32400/p'])(
    'tells a server on this machine: %s',
    (url) => {
      expect(job(having('progressurl', url))).toMatchObject({ progressUrl: url })
    },
  )

  it.each([
    'http://192.168.1.5:32400/p',
    'http://127.0.0.1.example.org/p',
    'http://example.org/p#127.0.0.1',
    'http://user@127.0.0.1/p',
    'https://127.0.0.1/p',
    'file:///p',
    'p',
  ])('leaves a job that reports elsewhere to the server: %s', (url) => {
    expect(job(having('progressurl', url))).toMatchObject({
      local: '-progressurl is not an HTTP address of this machine',
    })
    expect(job(having('segment_list', url))).toMatchObject({
      local: '-segment_list is not an HTTP address of this machine',
    })
  })

  it.each([
    ['progressurl', null, '-progressurl is missing'],
    ['segment_list', null, '-segment_list is missing'],
    ['f', 'dash', '-manifest_name is missing'],
    ['segment_format', 'matroska', '-segment_header_filename null is not a plain name'],
    ['segment_format', 'webm', '-segment_format is webm, with the header null'],
    ['segment_format', null, '-segment_format is missing, with the header null'],
    ['segment_list_type', 'm3u8', '-segment_list_type is m3u8, not csv'],
    ['segment_time', '0', '-segment_time 0 is not a number of seconds'],
    ['segment_time', '00:00:03', '-segment_time 00:00:03 is not a number of seconds'],
    ['segment_time', null, '-segment_time is missing and is not a number of seconds'],
    ['segment_start_number', '-1', '-segment_start_number -1 is not a whole number'],
    ['segment_list_unfinished', 'maybe', '-segment_list_unfinished maybe is neither 0 nor 1'],
    ['loglevel_plex', 'loud', '-loglevel_plex loud is not a level'],
    ['loglevel_plex', 'toString', '-loglevel_plex toString is not a level'],
  ])('says why a job with -%s %s stays with the server', (name, value, local) => {
    expect(job(having(name, value))).toMatchObject({ local })
  })

  it('leaves lists of other kinds to the server', () => {
    for (const name of ['segment_list_entry_prefix', 'segment_list_flags', 'segment_wrap']) {
      expect(job(base.toSpliced(-1, 0, `-${name}`, '1'))).toMatchObject({
        local: `-${name} is not understood`,
      })
    }
  })

  it('reads the header that Matroska segments have in common', () => {
    const matroska = (header: string) =>
      job([
        ...having('segment_format', 'matroska').slice(0, -1),
        '-segment_header_filename',
        header,
        'm-%d.ts',
      ])
    expect(matroska('header')).toMatchObject({ list: { headerName: 'header', size: 5 } })
    for (const name of ['../header', '.header', 'a/b', '']) {
      expect(matroska(name)).toMatchObject({ local: `-segment_header_filename ${name} is not a plain name` })
    }
  })

  it('knows the muxer by both of its names', () => {
    expect(job(having('f', 'segment'))).toEqual(job(base))
  })

  it('reads the header that transport streams have no need of, which stays empty', () => {
    const named = [...base.slice(0, -1), '-segment_header_filename', 'header', 'm-%d.ts']
    expect(job(named)).toMatchObject({ list: { headerName: 'header', isHeaderEmpty: true } })
    expect(job([...named.slice(0, -2), '../header', 'm-%d.ts'])).toMatchObject({ code: 'unknown-container' })
  })

  it('reads a window as large as servers of 2017 asked for', () => {
    expect(job(having('segment_list_size', '2147483647'))).toMatchObject({ list: { size: 2_147_483_647 } })
  })

  it.each([
    ['no-server', having('segment_list', null)],
    ['foreign-server', having('segment_list', 'http://192.0.2.1/list')],
    ['unknown-container', having('f', 'hls')],
    ['unknown-container', having('segment_list_type', 'm3u8')],
    ['unknown-option', base.toSpliced(-1, 0, '-segment_wrap', '9')],
    ['unknown-option', having('segment_start_number', '-1')],
    ['several-pictures', [...base, '-f', 'mp4', '/a.mp4']],
  ])('has the code %s for why a job stays with the server', (code, args) => {
    expect(job(args)).toMatchObject({ code })
  })

  const besides = [
    ...['-map', '0:2', '-codec:0', 'ass', '-f', 'segment', '-segment_format', 'ass', '-segment_time', '1'],
    ...['-segment_header_filename', 'sub-header', '-segment_start_number', '40'],
    ...['-segment_list', `${session}/manifest?stream=subtitles`, '-segment_list_type', 'csv'],
    ...['-segment_list_size', '5', '-segment_list_separate_stream_times', '1'],
    ...['-segment_list_unfinished', '1', 'sub-chunk-%05d'],
  ]

  it('takes no text beside the film for another picture, in whatever format', () => {
    expect(job([...base, '-map', '0:3', '-f', 'webvtt', '/a.vtt'])).toMatchObject({
      text: [{ kind: 'file', path: '/a.vtt' }],
    })
  })

  it('reads how text beside the film is wanted, and takes text to nowhere for nothing', () => {
    const nowhere = ['-map', '0:2', '-f', 'null', '-codec', 'ass', 'nullfile']
    expect(job([...base, ...nowhere])).toEqual(job(base))
    expect(job([...base, ...besides, '-map', '0:3', '-f', 'srt', '/a film.srt'])).toEqual({
      ...job(base),
      text: [
        {
          kind: 'segments',
          listUrl: `${session}/manifest?stream=subtitles`,
          list: {
            template: { before: 'sub-chunk-', width: 5, after: '' },
            ...{ size: 5, separateStreamTimes: true, unfinished: true, headerName: 'sub-header' },
          },
          ...{ firstSegment: 40, segmentSeconds: 1 },
        },
        { kind: 'file', path: '/a film.srt' },
      ],
    })
  })

  it.each([
    ['-segment_list', 'http://10.0.0.1/x', '-segment_list is not an HTTP address of this machine'],
    ['-segment_list_type', 'flat', '-segment_list_type is flat, not csv'],
    ['-segment_header_filename', '../x', '-segment_header_filename ../x is not a plain name'],
    ['-segment_time', '0', '-segment_time 0 is not a number of seconds'],
  ])('says why text beside it with %s %s stays with the server', (name, value, local) => {
    const args = besides.with(besides.indexOf(name) + 1, value)
    expect(job([...base, ...args])).toMatchObject({ local })
  })

  it('leaves names and outputs it does not know to the server', () => {
    expect(job([...base.slice(0, -1), '/tmp/media-%05d.ts'])).toMatchObject({
      local: '/tmp/media-%05d.ts is not a plain name with one number',
    })
    expect(job([...base, '-f', 'mp4', '/a.mp4'])).toMatchObject({ local: '2 outputs instead of one' })
    expect(job([...base, '-f', 'srt', 'a.srt'])).toMatchObject({ local: 'a.srt is no absolute path' })
    expect(job(base.slice(0, -1))).toMatchObject({ local: '0 outputs instead of one' })
  })
})

describe('a job that makes a file', () => {
  const film = [
    ...['-i', '/films/a.mkv', '-map', '0:0', '-codec:0', 'libx264', '-f', 'mp4', '-movflags', '+faststart'],
    ...['/library/Plex Versions/a film (2024).mp4.882', '-y', '-loglevel_plex', 'error'],
    ...['-progressurl', `${session}/progress`],
  ]
  const fileJob = (args: readonly string[]) => plexFileJob(parseCommand(args), false)

  it('is told of by progress alone', () => {
    expect(fileJob(film)).toEqual({
      ...{ progressUrl: `${session}/progress`, logLevel: 16, hasToken: false },
      filePath: '/library/Plex Versions/a film (2024).mp4.882',
    })
  })

  it('may be one of Matroska, and is none of segments', () => {
    expect(fileJob(film.with(film.indexOf('mp4'), 'matroska'))).toMatchObject({ logLevel: 16 })
    expect(fileJob(base)).toBeNull()
  })

  it('stays with the server where its file could be one that is there, or nobody is told', () => {
    expect(fileJob(film.filter((arg) => arg !== '-y'))).toMatchObject({
      ...{ code: 'no-way-back', local: '-y is missing' },
    })
    expect(fileJob(film.toSpliced(film.indexOf('-progressurl'), 2))).toMatchObject({
      local: '-progressurl is missing',
    })
  })
})
