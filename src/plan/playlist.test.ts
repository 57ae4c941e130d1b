import { describe, expect, it } from 'vitest'
import { parseCommand } from '../command/parse-command.ts'
import type { MediaInfo } from '../media/media-info.ts'
import { boundarySlot } from '../media/timeline.ts'
import { assumedMedia } from './assumed-media.ts'
import { inputsOf, isLocal } from './inputs.ts'
import { pendingOf } from './pending.ts'
import { readSegmentedJob } from './segmented.ts'
import { planOf } from './testing/plan-of.ts'
import { sampleAudio, sampleInfo, sampleSubtitle, sampleVideo } from './testing/sample-info.ts'

const maps = ['-map', '0:0', '-map', '0:1', '-map', '-0:s']
const picture = ['-codec:v:0', 'libx264', '-preset', 'veryfast', '-crf', '23']
const keys = ['-force_key_frames:0', 'expr:gte(t,n_forced*3)', '-sc_threshold:v:0', '0']
const sound = ['-codec:a:0', 'libfdk_aac', '-ac', '2', '-ab', '256000', '-af', 'volume=2']
const times = ['-copyts', '-avoid_negative_ts', 'disabled']
const hls = ['-f', 'hls', '-hls_time', '3', '-hls_segment_type', 'fmp4', '-start_number', '25', '/out/a.m3u8']
const input = ['-ss', '00:01:15.000', '-i', 'file:/films/film.mkv']

const job = (...change: readonly (readonly string[])[]) => {
  const [before = input, mapped = maps, forced = keys, timed = times, out = hls, heard = sound] = change
  return [
    ...before,
    ...mapped,
    ...picture,
    ...forced,
    '-vf',
    'scale=w=1280:h=720,format=nv12',
    ...heard,
    ...timed,
    ...out,
  ]
}
const usual = undefined as unknown as readonly string[]

function reason(args: readonly string[], ...infos: readonly MediaInfo[]): string {
  const command = parseCommand(args)
  const inputs = inputsOf(command)
  if (isLocal(inputs)) return inputs.local
  const read = readSegmentedJob(command, ...(infos.length > 0 ? infos : assumedMedia(command)))
  return 'local' in read ? read.local : 'planned'
}

const film = sampleInfo([sampleVideo, sampleAudio, sampleSubtitle], { startSeconds: 0 })

describe('a job of HLS', () => {
  it('has the segments of its list from its seek on', () => {
    const { timeline, packaging, audio } = planOf(job())
    expect(packaging).toEqual({ kind: 'hls', format: 'fmp4', outputOffsetSeconds: 0 })
    expect(timeline).toMatchObject({ firstSegment: 25, firstSlot: 1875, segmentSeconds: 3 })
    expect(boundarySlot(timeline, 26)).toBe(1950)
    expect(audio).toMatchObject({
      operations: [{ kind: 'volume', factor: '2' }],
      encoder: { codec: 'aac', channels: '2', bitrate: '256000' },
    })
  })

  it('is not for the head yet', () => {
    expect(pendingOf(planOf(job()))).toEqual(['HLS as Jellyfin and Emby ask for it'])
    const copied = planOf(job(usual, usual, usual, usual, usual, ['-codec:a:0', 'copy']))
    expect(copied.audio?.encoder.codec).toBe('copy')
    expect(pendingOf(copied)).toContain('sound that is copied')
  })

  it.each([
    ['key frames counted from the seek', ['-force_key_frames', 'expr:gte(t,75+n_forced*3)']],
    ['groups as long as a segment', ['-g:v:0', '75', '-keyint_min:v:0', '75']],
    ['groups counted at another rate', ['-g:v:0', '72', '-keyint_min:v:0', '72']],
    [
      'key frames after the one before',
      ['-force_key_frames', 'expr:if(isnan(prev_forced_t),eq(t,t),gte(t,prev_forced_t+3))'],
    ],
  ])('is the same with %s', (_what, rule) => {
    expect(planOf(job(usual, usual, rule))).toEqual(planOf(job()))
  })

  it('is the same however the seek, the film and its muxer are named', () => {
    const rough = ['-f', 'matroska,webm', '-ss', '75', '-noaccurate_seek', '-i', '/films/film.mkv']
    expect(planOf(job(rough))).toEqual(planOf(job()))
    const segments = [
      '-f',
      'segment',
      '-segment_time',
      '3',
      '-segment_format',
      'fmp4',
      '-segment_list_type',
      'm3u8',
    ]
    const old = [...segments, '-segment_start_number', '25', '-segment_list', '/out/a.m3u8', '/out/a%d.mp4']
    expect(planOf(job(usual, usual, usual, usual, old))).toEqual(planOf(job()))
  })

  it('keeps the times of a film that begins late, unless they are to begin at 0', () => {
    const late = sampleInfo([sampleVideo, sampleAudio, sampleSubtitle], { startSeconds: 1.4 })
    const offset = (timed: readonly string[]) => planOf(job(usual, usual, usual, timed), [late]).packaging
    expect(offset(times)).toMatchObject({ outputOffsetSeconds: 1.4 })
    expect(offset(['-start_at_zero', ...times])).toMatchObject({ outputOffsetSeconds: 0 })
  })

  it('has a picture for each field where both are wanted', () => {
    const args = job().map((arg) => arg.replace('scale=w=1280:h=720', 'bwdif=1:-1:0'))
    expect(planOf(args).video.rate).toEqual({ num: 50, den: 1 })
    expect(planOf(args.map((arg) => arg.replace('bwdif=1', 'bwdif=0'))).video.rate).toEqual({
      num: 25,
      den: 1,
    })
  })

  it.each([
    ['without its times', job(usual, usual, usual, ['-avoid_negative_ts', 'disabled']), 'times'],
    ['without key frames', job(usual, usual, []), 'key-frames'],
    [
      'with key frames elsewhere',
      job(usual, usual, ['-force_key_frames', 'expr:gte(t,n_forced*5)']),
      'key-frames',
    ],
    ['of raw pictures', job(['-f', 'rawvideo', '-i', '/films/film.yuv']), 'live'],
    [
      'with a copied picture',
      job()
        .with(job().indexOf('libx264'), 'copy')
        .filter((arg) => arg !== '-vf' && !arg.startsWith('scale=')),
      'copied-picture',
    ],
    ['of other pieces', job().map((arg) => (arg === 'fmp4' ? 'webm' : arg)), 'unknown-container'],
    ['with a map that names nothing', job(usual, ['-map', '0:0', '-map', '0:9']), 'missing-stream'],
  ])('stays with the server %s', (_what, args, code) => {
    expect(reason(args, film)).toMatch(new RegExp(`^${code}: `))
  })
})

