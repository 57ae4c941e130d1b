import type { OutputFile } from '../command/command.ts'
import { lastValue } from '../command/read-options.ts'
import { isAbsolutePath } from './inputs.ts'
import type { FilePackaging, Packaging } from './plan.ts'
import { NotPlannable } from './refusal.ts'
import { parseTimeDuration } from './time-duration.ts'

/** How a server wants a job's segments, as far as the plan is concerned. */
export interface SegmentWish {
  readonly packaging: Packaging
  readonly segmentSeconds: number
  /** Number of the first segment, as the server counts. */
  readonly firstSegment: number
}

/** What an output is packed as; a file has no segments of its own. */
export type PackagingWish = SegmentWish | { readonly packaging: Packaging; readonly segmentSeconds: null }

/** Reads what the muxer's options of an output ask for; throws NotPlannable for other muxers than those known here. */
export function packagingOf(output: OutputFile): PackagingWish {
  const value = (name: string) => lastValue(output.options, name)
  const muxer = value('f') ?? muxerOfName(output.path)
  if (muxer === 'hls' || isPlaylist(value, muxer)) return hls(value)
  if (muxer === 'segment' || muxer === 'ssegment' || muxer === 'dash') return segmentWish(output)
  if (muxer === 'mp4' && isFragmented(value)) return growingFile(output.path, 'mp4', value('movflags'))
  if (muxer === 'matroska' && value('avoid_negative_ts') !== null) return growingFile(output.path, 'matroska')
  if (muxer === 'mpegts') return growingFile(output.path, 'mpegts')
  if (muxer === 'mp4' || muxer === 'matroska') return wholeFile(output.path, muxer, value('movflags'))
  throw new NotPlannable('unknown-container', `-f ${muxer}`)
}

type Value = (name: string) => string | null

/** Emby's way, and Jellyfin's until 10.5: segments and their list by FFmpeg's muxer of segments. */
function isPlaylist(value: Value, muxer: string): boolean {
  return (muxer === 'segment' || muxer === 'ssegment') && value('segment_list_type') === 'm3u8'
}

/** Segments of HLS as Jellyfin and Emby ask for them: they keep the film's times. */
function hls(value: Value): SegmentWish {
  const format = hlsFormat(value('hls_segment_type') ?? value('segment_format') ?? 'mpegts')
  const length = value('hls_time') ?? value('segment_time')
  return {
    packaging: { kind: 'hls', format, outputOffsetSeconds: 0 },
    segmentSeconds: seconds(length === null ? null : String(parseTimeDuration(length))),
    firstSegment: whole('-start_number', value('start_number') ?? value('segment_start_number') ?? '0'),
  }
}

function hlsFormat(name: string): 'mpegts' | 'fmp4' {
  if (name === 'mpegts' || name === 'fmp4') return name
  throw new NotPlannable('unknown-container', `HLS segments of ${name}`)
}

/** A file of pieces, which can be read while it is written. */
function isFragmented(value: Value): boolean {
  return value('movflags')?.includes('frag_keyframe') ?? false
}

const growingFlags = new Set(['frag_keyframe', 'empty_moov', 'delay_moov', 'default_base_moof'])

function growingFile(
  path: string,
  format: FilePackaging['format'],
  flags: string | null = null,
): PackagingWish {
  const strange = flags?.split('+').find((flag) => flag !== '' && !growingFlags.has(flag))
  if (strange !== undefined) throw new NotPlannable('unknown-option', `-movflags ${flags}`)
  return {
    packaging: { kind: 'file', path: absolute(path), format, indexFirst: false, growing: true },
    segmentSeconds: null,
  }
}

function absolute(path: string): string {
  if (!isAbsolutePath(path))
    throw new NotPlannable('unknown-container', `the output ${path} is no absolute path`)
  return path
}

/** Reads the options of a muxer of segments. Throws NotPlannable for segments other than MPEG-TS, Matroska and DASH. */
export function segmentWish(output: OutputFile): SegmentWish {
  const value = (name: string) => lastValue(output.options, name)
  if (value('avoid_negative_ts') !== 'disabled') {
    throw new NotPlannable('times', 'timestamps in the segments that are not understood')
  }
  if (value('f') === 'dash') return dash(value)
  return {
    packaging: segmentPackaging(value),
    segmentSeconds: seconds(value('segment_time')),
    firstSegment: whole('-segment_start_number', value('segment_start_number') ?? '0'),
  }
}

function segmentPackaging(value: Value): Packaging {
  // Without one the first decoding times lie before 0, and the muxer moves those of the first lease alone.
  const offset = /^output_ts_offset=([1-9]\d*)$/.exec(value('segment_format_options') ?? '')
  const delay = value('max_delay') ?? ''
  if (!offset || !/^\d+$/.test(delay)) {
    throw new NotPlannable('times', 'timestamps in the segments that are not understood')
  }
  const outputOffsetSeconds = Number(offset[1])
  const format = value('segment_format')
  if (format === 'mpegts') return { kind: 'mpegts', maxDelayMicroseconds: Number(delay), outputOffsetSeconds }
  const header = value('segment_header_filename')
  if (format === 'matroska' && header !== null && /^[A-Za-z0-9_.-]+$/.test(header)) {
    return { kind: 'matroska', header, outputOffsetSeconds }
  }
  throw new NotPlannable(
    'unknown-container',
    `segments other than MPEG-TS, and Matroska behind a header of its own: ${format}`,
  )
}

/** Plex numbers DASH segments from 1; until 2019 it gave the least length in microseconds. */
function dash(value: Value): SegmentWish {
  const type = value('dash_segment_type')
  if (type !== null && type !== 'mp4' && type !== 'auto') {
    throw new NotPlannable('unknown-container', `DASH segments of ${type}`)
  }
  const oldLength = value('min_seg_duration')
  const length = value('seg_duration') ?? (oldLength === null ? null : String(Number(oldLength) / 1_000_000))
  return {
    packaging: { kind: 'dash' },
    segmentSeconds: seconds(length),
    firstSegment: Math.max(1, whole('-skip_to_segment', value('skip_to_segment') ?? '1')),
  }
}

function wholeFile(path: string, format: 'mp4' | 'matroska', flags: string | null): PackagingWish {
  if (flags !== null && flags !== '+faststart') throw new NotPlannable('unknown-option', `-movflags ${flags}`)
  return {
    packaging: { kind: 'file', path: absolute(path), format, indexFirst: flags !== null },
    segmentSeconds: null,
  }
}

function muxerOfName(path: string): string {
  const ending = /\.([a-z0-9]+)$/.exec(path)?.[1] ?? 'nothing'
  return (
    { mp4: 'mp4', m4v: 'mp4', mkv: 'matroska', ts: 'mpegts', jpg: 'image2', jpeg: 'image2', png: 'image2' }[
      ending
    ] ?? ending
  )
}

/** No viewer waits longer for a first segment; and where slots have no end, neither has counting them. */
export const mostSegmentSeconds = 60

function seconds(text: string | null): number {
  const value = Number(text)
  if (text === null || !(value > 0)) throw new NotPlannable('key-frames', 'segments of no length')
  if (value > mostSegmentSeconds) throw new NotPlannable('key-frames', `segments of ${text} s`)
  return value
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new NotPlannable('unknown-option', `${name} ${text}`)
  return Number(text)
}
