import { setImmediate } from 'node:timers/promises'
import { planOfJob, understandJob } from '../dialects/plex/understand-job.ts'
import type { MediaInfo } from '../media/media-info.ts'
import { readSegmentedJob } from '../plan/segmented.ts'
import type { Compiled } from '../platforms/platform.ts'
import { software } from '../platforms/software.ts'

/** Enough for V8 to have compiled what decides; measured: 14 ms for the first round, 1.3 for the second, 0.8 for the fifth, 0.3 from the sixtieth on. */
const defaultRounds = 120

/** Rounds between two looks at whatever else the head has to do. */
const roundsAtOnce = 8

/**
 * Decides on an imagined job until V8 has compiled the code: a first job would otherwise run through thousands of
 * functions that were never called, which takes milliseconds that a viewer waits for. Nothing is opened or started.
 */
export async function rehearse(rounds: number = defaultRounds): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    await decide()
    if (round % roundsAtOnce === 0) await setImmediate()
  }
}

/** The way of a job from its arguments to those of its leases; null where that ends before. */
export async function decide(): Promise<readonly Compiled[] | null> {
  const understood = understandJob(imaginedArguments, true)
  if ('local' in understood) return null
  const read = readSegmentedJob(understood.command, imaginedFilm)
  if ('local' in read) return null
  const plan = await planOfJob(read, imaginedFilm)
  if ('local' in plan) return null
  const range = { from: 0, to: 1, open: false, failures: 0 }
  return [software.compileVideo(plan, range), software.compileAudio(plan, { ...range, to: 60, open: true })]
}

/** Options and order as in recordings of Plex Media Server 1.43. */
export const imaginedArguments = [
  ...['-codec:0', 'h264', '-codec:1', 'aac', '-analyzeduration', '20000000', '-probesize', '20000000'],
  ...['-i', '/imagined/film.mkv', '-start_at_zero', '-copyts', '-fps_mode', 'cfr', '-y', '-nostats'],
  ...[
    '-loglevel',
    'quiet',
    '-loglevel_plex',
    'error',
    '-progressurl',
    'http://127.0.0.1:32400/imagined/progress',
  ],
  ...[
    '-filter_complex',
    '[0:0]scale=w=1280:h=720:force_divisible_by=4[0];[0]format=pix_fmts=yuv420p|nv12[1]',
  ],
  ...[
    '-map',
    '[1]',
    '-metadata:s:0',
    'language=eng',
    '-codec:0',
    'libx264',
    '-crf:0',
    '21',
    '-maxrate:0',
    '3419k',
  ],
  ...['-bufsize:0', '6838k', '-r:0', '23.975999999999999', '-preset:0', 'veryfast'],
  ...[
    '-x264opts:0',
    'subme=2:me_range=4:rc_lookahead=20:me=hex',
    '-force_key_frames:0',
    'expr:gte(t,n_forced*3)',
  ],
  ...['-filter_complex', "[0:1] aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=48000[2]"],
  ...['-map', '[2]', '-metadata:s:1', 'language=eng', '-codec:1', 'aac', '-b:1', '119k'],
  ...['-segment_format', 'mpegts', '-f', 'ssegment', '-individual_header_trailer', '0', '-segment_time', '3'],
  ...['-segment_start_number', '0', '-segment_time_delta', '0.0625', '-segment_list_type', 'csv'],
  ...['-segment_list', 'http://127.0.0.1:32400/imagined/manifest', '-segment_list_size', '5'],
  ...['-segment_list_separate_stream_times', '1', '-segment_list_unfinished', '1'],
  ...['-segment_format_options', 'output_ts_offset=10', '-max_delay', '5000000'],
  ...['-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1', 'media-%05d.ts'],
]

const imaginedStream = {
  ...{ id: 0, language: 'eng', bitRate: null, timeBase: { num: 1, den: 1000 }, startPts: 0, startSeconds: 0 },
  ...{ durationSeconds: null, dispositions: ['default'] },
}

const imaginedFilm: MediaInfo = {
  ...{ formats: ['matroska', 'webm'], startSeconds: 0, durationSeconds: 7200, bitRate: 8_000_000 },
  sizeBytes: 7_200_000_000,
  streams: [
    {
      ...imaginedStream,
      ...{ kind: 'video', index: 0, codec: 'h264', profile: 'High', width: 1920, height: 1080, level: 40 },
      ...{ averageRate: { num: 24000, den: 1001 }, realRate: { num: 24000, den: 1001 }, reorderFrames: 2 },
      ...{ sampleAspectRatio: null, fieldOrder: 'progressive', pixelFormat: 'yuv420p', bitsPerRawSample: 8 },
      color: { range: null, space: null, transfer: null, primaries: null, chromaLocation: null },
      ...{ closedCaptions: false, attachedPicture: false, rotationDegrees: 0 },
    },
    {
      ...imaginedStream,
      ...{
        kind: 'audio',
        index: 1,
        codec: 'aac',
        profile: 'LC',
        channels: 6,
        layout: '5.1',
        frameSize: 1024,
      },
      ...{ sampleRate: 48_000, sampleFormat: 'fltp', bitsPerSample: null, bitsPerRawSample: null },
    },
  ],
}
