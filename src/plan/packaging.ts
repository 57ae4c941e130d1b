import type { OutputFile } from '../command/command.ts'
import { lastValue } from '../command/read-options.ts'
import type { AudioPart, Packaging, VideoPart } from './plan.ts'
import { NotPlannable } from './refusal.ts'

/** How a server wants a job's segments, as far as the plan is concerned. */
export interface SegmentWish {
  readonly packaging: Packaging
  readonly segmentSeconds: number
  /** Number of the first segment, as the server counts. */
  readonly firstSegment: number
}

/** Reads the muxer's options. Throws NotPlannable for segments other than MPEG-TS and DASH with fragments of MP4. */
export function segmentWish(output: OutputFile): SegmentWish {
  const { options } = output
  if (lastValue(options, 'avoid_negative_ts') !== 'disabled') {
    throw new NotPlannable('timestamps in the segments that are not understood')
  }
  return lastValue(options, 'f') === 'dash' ? dashWish(output) : transportWish(output)
}

function transportWish({ options }: OutputFile): SegmentWish {
  const offset = /^output_ts_offset=(\d+)$/.exec(lastValue(options, 'segment_format_options') ?? '')
  const delay = lastValue(options, 'max_delay') ?? ''
  if (!offset || !/^\d+$/.test(delay)) {
    throw new NotPlannable('timestamps in the segments that are not understood')
  }
  if (lastValue(options, 'segment_format') !== 'mpegts') throw new NotPlannable('segments other than MPEG-TS')
  return {
    packaging: {
      kind: 'mpegts',
      maxDelayMicroseconds: Number(delay),
      outputOffsetSeconds: Number(offset[1]),
    },
    segmentSeconds: Number(lastValue(options, 'segment_time')),
    firstSegment: Number(lastValue(options, 'segment_start_number') ?? 0),
  }
}

/** The muxer counts its segments from 1. */
const firstNumber = 1

function dashWish({ options }: OutputFile): SegmentWish {
  const type = lastValue(options, 'dash_segment_type')
  if (type !== null && type !== 'mp4' && type !== 'auto') throw new NotPlannable(`DASH segments of ${type}`)
  const text = lastValue(options, 'skip_to_segment')
  const skip = Number(text ?? firstNumber)
  if (!Number.isSafeInteger(skip) || skip < 0) throw new NotPlannable(`-skip_to_segment ${text}`)
  return {
    packaging: { kind: 'dash' },
    segmentSeconds: dashSeconds(options),
    firstSegment: Math.max(skip, firstNumber),
  }
}

/** `-seg_duration` in seconds; `-min_seg_duration` in microseconds until 2019. */
function dashSeconds(options: OutputFile['options']): number {
  const seconds = lastValue(options, 'seg_duration')
  if (seconds !== null) return Number(seconds)
  return Number(lastValue(options, 'min_seg_duration')) / 1_000_000
}

/** What the head can make fragments of: representation 0 of H.264, and representation 1 of AAC. Throws NotPlannable. */
export function demandFragments(video: VideoPart, audio: AudioPart | null, videoPosition: number): void {
  if (video.encoder.codec !== 'h264') throw new NotPlannable(`DASH with pictures in ${video.encoder.codec}`)
  if (audio && audio.encoder.codec !== 'aac')
    throw new NotPlannable(`DASH with sound in ${audio.encoder.codec}`)
  if (videoPosition !== 0) throw new NotPlannable('DASH with sound before the pictures')
}
