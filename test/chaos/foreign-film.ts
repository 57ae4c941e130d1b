import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collect } from '../clips/media-input.ts'
import { film, filmSegments } from './schedule.ts'

/** How many pictures too late everything is in them. */
const pictureShift = 10

/** Segments as a lease on pictures delivers them, in their right places, but with other pictures in them. */
export async function makeForeignSegments(mediaPath: string): Promise<readonly Buffer[]> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-foreign-'))
  try {
    const frames = film.segmentSeconds * film.framesPerSecond
    const cuts = Array.from({ length: filmSegments }, (_, index) => (index + 1) * frames)
    const shiftSeconds = pictureShift / film.framesPerSecond
    await collect('ffmpeg', [
      ...['-v', 'error', '-nostdin', '-ss', String(shiftSeconds), '-i', mediaPath, '-map', '0:v:0'],
      ...[
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-force_key_frames',
        `expr:gte(t,n_forced*${film.segmentSeconds})`,
      ],
      ...[
        '-max_delay',
        '5000000',
        '-avoid_negative_ts',
        'disabled',
        '-f',
        'ssegment',
        '-segment_format',
        'mpegts',
      ],
      ...['-segment_format_options', 'output_ts_offset=10', '-segment_frames', cuts.join(',')],
      join(folder, '%d.ts'),
    ])
    // The last one is shorter than its place, so that it is not used.
    const wanted = Array.from({ length: filmSegments - 1 }, (_, segment) => join(folder, `${segment}.ts`))
    return await Promise.all(wanted.map((path) => readFile(path)))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
