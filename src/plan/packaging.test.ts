import { describe, expect, it } from 'vitest'
import type { OutputFile } from '../command/command.ts'
import { parseCommand } from '../command/parse-command.ts'
import { packagingOf, segmentWish } from './packaging.ts'
import { NotPlannable } from './refusal.ts'

function outputOf(...options: string[]): OutputFile {
  return parseCommand(['-i', '/media/film.mkv', ...options, 'out']).outputs[0]!
}

const transport = [
  ...['-f', 'ssegment', '-segment_format', 'mpegts', '-segment_time', '3', '-segment_start_number', '7'],
  ...['-segment_format_options', 'output_ts_offset=10', '-max_delay', '5000000'],
  ...['-avoid_negative_ts', 'disabled'],
]
const dash = ['-f', 'dash', '-seg_duration', '3', '-avoid_negative_ts', 'disabled']

describe('the segments that a job wants', () => {
  it('are of MPEG-TS with the times that the server asks for', () => {
    expect(segmentWish(outputOf(...transport))).toEqual({
      packaging: { kind: 'mpegts', maxDelayMicroseconds: 5_000_000, outputOffsetSeconds: 10 },
      ...{ segmentSeconds: 3, firstSegment: 7 },
    })
  })
  it('are of DASH, counted from 1 on', () => {
    const wish = segmentWish(outputOf(...dash, '-dash_segment_type', 'mp4'))
    expect(wish).toEqual({ packaging: { kind: 'dash' }, segmentSeconds: 3, firstSegment: 1 })
  })
  it('are of DASH from the number of a seek on', () => {
    expect(segmentWish(outputOf(...dash, '-skip_to_segment', '522')).firstSegment).toBe(522)
  })
  it('are counted in microseconds in the oldest jobs', () => {
    const old = ['-f', 'dash', '-min_seg_duration', '3000000', '-avoid_negative_ts', 'disabled']
    expect(segmentWish(outputOf(...old)).segmentSeconds).toBe(3)
  })
  it.each([
    ['of WebM', [...dash, '-dash_segment_type', 'webm'], 'DASH segments of webm'],
    ['from a number that is none', [...dash, '-skip_to_segment', 'x'], '-skip_to_segment x'],
    // Found by fuzzing: counting the slots of such a segment held up the head for ever.
    ['of more seconds than there are', [...dash, '-seg_duration', '9007199254740993'], 'segments of 90071'],
    ['of more than a minute', transport.map((word) => (word === '3' ? '61' : word)), 'segments of 61 s'],
    ['with shifted times', ['-f', 'dash', '-seg_duration', '3'], 'timestamps in the segments'],
    ['of matroska', transport.map((word) => (word === 'mpegts' ? 'matroska' : word)), 'other than MPEG-TS'],
    [
      'without an offset, in which the first decoding times lie before 0',
      transport.map((word) => word.replace('=10', '=0')),
      'timestamps in the segments',
    ],
    [
      'with an offset in words',
      transport.map((word) => word.replace('=10', '=ten')),
      'timestamps in the segments',
    ],
  ])('are not planned %s', (_, options, why) => {
    expect(() => segmentWish(outputOf(...options))).toThrow(NotPlannable)
    expect(() => segmentWish(outputOf(...options))).toThrow(why)
  })
})

describe('other packaging', () => {
  it('is Matroska behind a header, with the times that the server asks for', () => {
    const matroska = transport.map((word) => (word === 'mpegts' ? 'matroska' : word))
    expect(packagingOf(outputOf(...matroska, '-segment_header_filename', 'header'))).toEqual({
      packaging: { kind: 'matroska', header: 'header', outputOffsetSeconds: 10 },
      ...{ segmentSeconds: 3, firstSegment: 7 },
    })
  })

  it.each([
    ['with its index first', ['-movflags', '+faststart'], true],
    ['as it comes', [], false],
  ])('is a file without segments of its own, %s', (_what, options, indexFirst) => {
    const [output] = parseCommand(['-i', '/a.mkv', '-f', 'mp4', ...options, '/b c.mp4.18']).outputs
    expect(packagingOf(output!)).toEqual({
      packaging: { kind: 'file', path: '/b c.mp4.18', format: 'mp4', indexFirst },
      segmentSeconds: null,
    })
  })

  it.each([
    ['a header elsewhere', [...transport.with(3, 'matroska'), '-segment_header_filename', '../x'], 'header'],
    ['a file beside the folder', ['-f', 'mp4'], 'no absolute path'],
    ['another container', ['-f', 'avi'], '-f avi'],
    ['segments of no length', transport.with(5, '0'), 'no length'],
    ['a first number that is none', transport.with(7, 'x'), '-segment_start_number x'],
  ])('is not planned for %s', (_what, options, why) => {
    expect(() => packagingOf(outputOf(...options))).toThrow(NotPlannable)
    expect(() => packagingOf(outputOf(...options))).toThrow(why)
  })
})
