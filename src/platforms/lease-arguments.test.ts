import { describe, expect, it } from 'vitest'
import { inputArguments, marginSeconds, secondsText, segmentOutput } from './lease-arguments.ts'
import { optionValue } from './testing/option-value.ts'

const input = { path: '/media/film.mkv', seekMarginSeconds: 0.25 }

describe('opening an input', () => {
  it('goes through the agent’s own address, never a path', () => {
    expect(inputArguments(input, 2, { seconds: 0, accurate: true }).slice(-2)).toEqual(['-i', '{input:2}'])
  })

  it.each([
    ['the beginning', 0, undefined],
    ['a time before the beginning', -3, undefined],
    ['a time', 12.3456789, '12.345679'],
    ['a time so short that it would have an exponent', 0.0000004, '0.000000'],
  ])('seeks to %s', (_name, seconds, written) => {
    const args = inputArguments(input, 0, { seconds, accurate: false })
    expect(optionValue(args, '-ss')).toBe(written)
    expect(args.includes('-noaccurate_seek')).toBe(written !== undefined)
  })

  it('lets FFmpeg drop what lies before an accurate seek', () => {
    const args = inputArguments(input, 0, { seconds: 5, accurate: true })
    expect(args).not.toContain('-noaccurate_seek')
    expect(optionValue(args, '-ss')).toBe('5.000000')
  })

  it('probes as far as the server said', () => {
    const limits = { analyzeDuration: '20000000', probeSize: '5000000' }
    const args = inputArguments({ ...input, ...limits }, 0, { seconds: 0, accurate: true })
    expect([optionValue(args, '-analyzeduration'), optionValue(args, '-probesize')]).toEqual([
      '20000000',
      '5000000',
    ])
    expect(args.indexOf('-probesize')).toBeLessThan(args.indexOf('-i'))
  })

  it('counts from the file’s start, whichever of its streams is used', () => {
    const args = inputArguments(input, 0, { seconds: 0, accurate: true })
    expect(Number(optionValue(args, '-itsoffset'))).toBe(0.000001)
    expect(args.indexOf('-itsoffset')).toBeLessThan(args.indexOf('-i'))
  })
})

describe('how early decoding begins', () => {
  it.each([
    [0.25, [0.25, 4, 16, 64, 64]],
    [12, [12, 48, 192, 768, 768]],
  ])('with a margin of %d s grows with each failure, up to a point', (seekMarginSeconds, margins) => {
    const given = [0, 1, 2, 3, 9].map((failures) => marginSeconds({ ...input, seekMarginSeconds }, failures))
    expect(given).toEqual(margins)
  })
})

describe('sending segments', () => {
  const muxing = { maxDelayMicroseconds: 5_000_000, outputOffsetSeconds: 10 }

  it('cuts at what is named, and counts from the lease’s first segment', () => {
    const args = segmentOutput(muxing, { option: '-segment_frames', values: ['50', '100'] }, 7)
    expect(optionValue(args, '-segment_frames')).toBe('50,100')
    expect(optionValue(args, '-segment_start_number')).toBe('7')
    expect(optionValue(args, '-segment_time')).toBeUndefined()
    expect(args.at(-1)).toBe('{output}/%d')
  })

  it('never cuts a lease of one segment', () => {
    const args = segmentOutput(muxing, { option: '-segment_frames', values: [] }, 7)
    expect(args).not.toContain('-segment_frames')
    expect(Number(optionValue(args, '-segment_time'))).toBeGreaterThan(24 * 3_600)
  })

  it('moves timestamps as the job’s own muxer would', () => {
    const args = segmentOutput(muxing, { option: '-segment_frames', values: [] }, 0)
    expect(optionValue(args, '-max_delay')).toBe('5000000')
    expect(optionValue(args, '-segment_format_options')).toBe('output_ts_offset=10')
    expect(optionValue(args, '-avoid_negative_ts')).toBe('disabled')
  })

  it('tells no node what else the file holds', () => {
    const args = segmentOutput(muxing, { option: '-segment_frames', values: [] }, 0)
    expect([optionValue(args, '-map_metadata'), optionValue(args, '-map_chapters')]).toEqual(['-1', '-1'])
  })
})

describe('seconds in an argument', () => {
  it.each([
    [0, '0.000000'],
    [1 / 3, '0.333333'],
    [1e-7, '0.000000'],
    [123_456.789, '123456.789000'],
    [-0.021333, '-0.021333'],
  ])('%d is %s', (seconds, text) => {
    expect(secondsText(seconds)).toBe(text)
  })
})
