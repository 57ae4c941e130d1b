import { describe, expect, it } from 'vitest'
import type { MediaInfo, VideoStream } from '../../src/media/media-info.ts'
import { probeMedia } from '../../src/media/probe.ts'
import { toNumber } from '../../src/media/rational.ts'
import { calculatedFirstFrame } from '../../src/plan/first-frame.ts'
import { type ClipOptions, makeClip } from '../clips/make-clip.ts'
import { collect } from '../clips/media-input.ts'

function pictureOf(info: MediaInfo): VideoStream {
  return info.streams.find((stream): stream is VideoStream => stream.kind === 'video')!
}

/** Seeks before, at, just before, just behind and between pictures, near the beginning and further in. */
function seeksAround(stream: VideoStream): number[] {
  const frame = 1 / toNumber(stream.realRate!)
  const places = [0, 1, 2, 47, 48, 49, 101]
  return places
    .flatMap((place) => [place, place + 0.3, place + 0.7].map((at) => at * frame))
    .concat([1, 2.5, 3])
}

const clips: readonly (readonly [string, ClipOptions])[] = [
  ['MP4 at 25', {}],
  ['MP4 at 23.976', { rate: '24000/1001' }],
  ['Matroska at 23.976, whose times are rounded', { container: 'mkv', rate: '24000/1001' }],
  ['Matroska at 29.97 with open groups of pictures', { container: 'mkv', rate: '30000/1001', openGop: true }],
  ['a transport stream at 29.97', { container: 'ts', rate: '30000/1001' }],
  ['a transport stream that begins late', { container: 'ts', startSeconds: 5 }],
  ['a transport stream whose sound begins first', { container: 'ts', audio: 'aac-48000' }],
  ['HEVC', { codec: 'hevc', container: 'mkv' }],
]

describe('the first picture after a seek', () => {
  it.each(clips)('of %s is the one that the packets show', async (_name, options) => {
    const path = await makeClip({ seconds: 5, ...options })
    const info = await probeMedia(path)
    const stream = pictureOf(info)
    const times = await packetTimes(path)
    const wrong: string[] = []
    for (const seek of seeksAround(stream)) {
      const calculated = calculatedFirstFrame(info, stream, seek)?.pts ?? Number.NaN
      // As FFmpeg compares: both in ticks of the stream.
      const wanted = Math.round((seek + info.startSeconds) / toNumber(stream.timeBase))
      const read = times.find((time) => time >= wanted) ?? Number.NaN
      // A container that rounds may have put it a tick beside.
      if (!(Math.abs(calculated - read) * toNumber(stream.timeBase) <= 0.001)) {
        wrong.push(`${seek}: ${calculated}, not ${read}`)
      }
    }
    expect(wrong).toEqual([])
  })

  // Matroska names a rate however its times vary, so that only its packets would tell.
  it.each(['mp4', 'ts'] as const)('is not calculated where the rate of an %s varies', async (container) => {
    const info = await probeMedia(await makeClip({ seconds: 5, rate: 'variable', container }))
    expect(calculatedFirstFrame(info, pictureOf(info), 2)).toBeNull()
  })
})

/** Times of the first stream's packets in ticks, ascending. */
async function packetTimes(path: string): Promise<number[]> {
  const args = ['-v', 'error', '-select_streams', '0', '-show_entries', 'packet=pts', '-of', 'csv=p=0', path]
  const { stdout } = await collect('ffprobe', args)
  const times = stdout.toString().match(/^-?\d+/gm) ?? []
  return times.map(Number).sort((left, right) => left - right)
}
