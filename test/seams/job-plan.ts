import { open } from 'node:fs/promises'
import { parseCommand } from '../../src/command/parse-command.ts'
import { withSeeking } from '../../src/head/source-seeking.ts'
import { firstFrameAtOrAfter } from '../../src/media/key-frames.ts'
import type { MediaInfo } from '../../src/media/media-info.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { readSeeking } from '../../src/media/read-seeking.ts'
import type { SeekVerdict } from '../../src/media/seeking.ts'
import { calculatedFirstFrame } from '../../src/plan/first-frame.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { readSegmentedJob } from '../../src/plan/segmented.ts'
import { planWholeFile, type WholeFileWish } from '../../src/plan/whole-file.ts'

/** What a media server wants made of a clip; as Plex asks for it where nothing else is said. */
export interface JobWish {
  readonly path: string
  /** As written after -ss; a session from the start has `-fps_mode cfr` instead. */
  readonly seek?: string
  /** As written after -r. */
  readonly rate?: string
  readonly segmentSeconds?: string
  readonly firstSegment?: number
  readonly encoder?: 'libx264' | 'libx265'
  /** MPEG-TS unless said. */
  readonly packaging?: 'mpegts' | 'matroska' | 'dash' | 'mp4-file' | 'matroska-file'
  readonly sound?: {
    readonly encoder: 'aac' | 'ac3' | 'libmp3lame' | 'eac3' | 'libopus' | 'copy'
    readonly rate: number
  }
}

/** The plan of a job that Plex would give, read from its command line as the head reads it. */
export async function jobPlan(wish: JobWish): Promise<Plan> {
  const info = await probeMedia(wish.path)
  const job = readSegmentedJob(parseCommand(jobArguments(wish, info)), info)
  if ('local' in job) throw new Error(`the job would stay local: ${job.local}`)
  if (job.anchoredAtZero) return sought(job.plan(null), wish.path, info)
  const calculated = calculatedFirstFrame(info, job.picture, job.seekSeconds)
  const first =
    calculated ?? (await firstFrameAtOrAfter(job.path, job.picture, job.seekSeconds + info.startSeconds))
  return sought(job.plan(first), wish.path, info)
}

/** The plan as it is once the head has found out whether leases may seek in the film. */
async function sought(plan: Plan, path: string, info: MediaInfo): Promise<Plan> {
  const streams = info.streams.filter((stream) => stream.kind === 'video' || stream.kind === 'audio')
  const file = await open(path, 'r')
  try {
    const read = async (position: number, length: number) => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position)
      return buffer.subarray(0, bytesRead)
    }
    const verdicts = new Map<number, SeekVerdict>()
    for (const stream of streams) verdicts.set(stream.index, await readSeeking({ path, info, read }, stream))
    return withSeeking(plan, info, ({ index }) => ({ verdict: verdicts.get(index)! }))
  } finally {
    await file.close()
  }
}

/** The plan of a whole-file job, with segments of another length than usual. */
export async function filePlan(
  path: string,
  segmentSeconds: number,
  wish: Partial<WholeFileWish> = {},
): Promise<Plan> {
  const common = { codec: 'h264', quality: 23, preset: 'superfast', audio: 'aac', audioBitrate: 256 } as const
  const info = await probeMedia(path)
  const planned = planWholeFile(path, info, { ...common, ...wish })
  if ('out' in planned) throw new Error(planned.out)
  const plan = await sought(planned, path, info)
  return { ...plan, timeline: { ...plan.timeline, segmentSeconds } }
}

/** The command line of such a job. */
export function jobArguments(wish: JobWish, info: MediaInfo): string[] {
  const { path, seek, rate = '25', segmentSeconds = '1', firstSegment = 0, encoder = 'libx264' } = wish
  const index = (kind: string) => info.streams.findIndex((stream) => stream.kind === kind)
  const hasSound = index('audio') >= 0
  const isFile = wish.packaging?.endsWith('-file') ?? false
  const sound = wish.sound ?? { encoder: 'aac', rate: 48_000 }
  return [
    ...(seek === undefined ? [] : ['-ss', seek]),
    ...['-i', path],
    ...(isFile ? [] : ['-start_at_zero', '-copyts']),
    ...(seek === undefined && !isFile ? ['-fps_mode', 'cfr'] : []),
    ...['-y', '-nostats', '-loglevel', 'quiet'],
    '-filter_complex',
    `[0:${index('video')}]scale=w=320:h=180:force_divisible_by=4[0];[0]format=pix_fmts=yuv420p|nv12[1]`,
    ...['-map', '[1]', '-codec:0', encoder, '-crf:0', '23', '-r:0', rate, '-preset:0', 'superfast'],
    ...['-force_key_frames:0', `expr:gte(t,n_forced*${segmentSeconds})`],
    ...(hasSound && sound.encoder === 'copy'
      ? ['-map', `0:${index('audio')}`, '-codec:1', 'copy', '-copypriorss:1', '0']
      : []),
    ...(hasSound && sound.encoder !== 'copy'
      ? [
          '-filter_complex',
          `[0:${index('audio')}] aresample=async=1:ochl='stereo':rematrix_maxval=0.000000dB:osr=${sound.rate}[2]`,
          ...['-map', '[2]', '-codec:1', sound.encoder, '-b:1', '256k'],
        ]
      : []),
    ...outputs[wish.packaging ?? 'mpegts'](segmentSeconds, firstSegment),
  ]
}

const noTags = ['-map_metadata', '-1', '-map_chapters', '-1']

const outputs = {
  mpegts: listedOutput(['-segment_format', 'mpegts', '-f', 'ssegment', '-individual_header_trailer', '0']),
  matroska: listedOutput([
    ...['-segment_format', 'matroska', '-f', 'ssegment', '-individual_header_trailer', '0'],
    ...['-flags', '+global_header', '-segment_header_filename', 'header'],
  ]),
  dash: dashOutput,
  'mp4-file': () => ['-f', 'mp4', '-movflags', '+faststart', ...noTags, '/versions/film.mp4.1'],
  'matroska-file': () => ['-f', 'matroska', ...noTags, '/versions/film.mkv.1'],
}

function listedOutput(format: readonly string[]) {
  return (segmentSeconds: string, firstSegment: number): string[] => [
    ...format,
    ...['-segment_time', segmentSeconds, '-segment_start_number', String(firstSegment)],
    ...['-segment_time_delta', '0.0625', '-segment_list', '/dev/null', '-segment_list_type', 'csv'],
    ...['-segment_format_options', 'output_ts_offset=10', '-max_delay', '5000000'],
    ...['-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1', 'media-%05d.ts'],
  ]
}

function dashOutput(segmentSeconds: string, firstSegment: number): string[] {
  return [
    ...['-f', 'dash', '-seg_duration', segmentSeconds, '-dash_segment_type', 'mp4'],
    ...['-init_seg_name', 'init-stream$RepresentationID$.m4s'],
    ...['-media_seg_name', 'chunk-stream$RepresentationID$-$Number%05d$.m4s'],
    ...[
      '-window_size',
      '5',
      '-delete_removed',
      'false',
      '-skip_to_segment',
      String(Math.max(1, firstSegment)),
    ],
    ...['-manifest_name', 'http://127.0.0.1:9/manifest', '-avoid_negative_ts', 'disabled'],
    ...['-map_metadata', '-1', '-map_chapters', '-1', 'dash'],
  ]
}
