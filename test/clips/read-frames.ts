import { parseRational, type Rational } from '../../src/media/rational.ts'
import { collect, type MediaInput, withPath } from './media-input.ts'
import { cells, decodeStrip, stripHeight } from './strip.ts'

/** One frame of a clip or of what was made from one. */
export interface FrameReading {
  /** Read from the picture; {@link unreadable} where that may be. */
  readonly number: number
  /** Ticks of the time base, as the file has them. */
  readonly pts: number
  readonly key: boolean
}

/** Stands for the number of a frame whose strip is damaged. */
export const unreadable = -1

export interface FramesRead {
  readonly timeBase: Rational
  /** In showing order, as a player that starts at the beginning sees them. */
  readonly frames: readonly FrameReading[]
}

/**
 * Decodes the first video stream with FFmpeg and reads each frame's number and timestamp. Works on any size the clip
 * was scaled to. Several pieces (the segments of an MPEG-TS playlist, or an init and its fragments) are read as one
 * file. Throws when a strip cannot be read, with the frame's place and its cells, unless the source is `damaged`.
 */
export async function readFrames(
  input: MediaInput | readonly MediaInput[],
  source: 'whole' | 'damaged' = 'whole',
): Promise<FramesRead> {
  return withPath(input, async (path) => {
    // Three samples across each cell and three down: the middle one is away from what codecs and scalers smear.
    const graph = `showinfo,crop=iw:ih*${stripHeight}:0:0,scale=${cells * 3}:3:flags=area,format=gray`
    const args = ['-v', 'info', '-nostats', '-nostdin', '-copyts', '-i', path, '-map', '0:v:0', '-vf', graph]
    const output = ['-fps_mode', 'passthrough', '-f', 'rawvideo', 'pipe:1']
    const { stdout, stderr } = await collect('ffmpeg', [...args, ...output])
    const times = frameTimes(stderr)
    const size = cells * 9
    if (stdout.length !== times.length * size) {
      throw new Error(`ffmpeg showed ${times.length} frames and wrote ${stdout.length / size}`)
    }
    const timeBase = /\[Parsed_showinfo_0 .*config in time_base: (\d+\/\d+)/.exec(stderr)?.[1] ?? ''
    const frames = times.map((time, index) => {
      const row = stdout.subarray(index * size + cells * 3, index * size + cells * 6)
      const luma = Array.from({ length: cells }, (_, cell) => row[cell * 3 + 1]!)
      const number = decodeStrip(luma) ?? (source === 'damaged' ? unreadable : null)
      if (number === null)
        throw new Error(`frame ${index} of ${path} has no readable strip: ${luma.join(' ')}`)
      return { number, ...time }
    })
    return { timeBase: parseRational(timeBase) ?? { num: 1, den: 1 }, frames }
  })
}

function frameTimes(stderr: string): { pts: number; key: boolean }[] {
  const lines = stderr.matchAll(
    /^\[Parsed_showinfo_0 [^\]]*\] n: *\d+ pts: *(-?\d+|NOPTS) .*? iskey:([01])/gm,
  )
  return Array.from(lines, ([, pts, key]) => ({ pts: Number(pts), key: key === '1' }))
}
