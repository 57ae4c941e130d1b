import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import type { MediaInfo } from '../media/media-info.ts'
import { inputsOf, isLocal } from './inputs.ts'
import { type LocalCode, localReasons } from './local-reasons.ts'
import { readSegmentedJob } from './segmented.ts'
import { sampleAudio, sampleInfo, sampleSubtitle, sampleVideo } from './testing/sample-info.ts'

const server = 'http://127.0.0.1:32400/video/:/transcode/session/s/j'

/** A job that is planned, as the server writes it. */
const planned: readonly string[] = [
  ...[
    '-codec:0',
    'h264',
    '-codec:1',
    'aac',
    '-ss',
    '30',
    '-i',
    '/films/film.mkv',
    '-start_at_zero',
    '-copyts',
  ],
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
  ...['-filter_complex', '[0:0]scale=w=1280:h=720[0];[0]format=pix_fmts=yuv420p|nv12[1]', '-map', '[1]'],
  ...['-codec:0', 'libx264', '-crf:0', '21', '-r:0', '25', '-force_key_frames:0', 'expr:gte(t,n_forced*3)'],
  ...[
    '-filter_complex',
    "[0:1] aresample=async=1:ochl='stereo':osr=48000[2]",
    '-map',
    '[2]',
    '-codec:1',
    'aac',
  ],
  ...['-f', 'ssegment', '-segment_format', 'mpegts', '-segment_time', '3', '-segment_start_number', '10'],
  ...[
    '-segment_list',
    `${server}/manifest`,
    '-segment_list_type',
    'csv',
    '-segment_format_options',
    'output_ts_offset=10',
  ],
  ...['-max_delay', '5000000', '-avoid_negative_ts', 'disabled', '-map_metadata', '-1', 'media-%05d.ts'],
]

const film = sampleInfo([
  sampleVideo,
  sampleAudio,
  sampleAudio,
  { ...sampleSubtitle, codec: 'hdmv_pgs_subtitle' },
])

function codeOf(args: readonly string[], info: MediaInfo = film): LocalCode | 'planned' {
  const command = parseCommand(args)
  const inputs = inputsOf(command)
  if (isLocal(inputs)) return inputs.code
  const job = readSegmentedJob(command, info)
  return 'local' in job ? job.code : 'planned'
}

/** The planned job with the value after an option (or the whole argument itself) changed. */
function withValue(name: string, value: string): string[] {
  const at = planned.indexOf(name)
  return planned.with(at + 1, value)
}

const withOption = (before: string, ...more: string[]) =>
  planned.toSpliced(planned.indexOf(before), 0, ...more)
const without = (name: string, count = 2) => planned.toSpliced(planned.indexOf(name), count)

/** The filter graph of the picture with a filter put in. */
const filtered = (filter: string) =>
  planned.map((arg) => arg.replace('[0];[0]format', `[0];[0]${filter},format`))

/** The encoder of the picture or of the sound. */
const encoded = (name: string, encoder: string) => planned.with(planned.lastIndexOf(name) + 1, encoder)

/** For each reason: the planned job with one thing changed, after which it is local for that reason. */
const twins: readonly (readonly [LocalCode, string, readonly string[]])[] = [
  ['incomplete-command', 'an option without its value', [...planned, '-crf']],
  ['unknown-option', 'an option of the muxer', withOption('media-%05d.ts', '-segment_wrap', '9')],
  ['unknown-filter', 'a filter', filtered('nlmeans')],
  ['filter-value', 'an argument of a filter', filtered('scale=1280:720:flags=lanczos')],
  ['graph-shape', 'a picture that is used twice', filtered('split[a][b];[a][b]overlay')],
  ['unknown-decoder', 'the decoder', withValue('-codec:0', 'h264_crystal')],
  ['unknown-encoder', 'the encoder', encoded('-codec:0', 'libvpx-vp9')],
  ['unknown-container', 'the container', withValue('-segment_format', 'webm')],
  ['live', 'an input from the network', withValue('-i', 'http://127.0.0.1:32400/livetv/sessions/x/0.ts')],
  ['inputs', 'no input', without('-i')],
  ['images', 'single images', withValue('-f', 'image2')],
  ['nothing-kept', 'an output to nowhere', withValue('-f', 'null')],
  ['sound-only', 'no picture', without('-filter_complex', 4)],
  ['subtitles-only', 'subtitles alone', ['-i', '/films/film.mkv', '-map', '0:3', '-f', 'srt', '/words.srt']],
  ['several-pictures', 'a second picture', withOption('media-%05d.ts', '-map', '0:0')],
  ['missing-stream', 'a stream that is not there', planned.map((arg) => arg.replace('[0:1]', '[0:9]'))],
  [
    'burn-kind',
    'text that is bitmaps',
    filtered('inlineass=language=en').toSpliced(planned.indexOf('-map'), 0, '-map_inlineass', '0:3'),
  ],
  ['times', 'times that do not stay', without('-copyts', 1)],
  ['seek', 'a seek to a key frame', withOption('-ss', '-noaccurate_seek')],
  [
    'unknown-encoder',
    'a word that every object of a program knows',
    planned.map((word) => (word === 'libx264' ? 'toString' : word)),
  ],
  ['key-frames', 'segments that are shorter than a picture', withValue('-r:0', '0.1')],
  ['key-frames', 'key frames elsewhere', withValue('-force_key_frames:0', 'expr:gte(t,n_forced*5)')],
  ['frame-rate', 'a rate that varies', withOption('-filter_complex', '-fps_mode', 'vfr')],
]

