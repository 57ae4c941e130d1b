import { describe, expect, it } from 'vitest'
import { type ArgumentEdit, resumeEdits } from './resume-edits.ts'

/** What the shim makes of the edits. */
function applied(args: readonly string[], edits: readonly ArgumentEdit[]): string[] {
  const made = args.map((arg): string[] => [arg])
  for (const edit of edits) {
    if (edit.kind === 'value') made[edit.argument] = [edit.value]
    else if (edit.kind === 'seek') made[edit.argument] = ['-ss', edit.value, args[edit.argument]!]
    else made.splice(edit.argument, 2, [], [])
  }
  return made.flat()
}

const resumed = (args: readonly string[], segment: number, seconds: number) =>
  applied(args, resumeEdits(args, { segment, seconds })!)

const tail = ['-f', 'ssegment', '-segment_time', '3', '-segment_start_number', '0', 'media-%05d.ts']

describe('the arguments of a job that goes on', () => {
  it('are those that Plex writes for a seek', () => {
    const fromStart = [
      '-codec:0',
      'h264',
      '-analyzeduration',
      '20000000',
      '-i',
      '/a.mkv',
      '-copyts',
      '-fps_mode',
      'cfr',
      '-y',
    ]
    expect(resumed([...fromStart, ...tail], 100, 300)).toEqual([
      ...['-codec:0', 'h264', '-analyzeduration', '20000000', '-ss', '300', '-i', '/a.mkv', '-copyts', '-y'],
      ...['-f', 'ssegment', '-segment_time', '3', '-segment_start_number', '100', 'media-%05d.ts'],
    ])
  })

  it('have another time and number where there was one', () => {
    const args = ['-ss', '300', '-i', '/a.mkv', ...tail]
    expect(resumed(args, 107, 321.5)).toEqual(resumed(['-ss', '321.5', '-i', '/a.mkv', ...tail], 107, 321.5))
    expect(resumed(args, 107, 321.5).slice(0, 4)).toEqual(['-ss', '321.5', '-i', '/a.mkv'])
  })

  it('seek in every input, each by its own option', () => {
    const args = ['-ss', '5', '-i', '/a.mkv', '-i', '/a.srt', '-ss', '5', '-i', '/b.srt', ...tail]
    expect(resumed(args, 2, 6).slice(0, 12)).toEqual([
      ...['-ss', '6', '-i', '/a.mkv', '-ss', '6', '-i', '/a.srt', '-ss', '6', '-i', '/b.srt'],
    ])
  })

  it('count text beside the film by its own time', () => {
    const text = ['-f', 'segment', '-segment_format', 'ass', '-segment_time', '2']
    const args = ['-i', '/a.mkv', ...tail, ...text, '-segment_start_number', '0', 'sub-chunk-%05d']
    expect(resumed(args, 100, 301.5).slice(-2)).toEqual(['150', 'sub-chunk-%05d'])
    expect(resumed(args, 100, 301.5)).toContain('100')
  })

  it('do not take a name for an option', () => {
    expect(resumed(['-i', '-ss', '-metadata', 'title=-i', ...tail], 1, 3).slice(0, 6)).toEqual([
      ...['-ss', '3', '-i', '-ss', '-metadata', 'title=-i'],
    ])
  })

  it('leave out a constant frame rate under both of its names, and no other', () => {
    for (const name of ['-vsync', '-fps_mode', '-fps_mode:0']) {
      expect(resumed(['-i', 'a', name, 'cfr', 'b'], 0, 0)).toEqual(['-ss', '0', '-i', 'a', 'b'])
    }
    expect(resumed(['-i', 'a', '-fps_mode', 'passthrough', 'b'], 0, 0)).toContain('passthrough')
  })

  it('come in the order of the arguments, as the shim wants them', () => {
    const edits = resumeEdits(['-ss', '1', '-i', 'a', '-i', 'b', '-vsync', 'cfr', ...tail], {
      segment: 3,
      seconds: 9,
    })!
    expect(edits.map(({ argument }) => argument)).toEqual(
      edits.map(({ argument }) => argument).toSorted((a, b) => a - b),
    )
    expect(edits.map(({ kind }) => kind)).toEqual(['value', 'seek', 'drop', 'value'])
  })

  it('write times as plain numbers', () => {
    const timeOf = (seconds: number) => resumed(['-i', 'a'], 0, seconds)[1]
    expect([timeOf(0), timeOf(6.006), timeOf(1 / 3), timeOf(100_000)]).toEqual([
      '0',
      '6.006',
      '0.333333',
      '100000',
    ])
  })

  it.each([
    ['-t', '60'],
    ['-frames:v', '100'],
  ])('cannot be had where %s limits the job', (...limit) => {
    expect(resumeEdits(['-i', 'a', ...limit, ...tail], { segment: 1, seconds: 3 })).toBeNull()
  })
})