describe('maps that take back', () => {
  it('leave what they do not name', () => {
    expect(planOf(job(usual, ['-map', '0', '-map', '-0:s']), [film])).toEqual(planOf(job(), [film]))
    expect(planOf(job(usual, ['-map', '0:0', '-map', '0:1', '-map', '-0:a']), [film]).audio).toBeNull()
  })

  it('may be missing: FFmpeg then takes the best of each kind', () => {
    const stereo = { ...sampleAudio, channels: 6, layout: '5.1' }
    const many = sampleInfo([{ ...sampleVideo, width: 320, height: 180 }, sampleAudio, stereo, sampleVideo])
    const { video, audio } = planOf(job(usual, ['-sn']), [many])
    expect([video.source.stream, audio?.source.stream]).toEqual([3, 2])
    expect(reason(job(usual, []), film)).toMatch(/^unknown-option: /)
  })
})

describe('a file that is read while it is written', () => {
  const file = (...out: string[]) =>
    job(['-i', '/films/film.mkv'], usual, ['-force_key_frames', 'expr:gte(t,n_forced*5)'], [], out)

  it('is planned in pieces between its key frames', () => {
    const plan = planOf(file('-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov+delay_moov', '/out/a.mp4'))
    expect(plan.packaging).toEqual({
      ...{ kind: 'file', path: '/out/a.mp4', format: 'mp4', indexFirst: false, growing: true },
    })
    expect(plan.timeline).toMatchObject({ firstSegment: 0, segmentSeconds: 5 })
    expect(pendingOf(plan)).toEqual(['files that are read while they are written'])
  })

  it('stays with the server where its pieces are of another kind', () => {
    expect(reason(file('-f', 'mp4', '-movflags', 'frag_keyframe+dash', '/out/a.mp4'))).toMatch(
      /^unknown-option: /,
    )
  })
})

describe('a film that lies on its side', () => {
  const turned = sampleInfo([{ ...sampleVideo, rotationDegrees: -90 }, sampleAudio])
  const graph = (filter: string, ...before: string[]) =>
    job([...before, '-i', '/films/film.mkv']).map((arg) => arg.replace('scale=w=1280:h=720', filter))

  it('is turned by FFmpeg or by a filter, and comes out the same', () => {
    const plain = planOf(graph('scale=w=720:h=1280'), [turned])
    expect(
      planOf(graph('transpose_cuda=dir=clock,scale_cuda=w=720:h=1280', '-noautorotate'), [turned]),
    ).toEqual(plain)
    expect(
      planOf(graph('vpp_rkrga=w=720:h=1280:transpose=clock', '-display_rotation', '0'), [turned]),
    ).toEqual(plain)
    expect(planOf(graph('transpose_vt=1,scale_vt=w=720:h=1280', '-autorotate', '0'), [turned])).toEqual(plain)
  })

  it('stays with the server where it is left so, or turned another way', () => {
    expect(reason(graph('scale=w=720:h=1280', '-noautorotate'), turned)).toMatch(/^filter-value: /)
    expect(reason(graph('transpose=2', '-noautorotate'), turned)).toMatch(/^filter-value: /)
  })
})

describe('what a decoder does to its pictures', () => {
  it('is an operation before all filters', () => {
    const decoded = job([
      '-c:v',
      'h264_cuvid',
      '-resize',
      '640x360',
      '-deint',
      'adaptive',
      '-i',
      '/films/film.mkv',
    ])
    expect(planOf(decoded).video.operations.map(({ kind }) => kind)).toEqual([
      'deinterlace',
      'scale',
      'scale',
      'format',
    ])
    expect(reason(job(['-c:v', 'h264_cuvid', '-resize', 'small', '-i', '/films/film.mkv']))).toMatch(
      /^unknown-option/,
    )
  })
})
