import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCommand } from '../../src/command/parse-command.ts'
import { planOfJob } from '../../src/dialects/plex/understand-job.ts'
import type { CutFinder } from '../../src/media/cut-points.ts'
import type { VideoStream } from '../../src/media/media-info.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { readCuts } from '../../src/media/read-cuts.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { readSegmentedJob } from '../../src/plan/segmented.ts'
import { collect } from '../clips/media-input.ts'
import type { MadeSession } from './lease-runner.ts'

const server = 'http://127.0.0.1:32400/video/:/transcode/session/s/j'

/** What follows the input in a job of Plex with a copied picture. */
const output = [
  ...['-start_at_zero', '-copyts', '-fps_mode', 'cfr', '-y', '-map', '0:0', '-codec:0', 'copy'],
  ...['-filter_complex', "[0:1] aresample=async=1:ochl='stereo':osr=48000[0]", '-map', '[0]'],
  ...['-codec:1', 'aac', '-b:1', '160k', '-f', 'ssegment', '-individual_header_trailer', '0'],
  ...['-segment_format', 'mpegts', '-segment_time', '3', '-segment_time_delta', '0.0625'],
  ...['-segment_format_options', 'output_ts_offset=10', '-max_delay', '5000000'],
  ...['-avoid_negative_ts', 'disabled', '-map_metadata', '-1', '-map_chapters', '-1'],
]

/** The same in DASH. */
const dashOutput = [
  ...output.slice(0, output.indexOf('-f')),
  ...['-f', 'dash', '-seg_duration', '2', '-dash_segment_type', 'mp4', '-avoid_negative_ts', 'disabled'],
  ...['-map_metadata', '-1', '-map_chapters', '-1'],
]

/** And in Matroska segments behind a header. */
const matroskaOutput = [
  ...output.map((argument) => (argument === 'mpegts' ? 'matroska' : argument)),
  ...['-flags', '+global_header', '-segment_header_filename', 'header'],
]

const outputs = { mpegts: output, dash: dashOutput, matroska: matroskaOutput }

/** The plan of such a job, its source read to the end. */
export async function copyPlan(
  path: string,
  seek: readonly string[],
  packaging: 'mpegts' | 'dash' | 'matroska' = 'mpegts',
): Promise<Plan> {
  const info = await probeMedia(path)
  const args = [
    '-noaccurate_seek',
    ...seek,
    '-i',
    path,
    ...outputs[packaging],
    '-progressurl',
    `${server}/progress`,
  ]
  const number =
    packaging === 'dash' ? ['-skip_to_segment', '1', 'dash'] : ['-segment_start_number', '4', 'media-%05d.ts']
  const job = readSegmentedJob(parseCommand([...args, ...number]), info)
  if ('local' in job) throw new Error(job.local)
  const plan = await planOfJob(job, info)
  if ('local' in plan) throw new Error(plan.local)
  const cuts = plan.timeline.cuts as CutFinder
  const stream = info.streams[0] as VideoStream
  const { fromSeconds } = job.cutting!
  await readCuts(path, stream, cuts, { startSeconds: info.startSeconds, fromSeconds, untilSeconds: 1e6 })
  return plan
}

/** What FFmpeg makes of the server's own command line, its files in order. */
export async function serversOwn(path: string, seek: readonly string[], folder: string): Promise<string[]> {
  const input = ['-v', 'error', '-noaccurate_seek', ...seek, '-itsoffset', '0.000001', '-i', path]
  await collect('ffmpeg', [...input, ...output, join(folder, '%05d.ts')])
  return (await readdir(folder)).sort().map((name) => join(folder, name))
}

/** What ffprobe says of every packet of a kind, by file. */
export async function packetsOf(
  files: readonly string[],
  kind: 'v' | 'a',
  entries: string,
): Promise<string[][]> {
  return Promise.all(
    files.map(async (file) => {
      const args = ['-v', 'error', '-select_streams', kind, '-show_entries', `packet=${entries}`]
      const { stdout } = await collect('ffprobe', [
        ...args,
        '-show_data_hash',
        'adler32',
        '-of',
        'csv=p=0',
        file,
      ])
      return stdout.toString().replaceAll(/,$/gm, '').trim().split(/\s+/)
    }),
  )
}

/** The pictures of a session, packet by packet and file by file. */
export const picturesOf = ({ files }: MadeSession): Promise<string[][]> =>
  packetsOf(files, 'v', 'pts,dts,flags,data_hash')