/** A job with a copied picture beside encoded sound, which is planned. */
const copying: readonly string[] = [
  ...['-noaccurate_seek', '-ss', '30', '-i', '/films/film.mkv', '-start_at_zero', '-copyts'],
  ...['-progressurl', `${server}/progress`, '-map', '0:0', '-codec:0', 'copy'],
  ...planned.slice(planned.lastIndexOf('-filter_complex')),
]

const copiedSound = copying.toSpliced(copying.indexOf('-filter_complex'), 4, '-map', '0:1')

/** For each reason about copies: that job with one thing changed. */
const copyTwins: readonly (readonly [LocalCode, string, readonly string[], MediaInfo])[] = [
  ['remux', 'sound that is copied as well', copiedSound.with(copiedSound.lastIndexOf('aac'), 'copy'), film],
  [
    'copied-picture',
    'a picture that neither a transport stream of ours nor DASH can have',
    copying,
    sampleInfo([{ ...sampleVideo, codec: 'mpeg2video' }, sampleAudio]),
  ],
  [
    'copied-picture',
    'a file without times of showing',
    copying,
    sampleInfo([sampleVideo, sampleAudio], { formats: ['avi'] }),
  ],
  [
    'frame-rate',
    'a rate for pictures that stay as they are',
    copying.toSpliced(copying.indexOf('-filter_complex'), 0, '-r:0', '25'),
    film,
  ],
  [
    'unknown-option',
    'a change of the copied packets',
    copying.toSpliced(copying.indexOf('-filter_complex'), 0, '-bsf:0', 'h264_metadata=level=4'),
    film,
  ],
]

/** For each reason in the film: the planned job with a tone map, and a film that is not for it. */
const filmTwins: readonly (readonly [LocalCode, string, readonly string[], MediaInfo])[] = [
  [
    'dolby-vision',
    'colours that are neither HDR10 nor HLG',
    filtered('tonemap=mobius'),
    sampleInfo([
      { ...sampleVideo, dolbyVisionProfile: 5, dolbyVisionBase: 'none' },
      sampleAudio,
      sampleAudio,
    ]),
  ],
]

/** What shows only at work, or is the dialect's to see; tested there. */
const elsewhere: readonly LocalCode[] = [
  ...([
    'no-server',
    'foreign-server',
    'unopened',
    'not-yet',
    'no-node',
    'overload',
    'input-silent',
    'folder-closed',
  ] as const),
  ...(['old-shim', 'no-way-back', 'session-failed', 'head-restarted', 'head-error'] as const),
]

describe('a reason to stay local', () => {
  it('is none for the job from which the others differ', () => {
    expect(codeOf(planned)).toBe('planned')
  })

  it.each(twins)('%s: %s', (code, _what, args) => {
    expect(codeOf(args)).toBe(code)
  })

  it('is none for the job with a copied picture', () => {
    expect(codeOf(copying)).toBe('planned')
  })

  it('is none for copied packets that are to be as transport streams have them anyway', () => {
    const filtering = (name: string) =>
      codeOf(copying.toSpliced(copying.indexOf('-filter_complex'), 0, '-bsf:0', name))
    expect(filtering('h264_mp4toannexb')).toBe('planned')
    expect(filtering('hevc_mp4toannexb')).toBe('unknown-option')
  })

  it('is none for a tone map of a film with a layer in HDR10 or HLG', () => {
    for (const base of ['hdr10', 'hlg'] as const) {
      const stream = { ...sampleVideo, dolbyVisionProfile: 8, dolbyVisionBase: base }
      const info = sampleInfo([stream, sampleAudio, sampleAudio])
      expect(codeOf(filtered('tonemap=mobius'), info)).toBe('planned')
    }
  })

  it.each([...copyTwins, ...filmTwins])('%s: %s', (code, _what, args, info) => {
    expect(codeOf(args, info)).toBe(code)
  })

  it('has a twin for each code of the list, or comes from elsewhere', () => {
    const covered = new Set([...[...twins, ...copyTwins, ...filmTwins].map(([code]) => code), ...elsewhere])
    expect([...covered].sort()).toEqual(Object.keys(localReasons).sort())
  })

  it('is explained in the documents, and none that is not on the list', () => {
    const text = readFileSync(fileURLToPath(new URL('../../docs/local-jobs.md', import.meta.url)), 'utf8')
    const documented = [...text.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code!)
    expect(documented).toEqual(Object.keys(localReasons))
  })
})
